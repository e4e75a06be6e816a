/** What is asked of one flow. */
import { queryOptions } from "@tanstack/react-query";
import { api, fullAnswer, type Schemas } from "../../client/api";
import type { Json } from "../../graph/json";
import { readLayout, type LayoutFile } from "../../graph/layout/file";

export type FlowDetail = Schemas["FlowAppDetail"];

export interface LoadedFlow {
  readonly flow: FlowDetail;
  /** Names what was read; a change has to name it too. */
  readonly etag: string | null;
  readonly layout: LayoutFile;
  /** Names the layout that was read. */
  readonly layoutEtag: string | null;
  /** Who saved the layout; `null` where nobody did. */
  readonly layoutBy: string | null;
}

/** A flow with its text and its layout. */
export function flowOf(namespace: string, name: string) {
  return queryOptions({
    queryKey: ["flow", namespace, name],
    queryFn: ({ signal }) => loadFlow(namespace, name, signal),
  });
}

export async function loadFlow(namespace: string, name: string, signal?: AbortSignal): Promise<LoadedFlow> {
  const init = { params: { path: { namespace, name } }, ...(signal ? { signal } : {}) };
  const [{ data, etag }, layout] = await Promise.all([
    fullAnswer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}", init)),
    loadLayout(namespace, name, signal),
  ]);
  return { flow: data, etag, ...layout };
}

export async function loadLayout(namespace: string, name: string, signal?: AbortSignal): Promise<Pick<LoadedFlow, "layout" | "layoutEtag" | "layoutBy">> {
  const init = { params: { path: { namespace, name } }, ...(signal ? { signal } : {}) };
  const { data, etag, savedBy } = await fullAnswer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}/layout", init));
  return { layout: readLayout(data as Json), layoutEtag: etag, layoutBy: savedBy };
}
