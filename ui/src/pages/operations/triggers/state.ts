/** How a trigger is, worst first. Pure. */

/** A clock that is behind by less is only busy. */
const LATE_SECONDS = 60;

export const TRIGGER_STATES = ["broken", "late", "paused", "active"] as const;
export type TriggerStateName = (typeof TRIGGER_STATES)[number];

interface Trigger {
  readonly error: string | null;
  readonly lag_seconds: number | null;
  readonly paused: boolean;
  readonly flow_paused: boolean;
}

export function stateOf({ error, lag_seconds, paused, flow_paused }: Trigger): TriggerStateName {
  if (error) return "broken";
  if (paused || flow_paused) return "paused";
  return isLate(lag_seconds) ? "late" : "active";
}

export function isLate(lagSeconds: number | null): lagSeconds is number {
  return lagSeconds !== null && lagSeconds >= LATE_SECONDS;
}
