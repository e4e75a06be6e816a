/** What is selected, as a form: its name, whether it runs, where it goes on, and how it is written. */
import { Autocomplete, Button, Code, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { connect } from "../../../graph/document/directives";
import { DIRECTIVES, inFile, isDirective, namesIn } from "../../../graph/document/flow";
import { found } from "../../../graph/document/source";
import { duplicateTask, renameTask } from "../../../graph/document/tasks";
import { removeValue, setValue } from "../../../graph/document/values";
import { isMap, property } from "../../../graph/json";
import type { Graph, GraphNode } from "../../../graph/model/graph";
import { below, valueAt } from "../../../graph/pointer";
import { useText } from "../../../language/language";
import { Icon } from "../../../parts/icons";
import { useEditor, useEditorStore } from "./context";
import { removeSelected } from "./EditorCanvas";
import { editor } from "./messages";

const PROTOCOLS = ["http", "openapi", "grpc", "asyncapi", "a2a", "mcp"];

export function StepPanel({ graph }: { graph: Graph }): ReactNode {
  const say = useText(editor);
  const selected = useEditor((state) => state.selected);
  const node = selected.length === 1 ? graph.byId.get(selected[0] ?? "") : undefined;
  if (!node) {
    return (
      <Text size="sm" c="dimmed">
        {say("nothingSelected")}
      </Text>
    );
  }
  return <Step key={node.id} node={node} graph={graph} />;
}

function Step({ node, graph }: { node: GraphNode; graph: Graph }): ReactNode {
  const say = useText(editor);
  const store = useEditorStore();
  const picture = useEditor((state) => state.draft.picture);
  if (!picture) return null;
  const edit = store.getState().edit;
  const place = found(picture, node.place);
  const text = picture.text.slice(place.entry?.from ?? place.node.from, place.node.to);
  const task = node.kind === "task";
  return (
    <Stack gap="sm">
      <Field
        key={`name ${node.name}`}
        label={say("name")}
        value={node.name}
        disabled={!task}
        onCommit={(name) =>
          edit((source) => {
            const renamed = renameTask(source, node.id, name.trim());
            return { source: renamed.source, select: [renamed.task] };
          })
        }
      />
      {node.task === "call" && <Calls key={`calls ${textOf(property(node.data, "call"))}`} node={node} />}
      {task && (
        <Field
          key={`if ${textOf(property(node.data, "if"))}`}
          label={say("condition")}
          description={say("conditionHelp")}
          value={textOf(property(node.data, "if"))}
          onCommit={(value) =>
            edit((source) => {
              const pointer = inFile(source, below(node.id, "if"));
              return { source: value.trim() === "" ? removeValue(source, pointer) : setValue(source, pointer, value) };
            })
          }
        />
      )}
      {task && node.list !== null && <Next node={node} list={node.list} />}
      <Group gap="xs">
        {task && (
          <Button
            size="xs"
            variant="default"
            leftSection={<Icon name="copy" size={14} />}
            onClick={() =>
              edit((source) => {
                const copy = duplicateTask(source, node.id);
                return { source: copy.source, select: [copy.task] };
              })
            }
          >
            {say("duplicate")}
          </Button>
        )}
        {(task || node.kind === "trigger" || node.kind === "schedule") && (
          <Button size="xs" variant="default" color="red" leftSection={<Icon name="trash" size={14} />} onClick={() => removeSelected(store, graph)}>
            {say("remove")}
          </Button>
        )}
      </Group>
      <div>
        <Text size="sm" fw={500} mb={4}>
          {say("description")}
        </Text>
        <Code block>{text}</Code>
      </div>
    </Stack>
  );
}

/** A text that is taken when it is left or Enter is pressed; a new `key` brings a new value from outside. */
function Field(props: { label: string; description?: string; value: string; disabled?: boolean; onCommit: (value: string) => void }): ReactNode {
  const { label, description, value, disabled, onCommit } = props;
  const [text, setText] = useState(value);
  const commit = () => {
    if (text !== value) onCommit(text);
  };
  return (
    <TextInput
      label={label}
      {...(description ? { description } : {})}
      value={text}
      disabled={disabled ?? false}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key === "Escape") setText(value);
      }}
    />
  );
}

function Calls({ node }: { node: GraphNode }): ReactNode {
  const say = useText(editor);
  const edit = useEditor((state) => state.edit);
  const picture = useEditor((state) => state.draft.picture);
  const functions = valueAt(picture?.root.data, "/spec/functions");
  const names = isMap(functions) ? Object.keys(functions) : [];
  const value = textOf(property(node.data, "call"));
  const [text, setText] = useState(value);
  const commit = (chosen: string) => {
    if (chosen.trim() !== "" && chosen !== value) {
      edit((source) => ({ source: setValue(source, inFile(source, below(node.id, "call")), chosen.trim()) }));
    }
  };
  return (
    <Autocomplete
      label={say("calls")}
      data={[...new Set([...names, ...PROTOCOLS])]}
      value={text}
      onChange={setText}
      onOptionSubmit={commit}
      onBlur={() => commit(text)}
    />
  );
}

function Next({ node, list }: { node: GraphNode; list: string }): ReactNode {
  const say = useText(editor);
  const edit = useEditor((state) => state.edit);
  const picture = useEditor((state) => state.draft.picture);
  const then = textOf(property(node.data, "then")) || "continue";
  const words: Record<string, string> = { continue: say("nextStep"), exit: say("leave"), end: say("endFlow") };
  const names = picture ? namesIn(picture.root.data, list).filter((name) => name !== node.name && !isDirective(name)) : [];
  return (
    <Select
      label={say("next")}
      allowDeselect={false}
      data={[...DIRECTIVES.map((each) => ({ value: each, label: words[each] ?? each })), ...names.map((name) => ({ value: name, label: name }))]}
      value={then}
      onChange={(target) => {
        if (target !== null) edit((source) => ({ source: connect(source, node.id, target) }));
      }}
    />
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
