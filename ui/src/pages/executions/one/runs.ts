/** The task runs of an execution as they are known so far. */
import type { Schemas } from "../../../client/api";
import type { Choice } from "../../../graph/model/execution";
import { within } from "../../../graph/pointer";

export type Run = Schemas["TaskRunSummary"];
export type HistoryPage = Schemas["HistoryPage"];

/** The run that stands for the execution itself. */
export const WORKFLOW_RUN = 0;

export interface Runs {
  /** In the order in which they started. */
  readonly all: readonly Run[];
  readonly byId: ReadonlyMap<number, Run>;
}

export const NO_RUNS: Runs = { all: [], byId: new Map() };

/** The runs with a further page of history; what is open now replaces what was open before. */
export function withPage(runs: Runs, page: HistoryPage): Runs {
  const byId = new Map<number, Run>();
  for (const run of runs.all) if (run.sequence !== null) byId.set(run.run_id, run);
  for (const run of page.items) byId.set(run.run_id, run);
  for (const run of page.open) if (!byId.has(run.run_id)) byId.set(run.run_id, run);
  return { all: [...byId.values()].sort((one, other) => one.run_id - other.run_id), byId };
}

/** The runs of a task that are in the chosen iterations of the loops around it. */
export function runsOf(runs: Runs, task: string, choice: Choice): Run[] {
  return runs.all.filter((run) => run.task === task && run.run_id !== WORKFLOW_RUN && isChosen(runs, run, choice));
}

function isChosen(runs: Runs, run: Run, choice: Choice): boolean {
  for (let at: Run | undefined = run; at; ) {
    const parent: Run | undefined = at.run_id === WORKFLOW_RUN ? undefined : runs.byId.get(at.parent_id);
    const wanted = parent && choice[parent.task];
    if (wanted !== undefined && at.iteration !== null && at.iteration !== wanted) return false;
    at = parent;
  }
  return true;
}

/** The iterations that a run is in, by the pointers of the loops: what to choose to see it. */
export function choiceOf(runs: Runs, run: Run): Choice {
  const choice: Record<string, number> = {};
  for (let at: Run | undefined = run; at && at.run_id !== WORKFLOW_RUN; ) {
    const parent: Run | undefined = runs.byId.get(at.parent_id);
    if (parent && parent.run_id !== WORKFLOW_RUN && at.iteration !== null) choice[parent.task] ??= at.iteration;
    at = parent;
  }
  return choice;
}

/** The run of several to look at first: one that failed, else one that is open, else the last. */
export function tellingRun(runs: readonly Run[]): Run | undefined {
  return runs.findLast((run) => run.status === "faulted") ?? runs.findLast((run) => run.ended_at === null) ?? runs.at(-1);
}

/** Another iteration of a loop has other iterations inside: what was chosen there goes. */
export function withIteration(choice: Choice, pointer: string, iteration: number | null): Choice {
  const others = Object.entries(choice).filter(([each]) => !within(each, pointer));
  return Object.fromEntries(iteration === null ? others : [...others, [pointer, iteration]]);
}
