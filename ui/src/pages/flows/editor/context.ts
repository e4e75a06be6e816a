/** The editor's store for its parts, and what is derived from it. */
import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { StoreApi } from "zustand/vanilla";
import { graphOf } from "../../../graph/model/build";
import type { Source } from "../../../graph/document/source";
import type { Graph } from "../../../graph/model/graph";
import type { EditorState } from "./store";

export const EditorContext = createContext<StoreApi<EditorState> | null>(null);

export function useEditorStore(): StoreApi<EditorState> {
  const store = useContext(EditorContext);
  if (!store) throw new Error("there is no editor around");
  return store;
}

export function useEditor<T>(pick: (state: EditorState) => T): T {
  return useStore(useEditorStore(), pick);
}

const EMPTY: Graph = graphOf({});
const graphs = new WeakMap<Source, Graph>();

/** The graph of the last readable text of a state: made once for each. */
export function pictured({ draft: { picture } }: Pick<EditorState, "draft">): Graph {
  if (!picture) return EMPTY;
  const known = graphs.get(picture);
  if (known) return known;
  const graph = graphOf(picture.root.data);
  graphs.set(picture, graph);
  return graph;
}

/** The graph of the last readable text. */
export function useGraph(): Graph {
  return useEditor(pictured);
}
