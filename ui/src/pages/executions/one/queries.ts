/** What is asked of one execution. */
import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "../../../client/api";

/** A page of history has so many runs at most. */
export const HISTORY_PAGE = 500;
const FRESH_MS = 2_000;

export function executionOf(namespace: string, id: string) {
  return queryOptions({
    queryKey: ["execution", namespace, id],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/namespaces/{namespace}/executions/{execution_id}", { params: { path: { namespace, execution_id: id } }, signal })),
  });
}

/** The definition that an execution runs on; it does not change. */
export function definitionOf(namespace: string, id: string) {
  return queryOptions({
    queryKey: ["execution-definition", namespace, id],
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/namespaces/{namespace}/executions/{execution_id}/definition", { params: { path: { namespace, execution_id: id } }, signal })),
    staleTime: Infinity,
  });
}

export function historyOf(namespace: string, id: string, after: string | null) {
  const query = { limit: HISTORY_PAGE, ...(after === null ? {} : { after }) };
  return answer(api.GET("/api/v1/namespaces/{namespace}/executions/{execution_id}/history", { params: { path: { namespace, execution_id: id }, query } }));
}

/** The beginning of the history, for who begins to read it: what was asked for ahead is taken. */
export function firstHistoryOf(namespace: string, id: string) {
  return queryOptions({
    queryKey: ["execution-history", namespace, id],
    queryFn: () => historyOf(namespace, id, null),
    staleTime: FRESH_MS,
    gcTime: FRESH_MS,
  });
}
