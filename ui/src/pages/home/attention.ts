/** What needs somebody's attention, worst first. Pure. */

export type Concern =
  | { readonly kind: "faulted" | "long" | "suspended"; readonly count: number; readonly more: boolean }
  | { readonly kind: "deadLetters"; readonly queue: string; readonly count: number }
  | { readonly kind: "queuePaused"; readonly queue: string; readonly count: number }
  | { readonly kind: "trigger" | "triggerPaused"; readonly flow: string; readonly trigger: string; readonly error: string | null }
  | { readonly kind: "function"; readonly flow: string; readonly name: string; readonly error: string | null }
  | { readonly kind: "flowPaused"; readonly flow: string };

export interface Known {
  readonly faulted: Some;
  readonly long: Some;
  readonly suspended: Some;
  readonly queues: readonly { readonly name: string; readonly dead: number; readonly paused: boolean; readonly ready: number }[];
  readonly triggers: readonly { readonly flow: string; readonly name: string; readonly error: string | null; readonly paused: boolean }[];
  readonly functions: readonly { readonly flow: string; readonly name: string; readonly state?: string | null; readonly last_error?: string | null }[];
  readonly flows: readonly { readonly name: string; readonly paused: boolean }[];
}

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
    ...known.queues.filter(({ dead }) => dead > 0).map(({ name, dead }) => ({ kind: "deadLetters" as const, queue: name, count: dead })),
    ...executions("long", "suspended"),
    ...known.flows.filter(({ paused }) => paused).map(({ name }) => ({ kind: "flowPaused" as const, flow: name })),
    ...known.triggers
      .filter(({ paused, error }) => paused && error === null)
      .map(({ flow, name }) => ({ kind: "triggerPaused" as const, flow, trigger: name, error: null })),
    ...known.queues.filter(({ paused }) => paused).map(({ name, ready }) => ({ kind: "queuePaused" as const, queue: name, count: ready })),
  ];
}

/** Whether it is something that is wrong, not only something that stands still. */
export function isWrong(concern: Concern): boolean {
  return ["faulted", "function", "trigger", "deadLetters"].includes(concern.kind);
}
