/** Whether the last refusal is what came last. Pure. */
import type { Schemas } from "../../../client/api";

type Arrival = Schemas["ArrivalView"];

export function isSame(refused: Arrival, last: Arrival | null | undefined): boolean {
  return !!last && last.at === refused.at && last.outcome === refused.outcome && last.cause === refused.cause;
}
