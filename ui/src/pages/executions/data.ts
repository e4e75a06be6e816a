/** Executions as the pages ask for them. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../client/api";
import type { paths } from "../../client/schema";
import { useNamespace } from "../../namespace";

export type ExecutionFilter = NonNullable<paths["/api/v1/namespaces/{namespace}/executions"]["get"]["parameters"]["query"]>;
export type ExecutionSummary = Schemas["ExecutionSummary"];

const REFRESH_MS = 5_000;

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
