/** The editor of a flow: palette, canvas, and beside it the step, the text and the problems. */
import "./editor.css";
import { ActionIcon, Alert, Badge, Button, Group, Tabs, Tooltip } from "@mantine/core";
import { ReactFlowProvider } from "@xyflow/react";
import { useDebouncedValue } from "@mantine/hooks";
import { useEffect, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { useMay } from "../../../client/session";
import { owsPointer, taskPlace } from "../../../graph/document/flow";
import { placed } from "../../../graph/document/source";
import { copyTasks, duplicateTask, pasteTasks, taskAround, taskAtOffset } from "../../../graph/document/tasks";
import { arranged } from "../../../graph/layout/arrange";
import { arrangedByElk } from "../../../graph/layout/elk";
import { withPoints } from "../../../graph/layout/file";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Code } from "../../../parts/code/CodeView";
import { Icon, type IconName } from "../../../parts/icons";
import type { LoadedFlow } from "../data";
import { EditorContext, useEditor, useEditorStore, useGraph } from "./context";
import { offsetsOf, useProblems, type Problem } from "./data";
import { CodeOf } from "./code/CodeOf";
import { added } from "./drops";
import { EditorCanvas, removeSelected } from "./EditorCanvas";
import { startElk } from "./elk";
import { editor } from "./messages";
import { Palette } from "./Palette";
import { Problems } from "./Problems";
import { run as runTexts } from "./run/messages";
import { RunButton, useRunning } from "./run/Running";
import { refusalText } from "./refusal";
import { Newer } from "./merge/Newer";
import { theirsOf, type Theirs } from "./merge/theirs";
import { Saving, useDirty } from "./Saving";
import { StepPanel } from "./StepPanel";
import { editorStore } from "./store";

const CHECK_MS = 400;

export default function Editor({ loaded }: { loaded: LoadedFlow }): ReactNode {
  const { flow, etag, layout } = loaded;
  const [store] = useState(() => editorStore(flow.text, layout, etag));
  return (
    <EditorContext value={store}>
      <ReactFlowProvider>
        <Workbench name={flow.name} loaded={loaded} />
      </ReactFlowProvider>
    </EditorContext>
  );
}

function Workbench({ name, loaded }: { name: string; loaded: LoadedFlow }): ReactNode {
  const say = useText(editor);
  const sayRun = useText(runTexts);
  const store = useEditorStore();
  const graph = useGraph();
  const layout = useEditor((state) => state.layout);
  const text = useEditor((state) => state.draft.text);
  const refusal = useEditor((state) => state.refusal);
  const problem = useEditor((state) => state.draft.problem);
  const arrangement = useMemo(() => arranged(graph, layout), [graph, layout]);
  const [checked] = useDebouncedValue(text, CHECK_MS);
  const { data: problems = [] } = useProblems(checked);
  const [saving, setSaving] = useState(false);
  const [theirs, setTheirs] = useState<Theirs | null>(null);
  const [tab, setTab] = useState<string | null>("step");
  const [reveal, setReveal] = useState<{ from: number; to: number } | null>(null);
  const dirty = useDirty();
  const run = useRunning(name, loaded.flow.version, () => setTab("run"));
  const mayEdit = useMay("editor", useNamespace());

  useEffect(() => {
    if (!dirty) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, [dirty]);

  const openTab = (chosen: string | null) => {
    const { selected, draft } = store.getState();
    const place = graph.byId.get(selected[0] ?? "")?.place;
    const there = chosen === "text" && draft.picture && place !== undefined ? placed(draft.picture, place) : null;
    if (there) setReveal({ from: there.entry?.from ?? there.node.from, to: there.node.to });
    setTab(chosen);
  };

  const show = (found: Problem) => {
    const { draft, select } = store.getState();
    if (draft.picture) {
      const task = taskAround(draft.picture, owsPointer(draft.picture.root.data, found.pointer));
      if (task !== null) select([task]);
    }
    setReveal(offsetsOf({ text: draft.text }, found));
    setTab("text");
  };

  const arrangeAll = async () => {
    const points = await arrangedByElk(await startElk(), graph, layout);
    store.getState().place(withPoints({ ...store.getState().layout, nodes: {} }, points));
  };

  return (
    <>
      <Group justify="space-between">
        <Group gap={4}>
          <Tool icon="undo" label={say("undo")} onClick={() => store.getState().undo()} disabled={!useEditor((state) => state.past.length > 0)} />
          <Tool icon="redo" label={say("redo")} onClick={() => store.getState().redo()} disabled={!useEditor((state) => state.future.length > 0)} />
          <Tool icon="arrange" label={say("arrange")} onClick={() => void arrangeAll()} />
        </Group>
        <Group gap="sm">
          {dirty && (
            <Badge variant="light" color="orange" tt="none">
              {say("unsaved")}
            </Badge>
          )}
          <RunButton onRun={run.ask} />
          <Button size="xs" variant={dirty ? "filled" : "default"} disabled={!dirty || problem !== null || !mayEdit} onClick={() => setSaving(true)}>
            {dirty ? say("save") : say("saved")}
          </Button>
        </Group>
      </Group>
      <div aria-live="polite">
        <Newer
          loaded={loaded}
          onJoin={() => {
            setTheirs(theirsOf(store.getState(), loaded));
            setSaving(true);
          }}
        />
        {refusal && (
          <Alert color="orange" withCloseButton onClose={() => store.getState().forgive()} py="xs">
            {refusalText(refusal, say)}
          </Alert>
        )}
        {problem && (
          <Alert color="red" py="xs">
            {say("broken", { line: problem.line, message: problem.message })}
          </Alert>
        )}
      </div>
      <div className="editor" onKeyDown={(event) => keyPressed(event, store, graph, () => setSaving(true))}>
        <Palette onAdd={(offer) => store.getState().edit((source) => added(source, graph, offer, store.getState().selected[0]))} />
        <EditorCanvas graph={graph} arranged={arrangement} execution={run.picture} />
        <Tabs value={tab} onChange={openTab} className="editor__side" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="step">{say("step")}</Tabs.Tab>
            <Tabs.Tab value="text">{say("text")}</Tabs.Tab>
            <Tabs.Tab value="run">{sayRun("tab")}</Tabs.Tab>
            <Tabs.Tab
              value="problems"
              rightSection={
                problems.length > 0 ? (
                  <Badge size="sm" circle color={problems.some(({ severity }) => severity === "error") ? "red" : "orange"}>
                    {problems.length}
                  </Badge>
                ) : null
              }
            >
              {say("problems")}
            </Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="step" className="editor__panel" p="sm">
            <CodeOf flow={name} graph={graph} />
            <StepPanel graph={graph} flow={name} />
          </Tabs.Panel>
          <Tabs.Panel value="run" className="editor__panel" p="sm">
            {run.panel}
          </Tabs.Panel>
          <Tabs.Panel value="text" className="editor__panel">
            <TextSide problems={problems} reveal={reveal} />
          </Tabs.Panel>
          <Tabs.Panel value="problems" className="editor__panel" p="sm">
            <Problems problems={problems} onShow={show} />
          </Tabs.Panel>
        </Tabs>
      </div>
      {run.around}
      <Saving name={name} opened={saving} onClose={() => setSaving(false)} theirs={theirs} onTheirs={setTheirs} />
    </>
  );
}

function TextSide({ problems, reveal }: { problems: readonly Problem[]; reveal: { from: number; to: number } | null }): ReactNode {
  const say = useText(editor);
  const store = useEditorStore();
  const draft = useEditor((state) => state.draft);
  const marks = useMemo(() => {
    if (draft.problem) return [{ ...draft.problem, severity: "error" as const }];
    return problems.map((each) => ({ ...offsetsOf(draft, each), severity: each.severity, message: each.message }));
  }, [draft, problems]);
  return (
    <Code
      text={draft.text}
      language={draft.picture?.syntax ?? "yaml"}
      label={say("text")}
      problems={marks}
      reveal={reveal}
      onChange={(text) => store.getState().type(text)}
      onCursor={(offset) => {
        const { picture, problem } = store.getState().draft;
        const task = picture && !problem ? taskAtOffset(picture, offset) : null;
        if (task !== null) store.getState().select([task]);
      }}
    />
  );
}

function Tool({ icon, label, onClick, disabled = false }: { icon: IconName; label: string; onClick: () => void; disabled?: boolean }): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size="lg" aria-label={label} onClick={onClick} disabled={disabled}>
        <Icon name={icon} size={16} />
      </ActionIcon>
    </Tooltip>
  );
}

/** The keys of the canvas; what is typed into fields and the text is theirs. */
function keyPressed(event: KeyboardEvent, store: ReturnType<typeof useEditorStore>, graph: ReturnType<typeof useGraph>, save: () => void): void {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
    return;
  }
  const target = event.target as HTMLElement;
  if (target.closest("input, textarea, select, [contenteditable='true']")) return;
  const { selected, edit, undo, redo } = store.getState();
  const tasks = selected.filter((id) => graph.byId.get(id)?.kind === "task");
  const first = tasks[0];
  const keys: Record<string, () => void> = {
    z: event.shiftKey ? redo : undo,
    y: redo,
    d: () => {
      if (first !== undefined) {
        edit((source) => {
          const copy = duplicateTask(source, first);
          return { source: copy.source, select: [copy.task] };
        });
      }
    },
    c: () => void copySelected(),
    x: () => void copySelected().then(() => removeSelected(store, graph)),
    v: () => void paste(),
  };
  const copySelected = async () => {
    const { picture } = store.getState().draft;
    if (picture && tasks.length > 0) await navigator.clipboard.writeText(copyTasks(picture, tasks));
  };
  const paste = async () => {
    const text = await navigator.clipboard.readText();
    edit((source) => {
      const { list, index } = first === undefined ? { list: "/do", index: Infinity } : taskPlace(first);
      const pasted = pasteTasks(source, list, index + 1, text);
      return { source: pasted.source, select: pasted.tasks };
    });
  };
  const action = command ? keys[event.key.toLowerCase()] : event.key === "Delete" || event.key === "Backspace" ? () => removeSelected(store, graph) : undefined;
  if (!action) return;
  event.preventDefault();
  action();
}
