/** FlowApps as the pages ask for them. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { answer, api, fullAnswer, type Schemas } from "../../client/api";
import { readLayout, type LayoutFile } from "../../graph/layout/file";
import type { Json } from "../../graph/json";
import { useNamespace } from "../../namespace";

export type FlowDetail = Schemas["FlowAppDetail"];

export interface LoadedFlow {
  readonly flow: FlowDetail;
  /** Names what was read; a change has to name it too. */
  readonly etag: string | null;
  readonly layout: LayoutFile;
}

/** How soon somebody who looks at a flow hears of a newer version. */
const NEWER_MS = 5_000;

/** A flow with its text and its layout, as it is by and by. */
export function useFlow(name: string): UseQueryResult<LoadedFlow> {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["flow", namespace, name],
    queryFn: ({ signal }) => loadFlow(namespace, name, signal),
    // One that is gone is not asked for again and again.
    refetchInterval: ({ state }) => (state.error ? false : NEWER_MS),
  });
}

export async function loadFlow(namespace: string, name: string, signal?: AbortSignal): Promise<LoadedFlow> {
  const init = { params: { path: { namespace, name } }, ...(signal ? { signal } : {}) };
  const [{ data, etag }, layout] = await Promise.all([
    fullAnswer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}", init)),
    answer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}/layout", init)),
  ]);
  return { flow: data, etag, layout: readLayout(layout as Json) };
}
