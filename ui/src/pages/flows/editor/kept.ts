/** What is edited and not saved stays while somebody looks at other pages: the text, where things stand, the way back. */
import type { StoreApi } from "zustand/vanilla";
import { isDirty, type EditorState } from "./store";

type Store = StoreApi<EditorState>;

/** So many flows at most; of more the one that was left first goes. */
const KEPT_MAX = 20;
const kept = new Map<string, Store>();

if (typeof window !== "undefined") {
  window.addEventListener("beforeunload", (event) => {
    if ([...kept.values()].some((each) => isDirty(each.getState()))) event.preventDefault();
  });
}

/** Who edits which flow: another person at the same browser does not get what the one before left. */
export function keyOf(who: string, namespace: string, name: string): string {
  return JSON.stringify([who, namespace, name]);
}

/** What was left, or else what is made. */
export function takenUp(key: string, make: () => Store): Store {
  return kept.get(key) ?? make();
}

/** Keep what is not saved; what is saved is forgotten. */
export function leave(key: string, store: Store): void {
  kept.delete(key);
  if (!isDirty(store.getState())) return;
  kept.set(key, store);
  const [first] = kept.keys();
  if (kept.size > KEPT_MAX && first !== undefined) kept.delete(first);
}
