/** The input that a flow takes. Pure. */
import { owsValue } from "../../graph/document/flow";
import type { Json } from "../../graph/json";

/** The schema of a flow's input, where it is written in the flow itself. */
export function inputSchema(data: Json): Json | null {
  return owsValue(data, "/input/schema/document") ?? null;
}
