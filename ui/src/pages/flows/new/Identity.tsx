/** The name and the namespace of a new flow; said while it is typed whether they can be. */
import { Anchor, Autocomplete, Group, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../client/api";
import { allows, useSession } from "../../../client/session";
import { useText } from "../../../language/language";
import { Icon } from "../../../parts/icons";
import { flowAddress } from "../address";
import { useTaken } from "./data";
import type { Identity } from "./documents";
import { newFlow } from "./messages";
import { isName, nameLike } from "./name";

const TYPING_MS = 250;

export interface Checked {
  /** Whether a flow can be made under it: nothing is wrong, and the name is free. */
  readonly free: boolean;
  readonly taken: boolean;
  readonly nameError: ReactNode;
  readonly namespaceError: string | null;
}

/** What there is to say about an identity; the name is looked up when typing pauses. */
export function useChecked(identity: Identity): Checked {
  const say = useText(newFlow);
  const me = useSession((state) => state.me);
  const { namespace, name } = identity;
  const [settled] = useDebouncedValue(identity, TYPING_MS);
  const { data } = useTaken(settled.namespace, settled.name);
  const same = settled.namespace === namespace && settled.name === name;
  const taken = same && data === true;
  const mayEdit = allows(me, "editor", namespace);
  const namespaceError = !isName(namespace) ? say("namespaceWrong") : mayEdit ? null : say("namespaceForbidden");
  const nameError = name === "" ? null : !isName(name) ? say("nameWrong") : taken ? say("nameTaken") : null;
  return { free: same && data === false && name !== "" && !nameError && !namespaceError, taken, nameError, namespaceError };
}

interface Props {
  readonly identity: Identity;
  readonly checked: Checked;
  readonly onChange: (identity: Identity) => void;
  readonly autoFocus?: boolean;
}

export function IdentityFields({ identity, checked, onChange, autoFocus = false }: Props): ReactNode {
  const say = useText(newFlow);
  const me = useSession((state) => state.me);
  const { data = [] } = useQuery({ queryKey: ["namespaces"], queryFn: () => answer(api.GET("/api/v1/namespaces")) });
  const namespaces = [...new Set([identity.namespace, ...data])].filter((each) => allows(me, "editor", each)).sort();
  const like = isName(identity.name) ? "" : nameLike(identity.name);
  return (
    <Group align="flex-start" grow preventGrowOverflow={false} wrap="wrap">
      <div>
        <TextInput
          label={say("name")}
          description={say("nameHelp")}
          value={identity.name}
          onChange={(event) => onChange({ ...identity, name: event.currentTarget.value })}
          error={checked.nameError}
          rightSection={checked.free ? <Icon name="check" size={16} /> : null}
          {...(autoFocus ? { "data-autofocus": true, autoFocus: true } : {})}
          autoComplete="off"
          spellCheck={false}
          required
        />
        <Text size="sm" mih={22} role="status">
          {checked.free && say("nameFree")}
          {checked.taken && (
            <Anchor component={Link} href={flowAddress(identity.namespace, identity.name)} size="sm">
              {say("openIt", { name: identity.name })}
            </Anchor>
          )}
          {checked.nameError && !checked.taken && like !== "" && (
            <Anchor component="button" type="button" size="sm" onClick={() => onChange({ ...identity, name: like })}>
              {say("useName", { name: like })}
            </Anchor>
          )}
        </Text>
      </div>
      <Autocomplete
        label={say("namespace")}
        description={say("namespaceHelp")}
        data={namespaces}
        value={identity.namespace}
        onChange={(namespace) => onChange({ ...identity, namespace })}
        error={checked.namespaceError}
        required
      />
    </Group>
  );
}
