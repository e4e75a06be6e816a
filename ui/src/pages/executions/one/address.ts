/** What is looked at of an execution, as its address says it: so that a link shows the same to somebody else. */
import type { Choice } from "../../../graph/model/execution";

export const VIEWS = ["steps", "timeline", "lines", "compare", "raw"] as const;
export type View = (typeof VIEWS)[number];

export interface Look {
  readonly view: View;
  /** The node that is selected: a task's pointer. */
  readonly task: string | null;
  readonly run: number | null;
  readonly choice: Choice;
  /** The execution to compare with. */
  readonly other: string | null;
}

export function readLook(params: URLSearchParams): Look {
  const view = VIEWS.find((each) => each === params.get("view")) ?? "steps";
  const run = params.get("run");
  const choice: Record<string, number> = {};
  for (const each of params.getAll("at")) {
    const match = /^(.+):(\d{1,9})$/.exec(each);
    if (match?.[1] !== undefined) choice[match[1]] = Number(match[2]);
  }
  return {
    view,
    task: params.get("task"),
    run: run !== null && /^\d{1,15}$/.test(run) ? Number(run) : null,
    choice,
    other: params.get("with"),
  };
}

export function writeLook({ view, task, run, choice, other }: Look): URLSearchParams {
  const params = new URLSearchParams();
  if (view !== "steps") params.set("view", view);
  if (task !== null) params.set("task", task);
  if (run !== null) params.set("run", String(run));
  for (const [pointer, iteration] of Object.entries(choice)) params.append("at", `${pointer}:${iteration}`);
  if (other !== null) params.set("with", other);
  return params;
}
