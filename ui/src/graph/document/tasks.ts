/** Edits of tasks: insert, remove, move, rename, duplicate, copy and paste. Pointers are of the OWS form. */
import { isMap, property, type Json, type JsonMap } from "../json";
import { below, split, within } from "../pointer";
import { connect, directivesOf, fallingOf, redirected, referencesTo, type Directive } from "./directives";
import { freeName, inFile, isDirective, namesIn, owsPointer, owsValue, taskPlace, tasksOf, type Listed } from "./flow";
import { afterRemoval, insertItem, moveItem, writtenItem, type WrittenItem } from "./items";
import { EditError } from "./problem";
import { open, type Source } from "./source";
import { removeValue, renameEntry, setValue } from "./values";

/** A document after an edit, and where the task is that it was about. */
export interface TaskEdit {
  readonly source: Source;
  readonly task: string;
}

/** The task at a pointer with its place. Throws `EditError` when there is none. */
export function listed(source: Source, pointer: string): Listed {
  const { list, index } = taskPlace(pointer);
  const task = tasksOf(owsValue(source.root.data, list), list).find((each) => each.index === index);
  if (task?.pointer !== pointer) throw new EditError("missing", `there is no task at ${pointer}`, { pointer });
  return task;
}

/** Insert a task before the one at `index` of a list, which is made if need be; its name is made free. */
export function insertTask(source: Source, list: string, index: number, name: string, task: JsonMap): TaskEdit {
  const free = freeName(name, namesIn(source.root.data, list));
  return inserted(source, list, index, { value: { [free]: task }, lines: null });
}

/** Insert a task as it is written before the one at `index` of a list; its name is made free. */
export function insertWritten(source: Source, list: string, index: number, item: WrittenItem): TaskEdit {
  return uniquelyNamed(inserted(source, list, index, item), new Set(namesIn(source.root.data, list)));
}

function inserted(source: Source, list: string, index: number, item: WrittenItem): TaskEdit {
  const names = isMap(item.value) ? Object.keys(item.value) : [];
  const name = names[0];
  if (name === undefined || names.length !== 1) throw new EditError("unreadable", "this is no task: a map with one name");
  const count = itemCount(source, list);
  const at = Math.max(0, Math.min(index, count));
  return { source: insertItem(source, inFile(source, list), at, item), task: below(list, at, name) };
}

/** How many items a list has. */
export function itemCount(source: Source, list: string): number {
  const value = owsValue(source.root.data, list);
  return Array.isArray(value) ? value.length : 0;
}

/**
 * Remove a task. What went to it goes where it went: to its own `then`, else to the task behind it, else out
 * of the list.
 */
export function removeTask(source: Source, pointer: string): Source {
  const { list, index } = taskPlace(pointer);
  const task = listed(source, pointer);
  const siblings = tasksOf(owsValue(source.root.data, list), list);
  const then = property(task.task, "then");
  const own = typeof then === "string" && then !== "continue" && then !== task.name ? then : null;
  const target = own ?? siblings.find((each) => each.index > index)?.name ?? "exit";
  const references = referencesTo(source.root.data, list, task.name).filter(
    ({ owner }) => !within(owner, task.pointer),
  );
  const before = siblings.findLast((each) => each.index < index);
  const passing = own !== null && before ? fallingOf(before) : [];
  let result = source;
  for (const { owner } of references) result = setValue(result, inFile(result, below(owner, "then")), target);
  result = removeValue(result, inFile(result, below(list, index)));
  for (const owner of passing) result = connect(result, owner, own ?? "continue");
  return references.reduce((each, reference) => simplified(each, reference, list, index), result);
}

/** Take out a task's `then` that says what happens anyway, now that a task has left the list. */
function simplified(source: Source, { of, owner }: Directive, list: string, removed: number): Source {
  if (of !== "task") return source;
  const now = afterRemoval(owner, list, removed);
  const then = property(owsValue(source.root.data, now), "then");
  return typeof then === "string" ? connect(source, now, then) : source;
}

/**
 * Move a task before the one at `index` of a list, which counts without the task itself. In another list its
 * name is made free, and directives that only made sense in the old one are taken out.
 */
export function moveTask(source: Source, pointer: string, list: string, index: number): TaskEdit {
  const from = taskPlace(pointer);
  const task = listed(source, pointer);
  if (within(list, pointer)) throw new EditError("into-itself", "a task cannot be moved into itself");
  if (list === from.list) {
    const moved = moveItem(source, inFile(source, list), from.index, inFile(source, list), index);
    return { source: moved, task: below(list, Math.min(index, itemCount(source, list) - 1), task.name) };
  }
  const item = writtenItem(source, inFile(source, from.list), from.index);
  const target = afterRemoval(list, from.list, from.index);
  const result = inserted(removeTask(source, pointer), target, index, item);
  const renamed = uniquelyNamed(result, new Set(namesIn(source.root.data, list)));
  return { source: withoutStrayDirectives(renamed.source, renamed.task), task: renamed.task };
}

/** Give the task of an edit a name that is none of `taken`, without touching directives that mean another. */
function uniquelyNamed({ source, task }: TaskEdit, taken: ReadonlySet<string>): TaskEdit {
  const { list, index, name } = taskPlace(task);
  const free = freeName(name, taken);
  if (free === name) return { source, task };
  return { source: renameEntry(source, inFile(source, task), free), task: below(list, index, free) };
}

/** Take out the directives of a task that name no task of its list. */
export function withoutStrayDirectives(source: Source, pointer: string): Source {
  const { list } = taskPlace(pointer);
  const names = new Set(namesIn(source.root.data, list));
  return directivesOf(listed(source, pointer)).reduce((result, { of, owner, target }) => {
    if (isDirective(target) || names.has(target)) return result;
    const then = inFile(result, below(owner, "then"));
    return of === "case" ? setValue(result, then, "continue") : removeValue(result, then);
  }, source);
}

/** Rename a task, and every directive that goes to it. */
export function renameTask(source: Source, pointer: string, name: string): TaskEdit {
  const { list, index, name: old } = taskPlace(pointer);
  listed(source, pointer);
  if (name === old) return { source, task: pointer };
  if (name.trim() === "") throw new EditError("name-empty", "a task needs a name");
  if (isDirective(name)) throw new EditError("name-reserved", `\`${name}\` is a directive, not a name`, { name });
  if (namesIn(source.root.data, list).includes(name)) {
    throw new EditError("name-taken", `the name \`${name}\` is taken in this list`, { name });
  }
  const pointed = redirected(source, list, old, name);
  return { source: renameEntry(pointed, inFile(pointed, pointer), name), task: below(list, index, name) };
}

/** Put a copy of a task right behind it. */
export function duplicateTask(source: Source, pointer: string): TaskEdit {
  const { list, index } = taskPlace(pointer);
  listed(source, pointer);
  return insertWritten(source, list, index + 1, writtenItem(source, inFile(source, list), index));
}

/** Tasks as text for the clipboard: a YAML list, as written. Those inside of others go with them. */
export function copyTasks(source: Source, pointers: readonly string[]): string {
  const outer = pointers.filter((each) => !pointers.some((other) => other !== each && within(each, other)));
  return outer
    .map((pointer) => {
      const { list, index } = taskPlace(pointer);
      listed(source, pointer);
      const item = writtenItem(source, inFile(source, list), index);
      return item.lines ? item.lines.join("\n") : `- ${JSON.stringify(item.value)}`;
    })
    .map((text) => text + "\n")
    .join("");
}

export interface Pasted {
  readonly source: Source;
  readonly tasks: readonly string[];
}

/**
 * Insert tasks from a text: a list of tasks, or one task as a map with its name. Names are made free, and
 * directives among the pasted tasks follow; others that name no task of the list are taken out.
 */
export function pasteTasks(source: Source, list: string, index: number, text: string): Pasted {
  const items = itemsIn(text);
  const names = new Map<string, string>();
  const taken = new Set(namesIn(source.root.data, list));
  const tasks: string[] = [];
  let result = source;
  let at = Math.min(index, itemCount(source, list));
  for (const item of items) {
    const edit = uniquelyNamed(inserted(result, list, at, item), taken);
    const old = Object.keys(item.value as JsonMap)[0] ?? "";
    const { name } = taskPlace(edit.task);
    names.set(old, name);
    taken.add(name);
    tasks.push(edit.task);
    result = edit.source;
    at += 1;
  }
  for (const pointer of tasks) {
    result = directivesOf(listed(result, pointer)).reduce((each, { owner, target }) => {
      const now = names.get(target);
      return now === undefined || now === target ? each : setValue(each, inFile(each, below(owner, "then")), now);
    }, result);
    result = withoutStrayDirectives(result, pointer);
  }
  return { source: result, tasks };
}

function itemsIn(text: string): WrittenItem[] {
  const opened = open(text);
  if (opened.problem) throw new EditError("unreadable", `the text is no task: ${opened.problem.message}`);
  const { root } = opened.source;
  const items = root.kind === "list" ? root.items.map((_, index) => writtenItem(opened.source, "", index)) : [];
  if (root.kind === "map") items.push({ value: root.data, lines: null });
  const isTask = ({ value }: WrittenItem) => isMap(value) && Object.keys(value).length === 1 && isMap(Object.values(value)[0]);
  if (items.length === 0 || !items.every(isTask)) {
    throw new EditError("unreadable", "the text is no task: a name with a map under it, or a list of those");
  }
  return items;
}

/** The task that a pointer of the OWS form is in (or is), `null` outside of all. */
export function taskAround(source: Source, pointer: string): string | null {
  for (let at = pointer; at.includes("/"); at = split(at).parent) {
    const { list, index } = safePlace(at);
    if (list === null) continue;
    const task = tasksOf(owsValue(source.root.data, list), list).find((each) => each.index === index);
    if (task?.pointer === at) return at;
  }
  return null;
}

function safePlace(pointer: string): { list: string | null; index: number } {
  return pointer.split("/").length < 3 ? { list: null, index: 0 } : taskPlace(pointer);
}

/** The task that an offset of the text is in, `null` outside of all: for the cursor beside the canvas. */
export function taskAtOffset(source: Source, offset: number): string | null {
  return taskAround(source, owsPointer(source.root.data, pointerAtOffset(source, offset)));
}

/** The pointer in the text of the innermost value around an offset. */
export function pointerAtOffset(source: Source, offset: number): string {
  let pointer = "";
  let node = source.root;
  for (;;) {
    if (node.kind === "map") {
      const entry = node.entries.findLast((each) => each.from <= offset);
      if (!entry || offset > Math.max(entry.node.to, entry.keyTo)) return pointer;
      pointer = below(pointer, entry.name);
      node = entry.node;
    } else if (node.kind === "list") {
      const index = node.items.findLastIndex((each) => each.from <= offset);
      const item = node.items[index];
      if (!item || offset > item.node.to) return pointer;
      pointer = below(pointer, index);
      node = item.node;
    } else {
      return pointer;
    }
  }
}

/** Data of a task without what it has a list of: what its own form edits. */
export function ownProperties(task: Json): JsonMap {
  if (!isMap(task)) return {};
  const { do: _do, try: _try, foreach: _foreach, ...own } = task;
  return own;
}
