/** What flows did of late, as the list shows it. */
import type { Schemas } from "../../../client/api";
import type { IconName } from "../../../parts/icons";

export type FlowActivity = Schemas["FlowAppActivity"];
export type ExecutionBrief = Schemas["ExecutionBrief"];

export const ORDERS = ["name", "changed", "executed"] as const;
export type Order = (typeof ORDERS)[number];

/** What a list of flows is filtered and ordered by: in the address. */
export interface FlowFilter {
  readonly search: string;
  /** `key=value`, or a key alone. */
  readonly tags: readonly string[];
  readonly order: Order;
}

/** The API takes no longer one. */
export const SEARCH_LENGTH_MAX = 200;

export function readFlowFilter(params: URLSearchParams): FlowFilter {
  const order = ORDERS.find((each) => each === params.get("order")) ?? "name";
  return { search: (params.get("search") ?? "").slice(0, SEARCH_LENGTH_MAX), tags: [...new Set(params.getAll("tag").filter(Boolean))], order };
}

/** The filter for an address: only what is set. */
export function writeFlowFilter({ search, tags, order }: FlowFilter): URLSearchParams {
  const params = new URLSearchParams();
  if (search) params.set("search", search);
  for (const tag of tags) params.append("tag", tag);
  if (order !== "name") params.set("order", order);
  return params;
}

export interface Share {
  readonly total: number;
  readonly perHour: number;
  /** Of those that ended, how many failed: 0 to 1; `null` when none ended. */
  readonly failed: number | null;
}

/** How many executions there were, and how many of them failed. Times are epoch seconds. */
export function shareOf({ counts, counted_from }: Pick<FlowActivity, "counts" | "counted_from">, now: number): Share {
  const of = (status: string) => counts[status] ?? 0;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const ended = of("completed") + of("faulted") + of("cancelled");
  // Never less than a minute, so that one execution just now is not thousands an hour.
  const hours = Math.max(now - counted_from, 60) / 3600;
  return { total, perHour: total / hours, failed: ended > 0 ? of("faulted") / ended : null };
}

const LOWEST = 0.12;

/** How high each bar is, 0 to 1, oldest first: by the root of the duration, so that short ones can be seen beside long ones. */
export function barHeights(recent: readonly ExecutionBrief[]): { readonly execution: ExecutionBrief; readonly height: number }[] {
  const longest = Math.max(...recent.map(({ duration_seconds }) => duration_seconds), 0);
  const height = (seconds: number) => (longest > 0 ? Math.max(LOWEST, Math.sqrt(seconds / longest)) : LOWEST);
  return recent.toReversed().map((execution) => ({ execution, height: height(execution.duration_seconds) }));
}

/** The bar that a key leads to from another one, both counted from the oldest; null for a key that leads to none. */
export function barAfter(key: string, from: number, count: number): number | null {
  switch (key) {
    case "ArrowLeft":
      return Math.max(from - 1, 0);
    case "ArrowRight":
      return Math.min(from + 1, count - 1);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

export const TRIGGER_ICONS: Readonly<Record<string, IconName>> = {
  http: "globe",
  cron: "clock",
  interval: "clock",
  after: "clock",
  event: "listen",
  queue: "queue",
};
