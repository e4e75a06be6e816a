/** The keys and the clipboard of the editor; what is typed into fields and the text is theirs. */
import { useEffect } from "react";
import type { StoreApi } from "zustand/vanilla";
import { taskPlace } from "../../../graph/document/flow";
import { copyTasks, duplicateTask, pasteTasks } from "../../../graph/document/tasks";
import type { Graph } from "../../../graph/model/graph";
import { pictured } from "./context";
import { removeSelected } from "./removal";
import type { EditorState } from "./store";

type Store = StoreApi<EditorState>;

/** Where keys are the editor's: in it, at its buttons above, and where nothing has the focus (what had it may be gone). */
const OWN = ".editor, .editor__tools";

/** Listens for the keys and the clipboard of the editor. */
export function useKeys(store: Store, save: () => void): void {
  useEffect(() => {
    const listening = new AbortController();
    const options = { signal: listening.signal };
    const isOwn = ({ target }: Event) => target === document.body || (target instanceof Element && target.closest(OWN) !== null);
    document.addEventListener("keydown", (event) => isOwn(event) && keyPressed(event, store, save), options);
    document.addEventListener("copy", (event) => isOwn(event) && copied(event, store), options);
    document.addEventListener("cut", (event) => isOwn(event) && cut(event, store), options);
    document.addEventListener("paste", (event) => isOwn(event) && pasted(event, store), options);
    return () => listening.abort();
  }, [store, save]);
}

function keyPressed(event: KeyboardEvent, store: Store, save: () => void): void {
  const command = event.ctrlKey || event.metaKey;
  if (command && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save();
    return;
  }
  if (isTyping(event.target)) return;
  const { edit, undo, redo, select } = store.getState();
  const keys: Record<string, () => void> = {
    z: event.shiftKey ? redo : undo,
    y: redo,
    a: () => select(pictured(store.getState()).nodes.filter(({ kind, parent }) => kind === "task" && parent === null).map(({ id }) => id)),
    d: () => {
      const first = tasksOf(store)[0];
      if (first === undefined) return;
      edit((source) => {
        const copy = duplicateTask(source, first);
        return { source: copy.source, select: [copy.task] };
      });
    },
  };
  const plain: Record<string, () => void> = {
    Delete: () => removeSelected(store),
    Backspace: () => removeSelected(store),
    Escape: () => select([]),
  };
  const action = command ? keys[event.key.toLowerCase()] : plain[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

/**
 * The browser's own events of the clipboard, not its API: they need no permission and no secure connection, and
 * what is copied in one flow can be pasted into another, or as text anywhere.
 */
function copied(event: ClipboardEvent, store: Store): boolean {
  if (isTyping(event.target) || String(document.getSelection() ?? "") !== "") return false;
  const { picture } = store.getState().draft;
  const tasks = tasksOf(store);
  if (!picture || tasks.length === 0 || !event.clipboardData) return false;
  event.clipboardData.setData("text/plain", copyTasks(picture, tasks));
  event.preventDefault();
  return true;
}

function cut(event: ClipboardEvent, store: Store): void {
  if (copied(event, store)) removeSelected(store);
}

/** Put tasks behind what is selected (into a container that is empty), else at the end. */
function pasted(event: ClipboardEvent, store: Store): void {
  if (isTyping(event.target)) return;
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (text.trim() === "") return;
  event.preventDefault();
  const { list, index } = placeToPaste(tasksOf(store).at(-1), pictured(store.getState()));
  store.getState().edit((source) => {
    const result = pasteTasks(source, list, index, text);
    return { source: result.source, select: result.tasks };
  });
}

function placeToPaste(task: string | undefined, graph: Graph): { list: string; index: number } {
  const node = task === undefined ? undefined : graph.byId.get(task);
  if (!node) return { list: "/do", index: Infinity };
  const isEmpty = !graph.nodes.some(({ parent }) => parent === node.id);
  if (node.holds !== null && isEmpty) return { list: node.holds, index: 0 };
  const own = taskPlace(node.id);
  return { list: own.list, index: own.index + 1 };
}

/** The selected tasks, in the order of the document. */
function tasksOf(store: Store): string[] {
  const state = store.getState();
  const chosen = new Set(state.selected);
  return pictured(state).nodes.filter(({ id, kind }) => kind === "task" && chosen.has(id)).map(({ id }) => id);
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable='true']") !== null;
}
