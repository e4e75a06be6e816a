/** What is selected, as a form; where nothing is, the flow itself. Its expressions are tried on real data. */
import "./form/form.css";
import { Button, Group, Stack, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { duplicateTask, renameTask } from "../../../graph/document/tasks";
import type { Graph, GraphNode } from "../../../graph/model/graph";
import { useText } from "../../../language/language";
import { Icon } from "../../../parts/icons";
import { useEditor, useEditorStore } from "./context";
import { removeSelected } from "./EditorCanvas";
import { FIRST_CHOICE, SamplePicker, type Choice } from "./form/check/SamplePicker";
import { FlowForm } from "./form/FlowForm";
import { Label, useLabel } from "./form/Label";
import { form } from "./form/messages";
import { PlainText } from "./form/plain";
import { TaskForm } from "./form/TaskForm";
import { OwnerContext } from "./form/typed";
import { ScheduleForm, TriggerForm } from "./form/TriggerForm";
import { YamlField } from "./form/YamlField";
import { editor } from "./messages";

export function StepPanel({ graph, flow }: { graph: Graph; flow: string }): ReactNode {
  const say = useText(form);
  const selected = useEditor((state) => state.selected);
  const readable = useEditor((state) => state.draft.problem === null && state.draft.picture !== null);
  const [choice, setChoice] = useState<Choice>(FIRST_CHOICE);
  const found = selected.length === 1 ? graph.byId.get(selected[0] ?? "") : undefined;
  // A lane is a part of its `try`: that has the form.
  const node = found?.kind === "lane" ? graph.byId.get(found.parent ?? "") : found;
  if (selected.length > 1) return <Text size="sm">{say("several", { count: selected.length })}</Text>;
  if (!readable) {
    return (
      <Text size="sm" c="dimmed">
        {say("unreadable")}
      </Text>
    );
  }
  const trigger = node?.kind === "trigger" ? { name: node.name, kind: node.trigger ?? "" } : null;
  return (
    <SamplePicker flow={flow} trigger={trigger} task={node?.kind === "task" ? node.id : null} choice={choice} onChoose={setChoice}>
      <Stack gap="sm" className="step-form" data-of={selected[0]}>
        <OwnerContext value={node ?? NOBODY}>{node ? <Selected key={node.id} node={node} /> : <FlowForm />}</OwnerContext>
      </Stack>
    </SamplePicker>
  );
}

const NOBODY = { place: "", path: "" };

function Selected({ node }: { node: GraphNode }): ReactNode {
  switch (node.kind) {
    case "task":
      return (
        <>
          <Head node={node} />
          {node.task ? <TaskForm node={node} kind={node.task} /> : <YamlField label={null} name={node.name} pointer={node.place} value={node.data} />}
          <Acts node={node} />
        </>
      );
    case "trigger":
      return (
        <>
          <TriggerForm node={node} />
          <Acts node={node} />
        </>
      );
    case "schedule":
      return (
        <>
          <ScheduleForm node={node} />
          <Acts node={node} />
        </>
      );
    default:
      return <FlowForm />;
  }
}

function Head({ node }: { node: GraphNode }): ReactNode {
  const store = useEditorStore();
  const words = useLabel("task.name", "name");
  return (
    <PlainText
      field={`${node.place}#name`}
      label={<Label words={words} name="name" />}
      name={words.title}
      required
      value={node.name}
      onCommit={(name) =>
        store.getState().edit((source) => {
          const renamed = renameTask(source, node.id, name.trim());
          return { source: renamed.source, select: [renamed.task] };
        })
      }
    />
  );
}

function Acts({ node }: { node: GraphNode }): ReactNode {
  const say = useText(editor);
  const store = useEditorStore();
  return (
    <Group gap="xs">
      {node.kind === "task" && (
        <Button
          size="xs"
          variant="default"
          leftSection={<Icon name="copy" size={14} />}
          onClick={() =>
            store.getState().edit((source) => {
              const copy = duplicateTask(source, node.id);
              return { source: copy.source, select: [copy.task] };
            })
          }
        >
          {say("duplicate")}
        </Button>
      )}
      <Button size="xs" variant="default" color="red" leftSection={<Icon name="trash" size={14} />} onClick={() => removeSelected(store)}>
        {say("remove")}
      </Button>
    </Group>
  );
}
