/** Who hears of a new text before anything is drawn anew: the text beside the canvas. */
import type { StoreApi } from "zustand/vanilla";
import type { EditorState } from "./store";

type Store = StoreApi<EditorState>;
type Listener = (text: string) => void;

const listeners = new WeakMap<Store, Set<Listener>>();

/**
 * Prepare a store that has just been made. The first to subscribe is told first: the text is written while the page is
 * as it was laid out. Once the canvas has been changed, writing it would have all of that laid out twice.
 */
export function telling(store: Store): Store {
  const heard = new Set<Listener>();
  listeners.set(store, heard);
  store.subscribe(({ draft }, before) => {
    if (draft.text !== before.draft.text) for (const listener of heard) listener(draft.text);
  });
  return store;
}

/** Be told of each new text until the returned function is called. */
export function hear(store: Store, listener: Listener): () => void {
  const heard = listeners.get(store);
  heard?.add(listener);
  return () => heard?.delete(listener);
}
