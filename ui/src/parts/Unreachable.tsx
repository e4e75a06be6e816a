/** Says that the server does not answer, for as long as it does not; pages ask again by themselves meanwhile. */
import { Affix, Notification } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore, type ReactNode } from "react";
import { isUnreachable } from "../client/api";
import { useText } from "../language/language";
import { Icon } from "./icons";
import { parts } from "./messages";

/** Whether something that is looked at waits for a server that does not answer. */
function useUnreachable(): boolean {
  const cache = useQueryClient().getQueryCache();
  return useSyncExternalStore(
    useCallback((changed: () => void) => cache.subscribe(changed), [cache]),
    () => cache.getAll().some((query) => isUnreachable(query.state.fetchFailureReason) && query.getObserversCount() > 0),
  );
}

export function Unreachable(): ReactNode {
  const say = useText(parts);
  if (!useUnreachable()) return null;
  return (
    <Affix position={{ bottom: 16, right: 16 }} maw="min(420px, calc(100vw - 32px))">
      <Notification color="red" role="alert" title={say("unreachable")} icon={<Icon name="warning" />} withCloseButton={false} withBorder styles={{ description: { color: "var(--mantine-color-dimmed)" } }}>
        {say("unreachableRemedy")}
      </Notification>
    </Affix>
  );
}
