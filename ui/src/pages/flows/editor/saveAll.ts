/** Saving what is not saved, in one place: with a message, and before a run. */
import type { StoreApi } from "zustand/vanilla";
import { ApiProblem } from "../../../client/api";
import { mergedLayout } from "../../../graph/layout/merge";
import { saveLayout, saveText } from "./data";
import { foundMeanwhile, type Theirs } from "./merge/theirs";
import type { EditorState } from "./store";

/** Save text and layout; what somebody else saved meanwhile is given back, and then nothing is saved. */
export async function saveAll(store: StoreApi<EditorState>, namespace: string, name: string, message: string): Promise<Theirs | null> {
  const before = store.getState();
  const { loaded, theirs: found } = await foundMeanwhile(namespace, name, before);
  let { etag } = before.saved;
  if (before.draft.text !== before.saved.text) {
    if (found) return found;
    etag = loaded.etag;
    try {
      if (before.draft.text !== loaded.flow.text) ({ etag } = await saveText(namespace, name, before.draft.text, message, etag));
    } catch (error) {
      // Somebody was quicker, between the look and the save.
      if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
      return (await foundMeanwhile(namespace, name, before)).theirs;
    }
  }
  let { layout } = before;
  if (layout !== before.saved.layout) {
    layout = mergedLayout(before.saved.layout, layout, loaded.layout);
    await saveLayout(namespace, name, layout);
  }
  store.getState().savedAs(before.draft.text, layout, etag, before.layout);
  return null;
}
