/** What differs between two documents, by meaning: for the canvas, and for carrying positions over an edit. */
import { equal, type Json } from "../json";
import { changesOf, type Change } from "../document/changes";
import { flavourOf } from "../document/flow";
import { outline, ownPart, walk, type Step, type StepList } from "./outline";

export interface TaskChange {
  /** `null` for a task that is new. */
  readonly before: Step | null;
  /** `null` for a task that is gone. */
  readonly after: Step | null;
  readonly renamed: boolean;
  /** Whether it stands elsewhere: in another list, or before or behind tasks that it was not. */
  readonly moved: boolean;
  /** What is different at the task itself, without the tasks in it; pointers begin at the task. */
  readonly changes: readonly Change[];
}

export type TaskStatus = "added" | "removed" | "changed" | "moved" | "same";

export interface Difference {
  /** All tasks of both documents: those of the new one in its order, then those that are gone. */
  readonly tasks: readonly TaskChange[];
  /** Everything else that differs: triggers, functions, `use`, `input`, ... */
  readonly document: readonly Change[];
}

/** What a task is called in a picture; what is both moved and changed is `changed`. */
export function statusOf(task: TaskChange): TaskStatus {
  if (!task.before) return "added";
  if (!task.after) return "removed";
  if (task.renamed || task.changes.length > 0) return "changed";
  return task.moved ? "moved" : "same";
}

/** Compare two documents. */
export function differenceOf(before: Json, after: Json): Difference {
  const matcher = new Matcher();
  const one = outline(before);
  const other = outline(after);
  return { tasks: matcher.result(one, other), document: documentChanges(before, after) };
}

/** How paths changed between two documents, for `carried`: without those that follow from what they are in. */
export function pathChanges(before: Json, after: Json): { paths: Map<string, string>; gone: Set<string> } {
  const matcher = new Matcher();
  const tasks = matcher.matched(outline(before), outline(after));
  const all = new Map(tasks.flatMap((task) => (task.before && task.after ? [[task.before.path, task.after.path]] : [])));
  const paths = new Map<string, string>();
  const gone = new Set<string>();
  for (const task of tasks) {
    if (!task.before) continue;
    const { path, parent } = task.before;
    const around = parent && all.get(parent.path);
    const follows = parent && around !== undefined && around !== null ? around + path.slice(parent.path.length) : path;
    if (!task.after) gone.add(path);
    else if (task.after.path !== follows) paths.set(path, task.after.path);
  }
  return { paths, gone };
}

function documentChanges(before: Json, after: Json): Change[] {
  // Two kinds of document say the same in different places; then only the tasks can be compared.
  if (flavourOf(before) !== flavourOf(after)) return [];
  const steps = flavourOf(before) === "flowapp" ? "/spec/steps" : "/do";
  return changesOf(before, after).filter(({ pointer }) => pointer !== steps && !pointer.startsWith(steps + "/"));
}

/** The last part of a task's path: its name, numbered where the list has it twice. */
function ownName(step: Step): string {
  return step.path.slice(step.path.lastIndexOf("/") + 1);
}

class Matcher {
  private readonly pairs = new Map<Step, Step>();
  private readonly renamed = new Set<Step>();
  private readonly moved = new Set<Step>();

  /** Match the tasks of two lists that are the same list: by name, then by what they do. */
  lists(before: StepList, after: StepList): void {
    const names = new Map(after.steps.map((step) => [ownName(step), step]));
    const taken = new Set<Step>();
    const pairs: [Step, Step][] = [];
    const pair = (one: Step, other: Step) => {
      pairs.push([one, other]);
      taken.add(other);
      this.pairs.set(one, other);
    };
    for (const step of before.steps) {
      const same = names.get(ownName(step));
      if (same) pair(step, same);
    }
    const left = before.steps.filter((step) => !this.pairs.has(step));
    for (const step of left) {
      const other = after.steps.find((each) => !taken.has(each) && each.kind === step.kind && equal(each.task, step.task));
      const renamed = other ?? after.steps.find((each) => !taken.has(each) && each.index === step.index && sameButSome(step, each));
      if (!renamed) continue;
      pair(step, renamed);
      this.renamed.add(step);
    }
    for (const [one] of outOfOrder(pairs)) this.moved.add(one);
    for (const [one, other] of pairs) this.inside(one, other);
  }

  private inside(before: Step, after: Step): void {
    for (const list of before.lists) {
      const same = after.lists.find((each) => each.lane === list.lane);
      if (same) this.lists(list, same);
    }
  }

  /** Say what became of every task. */
  result(before: StepList, after: StepList): TaskChange[] {
    return this.matched(before, after).map(({ before: old, after: now }): TaskChange => {
      if (!old || !now) return { before: old, after: now, renamed: false, moved: false, changes: [] };
      return { before: old, after: now, renamed: this.renamed.has(old), moved: this.moved.has(old), changes: changesOf(ownPart(old), ownPart(now)) };
    });
  }

  /** Match the tasks of two documents, list by list and then what is left over across lists. */
  matched(before: StepList, after: StepList): Pick<TaskChange, "before" | "after">[] {
    this.lists(before, after);
    const news = [...walk(after)];
    const olds = [...walk(before)];
    const matched = new Set(this.pairs.values());
    for (const old of olds) {
      if (this.pairs.has(old)) continue;
      const open = news.filter((each) => !matched.has(each) && each.name === old.name && each.kind === old.kind);
      const candidate = open.find((each) => equal(each.task, old.task)) ?? open[0];
      if (!candidate) continue;
      this.pairs.set(old, candidate);
      matched.add(candidate);
      this.moved.add(old);
    }
    const olderOf = new Map([...this.pairs].map(([old, now]) => [now, old]));
    const gone = olds.filter((old) => !this.pairs.has(old));
    return [...news.map((now) => ({ before: olderOf.get(now) ?? null, after: now })), ...gone.map((old) => ({ before: old, after: null }))];
  }
}

/** Whether two tasks in the same place are so alike that one is the other with a new name. */
function sameButSome(before: Step, after: Step): boolean {
  return before.kind === after.kind && changesOf(before.task, after.task).length <= 1;
}

/** The pairs that are not in order: as few as possible, so that one task moved is one task. */
function outOfOrder(pairs: readonly (readonly [Step, Step])[]): (readonly [Step, Step])[] {
  const ordered = [...pairs].sort(([one], [other]) => one.index - other.index);
  // The longest run of rising new places stays; patience sorting, with the way back.
  const ends: number[] = [];
  const back: number[] = [];
  const place = (at: number) => ordered[at]?.[1].index ?? 0;
  ordered.forEach((_, at) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (place(ends[middle] ?? 0) < place(at)) low = middle + 1;
      else high = middle;
    }
    back[at] = low > 0 ? (ends[low - 1] ?? -1) : -1;
    ends[low] = at;
  });
  const stays = new Set<number>();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = back[at] ?? -1) stays.add(at);
  return ordered.filter((_, at) => !stays.has(at));
}
