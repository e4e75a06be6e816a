/** The editor of a flow: palette, canvas, and beside it the step, the text and the problems. */
import "./editor.css";
import { ActionIcon, Alert, Badge, Button, Group, Tabs, Tooltip } from "@mantine/core";
import { ReactFlowProvider } from "@xyflow/react";
import { useDebouncedValue } from "@mantine/hooks";
import { memo, startTransition, useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useMay, useSession } from "../../../client/session";
import { owsPointer } from "../../../graph/document/flow";
import { placed } from "../../../graph/document/source";
import { taskAround, taskAtOffset } from "../../../graph/document/tasks";
import { arranged } from "../../../graph/layout/arrange";
import { arrangedByElk } from "../../../graph/layout/elk";
import { withPoints } from "../../../graph/layout/file";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Code } from "../../../parts/code/CodeView";
import { Icon, type IconName } from "../../../parts/icons";
import { Loading } from "../../../parts/Loading";
import type { LoadedFlow } from "../data";
import { useAdding } from "./adding";
import { EditorContext, pictured, useEditor, useEditorStore, useGraph } from "./context";
import { offsetsOf, useProblems, type Problem } from "./data";
import { CodeOf } from "./code/CodeOf";
import { EditorCanvas } from "./EditorCanvas";
import { startElk } from "./elk";
import { focusForm } from "./focus";
import { hear, telling } from "./heard";
import { keyOf, leave, takenUp } from "./kept";
import { useKeys } from "./keys";
import { editor } from "./messages";
import { Palette } from "./Palette";
import { Problems } from "./Problems";
import { run as runTexts } from "./run/messages";
import { RunButton, useRunning } from "./run/Running";
import { refusalText } from "./refusal";
import { BothMoved } from "./merge/BothMoved";
import { Newer } from "./merge/Newer";
import { theirsOf, type Theirs } from "./merge/theirs";
import { Saving, useDirty } from "./Saving";
import { StepPanel } from "./StepPanel";
import { editorStore } from "./store";

const CHECK_MS = 400;

export default function Editor({ loaded }: { loaded: LoadedFlow }): ReactNode {
  const { flow, etag, layout } = loaded;
  const who = useSession(({ me }) => me?.id ?? "");
  const key = keyOf(who, useNamespace(), flow.name);
  const [store] = useState(() => takenUp(key, () => telling(editorStore(flow.text, layout, etag))));
  useEffect(() => () => leave(key, store), [key, store]);
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
  const side = useRef<HTMLDivElement>(null);
  const dirty = useDirty();
  const run = useRunning(name, loaded.flow.version, () => setTab("run"));
  const mayEdit = useMay("editor", useNamespace());
  const [drawn, setDrawn] = useState(false);
  // The flow is seen before the form beside it is made.
  useEffect(() => startTransition(() => setDrawn(true)), []);

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

  const openStep = (id: string) => {
    setTab("step");
    focusForm(side.current, id);
  };

  const addOffer = useAdding();
  const save = useCallback(() => setSaving(true), []);
  useKeys(store, save);

  return (
    <>
      <Group justify="space-between">
        <Tools />
        <Group gap="sm">
          {dirty && (
            <Badge variant="light" color="orange" tt="none">
              {say("unsaved")}
            </Badge>
          )}
          <RunButton onRun={run.ask} />
          <Button size="xs" variant={dirty ? "filled" : "default"} disabled={!dirty || problem !== null || !mayEdit} onClick={save}>
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
        <BothMoved />
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
      <div className="editor">
        <Palette onAdd={addOffer} />
        <EditorCanvas graph={graph} arranged={arrangement} execution={run.picture} onOpen={openStep} />
        <Tabs value={tab} onChange={openTab} className="editor__side" keepMounted={false} ref={side}>
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
          <Tabs.Panel value="step" className="editor__panel editor__step" p="sm">
            {drawn ? (
              <>
                <CodeOf flow={name} graph={graph} />
                <StepPanel graph={graph} flow={name} />
              </>
            ) : (
              <Loading lines={6} />
            )}
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
  const follow = useCallback((show: (text: string) => void) => hear(store, show), [store]);
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
      follow={follow}
      onChange={(text) => store.getState().type(text)}
      onCursor={(offset) => {
        const { picture, problem } = store.getState().draft;
        const task = picture && !problem ? taskAtOffset(picture, offset) : null;
        if (task !== null) store.getState().select([task]);
      }}
    />
  );
}

/** Undo, redo, arrange. */
const Tools = memo(function Tools(): ReactNode {
  const say = useText(editor);
  const store = useEditorStore();
  const undoable = useEditor((state) => state.past.length > 0);
  const redoable = useEditor((state) => state.future.length > 0);
  const arrangeAll = async () => {
    const { layout } = store.getState();
    const points = await arrangedByElk(await startElk(), pictured(store.getState()), layout);
    store.getState().place(withPoints({ ...store.getState().layout, nodes: {} }, points));
  };
  return (
    <Group gap={4} className="editor__tools">
      <Tool icon="undo" label={say("undo")} onClick={() => store.getState().undo()} disabled={!undoable} />
      <Tool icon="redo" label={say("redo")} onClick={() => store.getState().redo()} disabled={!redoable} />
      <Tool icon="arrange" label={say("arrange")} onClick={() => void arrangeAll()} />
    </Group>
  );
});

function Tool({ icon, label, onClick, disabled = false }: { icon: IconName; label: string; onClick: () => void; disabled?: boolean }): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon variant="default" size="lg" aria-label={label} onClick={onClick} disabled={disabled}>
        <Icon name={icon} size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
