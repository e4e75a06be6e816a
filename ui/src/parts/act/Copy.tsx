/** Copies a text, and says that it did. */
import { ActionIcon, CopyButton, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../language/language";
import { Icon } from "../icons";
import { act } from "./messages";

export function Copy({ text, label }: { text: string; label?: string }): ReactNode {
  const say = useText(act);
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? say("copied") : (label ?? say("copy"))}>
          <ActionIcon variant="subtle" color={copied ? "green" : "gray"} onClick={copy} aria-label={copied ? say("copied") : (label ?? say("copy"))}>
            <Icon name={copied ? "check" : "copy"} size={16} />
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
