/** Pages of executions, newest first, and what comes in while they are looked at. */
import type { Schemas } from "../../../client/api";
import type { ExecutionSummary } from "../data";
import type { ExecutionStatus } from "./filter";

export type ExecutionPage = Schemas["ExecutionPage"];

/** Whether `one` stands above `other` in a list. */
function newer(one: ExecutionSummary, other: ExecutionSummary): boolean {
  return one.created_at === other.created_at ? one.id > other.id : one.created_at > other.created_at;
}

/**
 * The pages with the newest page of now put in. What it says of the time that it covers holds: rows that it lacks
 * there are gone. `null` where there is a gap between it and what is known, so that the list has to begin anew.
 */
export function withNewest(pages: readonly ExecutionPage[], newest: ExecutionPage): readonly ExecutionPage[] | null {
  const [first, ...others] = pages;
  if (!first) return [newest];
  const last = newest.items.at(-1);
  const whole = newest.next == null;
  if (whole) return [newest];
  const known = pages.flatMap((page) => page.items);
  const ids = new Set(known.map(({ id }) => id));
  // A search that stopped early says nothing of what is older than its last row.
  if (!last) return pages;
  if (known.length > 0 && !newest.items.some(({ id }) => ids.has(id))) return null;
  const older = (items: readonly ExecutionSummary[]) => items.filter((each) => newer(last, each));
  return [{ ...first, items: [...newest.items, ...older(first.items)] }, ...others.map((page) => ({ ...page, items: older(page.items) }))];
}

/** What an event of an execution says of it. Phases that change no status are none of them. */
const STATUS_OF_PHASE: Readonly<Record<string, ExecutionStatus>> = {
  started: "running",
  resumed: "running",
  suspended: "suspended",
  completed: "completed",
  faulted: "faulted",
  cancelled: "cancelled",
};

const FINAL: ReadonlySet<ExecutionStatus> = new Set<ExecutionStatus>(["completed", "faulted", "cancelled"]);

export function isFinal(status: ExecutionStatus): boolean {
  return FINAL.has(status);
}

export interface Happened {
  readonly id: string;
  readonly phase: string;
  /** Epoch seconds. */
  readonly at: number;
}

/** The pages after what happened; the same pages where it is about none of their rows. */
export function withEvents(pages: readonly ExecutionPage[], events: readonly Happened[]): readonly ExecutionPage[] {
  const byId = new Map<string, Happened[]>();
  for (const event of events) byId.set(event.id, [...(byId.get(event.id) ?? []), event]);
  const after = pages.map((page) => {
    if (!page.items.some(({ id }) => byId.has(id))) return page;
    return { ...page, items: page.items.map((row) => (byId.get(row.id) ?? []).reduce(afterEvent, row)) };
  });
  return after.some((page, at) => page !== pages[at]) ? after : pages;
}

function afterEvent(row: ExecutionSummary, { phase, at }: Happened): ExecutionSummary {
  const status = STATUS_OF_PHASE[phase];
  // What has ended stays so, in whichever order news of it come.
  if (status === undefined || isFinal(row.status)) return row;
  const started_at = row.started_at ?? (phase === "started" ? at : null);
  const ended_at = isFinal(status) ? at : null;
  return { ...row, status, started_at, ended_at, duration_seconds: Math.max(0, at - (started_at ?? row.created_at)) };
}

/** How long it took, or takes up to now. */
export function secondsOf(row: ExecutionSummary, now: number): number {
  return Math.max(0, (row.ended_at ?? now) - (row.started_at ?? row.created_at));
}
