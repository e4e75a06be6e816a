/** What is still open of a flow, and which of its functions stop when it is deleted. Pure. */
import type { Schemas } from "../../client/api";

type ExecutionStatus = Schemas["ExecutionSummary"]["status"];

/** The states of an execution that has not ended. */
export const OPEN = ["pending", "running", "waiting", "suspended"] as const satisfies readonly ExecutionStatus[];

export interface Open {
  readonly total: number;
  /** Whether there are more than were counted. */
  readonly more: boolean;
  /** Those of each state that there are, in the order of `OPEN`. */
  readonly counts: readonly { readonly status: ExecutionStatus; readonly count: number }[];
}

/** Count a page of open executions. */
export function countsOf({ items, next }: Pick<Schemas["ExecutionPage"], "next"> & { readonly items: readonly Pick<Schemas["ExecutionSummary"], "status">[] }): Open {
  const counts = OPEN.map((status) => ({ status, count: items.filter((each) => each.status === status).length })).filter(({ count }) => count > 0);
  return { total: items.length, more: typeof next === "string", counts };
}

/** The functions of a FlowApp whose code runs on the server; those with an address of their own run elsewhere. */
export function hostedFunctions(definition: Readonly<Record<string, unknown>>): readonly string[] {
  const spec = definition["spec"];
  const functions = isObject(spec) && isObject(spec["functions"]) ? spec["functions"] : {};
  return Object.entries(functions).flatMap(([name, given]) => (isObject(given) && given["url"] ? [] : [name]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
