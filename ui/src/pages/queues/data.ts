/** Work queues as the pages ask for them. */
import { keepPreviousData, useInfiniteQuery, useQuery, useQueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useState } from "react";
import { answer, api, type Schemas } from "../../client/api";
import { follow } from "../../client/stream";
import { useNamespace } from "../../namespace";
import { joined, pastOf } from "./past";
import { withSample, type Sample } from "./rates";

export type QueueStats = Schemas["QueueStats"];
export type QueueDetail = Schemas["QueueDetail"];
export type Item = Schemas["ItemView"];
export type DeadLetter = Schemas["DeadLetterView"];
export type Batch = Schemas["BatchView"];
export type ItemState = "ready" | "leased" | "delayed" | "dead" | "completed";

const LIST_REFRESH_MS = 2_000;
const DETAIL_REFRESH_MS = 5_000;
const SAMPLE_MS = 1_000;
const KEEP_SECONDS = 600;
export const ITEMS_SHOWN = 100;
/** The API gives no more of a state. */
export const ITEMS_SHOWN_MAX = 500;
const BATCHES_SHOWN = 20;
/** How far back the server remembers, and how often it looks. */
export const PAST_SECONDS = 3_600;
export const PAST_STEP_SECONDS = 10;
// Before what is forgotten here: what was seen on this page is followed by what the server saw.
const PAST_REFRESH_MS = 300_000;

/** What pages about queues read, for reading again. */
export const keys = {
  list: (namespace: string) => ["queues", namespace] as const,
  one: (namespace: string, queue: string) => ["queue", namespace, queue] as const,
  past: (namespace: string, queue: string) => ["queue-past", namespace, queue] as const,
  items: (namespace: string, queue: string) => ["queue-items", namespace, queue] as const,
  item: (namespace: string, queue: string, item: string) => [...keys.items(namespace, queue), "one", item] as const,
  letters: (namespace: string, queue: string) => ["dead-letters", namespace, queue] as const,
  batches: (namespace: string, queue: string | undefined) => ["batches", namespace, queue ?? null] as const,
  pastBatches: (namespace: string) => ["past-batches", namespace] as const,
  all: (namespace: string, queue: string) => [keys.list(namespace), keys.one(namespace, queue), keys.items(namespace, queue), keys.letters(namespace, queue)],
};

// Outlives the page: who comes back finds the chart going on.
const seen = new Map<string, readonly Sample[]>();

function sampleOf(stats: QueueStats, at: number): Sample {
  return {
    at,
    enqueued: stats.enqueued_total,
    completed: stats.completed_total,
    dead: stats.dead_total,
    waiting: stats.ready + stats.delayed + stats.leased,
  };
}

function remember(namespace: string, stats: QueueStats, at: number): readonly Sample[] {
  const key = `${namespace}/${stats.name}`;
  const samples = withSample(seen.get(key) ?? [], sampleOf(stats, at), KEEP_SECONDS);
  seen.set(key, samples);
  return samples;
}

export interface SeenQueue {
  readonly stats: QueueStats;
  /** What was seen of it lately, oldest first. */
  readonly samples: readonly Sample[];
}

/** The queues of the namespace, asked again every few seconds. */
export function useQueues(): UseQueryResult<readonly SeenQueue[]> {
  const namespace = useNamespace();
  return useQuery({
    queryKey: keys.list(namespace),
    queryFn: async ({ signal }) => {
      const { items } = await answer(api.GET("/api/v1/namespaces/{namespace}/queues", { params: { path: { namespace } }, signal }));
      const at = Date.now() / 1000;
      return items.map((stats) => ({ stats, samples: remember(namespace, stats, at) }));
    },
    refetchInterval: LIST_REFRESH_MS,
  });
}

/** One queue, live, with what was seen of it in the last hour: by the server, and here. */
export function useQueue(queue: string): UseQueryResult<QueueDetail> & { readonly samples: readonly Sample[]; readonly hasPast: boolean } {
  const namespace = useNamespace();
  const queries = useQueryClient();
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const result = useQuery({
    queryKey: keys.one(namespace, queue),
    queryFn: ({ signal }) => answer(api.GET("/api/v1/namespaces/{namespace}/queues/{queue}", { params: { path: { namespace, queue } }, signal })),
    refetchInterval: DETAIL_REFRESH_MS,
  });
  const there = result.data !== undefined;
  const current = useRef(result.data);
  useEffect(() => {
    current.current = result.data;
  });
  useEffect(() => {
    if (!there) return undefined;
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/queues/${encodeURIComponent(queue)}/stream`;
    let known = "";
    let begun = false;
    return follow(path, ["queue"], {
      event: (_kind, data) => {
        const now = data as Partial<QueueDetail>;
        queries.setQueryData<QueueDetail>(keys.one(namespace, queue), (before) =>
          before && { ...before, ...now, name: before.name, oldest_ready_seconds: before.oldest_ready_seconds },
        );
        void queries.invalidateQueries({ queryKey: keys.items(namespace, queue) });
        // There may be many pages of them: they are not read anew while items merely come and go.
        const died = `${now.dead ?? 0} ${now.dead_total ?? 0}`;
        if (died !== known) void queries.invalidateQueries({ queryKey: keys.letters(namespace, queue) });
        known = died;
      },
      reset: () => {
        if (begun) for (const key of [keys.one(namespace, queue), keys.past(namespace, queue)]) void queries.invalidateQueries({ queryKey: key });
        begun = true;
      },
    });
  }, [there, namespace, queue, queries]);
  useEffect(() => {
    if (!there) return undefined;
    const take = () => {
      // What nobody sees is not kept up to date; the server's samples are there for that time.
      if (current.current && !document.hidden) setSamples(remember(namespace, current.current, Date.now() / 1000));
    };
    take();
    const timer = window.setInterval(take, SAMPLE_MS);
    return () => window.clearInterval(timer);
  }, [there, namespace]);
  const { past, hasPast } = usePast(queue, there);
  return { ...result, samples: useMemo(() => joined(past, samples, PAST_SECONDS), [past, samples]), hasPast };
}

const NOTHING: readonly Sample[] = [];

/** What the server saw of a queue; nothing where it cannot tell. `hasPast`: it has answered. */
function usePast(queue: string, there: boolean): { readonly past: readonly Sample[]; readonly hasPast: boolean } {
  const namespace = useNamespace();
  const { data, isPending } = useQuery({
    queryKey: keys.past(namespace, queue),
    enabled: there,
    queryFn: async ({ signal }) => {
      const asked = Date.now() / 1000;
      const seen = await answer(api.GET("/api/v1/namespaces/{namespace}/queues/{queue}/samples", { params: { path: { namespace, queue } }, signal }));
      // The server has answered about in the middle.
      return pastOf(seen, (asked + Date.now() / 1000) / 2);
    },
    refetchInterval: PAST_REFRESH_MS,
  });
  return { past: data ?? NOTHING, hasPast: !isPending };
}

/** The first items of a state, in the order in which they are served. */
export function useItems(queue: string, state: ItemState, limit: number): UseQueryResult<readonly Item[]> {
  const namespace = useNamespace();
  return useQuery({
    queryKey: [...keys.items(namespace, queue), state, limit],
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/api/v1/namespaces/{namespace}/queues/{queue}/items", {
            params: { path: { namespace, queue }, query: { state, limit } },
            signal,
          }),
        )
      ).items,
    refetchInterval: DETAIL_REFRESH_MS,
    // Fewer of them stay until more are there; those of another state are not taken for these.
    placeholderData: (before, query) => (query?.queryKey[3] === state ? before : undefined),
  });
}

/** An item; it is not read again while it is `leaving`: there may be none any more. */
export function useItem(queue: string, item: string, leaving: boolean): UseQueryResult<Item> {
  const namespace = useNamespace();
  return useQuery({
    queryKey: keys.item(namespace, queue, item),
    enabled: !leaving,
    queryFn: ({ signal }) =>
      answer(api.GET("/api/v1/namespaces/{namespace}/queues/{queue}/items/{item}", { params: { path: { namespace, queue, item } }, signal })),
    // That a lease was extended changes no count.
    refetchInterval: DETAIL_REFRESH_MS,
  });
}

/** Dead letters, oldest first, page by page; with a text only those that have it in their error or payload. */
export function useDeadLetters(queue: string, text: string) {
  const namespace = useNamespace();
  return useInfiniteQuery({
    queryKey: [...keys.letters(namespace, queue), text],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/namespaces/{namespace}/queues/{queue}/dead-letters", {
          params: { path: { namespace, queue }, query: { limit: text ? ITEMS_SHOWN_MAX : ITEMS_SHOWN, ...(text ? { text } : {}), ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
    placeholderData: keepPreviousData,
  });
}

/** The batches under way; with a queue only those whose items are on it. */
export function useBatches(queue?: string): readonly Batch[] {
  const namespace = useNamespace();
  const { data } = useQuery({
    queryKey: keys.batches(namespace, queue),
    queryFn: async ({ signal }) =>
      (
        await answer(
          api.GET("/api/v1/namespaces/{namespace}/batches", {
            params: { path: { namespace }, query: { running: true, ...(queue === undefined ? {} : { queue }) } },
            signal,
          }),
        )
      ).items,
    refetchInterval: LIST_REFRESH_MS,
  });
  return data ?? [];
}

/** The batches that do not run, those of the newest execution first, page by page. */
export function usePastBatches() {
  const namespace = useNamespace();
  return useInfiniteQuery({
    queryKey: keys.pastBatches(namespace),
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/namespaces/{namespace}/batches", {
          params: { path: { namespace }, query: { running: false, limit: BATCHES_SHOWN, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
    refetchInterval: DETAIL_REFRESH_MS,
  });
}
