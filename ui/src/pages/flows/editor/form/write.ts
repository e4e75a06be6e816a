/** How fields write: into the text at their pointer, as one step that can be undone. */
import { createContext, useContext } from "react";
import type { Json } from "../../../../graph/json";
import { useEditorStore } from "../context";
import { written } from "./fields/write";

/** What the form is of: where it stands in the text. Nothing of it, or above it, goes with its last property. */
export const BaseContext = createContext("");

export type Write = (pointer: string, value: Json | undefined) => void;

export function useWrite(): Write {
  const store = useEditorStore();
  const base = useContext(BaseContext);
  return (pointer, value) => store.getState().edit((source) => ({ source: written(source, base, pointer, value) }));
}
