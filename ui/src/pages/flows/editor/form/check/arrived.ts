/** What really came to a trigger, of which its expressions can be tried. Pure. */
import type { Schemas } from "../../../../../client/api";
import { property, type Json } from "../../../../../graph/json";
import { isSame } from "../../../../operations/triggers/same";

export type Arrival = Schemas["ArrivalView"];
export type Arrivals = Schemas["ArrivalsView"];

/** The sorts of what came, in the order in which they are taken to try on. */
export const SORTS = ["last", "refused", "filtered"] as const;
export type Sort = (typeof SORTS)[number];

export interface Came {
  readonly sort: Sort;
  readonly arrival: Arrival;
  /** As `input` sees it. */
  readonly payload: Json;
}

/** What can be tried on. What came last may be what was refused last: then it is there once. */
export function cameOf(arrivals: Arrivals | undefined): readonly Came[] {
  const found: Came[] = [];
  for (const sort of SORTS) {
    const arrival = arrivals?.[sort];
    if (!arrival || arrival.omitted) continue;
    if (sort === "refused" && isSame(arrival, arrivals.last)) continue;
    found.push({ sort, arrival, payload: (arrival.payload ?? null) as Json });
  }
  return found;
}

/**
 * What an expression of a trigger sees, by its place: `input` and `dedupe` all that came, a filter of events the attribute that it
 * stands for, `until` what was gathered, `response` the output. `undefined`: that is not known.
 */
export function seenAt(kind: string, configuration: Json, segments: readonly string[], payload: Json, output: Json | undefined): Json | undefined {
  if (kind === "http" && segments[0] === "response") return output;
  if (kind !== "event") return payload;
  const events = Array.isArray(payload) ? (payload as Json[]) : [payload];
  const filter = segments.indexOf("with");
  if (filter >= 0) return segments.slice(filter + 1).reduce<Json | undefined>((seen, name) => property(seen, name), events[0]) ?? null;
  if (segments.includes("correlate")) return segments.at(-1) === "from" ? events[0] : undefined;
  if (segments.at(-1) === "until") return property(configuration, "read") === "envelope" ? events : events.map((event) => property(event, "data") ?? null);
  return payload;
}
