/** What the server has now, against what the editor began with. */
import type { LayoutFile } from "../../../../graph/layout/file";
import { merge, type Merged } from "../../../../graph/document/merge";
import { mergedLayout, overruled, type Overruled } from "../../../../graph/layout/merge";
import { loadFlow, type LoadedFlow } from "../../data";
import type { EditorState } from "../store";

/** Which version an entity tag names; 0 for none. */
export function generationOf(etag: string | null): number {
  return Number(/^(?:W\/)?"(\d+)/.exec(etag ?? "")?.[1] ?? 0);
}

/** What somebody else saved while this was edited, and how it goes together with it. */
export interface Theirs {
  readonly loaded: LoadedFlow;
  readonly merged: Merged;
  readonly layout: LayoutFile;
  readonly overruled: Overruled | null;
}

export function theirsOf({ draft, layout, saved }: EditorState, loaded: LoadedFlow): Theirs {
  const layouts = [saved.layout, layout, loaded.layout] as const;
  return { loaded, merged: merge(saved.text, draft.text, loaded.flow.text), layout: mergedLayout(...layouts), overruled: overruled(...layouts, loaded.layoutBy) };
}

/** What somebody else saved; `null` when the text is as it was, or as it is here. */
export async function foundMeanwhile(namespace: string, name: string, state: EditorState): Promise<{ loaded: LoadedFlow; theirs: Theirs | null }> {
  const loaded = await loadFlow(namespace, name);
  const same = loaded.flow.text === state.saved.text || loaded.flow.text === state.draft.text;
  return { loaded, theirs: same ? null : theirsOf(state, loaded) };
}
