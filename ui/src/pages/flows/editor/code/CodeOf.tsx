/** Beside the form of a step that calls a function: where the code of that is, and the way to it. */
import { Alert, Button, Code, Group, Stack, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { addFunction } from "../../../../graph/document/parts";
import type { Graph } from "../../../../graph/model/graph";
import { useText } from "../../../../language/language";
import { Icon } from "../../../../parts/icons";
import { useEditor } from "../context";
import { CodeDialog } from "./CodeDialog";
import { useDeployedFunctions } from "./CodeNeeded";
import { useCode } from "./data";
import { calledBy, isFunctionName, newFunction } from "./functions";
import { code } from "./messages";

export function CodeOf({ flow, graph }: { flow: string; graph: Graph }): ReactNode {
  const say = useText(code);
  const selected = useEditor((state) => state.selected);
  const edit = useEditor((state) => state.edit);
  const data = useEditor((state) => state.draft.picture?.root.data);
  const deployed = useDeployedFunctions();
  const node = selected.length === 1 ? graph.byId.get(selected[0] ?? "") : undefined;
  const called = node && data !== undefined ? calledBy(data, node) : null;
  if (!called || called.kind === "other") return null;
  const { name } = called;
  if (called.kind === "unknown") {
    return (
      <Alert variant="light" color="orange" py="xs" mb="sm" icon={<Icon name="function" />} title={say("unknown", { name })}>
        <Stack gap="xs" align="flex-start">
          <Text size="sm">{say("unknownHint")}</Text>
          {isFunctionName(name) && (
            <Button size="xs" variant="default" onClick={() => edit((source) => ({ source: addFunction(source, name, newFunction(name)).source }))}>
              {say("addFunction", { name })}
            </Button>
          )}
        </Stack>
      </Alert>
    );
  }
  if (!deployed.includes(name)) {
    return (
      <Alert variant="light" color="blue" py="xs" mb="sm" icon={<Icon name="function" />}>
        {say("saveFirst", { name })}
      </Alert>
    );
  }
  return <Deployed key={name} flow={flow} name={name} />;
}

function Deployed({ flow, name }: { flow: string; name: string }): ReactNode {
  const say = useText(code);
  const { data } = useCode(flow, name);
  const [opened, setOpened] = useState(false);
  if (!data) return null;
  const { file, path, exists, reason } = data.code;
  return (
    <Alert variant="light" color={file != null && !exists ? "orange" : "gray"} py="xs" mb="sm" icon={<Icon name="function" />} component="section" aria-label={say("title", { name })}>
      <Stack gap={6} align="flex-start">
        {file == null ? <Text size="sm">{reason}</Text> : !exists && <Text size="sm">{say("missing")}</Text>}
        <Group gap="xs">
          {file != null && (
            <Button size="xs" variant={exists ? "default" : "filled"} leftSection={<Icon name="code" size={14} />} onClick={() => setOpened(true)}>
              {say(exists ? "open" : "write")}
            </Button>
          )}
          {path != null && <Code>{path}</Code>}
        </Group>
      </Stack>
      {opened && <CodeDialog flow={flow} name={name} onClose={() => setOpened(false)} />}
    </Alert>
  );
}
