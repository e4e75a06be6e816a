/** One execution as the pages ask for it: facts, definition, history, lines; kept up to date while it runs. */
import { useQuery, useQueryClient, type QueryClient, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { answer, api, type Schemas } from "../../../client/api";
import { follow } from "../../../client/stream";
import type { Json } from "../../../graph/json";
import { readLayout, type LayoutFile, NO_LAYOUT } from "../../../graph/layout/file";
import { useNamespace } from "../../../namespace";
import { useFlowNames } from "../data";
import { isFinal } from "../list/pages";
import { definitionOf, executionOf, firstHistoryOf, HISTORY_PAGE, historyOf } from "./queries";
import { Reading, type Snapshot } from "./reading";
import { NO_RUNS, withPage, type HistoryPage, type Runs } from "./runs";

export type ExecutionDetail = Schemas["ExecutionDetail"];
export type RunRecord = Schemas["RunRecord"];
export type LogEntry = Schemas["LogEntry"];

/** However much happens, it is asked for and drawn so often at most. */
const PACE_MS = 300;
const LINES_PAGE = 1_000;
/** More lines than these are not shown. */
export const LINES_MAX = 20_000;

export function useExecution(id: string): UseQueryResult<ExecutionDetail> {
  return useQuery(executionOf(useNamespace(), id));
}

export function useDefinition(id: string): UseQueryResult<Schemas["ExecutionDefinition"]> {
  return useQuery(definitionOf(useNamespace(), id));
}

/** Where the flow's nodes were put by hand; nothing for a flow that is gone. */
export function useFlowLayout(flow: string): LayoutFile {
  const namespace = useNamespace();
  const known = useFlowNames().includes(flow);
  const { data } = useQuery({
    queryKey: ["flow-layout", namespace, flow],
    enabled: known,
    queryFn: async ({ signal }) =>
      readLayout((await answer(api.GET("/api/v1/namespaces/{namespace}/flowapps/{name}/layout", { params: { path: { namespace, name: flow } }, signal }))) as Json),
    staleTime: 60_000,
  });
  return data ?? NO_LAYOUT;
}

/** A task run with everything. `stamp` is another one when there is news of it. */
export function useRun(id: string, run: number, stamp: string): UseQueryResult<RunRecord> {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["execution-run", namespace, id, run, stamp],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/namespaces/{namespace}/executions/{execution_id}/runs/{run_id}", {
          params: { path: { namespace, execution_id: id, run_id: run } },
          signal,
        }),
      ),
    placeholderData: (previous) => (previous?.run_id === run ? previous : undefined),
    staleTime: Infinity,
  });
}

export interface LiveExecution {
  readonly history: Snapshot<Runs>;
  readonly connected: boolean;
  /** Read on where an error ended it. */
  readonly again: () => void;
  /** Hears of lines that functions wrote; returns how to stop. */
  readonly onLines: (listener: () => void) => () => void;
}

const pause = () => new Promise<void>((resolve) => window.setTimeout(resolve, PACE_MS));

function historyReading(client: QueryClient, namespace: string, id: string): Reading<Runs, HistoryPage> {
  let began = false;
  return new Reading<Runs, HistoryPage>(NO_RUNS, {
    ask: (after) => {
      if (began) return historyOf(namespace, id, after);
      began = true;
      return client.query(firstHistoryOf(namespace, id));
    },
    add: withPage,
    full: HISTORY_PAGE,
    pause,
  });
}

/** The history of an execution, and whatever happens to it until it has ended. */
export function useLive(id: string, status: ExecutionDetail["status"]): LiveExecution {
  const namespace = useNamespace();
  const client = useQueryClient();
  const [connected, setConnected] = useState(true);
  const { reading, heard } = useMemo(() => ({ reading: historyReading(client, namespace, id), heard: new Set<() => void>() }), [client, namespace, id]);
  const final = isFinal(status);
  useEffect(() => {
    // Once at first, and once more when it has ended: then all of it is there.
    reading.more();
    if (final) return undefined;
    let timer: number | undefined;
    const look = () => {
      reading.more();
      timer ??= window.setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: ["execution", namespace, id] });
      }, PACE_MS);
    };
    const everything = () => {
      look();
      for (const each of heard) each();
    };
    const stop = follow(`/api/v1/namespaces/${encodeURIComponent(namespace)}/executions/${encodeURIComponent(id)}/stream`, ["execution", "task", "log"], {
      event: (kind) => {
        if (kind !== "log") look();
        else for (const each of heard) each();
      },
      reset: everything,
      connected: setConnected,
    });
    return () => {
      window.clearTimeout(timer);
      stop();
    };
  }, [client, namespace, id, final, reading, heard]);
  const history = useSyncExternalStore(reading.subscribe, reading.snapshot);
  const onLines = useMemo(
    () => (listener: () => void) => {
      heard.add(listener);
      return () => heard.delete(listener);
    },
    [heard],
  );
  return { history, connected: connected || final, again: reading.more, onLines };
}

/** The lines of an execution, or of one of its task runs, as they come. `final`: no more will. */
export function useLines(id: string, run: number | null, live: LiveExecution["onLines"], final: boolean): Snapshot<readonly LogEntry[]> {
  const namespace = useNamespace();
  const reading = useMemo(
    () =>
      new Reading<readonly LogEntry[], Schemas["LogEntryPage"]>([], {
        ask: (after) => {
          const query = { limit: LINES_PAGE, ...(run === null ? {} : { run }), ...(after === null ? {} : { after }) };
          return answer(api.GET("/api/v1/namespaces/{namespace}/executions/{execution_id}/logs", { params: { path: { namespace, execution_id: id }, query } }));
        },
        add: (lines, page) => (lines.length >= LINES_MAX ? lines : [...lines, ...page.items]),
        full: LINES_PAGE,
        pause,
      }),
    [namespace, id, run],
  );
  useEffect(() => {
    // Also when it has ended: what was written last may have come after the last news.
    reading.more();
    return live(reading.more);
  }, [reading, live, final]);
  return useSyncExternalStore(reading.subscribe, reading.snapshot);
}
