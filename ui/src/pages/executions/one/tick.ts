/** The time, for what is counted while somebody looks. */
import { useEffect, useState } from "react";

const TICK_MS = 1_000;

/** The time in epoch seconds, every second while it `counts`. */
export function useTick(counts: boolean): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    if (!counts) return undefined;
    const timer = window.setInterval(() => setNow(Date.now() / 1000), TICK_MS);
    return () => window.clearInterval(timer);
  }, [counts]);
  return now;
}
