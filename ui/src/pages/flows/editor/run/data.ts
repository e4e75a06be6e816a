/** What running from the editor asks of the server. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { answer, api, ApiProblem } from "../../../../client/api";
import { useNamespace } from "../../../../namespace";
import type { ExecutionSummary } from "../../../executions/data";

const LAST = 10;

/** The last executions of a flow that have ended, newest first: one that goes on cannot be run again yet. */
export function useLastExecutions(flow: string, wanted: boolean): UseQueryResult<readonly ExecutionSummary[]> {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["executions", namespace, "last", flow],
    enabled: wanted,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/v1/namespaces/{namespace}/executions", { params: { path: { namespace }, query: { flow, limit: LAST, status: ["completed", "faulted", "cancelled"] } }, signal }))).items,
    staleTime: 5_000,
  });
}

export async function start(namespace: string, name: string, input: unknown): Promise<string> {
  const started = await answer(
    api.POST("/api/v1/namespaces/{namespace}/flowapps/{name}/executions", { params: { path: { namespace, name } }, body: input as never }),
  );
  return (started as { id: string }).id;
}

/** Run an execution again from its beginning, on the version that is deployed, with the input that is on record. */
export async function again(namespace: string, execution_id: string): Promise<string> {
  const body = { version: "latest" };
  return (await answer(api.POST("/api/v1/namespaces/{namespace}/executions/{execution_id}/rerun", { params: { path: { namespace, execution_id } }, body }))).id;
}

export async function cancel(namespace: string, execution_id: string): Promise<void> {
  await answer(
    api.POST("/api/v1/namespaces/{namespace}/executions/{execution_id}/cancel", { params: { path: { namespace, execution_id } }, body: { reason: null } }),
  );
}

/** Fire a trigger; throws where that starts nothing. */
export async function fire(namespace: string, flow: string, name: string, payload: unknown): Promise<string> {
  const fired = await answer(
    api.POST("/api/v1/namespaces/{namespace}/flowapps/{flow}/triggers/{name}/fire", { params: { path: { namespace, flow, name } }, body: { payload } }),
  );
  if (!fired.execution) throw new ApiProblem(409, fired.outcome, fired.detail ?? fired.outcome, "", null, []);
  return fired.execution;
}
