/** A moment as time ago, exact on hovering; counts on by itself. */
import { useSyncExternalStore, type ReactNode } from "react";
import { useFormat } from "../language/language";

const STEP_MS = 5_000;

// One clock for all of them: a list of a hundred is drawn once.
const listeners = new Set<() => void>();
let now = Date.now() / 1000;
let timer: number | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    now = Date.now() / 1000;
    for (const each of listeners) each();
  }, STEP_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}

/** The time in epoch seconds, every few seconds. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

export function Ago({ at }: { at: number | null | undefined }): ReactNode {
  const format = useFormat();
  const current = useNow();
  if (at === null || at === undefined) return "–";
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={format.time(at)} style={{ whiteSpace: "nowrap" }}>
      {format.ago(at, Math.max(current, at))}
    </time>
  );
}
