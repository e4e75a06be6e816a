/** Edits of ways: what goes on somewhere goes there by another task, and nothing else changes its way. */
import { property, type JsonMap } from "../json";
import { below, within } from "../pointer";
import { connect, fallingOf, fallsThrough, isSkipped, type Directive } from "./directives";
import { inFile, owsValue, taskPlace, tasksOf, type Listed } from "./flow";
import { afterInsertion, afterRemoval, writtenItem, type WrittenItem } from "./items";
import { EditError } from "./problem";
import type { Source } from "./source";
import { insertWritten, itemCount, listed, removeTask, withoutStrayDirectives, type TaskEdit } from "./tasks";
import { removeValue } from "./values";

/**
 * What goes on where: the way from a task, a case or a `catch` (`owner`) to a task, or out (`null`). Where no directive
 * says so: `skip`, past the owner when its `if` does not hold; `entry`, into a list (the owner) at its beginning.
 */
export interface Way {
  readonly owner: string;
  readonly of: Directive["of"] | "skip" | "entry";
  /** The list that both stand in, and the name of the task at the end. */
  readonly list: string;
  readonly target: string | null;
}

/** The way into a list. */
export function entryOf(list: string, first: string | undefined): Way {
  return { owner: list, of: "entry", list, target: first ?? null };
}

/** Whether a directive says where a way leads, so that it can be led elsewhere. */
export function isDirected({ of }: Way): boolean {
  return of !== "skip" && of !== "entry";
}

/** Insert a task into a way; its name is made free. */
export function insertOnWay(source: Source, way: Way, name: string, task: JsonMap): TaskEdit {
  return putOnWay(source, way, { value: { [name]: task }, lines: null });
}

/** Whether a task can be moved into a way: not into one that begins, ends or is inside of it. */
export function canMoveOnWay(pointer: string, way: Way): boolean {
  const { list, name } = taskPlace(pointer);
  return !within(way.owner, pointer) && !(way.list === list && way.target === name);
}

/**
 * Move a task into a way, its lines as they are. What went to it goes where it went, as when it is removed; its own
 * `then` becomes what the way needs. In another list its name is made free, and directives that only made sense in
 * the old one are taken out.
 */
export function moveOnWay(source: Source, pointer: string, way: Way): TaskEdit {
  listed(source, pointer);
  if (!canMoveOnWay(pointer, way)) throw new EditError("into-itself", "a task cannot be moved into a way of its own");
  const { list, index } = taskPlace(pointer);
  const item = writtenItem(source, inFile(source, list), index);
  const there = { ...way, owner: afterRemoval(way.owner, list, index), list: afterRemoval(way.list, list, index) };
  const edit = putOnWay(removeTask(source, pointer), there, item);
  return { source: withoutStrayDirectives(edit.source, edit.task), task: edit.task };
}

/** Put a task where nothing else falls into it, or where what would fall into it is told to go where it went. */
function putOnWay(source: Source, way: Way, item: WrittenItem): TaskEdit {
  const { list, owner, of, target } = way;
  if (of === "entry") return goingOn(insertWritten(source, list, 0, item), null);
  const siblings = tasksOf(owsValue(source.root.data, list), list);
  const start = siblings.find((each) => within(owner, each.pointer));
  if (!start) throw new EditError("missing", `there is nothing at ${owner}`, { pointer: owner });
  const next = siblings.find(({ index }) => index > start.index)?.name ?? null;
  if (of === "skip") return told(goingOn(insertWritten(source, list, start.index + 1, item), null), start, siblings, null);
  if (of === "task" && (fallingOf(start).includes(owner) || (target !== null && target === next))) {
    return led(told(goingOn(insertWritten(source, list, start.index + 1, item), null), start, siblings, owner), owner);
  }
  const to = target === null ? -1 : siblings.findIndex((each) => each.name === target);
  const [end, before] = [siblings[to], siblings[to - 1]];
  if (end && before && !fallsThrough(before)) {
    // Nothing falls into the end: before it the task falls into it alone.
    return led(goingOn(insertWritten(source, list, end.index, item), null), afterInsertion(owner, list, end.index));
  }
  // Where every place is fallen into, what falls there is told to go on where it went; what is skipped cannot be told.
  const above = [...(of === "task" ? [start] : []), ...siblings].find((each) => !fallsThrough(each)) ?? siblings.findLast((each) => !isSkipped(each));
  if (!above) throw new EditError("no-place", `every task of ${list} can be skipped: each place is on the way from one to the next`);
  const at = above.index + 1;
  // `continue` of the last one in its list leaves that; of another one it would not.
  const leaves = target ?? (property(owsValue(source.root.data, owner), "then") === "end" ? "end" : "exit");
  const placed = insertWritten(source, list, at, item);
  const ends = leaves === "exit" && at === itemCount(source, list);
  return led(told(goingOn(placed, ends ? null : leaves), above, siblings, owner), afterInsertion(owner, list, at));
}

/** Let what fell from `above` into the task of an edit, without `except`, go on where it went: at the next task then, or out. */
function told({ source, task }: TaskEdit, above: Listed, siblings: readonly Listed[], except: string | null): TaskEdit {
  const next = siblings.find(({ index }) => index > above.index)?.name ?? "exit";
  const others = fallingOf(above).filter((each) => each !== except);
  return { source: others.reduce((result, each) => connect(result, each, next), source), task };
}

/** Let a task go on at a target; `null`: at the next one. */
function goingOn({ source, task }: TaskEdit, target: string | null): TaskEdit {
  if (target !== null) return { source: connect(source, task, target), task };
  const then = property(listed(source, task).task, "then");
  return { source: then === undefined ? source : removeValue(source, inFile(source, below(task, "then"))), task };
}

/** Let `owner` go on at the task of an edit. */
function led({ source, task }: TaskEdit, owner: string): TaskEdit {
  return { source: connect(source, owner, taskPlace(task).name), task };
}
