/** How far a batch is, out of what an execution says that it waits for. Pure. */

export interface Progress {
  readonly queue: string;
  readonly completed: number;
  readonly failed: number;
  readonly reused: number;
  readonly put: number;
  readonly total: number | null;
  readonly ratePerSecond: number | null;
  readonly secondsLeft: number | null;
  readonly startedAt: number | null;
}

/** Read `delivery.batch.Progress` (counts of 0 are left out there); null for anything else. */
export function progressOf(kind: string | null | undefined, item: unknown): Progress | null {
  if (kind !== "batch" || typeof item !== "object" || item === null) return null;
  const given = item as Readonly<Record<string, unknown>>;
  if (typeof given["queue"] !== "string") return null;
  const number = (name: string) => (typeof given[name] === "number" ? given[name] : null);
  return {
    queue: given["queue"],
    completed: number("completed") ?? 0,
    failed: number("failed") ?? 0,
    reused: number("reused") ?? 0,
    put: number("put") ?? 0,
    total: number("total"),
    ratePerSecond: number("rate_per_second"),
    secondsLeft: number("seconds_left"),
    startedAt: number("started_at"),
  };
}

/** The part that is done, 0 to 1; null where the whole is not known. */
export function partDone({ completed, failed, total }: Progress): number | null {
  if (total === null) return null;
  return total === 0 ? 1 : Math.min(1, (completed + failed) / total);
}

/** What a queue is called in its namespace: those of others than `default` have it in front. */
export function shortName(queue: string, namespace: string): string {
  return queue.startsWith(`${namespace}/`) ? queue.slice(namespace.length + 1) : queue;
}
