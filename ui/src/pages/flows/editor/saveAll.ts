/** Saving what is not saved, in one place: with a message, and before a run. */
import type { StoreApi } from "zustand/vanilla";
import { ApiProblem } from "../../../client/api";
import type { LayoutFile } from "../../../graph/layout/file";
import { mergedLayout, overruled, type Overruled } from "../../../graph/layout/merge";
import { loadLayout, type LoadedFlow } from "../data";
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
      if (!isChangedMeanwhile(error)) throw error;
      return (await foundMeanwhile(namespace, name, before)).theirs;
    }
  }
  const moved = before.layout === before.saved.layout ? { layout: before.layout, overruled: null } : await saveMoved(namespace, name, before, loaded);
  store.getState().savedAs(before.draft.text, moved.layout, etag, before.layout, moved.overruled);
  return null;
}

/** So often in a row somebody else may be quicker. */
const TRIES_MAX = 5;

interface Moved {
  readonly layout: LayoutFile;
  readonly overruled: Overruled | null;
}

/** Save the layout, put together with that of the server as it is at that moment. */
async function saveMoved(namespace: string, name: string, { saved, layout: mine }: EditorState, loaded: LoadedFlow): Promise<Moved> {
  let { layout: theirs, layoutEtag, layoutBy } = loaded;
  for (let tries = 1; ; tries += 1) {
    const layout = mergedLayout(saved.layout, mine, theirs);
    try {
      await saveLayout(namespace, name, layout, layoutEtag);
      return { layout, overruled: overruled(saved.layout, mine, theirs, layoutBy) };
    } catch (error) {
      if (!isChangedMeanwhile(error) || tries === TRIES_MAX) throw error;
      ({ layout: theirs, layoutEtag, layoutBy } = await loadLayout(namespace, name));
    }
  }
}

function isChangedMeanwhile(error: unknown): boolean {
  return error instanceof ApiProblem && error.status === 412;
}
