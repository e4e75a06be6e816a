/** The runs of one task in an execution: in loops and where it was tried again there are several. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Schemas } from "../../../../../client/api";
import { useNamespace } from "../../../../../namespace";
import { historyOf } from "../../../../executions/one/queries";

export type Run = Pick<Schemas["TaskRunSummary"], "run_id" | "parent_id" | "task" | "iteration" | "attempt" | "status" | "count">;

/** One run to try on. */
export interface TaskRun {
  readonly id: number;
  readonly status: Run["status"];
  /** The iterations of the loops that it stands in, the outermost first. */
  readonly iterations: readonly number[];
  /** Which attempt of the `try` around, from 1. */
  readonly attempt: number;
}

/** Pages of history that are looked through; the last runs of a longer execution are tried on all the same. */
const PAGES_MAX = 10;
const FRESH_MS = 10_000;
const NO_RUNS: readonly Run[] = [];

/** The runs of a task in the order in which they began; none while they are not known. */
export function useRunsOf(execution: string | null, task: string | null): readonly TaskRun[] {
  const namespace = useNamespace();
  const { data = NO_RUNS } = useQuery({
    queryKey: ["sample-runs", namespace, execution],
    queryFn: async () => {
      const runs: Run[] = [];
      let after: string | null = null;
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const { items, next } = await historyOf(namespace, execution ?? "", after);
        runs.push(...items);
        if (!next || items.length === 0) break;
        after = next;
      }
      return runs;
    },
    enabled: execution !== null && task !== null,
    staleTime: FRESH_MS,
  });
  return useMemo(() => (task === null ? [] : runsOfTask(data, task)), [data, task]);
}

/** The runs of a task that have data of their own; it is the same one wherever it moved in its list. */
export function runsOfTask(runs: readonly Run[], task: string): TaskRun[] {
  const byId = new Map(runs.map((run) => [run.run_id, run]));
  const wanted = namesOf(task);
  return runs
    .filter((run) => run.count === 1 && namesOf(run.task) === wanted)
    .sort((one, other) => one.run_id - other.run_id)
    .map((run) => ({ id: run.run_id, status: run.status, iterations: iterationsOf(run, byId), attempt: run.attempt }));
}

function iterationsOf(run: Run, byId: ReadonlyMap<number, Run>): number[] {
  const found: number[] = [];
  for (let at: Run | undefined = run; at; at = byId.get(at.parent_id)) {
    if (at.iteration !== null) found.unshift(at.iteration);
    if (at.run_id === at.parent_id) break;
  }
  return found;
}

/** A reference without the places in lists: `/do/0/charge` is `/do/charge`. */
function namesOf(pointer: string): string {
  return pointer.replace(/\/\d+\/([^/]+)/g, "/$1");
}
