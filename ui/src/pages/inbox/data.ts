/** Decisions as the pages ask for them. */
import { useInfiniteQuery, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../client/api";
import { useNamespace } from "../../namespace";

export type Summary = Schemas["DecisionSummary"];
export type Detail = Schemas["DecisionDetail"];
export type View = "mine" | "open" | "overdue" | "ended";
export const VIEWS: readonly View[] = ["mine", "open", "overdue", "ended"];

const REFRESH_MS = 5_000;
const PAGE_SIZE = 50;

/** Pages of decisions; those that are there are asked for again every few seconds. */
export function useDecisions(view: View, flow: string | null) {
  const namespace = useNamespace();
  return useInfiniteQuery({
    queryKey: ["decisions", namespace, "list", view, flow],
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/namespaces/{namespace}/decisions", {
          params: {
            path: { namespace },
            query: {
              status: view === "ended" ? "ended" : "open",
              mine: view === "mine",
              overdue: view === "overdue",
              limit: PAGE_SIZE,
              ...(flow === null ? {} : { flow }),
              ...(pageParam === null ? {} : { after: pageParam }),
            },
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: REFRESH_MS,
  });
}

export function useDecision(execution: string, run: number): UseQueryResult<Detail> {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["decisions", namespace, "one", execution, run],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/namespaces/{namespace}/decisions/{execution_id}/{run_id}", {
          params: { path: { namespace, execution_id: execution, run_id: run } },
          signal,
        }),
      ),
    refetchInterval: REFRESH_MS,
  });
}

/** Where a decision is shown. */
export function placeOf(of: Pick<Summary, "execution_id" | "run_id">): string {
  return `/inbox/${encodeURIComponent(of.execution_id)}/${of.run_id}`;
}
