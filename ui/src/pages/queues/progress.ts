/** How far a batch is, and how fast it was. Pure. */

interface Counts {
  readonly completed: number;
  readonly failed: number;
  readonly total: number | null;
}

/** The part that is done, 0 to 1; null where the whole is not known. */
export function partDone({ completed, failed, total }: Counts): number | null {
  if (total === null) return null;
  return total === 0 ? 1 : Math.min(1, (completed + failed) / total);
}

/** Items per second over a whole batch, without those that it took over; null where there is no telling. */
export function speedOf({ completed, failed, reused, seconds }: Omit<Counts, "total"> & { reused: number; seconds: number }): number | null {
  const fresh = completed + failed - reused;
  return fresh > 0 && seconds > 0 ? fresh / seconds : null;
}
