/** The versions of a flow, as the pages ask for them. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { answer, api, fullAnswer, type Schemas } from "../../../client/api";
import { opened } from "../../../graph/document/source";
import type { Json } from "../../../graph/json";
import { useNamespace } from "../../../namespace";
import { saveText } from "../editor/data";

export type VersionSummary = Schemas["FlowAppVersionSummary"];
export type VersionDetail = Schemas["FlowAppVersionDetail"];

const PAGE_SIZE = 50;

export function useVersions(name: string) {
  const namespace = useNamespace();
  return useInfiniteQuery({
    queryKey: ["versions", namespace, name],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}/versions", {
          params: { path: { namespace, name }, query: { limit: PAGE_SIZE, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
  });
}

/** One version as it was written. It never changes. */
export function useVersion(name: string, generation: number) {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["version", namespace, name, generation],
    staleTime: Infinity,
    queryFn: ({ signal }) => loadVersion(namespace, name, generation, signal),
  });
}

export function loadVersion(namespace: string, name: string, generation: number, signal?: AbortSignal): Promise<VersionDetail> {
  return answer(
    api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}/versions/{generation}", {
      params: { path: { namespace, name, generation } },
      ...(signal ? { signal } : {}),
    }),
  );
}

/** What a version says, as data. */
export async function loadDefinition(namespace: string, name: string, generation: number, signal: AbortSignal): Promise<Json> {
  return opened((await loadVersion(namespace, name, generation, signal)).text).root.data;
}

/** The text difference between two versions. */
export function useTextDifference(name: string, from: number, to: number) {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["difference", namespace, name, from, to],
    staleTime: Infinity,
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}/diff", { params: { path: { namespace, name }, query: { from, to } }, signal })),
  });
}

/** Make an earlier text the current one, as a version of its own. What somebody saves meanwhile is not overwritten. */
export async function restore(namespace: string, name: string, generation: number, message: string): Promise<void> {
  const [version, now] = await Promise.all([
    loadVersion(namespace, name, generation),
    fullAnswer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}", { params: { path: { namespace, name } } })),
  ]);
  await saveText(namespace, name, version.text, message, now.etag);
}
