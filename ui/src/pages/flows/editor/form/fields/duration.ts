/** Durations as people say them: an amount and a unit. Pure. */
import { isMap, type Json } from "../../../../../graph/json";

export const UNITS = ["milliseconds", "seconds", "minutes", "hours", "days"] as const;
export type Unit = (typeof UNITS)[number];

/** A duration of one unit; `null` for what needs more than that, or is an expression. */
export function simpleDuration(value: Json | undefined): { amount: number; unit: Unit } | null {
  if (isMap(value)) {
    const names = Object.keys(value);
    const unit = UNITS.find((each) => each === names[0]);
    const amount = unit === undefined ? undefined : value[unit];
    return names.length === 1 && unit !== undefined && typeof amount === "number" ? { amount, unit } : null;
  }
  const match = typeof value === "string" ? /^P(?:(\d+)D|T(\d+)([HMS])|T0\.(\d{1,3})S)$/.exec(value) : null;
  if (!match) return null;
  if (match[1] !== undefined) return { amount: Number(match[1]), unit: "days" };
  if (match[4] !== undefined) return { amount: Number(match[4].padEnd(3, "0")), unit: "milliseconds" };
  const units: Record<string, Unit> = { H: "hours", M: "minutes", S: "seconds" };
  return { amount: Number(match[2]), unit: units[match[3] ?? ""] ?? "seconds" };
}

/** A duration as it is written: as text where it was one, else as a map. */
export function durationOf(amount: number, unit: Unit, before: Json | undefined): Json {
  if (typeof before !== "string" || !Number.isInteger(amount)) return { [unit]: amount };
  if (unit === "days") return `P${amount}D`;
  if (unit === "milliseconds") return amount < 1000 ? `PT0.${String(amount).padStart(3, "0")}S` : { [unit]: amount };
  return `PT${amount}${unit === "hours" ? "H" : unit === "minutes" ? "M" : "S"}`;
}
