/** The editor's store for its parts, and what is derived from it. */
import { createContext, useContext, useMemo } from "react";
import { useStore } from "zustand";
import type { StoreApi } from "zustand/vanilla";
import { graphOf } from "../../../graph/model/build";
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

/** The graph of the last readable text. */
export function useGraph(): Graph {
  const picture = useEditor((state) => state.draft.picture);
  return useMemo(() => (picture ? graphOf(picture.root.data) : EMPTY), [picture]);
}
