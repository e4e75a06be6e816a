/** The list of flows as it is now: read page by page, kept up to date by what happens. */
import { useInfiniteQuery, useQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useEffect } from "react";
import { answer, api, type Schemas } from "../../../client/api";
import { follow } from "../../../client/stream";
import { useNamespace } from "../../../namespace";
import type { FlowActivity, FlowFilter } from "./activity";

type ActivityPage = Schemas["FlowAppActivityPage"];

const PAGE_SIZE = 50;
const RECENT = 20;
/** What happened is gathered so long, so that a busy flow is not read for each of its executions. */
const GATHER_MS = 1_000;
/** Flows that come, go or are paused are no events; they are seen so soon. */
const REFRESH_MS = 15_000;
/** More at once are read with the list. */
const FLOWS_MAX = 40;

export function useFlowList({ search, tags, order }: FlowFilter) {
  const namespace = useNamespace();
  const queries = useQueryClient();
  const result = useInfiniteQuery({
    queryKey: ["flows", namespace, "activity", search, tags, order],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/namespaces/{namespace}/activity", {
          params: {
            path: { namespace },
            query: { limit: PAGE_SIZE, recent: RECENT, order, ...(search ? { search } : {}), ...(tags.length > 0 ? { tag: [...tags] } : {}), ...(pageParam ? { after: pageParam } : {}) },
          },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
    // Another search keeps showing what was found until its own is there.
    placeholderData: (before) => before,
    refetchInterval: REFRESH_MS,
  });
  useEffect(() => {
    const touched = new Set<string>();
    let timer: number | undefined;
    const refresh = async () => {
      const names = [...touched];
      touched.clear();
      if (names.length > FLOWS_MAX) {
        await queries.invalidateQueries({ queryKey: ["flows", namespace, "activity"] });
        return;
      }
      const fresh = await answer(
        api.GET("/api/v1/namespaces/{namespace}/activity", { params: { path: { namespace }, query: { flow: names, recent: RECENT, limit: FLOWS_MAX } } }),
      );
      queries.setQueriesData<InfiniteData<ActivityPage>>({ queryKey: ["flows", namespace, "activity"] }, (data) => data && { ...data, pages: data.pages.map((page) => renewed(page, fresh.items)) });
    };
    const stop = follow(`/api/v1/namespaces/${encodeURIComponent(namespace)}/stream`, ["execution"], {
      event: (_kind, data) => {
        if (typeof data["flow"] !== "string") return;
        touched.add(data["flow"]);
        timer ??= window.setTimeout(() => {
          timer = undefined;
          // What failed is read again with the list.
          refresh().catch(() => undefined);
        }, GATHER_MS);
      },
      reset: () => undefined,
    });
    return () => {
      stop();
      window.clearTimeout(timer);
    };
  }, [namespace, queries]);
  return result;
}

function renewed(page: ActivityPage, fresh: readonly FlowActivity[]): ActivityPage {
  if (!page.items.some(({ name }) => fresh.some((each) => each.name === name))) return page;
  return { ...page, items: page.items.map((flow) => fresh.find(({ name }) => name === flow.name) ?? flow) };
}

export function useTags() {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["flows", namespace, "tags"],
    queryFn: ({ signal }) => answer(api.GET("/api/v1/namespaces/{namespace}/tags", { params: { path: { namespace } }, signal })),
  });
}
