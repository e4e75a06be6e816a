/** What needs somebody's attention, worst first. Pure. */
import { isLate } from "../operations/triggers/state";

export type Concern =
  | { readonly kind: "faulted" | "long" | "suspended"; readonly count: number; readonly more: boolean }
  | { readonly kind: "deadLetters"; readonly queue: string; readonly count: number }
  | { readonly kind: "queuePaused"; readonly queue: string; readonly count: number }
  | { readonly kind: "queueOld"; readonly queue: string; readonly seconds: number }
  | { readonly kind: "triggerLate"; readonly flow: string; readonly trigger: string; readonly seconds: number }
  | { readonly kind: "alert" | "webhook"; readonly rule: string; readonly flow: string | null; readonly count: number; readonly error: string | null }
  | { readonly kind: "decisions"; readonly count: number; readonly overdue: number; readonly more: boolean }
  | { readonly kind: "trigger" | "triggerPaused"; readonly flow: string; readonly trigger: string; readonly error: string | null }
  | { readonly kind: "function"; readonly flow: string; readonly name: string; readonly error: string | null }
  | { readonly kind: "flowPaused"; readonly flow: string };

export interface Known {
  readonly faulted: Some;
  readonly long: Some;
  readonly suspended: Some;
  readonly queues: readonly KnownQueue[];
  readonly triggers: readonly KnownTrigger[];
  readonly functions: readonly { readonly flow: string; readonly name: string; readonly state?: string | null; readonly last_error?: string | null }[];
  readonly flows: readonly { readonly name: string; readonly paused: boolean }[];
  /** What was sent lately, the newest first. */
  readonly notifications: readonly Notification[];
  readonly decisions: { readonly mine: number; readonly overdue: number; readonly more: boolean };
}

interface KnownQueue {
  readonly name: string;
  readonly dead: number;
  readonly paused: boolean;
  readonly ready: number;
  readonly oldest_ready_seconds: number | null;
}

interface KnownTrigger {
  readonly flow: string;
  readonly name: string;
  readonly error: string | null;
  readonly paused: boolean;
  readonly lag_seconds: number | null;
}

interface Notification {
  readonly rule: string;
  readonly flow: string | null;
  readonly state: string;
  readonly status: string;
  readonly count: number;
  readonly error: string | null;
}

/** What waits longer than this to be taken is not kept up with. */
const OLD_SECONDS = 600;

/** So many were seen, and whether there are more. */
export interface Some {
  readonly count: number;
  readonly more: boolean;
}

export function attention(known: Known): readonly Concern[] {
  const executions = (...kinds: readonly ("faulted" | "long" | "suspended")[]) =>
    kinds.map((kind) => ({ kind, ...known[kind] })).filter(({ count }) => count > 0);
  return [
    ...executions("faulted"),
    ...known.functions
      // Between two tries it is starting, and no better.
      .filter(({ state, last_error }) => state === "backoff" || (state === "starting" && Boolean(last_error)))
      .map(({ flow, name, last_error }) => ({ kind: "function" as const, flow, name, error: last_error ?? null })),
    ...known.triggers
      .filter(({ error }) => error !== null)
      .map(({ flow, name, error }) => ({ kind: "trigger" as const, flow, trigger: name, error })),
    ...alertsOf(known.notifications),
    ...known.queues.filter(({ dead }) => dead > 0).map(({ name, dead }) => ({ kind: "deadLetters" as const, queue: name, count: dead })),
    ...known.triggers.flatMap(({ flow, name, error, lag_seconds }) =>
      error === null && isLate(lag_seconds) ? [{ kind: "triggerLate" as const, flow, trigger: name, seconds: lag_seconds }] : [],
    ),
    ...known.queues.flatMap(({ name, paused, oldest_ready_seconds: seconds }) =>
      // Of a paused one it is said that it is paused.
      !paused && seconds !== null && seconds > OLD_SECONDS ? [{ kind: "queueOld" as const, queue: name, seconds }] : [],
    ),
    ...decisionsOf(known.decisions),
    ...executions("long", "suspended"),
    ...known.flows.filter(({ paused }) => paused).map(({ name }) => ({ kind: "flowPaused" as const, flow: name })),
    ...known.triggers
      .filter(({ paused, error }) => paused && error === null)
      .map(({ flow, name }) => ({ kind: "triggerPaused" as const, flow, trigger: name, error: null })),
    ...known.queues.filter(({ paused }) => paused).map(({ name, ready }) => ({ kind: "queuePaused" as const, queue: name, count: ready })),
  ];
}

/** Of each rule the last word: that it fires, or that nobody could be told. */
function alertsOf(notifications: readonly Notification[]): readonly Concern[] {
  const last = new Map<string, Notification>();
  for (const each of notifications) {
    const name = JSON.stringify([each.flow, each.rule]);
    if (!last.has(name)) last.set(name, each);
  }
  return [...last.values()].flatMap(({ rule, flow, state, status, count, error }): readonly Concern[] => {
    if (status === "silenced") return [];
    if (status === "failed" || (status === "pending" && error !== null)) return [{ kind: "webhook", rule, flow, count, error }];
    return state === "firing" ? [{ kind: "alert", rule, flow, count, error: null }] : [];
  });
}

function decisionsOf({ mine, overdue, more }: Known["decisions"]): readonly Concern[] {
  return mine > 0 || overdue > 0 ? [{ kind: "decisions", count: mine, overdue, more }] : [];
}

/** Whether it is something that is wrong, not only something that stands still or waits for somebody. */
export function isWrong(concern: Concern): boolean {
  if (concern.kind === "decisions") return concern.overdue > 0;
  return ["faulted", "function", "trigger", "alert", "webhook", "deadLetters", "triggerLate", "queueOld"].includes(concern.kind);
}
