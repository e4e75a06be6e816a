/** The list as it is and goes on: pages of it, and what happens while somebody looks. */
import { useInfiniteQuery, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { answer, api } from "../../../client/api";
import { follow } from "../../../client/stream";
import { useNamespace } from "../../../namespace";
import type { ExecutionFilter, ExecutionSummary } from "../data";
import { queryOf, type Filter } from "./filter";
import { withEvents, withNewest, type ExecutionPage, type Happened } from "./pages";

const PAGE_SIZE = 100;
/** However much happens, the list is asked for and drawn so often at most. */
const PACE_MS = 1_000;

type Pages = InfiniteData<ExecutionPage, string | null>;

export interface LiveList {
  readonly rows: readonly ExecutionSummary[];
  readonly pending: boolean;
  readonly error: unknown;
  /** Where a search has come to that found too little for a page; `null` where pages are whole. */
  readonly searchedTo: number | null;
  /** How many of the last pages had nothing. */
  readonly fruitless: number;
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  readonly more: () => void;
  readonly again: () => void;
  readonly connected: boolean;
  /** So much is new that the list would have to begin anew. */
  readonly behind: boolean;
  readonly catchUp: () => void;
}

/** `atTop`: whether the newest rows are looked at, and the list may begin anew by itself. */
export function useLiveList(filter: Filter, atTop: boolean): LiveList {
  const namespace = useNamespace();
  const client = useQueryClient();
  const [began] = useState(() => Date.now() / 1000);
  const query = useMemo(() => queryOf(filter, began), [filter, began]);
  const queryKey = useMemo(() => ["executions", namespace, "list", query], [namespace, query]);
  const read = useCallback(
    (after: string | null, signal?: AbortSignal) => pageOf(namespace, { ...query, limit: PAGE_SIZE, ...(after === null ? {} : { after }) }, signal),
    [namespace, query],
  );
  const { data, error, isPending, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    getNextPageParam: (page) => page.next ?? null,
    // What changes comes by the stream; asking for all pages again would be slow where there are many.
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0,
  });
  const [connected, setConnected] = useState(true);
  const [behind, setBehind] = useState(false);
  const looksAtTop = useRef(atTop);
  useEffect(() => {
    looksAtTop.current = atTop;
  }, [atTop]);

  useEffect(() => {
    let waiting: Happened[] = [];
    let timer: number | undefined;
    let gone = false;
    const look = async () => {
      const events = waiting;
      waiting = [];
      const newest = await read(null);
      const known = client.getQueryData<Pages>(queryKey);
      if (gone || !known) return;
      const merged = withNewest(withEvents(known.pages, events), newest);
      if (merged === null && looksAtTop.current) {
        client.setQueryData<Pages>(queryKey, { pages: [newest], pageParams: [null] });
        return;
      }
      if (merged === null) {
        setBehind(true);
        client.setQueryData<Pages>(queryKey, { ...known, pages: [...withEvents(known.pages, events)] });
        return;
      }
      // What is whole on one page needs no others; their cursors go with them.
      const pages = [...merged];
      client.setQueryData<Pages>(queryKey, { pages, pageParams: known.pageParams.slice(0, pages.length) });
    };
    const soon = () => {
      timer ??= window.setTimeout(() => {
        // What fails here is asked again with the next event; that nothing answers shows by the connection.
        look()
          .catch(() => undefined)
          .finally(() => {
            timer = undefined;
            if (waiting.length > 0 && !gone) soon();
          });
      }, PACE_MS);
    };
    const stop = follow(`/api/v1/namespaces/${encodeURIComponent(namespace)}/stream`, ["execution"], {
      event: (_, { execution, phase, at }) => {
        waiting.push({ id: String(execution), phase: String(phase), at: Number(at) });
        soon();
      },
      reset: soon,
      connected: setConnected,
    });
    return () => {
      gone = true;
      window.clearTimeout(timer);
      stop();
    };
  }, [client, namespace, queryKey, read]);

  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const more = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  return {
    rows,
    pending: isPending,
    error: data ? null : error,
    searchedTo: data?.pages.at(-1)?.searched_to ?? null,
    fruitless: trailing(data?.pages ?? []),
    hasMore: hasNextPage,
    loadingMore: isFetchingNextPage,
    more,
    again: () => void refetch(),
    connected,
    behind,
    catchUp: () => {
      setBehind(false);
      void client.resetQueries({ queryKey });
    },
  };
}

function trailing(pages: readonly ExecutionPage[]): number {
  return pages.length - 1 - pages.findLastIndex((page) => page.items.length > 0);
}

function pageOf(namespace: string, query: ExecutionFilter, signal?: AbortSignal): Promise<ExecutionPage> {
  return answer(api.GET("/api/v1/namespaces/{namespace}/executions", { params: { path: { namespace }, query }, ...(signal ? { signal } : {}) }));
}
