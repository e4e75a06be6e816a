/** Triggers as the pages ask for them. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../../client/api";
import { useNamespace } from "../../../namespace";

export type TriggerView = Schemas["TriggerView"];
export type Firing = Schemas["FiringView"];
export type Arrival = Schemas["ArrivalView"];

const REFRESH_MS = 3_000;
const FIRINGS_SHOWN = 50;

export const triggerKeys = (namespace: string) => [["triggers", namespace], ["trigger", namespace], ["firings", namespace], ["arrivals", namespace]];

export function triggerPath(flow: string, name: string): string {
  return `/operations/triggers/${encodeURIComponent(flow)}/${encodeURIComponent(name)}`;
}

export function useTriggers() {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["triggers", namespace],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/namespaces/{namespace}/triggers", { params: { path: { namespace } }, signal }))).items,
    refetchInterval: REFRESH_MS,
  });
}

export function useTrigger(flow: string, name: string) {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["trigger", namespace, flow, name],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}", { params: { path: { namespace, flow, name } }, signal })),
    refetchInterval: REFRESH_MS,
  });
}

/** The triggers of a flow, as they run. */
export function useTriggersOf(flow: string, enabled: boolean) {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["triggers", namespace, "of", flow],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/v1/namespaces/{namespace}/triggers", { params: { path: { namespace }, query: { flow } }, signal }))).items,
    enabled,
    refetchInterval: REFRESH_MS,
  });
}

/** What came to a trigger last, as far as the server keeps it. */
export function useArrivals(flow: string, name: string, enabled: boolean) {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["arrivals", namespace, flow, name],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}/arrivals", { params: { path: { namespace, flow, name } }, signal })),
    enabled,
    refetchInterval: REFRESH_MS,
  });
}

/** What a trigger did, newest first, page by page. */
export function useFirings(flow: string, name: string) {
  const namespace = useNamespace();
  return useInfiniteQuery({
    queryKey: ["firings", namespace, flow, name],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}/firings", {
          params: { path: { namespace, flow, name }, query: { limit: FIRINGS_SHOWN, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
    refetchInterval: REFRESH_MS,
  });
}

export function useSchedules() {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["schedules", namespace],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/namespaces/{namespace}/schedules", { params: { path: { namespace } }, signal }))).items,
    refetchInterval: REFRESH_MS,
  });
}
