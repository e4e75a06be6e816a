/** The timeline: task runs as rows, time from left to right. */
import type { Run, Runs } from "./runs";
import { WORKFLOW_RUN } from "./runs";

export type Showing = "all" | "failed" | "open";

export interface Row {
  readonly run: Run;
  /** How many tasks it is in. */
  readonly depth: number;
}

/** The rows, in the order in which the runs started; those alone that fit. */
export function timelineRows(runs: Runs, showing: Showing, search: string): Row[] {
  const depths = new Map<number, number>();
  const wanted = search.trim().toLowerCase();
  const rows: Row[] = [];
  for (const run of runs.all) {
    if (run.run_id === WORKFLOW_RUN) continue;
    const above = depths.get(run.parent_id);
    const depth = run.parent_id === WORKFLOW_RUN || above === undefined ? 0 : above + 1;
    depths.set(run.run_id, depth);
    if (showing === "failed" && run.status !== "faulted") continue;
    if (showing === "open" && run.ended_at !== null) continue;
    if (wanted && !run.name.toLowerCase().includes(wanted) && !run.task.toLowerCase().includes(wanted)) continue;
    rows.push({ run, depth });
  }
  return rows;
}

/** A stretch of time, in epoch seconds. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The time that the runs took: those of an earlier execution that were taken over do not stretch it. */
export function spanOf(started: number, ended: number, runs: readonly Run[]): Span {
  let to = Math.max(ended, started);
  for (const run of runs) if (!run.carried && run.ended_at !== null) to = Math.max(to, run.ended_at);
  return { from: started, to: Math.max(to, started + 0.001) };
}

export interface Bar {
  /** Shares of the width, 0 to 1. */
  readonly left: number;
  readonly width: number;
}

/** Where a run is drawn; `null` for what is outside of the span. `now` ends what is open. */
export function barOf(run: Pick<Run, "started_at" | "ended_at">, span: Span, now: number): Bar | null {
  const length = span.to - span.from;
  const from = Math.max(run.started_at, span.from);
  const to = Math.min(run.ended_at ?? Math.max(now, run.started_at), span.to);
  if (to < span.from || from > span.to) return null;
  return { left: (from - span.from) / length, width: Math.max(0, to - from) / length };
}

const STEPS = [1, 2, 5];

/** Round times since the beginning for the axis, in seconds: at most `most` of them. */
export function ticksOf(seconds: number, most = 8): number[] {
  if (!(seconds > 0)) return [0];
  let power = 10 ** Math.floor(Math.log10(seconds / most));
  for (;;) {
    for (const step of STEPS) {
      const size = step * power;
      if (seconds / size <= most) return Array.from({ length: Math.floor(seconds / size + 1e-9) + 1 }, (_, index) => index * size);
    }
    power *= 10;
  }
}
