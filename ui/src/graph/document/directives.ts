/** Flow directives (`then`): where tasks go on, and what refers to a task. */
import { isList, isMap, property, type Json } from "../json";
import { below } from "../pointer";
import { inFile, isDirective, namesIn, owsValue, taskKind, taskPlace, tasksOf, type Listed } from "./flow";
import { EditError } from "./problem";
import type { Source } from "./source";
import { removeValue, setValue } from "./values";

/** One written directive: of a task itself, of a case of a `switch`, of a `catch`. */
export interface Directive {
  readonly of: "task" | "case" | "catch";
  /** What it belongs to (a task, a case, a `catch`), in the OWS form. */
  readonly owner: string;
  readonly task: Listed;
  readonly target: string;
}

/** The directives that are written at a task, its `switch` and its `catch`. */
export function directivesOf(task: Listed): Directive[] {
  const found: Directive[] = [];
  const add = (of: Directive["of"], owner: string, value: Json | undefined) => {
    const target = property(value, "then");
    if (typeof target === "string") found.push({ of, owner, task, target });
  };
  add("task", task.pointer, task.task);
  for (const each of casesOf(task)) add("case", each.pointer, each.task);
  if (taskKind(task.task) === "try") add("catch", below(task.pointer, "catch"), property(task.task, "catch"));
  return found;
}

/** The cases of a `switch` task, in their order; none for other tasks. */
export function casesOf(task: Listed): Listed[] {
  if (taskKind(task.task) !== "switch") return [];
  const list = below(task.pointer, "switch");
  return tasksOf(property(task.task, "switch"), list);
}

/** Whether the next task of the list may follow without a directive that names it. */
export function fallsThrough(task: Listed): boolean {
  // A task that is skipped ignores its `then`.
  return isSkipped(task) || fallingOf(task).length > 0;
}

/** Whether a task may be skipped: then the next one follows, and no directive can say otherwise. */
export function isSkipped({ task }: Listed): boolean {
  return property(task, "if") !== undefined;
}

/** What of a task that runs (itself, its cases, its `catch`) goes on at whatever task is next in the list. */
export function fallingOf(task: Listed): string[] {
  const kind = taskKind(task.task);
  const goesOn = (value: Json | undefined) => {
    const then = property(value, "then");
    return typeof then !== "string" || then === "continue";
  };
  const cases = casesOf(task);
  const falling = cases.filter((each) => goesOn(each.task)).map(({ pointer }) => pointer);
  const caught = kind === "try" ? property(task.task, "catch") : undefined;
  // A `catch` without `then` follows that of its `try`.
  if (property(caught, "then") === "continue") falling.push(below(task.pointer, "catch"));
  const itself = kind !== "raise" && (kind !== "switch" || cases.every((each) => property(each.task, "when") !== undefined));
  if (itself && goesOn(task.task)) falling.push(task.pointer);
  return falling;
}

/** Every directive in a list that goes to the task named `name`. */
export function referencesTo(data: Json, list: string, name: string): Directive[] {
  if (isDirective(name)) return [];
  return tasksOf(owsValue(data, list), list)
    .flatMap(directivesOf)
    .filter(({ target }) => target === name);
}

/** Point every directive in a list that goes to `name` to another target. */
export function redirected(source: Source, list: string, name: string, target: string): Source {
  return referencesTo(source.root.data, list, name).reduce(
    (result, { owner }) => setValue(result, inFile(result, below(owner, "then")), target),
    source,
  );
}

/** The list in which a directive of `owner` (a task, a case, a `catch`) finds its target. */
export function scopeOf(source: Source, owner: string): { list: string; task: string; of: Directive["of"] } {
  const names = owner.split("/");
  if (names.at(-1) === "catch" && isTry(source, names.slice(0, -1).join("/"))) {
    const task = names.slice(0, -1).join("/");
    return { list: taskPlace(task).list, task, of: "catch" };
  }
  const switched = names.slice(0, -3).join("/");
  if (names.at(-3) === "switch" && isList(owsValue(source.root.data, names.slice(0, -2).join("/"))) && isSwitch(source, switched)) {
    return { list: taskPlace(switched).list, task: switched, of: "case" };
  }
  return { list: taskPlace(owner).list, task: owner, of: "task" };
}

function isTry(source: Source, pointer: string): boolean {
  return taskKind(owsValue(source.root.data, pointer)) === "try";
}

function isSwitch(source: Source, pointer: string): boolean {
  return taskKind(owsValue(source.root.data, pointer)) === "switch";
}

/**
 * Let `owner` (a task, a case of a `switch`, a `catch`) go on at `target`: the name of a task of the same
 * list, or a directive. A task's `then` that says what happens anyway is not written.
 */
export function connect(source: Source, owner: string, target: string): Source {
  const { list, task, of } = scopeOf(source, owner);
  const names = namesIn(source.root.data, list);
  if (!isDirective(target) && !names.includes(target)) {
    throw new EditError("other-list", `\`${target}\` is no task of the same list; a directive only reaches those`, {
      name: target,
    });
  }
  if (!isMap(owsValue(source.root.data, owner))) {
    throw new EditError("missing", `there is nothing at ${owner}`, { pointer: owner });
  }
  const pointer = inFile(source, below(owner, "then"));
  const next = names[names.indexOf(taskPlace(task).name) + 1];
  // Only for a task itself nothing means `continue`: a `catch` without `then` follows that of its `try`.
  if (of === "task" && (target === "continue" || target === next)) return removeValue(source, pointer);
  return setValue(source, pointer, target);
}
