/** Lengths of time as a number and a unit, written as ISO 8601 (`PT10M`). Pure. */

export const UNITS = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;

export interface Length {
  readonly count: number;
  readonly unit: Unit;
}

const WRITTEN = /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const LETTERS: Readonly<Record<Unit, string>> = { seconds: "S", minutes: "M", hours: "H", days: "D" };

/** Seconds of a duration as definitions write it: a text, or an object of units; null for anything else. */
export function secondsOf(written: unknown): number | null {
  if (typeof written === "string") {
    const parts = WRITTEN.exec(written);
    if (!parts || written === "P" || written.endsWith("T")) return null;
    const [days, hours, minutes, seconds] = parts.slice(1).map((part: string | undefined) => Number(part ?? 0));
    return (days ?? 0) * UNITS.days + (hours ?? 0) * UNITS.hours + (minutes ?? 0) * UNITS.minutes + (seconds ?? 0);
  }
  if (typeof written !== "object" || written === null || Array.isArray(written)) return null;
  let total = 0;
  for (const [name, count] of Object.entries(written)) {
    const size = name === "milliseconds" ? 0.001 : (UNITS as Readonly<Partial<Record<string, number>>>)[name];
    if (size === undefined || typeof count !== "number") return null;
    total += count * size;
  }
  return total;
}

/** The same length in the largest unit that it is a whole number of. */
export function lengthOf(seconds: number): Length {
  const fitting = (Object.keys(UNITS) as Unit[]).filter((unit) => seconds > 0 && Number.isInteger(seconds / UNITS[unit]));
  const unit = fitting.at(-1) ?? "seconds";
  return { count: seconds / UNITS[unit], unit };
}

export function written({ count, unit }: Length): string {
  return `P${unit === "days" ? "" : "T"}${count}${LETTERS[unit]}`;
}
