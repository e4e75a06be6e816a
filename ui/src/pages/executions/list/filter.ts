/** What a list of executions is filtered by: in the address, as the API asks for it, and as many are chosen by it. */
import type { Schemas } from "../../../client/api";
import type { ExecutionFilter, ExecutionSummary } from "../data";

export type ExecutionStatus = ExecutionSummary["status"];

export const EXECUTION_STATUSES: readonly ExecutionStatus[] = ["pending", "running", "waiting", "suspended", "completed", "faulted", "cancelled"];

const WORDS = ["flow", "version", "trigger", "started_by", "text", "key", "parent", "rerun_of"] as const;
const SECONDS = ["within", "duration_min", "duration_max"] as const;
const MOMENTS = ["created_from", "created_to"] as const;

type Words = Readonly<Partial<Record<(typeof WORDS)[number], string>>>;
/** `within`: created in the last so many seconds. The moments are epoch seconds. */
type Numbers = Readonly<Partial<Record<(typeof SECONDS)[number] | (typeof MOMENTS)[number], number>>>;

export type Filter = Words & Numbers & { readonly status: readonly ExecutionStatus[] };

/** The longest word that the API takes. */
export function lengthMax(name: (typeof WORDS)[number]): number {
  return name === "text" ? 500 : 255;
}

export const NO_FILTER: Filter = { status: [] };

/** Read a filter from an address; what is none counts as absent. */
export function readFilter(params: URLSearchParams): Filter {
  const status = params.getAll("status");
  const filter: Record<string, unknown> = { status: EXECUTION_STATUSES.filter((each) => status.includes(each)) };
  for (const name of WORDS) {
    const word = params.get(name)?.trim().slice(0, lengthMax(name));
    if (word) filter[name] = word;
  }
  for (const name of SECONDS) {
    const value = params.get(name);
    const seconds = Number(value);
    if (value !== null && value !== "" && Number.isFinite(seconds) && seconds >= 0) filter[name] = seconds;
  }
  for (const name of MOMENTS) {
    const at = Date.parse(params.get(name) ?? "");
    if (Number.isFinite(at)) filter[name] = at / 1000;
  }
  return filter as Filter;
}

/** The filter for an address: only what is set, times as RFC 3339. */
export function writeFilter(filter: Filter): URLSearchParams {
  const params = new URLSearchParams();
  for (const each of filter.status) params.append("status", each);
  for (const name of WORDS) {
    const word = filter[name];
    if (word) params.set(name, word);
  }
  for (const name of SECONDS) {
    const seconds = filter[name];
    if (seconds !== undefined) params.set(name, String(seconds));
  }
  for (const name of MOMENTS) {
    const at = filter[name];
    if (at !== undefined) params.set(name, new Date(at * 1000).toISOString());
  }
  return params;
}

/** The filter with some of it changed; `undefined` and empty words go. */
export function changed(filter: Filter, change: { readonly [Name in keyof Filter]?: Filter[Name] | undefined }): Filter {
  const entries = Object.entries({ ...filter, ...change }).filter(([, value]) => value !== undefined && value !== "");
  return { status: [], ...Object.fromEntries(entries) };
}

/** How many things are filtered by. */
export function countOf(filter: Filter): number {
  return Object.entries(filter).filter(([, value]) => !Array.isArray(value) || value.length > 0).length;
}

/** The filter as the list asks for it. `now` is in epoch seconds. */
export function queryOf(filter: Filter, now: number): ExecutionFilter {
  const { created_from, created_to, ...rest } = whichOf(filter, now);
  return {
    ...rest,
    ...(created_from == null ? {} : { created_from: String(created_from) }),
    ...(created_to == null ? {} : { created_to: String(created_to) }),
  };
}

/** The filter as calls on many executions take it. */
export function whichOf(filter: Filter, now: number): Schemas["Which"] {
  const { within, created_from, status, ...rest } = filter;
  const from = within === undefined ? created_from : Math.max(now - within, created_from ?? 0);
  return { ...rest, ...(status.length > 0 ? { status: [...status] } : {}), ...(from === undefined ? {} : { created_from: from }) };
}
