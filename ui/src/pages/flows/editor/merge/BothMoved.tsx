/** Says what somebody else moved too and was overruled by what was saved here, and lets them have it. */
import { Alert, Button, Group, Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { Graph } from "../../../../graph/model/graph";
import type { Overruled } from "../../../../graph/layout/merge";
import { useText } from "../../../../language/language";
import { act } from "../../../../parts/act/messages";
import { Icon } from "../../../../parts/icons";
import { useEditor, useEditorStore, useGraph } from "../context";
import { editor } from "../messages";
import { joining } from "./messages";

/** So many are named; of more it is said how many. */
const NAMED_MAX = 4;

export function BothMoved(): ReactNode {
  const say = useText(joining);
  const sayAct = useText(act);
  const store = useEditorStore();
  const overruled = useEditor((state) => state.overruled);
  const text = useBothMoved(overruled);
  if (text === null) return null;
  return (
    <Alert color="blue" variant="light" py="xs" icon={<Icon name="user" />} withCloseButton closeButtonLabel={sayAct("close")} onClose={() => store.getState().giveWay(false)}>
      <Group justify="space-between">
        <Text size="sm">{text}</Text>
        <Button size="xs" variant="default" onClick={() => store.getState().giveWay(true)}>
          {say("putTheirs")}
        </Button>
      </Group>
    </Alert>
  );
}

/** What was moved by both, in words; `null` where nothing of it is there any more. */
export function useBothMoved(overruled: Overruled | null): string | null {
  const say = useText(joining);
  const sayEditor = useText(editor);
  const graph = useGraph();
  if (!overruled) return null;
  const all = [...namesOf(graph, overruled).map((name) => say("named", { name })), ...overruled.notes.map(({ text }) => sayEditor("writeNote", { text }))];
  if (all.length === 0) return null;
  const some = all.slice(0, NAMED_MAX).join(say("comma"));
  const names = all.length > NAMED_MAX ? say("andMore", { names: some, count: all.length - NAMED_MAX }) : some;
  return overruled.by === undefined ? say("bothMoved", { names }) : say("bothMovedBy", { names, who: overruled.by });
}

function namesOf(graph: Graph, { nodes }: Overruled): string[] {
  return graph.nodes.filter(({ path }) => Object.hasOwn(nodes, path)).map(({ name }) => name);
}
