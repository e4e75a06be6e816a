/** A menu with the properties that are not shown yet. */
import { ActionIcon, Button, Menu, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { useText } from "../../../../language/language";
import { Icon } from "../../../../parts/icons";
import { useLabel } from "./Label";
import { form } from "./messages";

interface Props {
  readonly names: readonly string[];
  /** The name before them, for their words. */
  readonly path: string;
  /** The title of the frame at whose head it stands; without one it has a line of its own. */
  readonly head: string | null;
  readonly onAsk: (name: string) => void;
}

export function MoreFields({ names, path, head, onAsk }: Props): ReactNode {
  const say = useText(form);
  if (names.length === 0) return null;
  return (
    <Menu position={head === null ? "bottom-start" : "bottom-end"} width={260}>
      <Menu.Target>
        {head === null ? (
          <Button size="compact-xs" variant="subtle" color="gray" leftSection={<Icon name="plus" size={12} />} style={{ alignSelf: "flex-start" }}>
            {say("more")}
          </Button>
        ) : (
          <Tooltip label={say("more")}>
            <ActionIcon variant="subtle" color="gray" size="sm" className="form-group__more" aria-label={`${say("more")}: ${head}`}>
              <Icon name="plus" size={14} />
            </ActionIcon>
          </Tooltip>
        )}
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: "auto" }}>
        {names.map((name) => (
          <More key={name} name={name} path={`${path}.${name}`} onAsk={() => onAsk(name)} />
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function More({ name, path, onAsk }: { name: string; path: string; onAsk: () => void }): ReactNode {
  const words = useLabel(path, name);
  return (
    <Menu.Item onClick={onAsk} rightSection={<code className="form-dim">{name}</code>}>
      {words.title}
    </Menu.Item>
  );
}
