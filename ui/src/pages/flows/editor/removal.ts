/** Removing what is selected. */
import type { StoreApi } from "zustand/vanilla";
import { noteIdOf } from "../../../canvas/notes";
import { inFile } from "../../../graph/document/flow";
import { removeTrigger } from "../../../graph/document/parts";
import { removeTask } from "../../../graph/document/tasks";
import { removeValue, setValue } from "../../../graph/document/values";
import { withoutNotes } from "../../../graph/layout/file";
import { below, within } from "../../../graph/pointer";
import { pictured } from "./context";
import type { EditorState } from "./store";

/** Remove what is selected; what is inside of something selected goes with it. */
export function removeSelected(store: StoreApi<EditorState>): void {
  const state = store.getState();
  const { selected, edit, place, layout } = state;
  const graph = pictured(state);
  const notes = new Set(selected.flatMap((id) => noteIdOf(id) ?? []));
  const nodes = selected.flatMap((id) => graph.byId.get(id) ?? []);
  if (nodes.length === 0) {
    // Notes are not in the text; they can go even where that cannot be read.
    if (notes.size > 0) place(withoutNotes(layout, notes));
    return;
  }
  const outer = nodes.filter((node) => !nodes.some((other) => other !== node && within(node.id, other.id)));
  // From the back, so that the pointers of the others stay.
  const tasks = outer.filter(({ kind }) => kind === "task").sort((one, other) => other.index - one.index);
  const triggers = outer.filter(({ kind }) => kind === "trigger").sort((one, other) => other.place.localeCompare(one.place, "en", { numeric: true }));
  edit((source) => {
    let result = source;
    for (const { id } of tasks) result = removeTask(result, id);
    for (const { place: written } of triggers) result = removeTrigger(result, written);
    for (const node of outer) {
      if (node.kind === "schedule") result = removeValue(result, node.place);
      // A `try` without one of its lanes is none; what the lane does can go.
      if (node.kind !== "lane") continue;
      result = node.name === "catch" ? removeValue(result, inFile(result, below(node.id, "do"))) : setValue(result, inFile(result, node.id), []);
    }
    return { source: result, select: [], ...(notes.size > 0 ? { relaid: (before) => withoutNotes(before, notes) } : {}) };
  });
}
