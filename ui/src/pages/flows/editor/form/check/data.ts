/** Trying expressions: what the server makes of one at its place, on real data. */
import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { useMemo } from "react";
import { answer, api, type Schemas } from "../../../../../client/api";
import type { Json } from "../../../../../graph/json";
import { useNamespace } from "../../../../../namespace";
import { useArrivals, useTriggersOf } from "../../../../operations/triggers/data";
import type { Where } from "../fields/grammar";
import { cameOf, type Came } from "./arrived";

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

/** What an execution began with and came to: what a trigger's expressions are tried on. */
export function useEnds(execution: string | null): { readonly input: Json; readonly output: Json | undefined } | undefined {
  const namespace = useNamespace();
  const { data } = useQuery({
    queryKey: ["execution-ends", namespace, execution],
    queryFn: async ({ signal }) => {
      const { input, output, ended_at } = await answer(
        api.GET("/api/v1/namespaces/{namespace}/executions/{execution_id}", { params: { path: { namespace, execution_id: execution ?? "" } }, signal }),
      );
      return { input: input as Json, output: ended_at === null ? undefined : (output as Json) };
    },
    enabled: execution !== null,
    // What it came to is known when it has ended.
    staleTime: ({ state }) => (state.data?.output === undefined ? KEPT_MS : Infinity),
  });
  return data;
}

const NOTHING: readonly Came[] = [];

/** What came to a trigger of a flow, as it is deployed: nothing to one that is not, or is of another kind there. `null`: not known yet. */
export function useCame(flow: string, trigger: { readonly name: string; readonly kind: string } | null): readonly Came[] | null {
  const deployed = useTriggersOf(flow, trigger !== null);
  const known = trigger !== null && (deployed.data ?? []).some(({ name, kind }) => name === trigger.name && kind === trigger.kind);
  const { data, isLoading } = useArrivals(flow, trigger?.name ?? "", known);
  const waiting = deployed.isLoading || isLoading;
  return useMemo(() => (waiting ? null : known ? cameOf(data) : NOTHING), [waiting, known, data]);
}
