/** Executions as the pages ask for them. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../client/api";
import type { paths } from "../../client/schema";
import { useNamespace } from "../../namespace";

export type ExecutionFilter = NonNullable<paths["/api/v1/namespaces/{namespace}/executions"]["get"]["parameters"]["query"]>;
export type ExecutionSummary = Schemas["ExecutionSummary"];

const REFRESH_MS = 5_000;
const CHOICES_MAX = 500;

/** The first page of executions that fit a filter, newest first; asked again every few seconds. */
export function useExecutions(filter: ExecutionFilter): UseQueryResult<readonly ExecutionSummary[]> {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["executions", namespace, filter],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/v1/namespaces/{namespace}/executions", { params: { path: { namespace }, query: filter }, signal }))).items,
    refetchInterval: REFRESH_MS,
  });
}

/** The names of the flows to choose from. */
export function useFlowNames(): readonly string[] {
  const namespace = useNamespace();
  const { data } = useQuery({
    queryKey: ["flow-names", namespace],
    queryFn: async ({ signal }) =>
      (
        await answer(api.GET("/api/v1/namespaces/{namespace}/flowapps", { params: { path: { namespace }, query: { limit: CHOICES_MAX } }, signal }))
      ).items.map(({ name }) => name),
    staleTime: 60_000,
  });
  return data ?? [];
}

/** The versions that a flow has and had, newest first; none of a flow that is not there any more. */
export function useVersions(flow: string | undefined): readonly string[] {
  const namespace = useNamespace();
  const known = useFlowNames();
  const { data } = useQuery({
    queryKey: ["flow-versions", namespace, flow],
    // What is not there is not asked for: that would be an error in somebody's console.
    enabled: flow !== undefined && known.includes(flow),
    queryFn: async ({ signal }) => {
      const path = { namespace, name: flow ?? "" };
      const page = await answer(
        api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}/versions", { params: { path, query: { limit: CHOICES_MAX } }, signal }),
      );
      return [...new Set(page.items.map(({ version }) => version))];
    },
    staleTime: 30_000,
  });
  return data ?? [];
}

/** Where an execution is shown. */
export function placeOf(id: string): string {
  return `/executions/${encodeURIComponent(id)}`;
}
