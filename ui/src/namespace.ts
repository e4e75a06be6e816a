/** The namespace that the page is about: a part of every address, `/n/<namespace>/...`. */
import { create } from "zustand";
import { persist } from "zustand/middleware";
import { createContext, useContext } from "react";

export const DEFAULT_NAMESPACE = "default";

interface LastState {
  readonly last: string;
  readonly visit: (namespace: string) => void;
}

/** Where somebody was last: for addresses that do not say. */
export const useLastNamespace = create<LastState>()(
  persist((set) => ({ last: DEFAULT_NAMESPACE, visit: (last) => set({ last }) }), { name: "headrace.namespace" }),
);

export const NamespaceContext = createContext(DEFAULT_NAMESPACE);

export function useNamespace(): string {
  return useContext(NamespaceContext);
}
