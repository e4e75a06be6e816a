/** Trying expressions: what the server makes of one at its place, on real data. */
import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { answer, api, type Schemas } from "../../../../../client/api";
import type { Json } from "../../../../../graph/json";
import { useNamespace } from "../../../../../namespace";
import type { Where } from "../fields/grammar";

export type Evaluated = Schemas["Evaluated"];
export type Reads = "expression" | "condition" | "template";

/** A place, and the data that is there: of an execution, or one's own. */
export interface TryPlace {
  readonly where: Where;
  readonly language: "jq" | "jsonata";
  readonly mode: "strict" | "loose";
  /** Names of loops and catches around it, without `$`. */
  readonly names: readonly string[];
  readonly on:
    | { readonly of: "nothing" }
    | { readonly of: "data"; readonly data: Json; readonly variables: Readonly<Record<string, Json>> }
    | { readonly of: "execution"; readonly at: Schemas["At"] };
}

// So long nothing was typed: then it is tried.
const PAUSE_MS = 250;
const KEPT_MS = 60_000;

function wanted(place: TryPlace): Schemas["Evaluation"] {
  const { where, language, mode, names, on } = place;
  return {
    where,
    language,
    mode,
    names: [...names],
    reads: "expression",
    show: "result",
    ...(on.of === "data" ? { data: on.data, variables: on.variables } : {}),
    ...(on.of === "execution" ? { at: on.at } : {}),
  };
}

/** Evaluate once; for completion. */
export async function evaluated(namespace: string, place: TryPlace, more: Partial<Schemas["Evaluation"]>, signal?: AbortSignal): Promise<Evaluated> {
  return answer(
    api.POST("/api/v1/namespaces/{namespace}/expressions/evaluate", {
      params: { path: { namespace } },
      body: { ...wanted(place), ...more },
      ...(signal ? { signal } : {}),
    }),
  );
}

/** What a value comes to at a place; asked when there was a pause in typing, and remembered. */
export function useTried(place: TryPlace, value: Json, reads: Reads, enabled: boolean): UseQueryResult<Evaluated> & { settled: boolean } {
  const namespace = useNamespace();
  const [paused] = useDebouncedValue(value, PAUSE_MS);
  const query = useQuery({
    queryKey: ["tried", namespace, place, reads, paused],
    queryFn: ({ signal }) => evaluated(namespace, place, { value: paused, reads }, signal),
    enabled,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: KEPT_MS,
    retry: false,
  });
  return { ...query, settled: paused === value && !query.isPlaceholderData };
}

/** What an expression at a place sees. */
export function useSeen(place: TryPlace, enabled: boolean): UseQueryResult<NonNullable<Evaluated["seen"]>> {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["seen", namespace, place],
    queryFn: async ({ signal }) => (await evaluated(namespace, place, { show: "all" }, signal)).seen ?? { basis: "nothing", notes: [] },
    enabled,
    staleTime: Infinity,
    gcTime: KEPT_MS,
    retry: false,
  });
}

/** The input of an execution: what a trigger's mapping is tried on. */
export function useInput(execution: string | null): Json | undefined {
  const namespace = useNamespace();
  const { data } = useQuery({
    queryKey: ["execution-input", namespace, execution],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/v1/namespaces/{namespace}/executions/{execution_id}", { params: { path: { namespace, execution_id: execution ?? "" } }, signal }))).input as Json,
    enabled: execution !== null,
    staleTime: Infinity,
  });
  return data;
}
