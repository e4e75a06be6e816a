/** A value that went in or came out: JSON as text, with a way to copy it. Long ones are cut until all is asked for. */
import { ActionIcon, Button, CopyButton, Group, Text, Title, Tooltip } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { useFormat, useText } from "../../../language/language";
import { Icon } from "../../../parts/icons";
import { one } from "./messages";
import "./one.css";

const SHOWN_CHARACTERS = 20_000;

interface Props {
  readonly title: string;
  readonly value: unknown;
  readonly tone?: "error";
}

export function Payload({ title, value, tone }: Props): ReactNode {
  const say = useText(one);
  const format = useFormat();
  const [all, setAll] = useState(false);
  const none = value === null || value === undefined;
  const text = useMemo(() => (none ? "" : JSON.stringify(value, null, 2)), [none, value]);
  const shown = all || text.length <= SHOWN_CHARACTERS ? text : text.slice(0, SHOWN_CHARACTERS);
  return (
    <section aria-label={title}>
      <Group justify="space-between" mb={4} mih={28}>
        <Title order={3} size="h6">
          {title}
        </Title>
        {!none && <Copy text={text} />}
      </Group>
      {none ? (
        <Text size="sm" c="dimmed">
          {say("nothing")}
        </Text>
      ) : (
        <pre className="payload" data-tone={tone} tabIndex={0} aria-label={title}>
          {shown}
          {shown.length < text.length && "…"}
        </pre>
      )}
      {shown.length < text.length && (
        <Button size="compact-xs" variant="subtle" onClick={() => setAll(true)}>
          {say("longText", { size: format.bytes(text.length) })}
        </Button>
      )}
    </section>
  );
}

export function Copy({ text, label }: { text: string; label?: string }): ReactNode {
  const say = useText(one);
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? say("copied") : (label ?? say("copy"))}>
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={label ?? say("copy")}>
            <Icon name={copied ? "check" : "copy"} size={14} />
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
