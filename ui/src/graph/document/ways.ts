/** Edits of ways: what goes on somewhere goes there by another task, and nothing else changes its way. */
import { property, type JsonMap } from "../json";
import { below, within } from "../pointer";
import { connect, fallsThrough, type Directive } from "./directives";
import { inFile, owsValue, taskPlace, tasksOf } from "./flow";
import { afterInsertion, afterRemoval, writtenItem, type WrittenItem } from "./items";
import { EditError } from "./problem";
import type { Source } from "./source";
import { insertWritten, itemCount, listed, removeTask, withoutStrayDirectives, type TaskEdit } from "./tasks";
import { removeValue } from "./values";

/** What goes on where: the way from a task, a case or a `catch` (`owner`) to a task, or out (`null`). */
export interface Way {
  readonly owner: string;
  readonly of: Directive["of"];
  /** The list that both stand in, and the name of the task at the end. */
  readonly list: string;
  readonly target: string | null;
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

/** Put a task where nothing falls into it, or where what fell into the end is told to go there. */
function putOnWay(source: Source, { list, owner, of, target }: Way, item: WrittenItem): TaskEdit {
  const siblings = tasksOf(owsValue(source.root.data, list), list);
  const start = siblings.find((each) => within(owner, each.pointer));
  const to = target === null ? -1 : siblings.findIndex((each) => each.name === target);
  const [end, before] = [siblings[to], siblings[to - 1]];
  const written = property(owsValue(source.root.data, owner), "then");
  if (of === "task" && start && (written === undefined || written === "continue")) {
    return goingOn(insertWritten(source, list, start.index + 1, item), null);
  }
  if (end && before && !fallsThrough(before)) {
    // Nothing falls into the end: before it the task falls into it alone.
    return led(goingOn(insertWritten(source, list, end.index, item), null), afterInsertion(owner, list, end.index));
  }
  // `continue` of the last one in its list leaves that; of another one it would not.
  const leaves = target ?? (written === "end" ? "end" : "exit");
  const behind = of === "task" && start ? start.index + 1 : (siblings.find((each) => !fallsThrough(each))?.index ?? -1) + 1;
  const last = siblings.at(-1);
  // Where every place is fallen into, what falls out of the list's end is told to leave it first.
  const ready = behind === 0 && last ? connect(source, last.pointer, "exit") : source;
  const at = behind === 0 ? itemCount(source, list) : behind;
  return led(goingOn(insertWritten(ready, list, at, item), leaves), afterInsertion(owner, list, at));
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
