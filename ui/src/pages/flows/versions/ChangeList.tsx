/** What differs between two versions, in words: node by node, each with what was written and what is. */
import { Badge, Code, Group, Stack, Text, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import type { Change } from "../../../graph/document/changes";
import type { Json } from "../../../graph/json";
import { useText } from "../../../language/language";
import { Icon, type IconName } from "../../../parts/icons";
import type { ChangeStatus, VersionChanges } from "./changed";
import { versions } from "./messages";

const DRESS: Record<ChangeStatus, { color: string; icon: IconName }> = {
  added: { color: "green", icon: "plus" },
  removed: { color: "red", icon: "minus" },
  changed: { color: "orange", icon: "set" },
  moved: { color: "blue", icon: "arrange" },
};

interface Props {
  readonly changes: VersionChanges;
  readonly same: boolean;
  readonly chosen: string | null;
  readonly onChoose: (key: string | null) => void;
}

export function ChangeList({ changes: { nodes, document }, same, chosen, onChoose }: Props): ReactNode {
  const say = useText(versions);
  if (nodes.length === 0 && document.length === 0) return <Text size="sm" c="dimmed">{say(same ? "nothing" : "none")}</Text>;
  return (
    <Stack gap="xs">
      <Text fw={600} size="sm">
        {say("changes")}
      </Text>
      {nodes.map((node) => (
        <div key={node.key}>
          <UnstyledButton w="100%" py={4} onClick={() => onChoose(chosen === node.key ? null : node.key)} aria-expanded={chosen === node.key}>
            <Group gap="xs" wrap="nowrap">
              <Badge color={DRESS[node.status].color} variant="light" tt="none" leftSection={<Icon name={DRESS[node.status].icon} size={11} />} style={{ flex: "none" }}>
                {say(node.status)}
              </Badge>
              <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                {node.name}
              </Text>
            </Group>
            {(node.was !== null || (node.moved && node.status === "changed")) && (
              <Text size="xs" c="dimmed">
                {[node.was === null ? "" : say("renamed", { name: node.was }), node.moved ? say("movedToo") : ""].filter(Boolean).join(" · ")}
              </Text>
            )}
          </UnstyledButton>
          {chosen === node.key && <Fields fields={node.fields} />}
        </div>
      ))}
      {document.length > 0 && (
        <div>
          <Text fw={600} size="sm" mt="xs">
            {say("documentPart")}
          </Text>
          <Fields fields={document} />
        </div>
      )}
    </Stack>
  );
}

function Fields({ fields }: { fields: readonly Change[] }): ReactNode {
  const say = useText(versions);
  return (
    <Stack gap="xs" pl="xs" pt={4}>
      {fields.map(({ pointer, before, after }) => (
        <div key={pointer}>
          <Text size="xs" fw={600} style={{ overflowWrap: "anywhere" }}>
            {pointer === "" ? say("whole") : pointer.slice(1).replaceAll("/", " › ")}
          </Text>
          <Value word={say("was")} value={before} />
          <Value word={say("is")} value={after} />
        </div>
      ))}
    </Stack>
  );
}

function Value({ word, value }: { word: string; value: Json | undefined }): ReactNode {
  const say = useText(versions);
  return (
    <Text size="xs" component="div">
      <Text span size="xs" c="dimmed">
        {word}{" "}
      </Text>
      {value === undefined ? <em>{say("nothingThere")}</em> : <Code style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{typeof value === "string" ? value : JSON.stringify(value, null, 1)}</Code>}
    </Text>
  );
}
