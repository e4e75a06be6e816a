/** What the home page asks for, again whenever something happens in the namespace. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { answer, api, type Schemas } from "../../client/api";
import { follow } from "../../client/stream";
import { useNamespace } from "../../namespace";
import type { Known } from "./attention";

export type Execution = Schemas["ExecutionSummary"];

const DAY_SECONDS = 86_400;
const LONG_SECONDS = 3_600;
const COUNTED = 100;
const LATELY = 60;
const REFRESH_MS = 10_000;
// So long it is said that an alert fired; most have no end.
const ALERT_SECONDS = 3_600;
// However much happens, the page is not read more often than this.
const PAUSE_MS = 2_000;

export interface Overview {
  readonly known: Known;
  readonly lately: readonly Execution[];
  readonly open: readonly Execution[];
  readonly failed: readonly Execution[];
  readonly nextAt: number | null;
  readonly queued: number;
  readonly flowCount: number;
  readonly moreFlows: boolean;
}

export function useOverview() {
  const namespace = useNamespace();
  const queries = useQueryClient();
  useEffect(() => {
    let timer: number | undefined;
    const stop = follow(`/api/v1/namespaces/${encodeURIComponent(namespace)}/stream`, ["execution"], {
      event: () => {
        timer ??= window.setTimeout(() => {
          timer = undefined;
          void queries.invalidateQueries({ queryKey: ["overview", namespace] });
        }, PAUSE_MS);
      },
      reset: () => undefined,
    });
    return () => {
      window.clearTimeout(timer);
      stop();
    };
  }, [namespace, queries]);
  return useQuery({
    queryKey: ["overview", namespace],
    queryFn: ({ signal }) => overview(namespace, signal),
    refetchInterval: REFRESH_MS,
  });
}

async function overview(namespace: string, signal: AbortSignal): Promise<Overview> {
  const path = { namespace };
  const now = Date.now() / 1000;
  const executions = (query: { status?: Execution["status"][]; created_from?: string; created_to?: string; limit: number }) =>
    answer(api.GET("/api/v1/namespaces/{namespace}/executions", { params: { path, query }, signal }));
  const [lately, faulted, open, long, suspended, flows, queues, triggers, functions, notifications, decisions] = await Promise.all([
    executions({ limit: LATELY }),
    executions({ status: ["faulted"], created_from: String(now - DAY_SECONDS), limit: COUNTED }),
    executions({ status: ["running", "waiting", "pending"], limit: COUNTED }),
    executions({ status: ["running"], created_to: String(now - LONG_SECONDS), limit: COUNTED }),
    executions({ status: ["suspended"], limit: COUNTED }),
    answer(api.GET("/api/v1/namespaces/{namespace}/flowapps", { params: { path, query: { limit: COUNTED } }, signal })),
    answer(api.GET("/api/v1/namespaces/{namespace}/queues", { params: { path }, signal })),
    answer(api.GET("/api/v1/namespaces/{namespace}/triggers", { params: { path }, signal })),
    answer(api.GET("/api/v1/namespaces/{namespace}/functions", { params: { path }, signal })),
    answer(api.GET("/api/v1/namespaces/{namespace}/alerts/notifications", { params: { path, query: { limit: COUNTED } }, signal })),
    answer(api.GET("/api/v1/namespaces/{namespace}/decisions/count", { params: { path }, signal })),
  ]);
  const some = ({ items, next }: { items: readonly unknown[]; next?: string | null }) => ({ count: items.length, more: Boolean(next) });
  const firings = triggers.items.filter(({ paused, flow_paused }) => !paused && !flow_paused).flatMap(({ next_at }) => next_at ?? []);
  return {
    known: {
      faulted: some(faulted),
      long: some(long),
      suspended: some(suspended),
      queues: queues.items,
      triggers: triggers.items,
      functions: functions.items,
      flows: flows.items,
      notifications: notifications.items.filter(({ created_at }) => created_at > now - ALERT_SECONDS),
      decisions,
    },
    lately: lately.items,
    open: open.items,
    failed: faulted.items,
    nextAt: firings.length > 0 ? Math.min(...firings) : null,
    queued: queues.items.reduce((sum, { ready, leased, delayed }) => sum + ready + leased + delayed, 0),
    flowCount: flows.items.length,
    moreFlows: Boolean(flows.next),
  };
}
