/**
 * The tasks of a document as a tree, each with two names: its pointer, which the engine uses and which changes
 * when tasks move, and its path of names (`pay/try/chargeCard`), which stays.
 */
import { property, type Json } from "../json";
import { escape } from "../pointer";
import { listsOf, owsValue, taskKind, tasksOf, type TaskKind } from "../document/flow";

export type Lane = "try" | "catch";

export interface Step {
  readonly pointer: string;
  readonly path: string;
  readonly name: string;
  /** `null` when the task shows no kind. */
  readonly kind: TaskKind | null;
  readonly task: Json;
  /** The list that it stands in, and where. */
  readonly list: string;
  readonly index: number;
  readonly parent: Step | null;
  /** Which of the two lists of a `try` task it stands in. */
  readonly lane: Lane | null;
  readonly lists: readonly StepList[];
}

export interface StepList {
  readonly pointer: string;
  readonly lane: Lane | null;
  readonly steps: readonly Step[];
}

const outlines = new WeakMap<object, StepList>();

/** The steps of the main list, with all that is below them: made once for a document, which nobody changes in place. */
export function outline(data: Json): StepList {
  const known = typeof data === "object" && data !== null ? outlines.get(data) : undefined;
  if (known) return known;
  const made: StepList = { pointer: "/do", lane: null, steps: stepsOf(owsValue(data, "/do"), "/do", null, null) };
  if (typeof data === "object" && data !== null) outlines.set(data, made);
  return made;
}

function stepsOf(data: Json | undefined, list: string, parent: Step | null, lane: Lane | null): Step[] {
  const seen = new Map<string, number>();
  const base = parent ? `${parent.path}/${lane ? `${lane}/` : ""}` : "";
  return tasksOf(data, list).map(({ name, task, index, pointer }) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    // Names are unique in a list, unless the document is wrong; then it can still be shown.
    const path = base + escape(name) + (times > 1 ? `#${times}` : "");
    const lists: StepList[] = [];
    const kind = taskKind(task);
    const step: Step = { pointer, path, name, kind, task, list, index, parent, lane, lists };
    for (const { path: below, list: tasks } of listsOf(task)) {
      const own = kind !== "try" ? null : below === "/try" ? "try" : "catch";
      lists.push({ pointer: pointer + below, lane: own, steps: stepsOf(tasks, pointer + below, step, own) });
    }
    return step;
  });
}

/** All steps below a list, each before those in it. */
export function* walk(list: StepList): Generator<Step> {
  for (const step of list.steps) {
    yield step;
    for (const each of step.lists) yield* walk(each);
  }
}

/** What is written at a task itself, without the tasks in it. */
export function ownPart(step: Step): Json {
  return withoutLists(step.task, step.lists.map((list) => list.pointer.slice(step.pointer.length).split("/").slice(1)));
}

function withoutLists(value: Json, paths: readonly (readonly string[])[]): Json {
  let result = value;
  for (const path of paths) result = withoutPath(result, path);
  return result;
}

function withoutPath(value: Json, path: readonly string[]): Json {
  const [name, ...rest] = path;
  const child = name === undefined ? undefined : property(value, name);
  if (name === undefined || child === undefined) return value;
  const copy: { [name: string]: Json } = { ...(value as { [name: string]: Json }) };
  if (rest.length === 0) copy[name] = "…";
  else copy[name] = withoutPath(child, rest);
  return copy;
}
