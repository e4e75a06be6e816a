/** Items of lists as they are written: taken out, put in elsewhere, with comments, quoting and flow style. */
import { isList, type Json } from "../json";
import { below } from "../pointer";
import { childrenOf, insertBlock, leadStart, tailEnd } from "./blocks";
import { changedAt } from "./data";
import { insertFlow } from "./flows";
import { columnOf, isFirstOnLine } from "./lines";
import { itemText } from "./print";
import { EditError } from "./problem";
import { behindAlias, found, placed, type Source } from "./source";
import { checked, flowPiece, removeValue, setValue } from "./values";

/** An item with its text: `lines` as they stand behind the indentation of its dash, `null` without own lines. */
export interface WrittenItem {
  readonly value: Json;
  readonly lines: readonly string[] | null;
}

/** The item of a list, as written. */
export function writtenItem(source: Source, list: string, index: number): WrittenItem {
  const { node } = found(source, list);
  if (node.kind === "alias") throw behindAlias(node.anchor);
  const item = node.kind === "list" ? node.items[index] : undefined;
  if (node.kind !== "list" || !item) {
    throw new EditError("missing", `there is no item ${index} in ${list}`, { pointer: below(list, index) });
  }
  const value = item.node.data;
  if (node.style === "flow" || !isFirstOnLine(source.text, item.from)) return { value, lines: null };
  const children = childrenOf(node);
  const column = columnOf(source.text, item.from);
  const text = source.text.slice(leadStart(source.text, children, index), tailEnd(source.text, children, index));
  const lines = text.split(/\r?\n/).map((line) => {
    const spaces = line.search(/[^ ]|$/);
    return line.slice(Math.min(spaces, column));
  });
  return { value, lines };
}

/**
 * Put an item into a list, before the one at `index`; a list that is empty or not there is made.
 * The text is taken over where the list is in block style, else the value is written.
 */
export function insertItem(source: Source, list: string, index: number, item: WrittenItem): Source {
  const place = placed(source, list);
  const node = place?.node;
  if (node?.kind === "alias") throw behindAlias(node.anchor);
  if (node && node.kind !== "list" && node.data !== null) {
    throw new EditError("not-a-list", `there is no list at ${list}`, { pointer: list });
  }
  if (node?.kind !== "list" || node.items.length === 0) {
    const made = setValue(source, list, [item.value]);
    const { node: now } = found(made, list);
    // The text that was written goes in front of the one just made, which then leaves.
    if (!item.lines || now.kind !== "list" || now.style !== "block") return made;
    return removeValue(insertItem(made, list, 0, item), below(list, 1));
  }
  const at = Math.max(0, Math.min(index, node.items.length));
  const expected = changedAt(source.root.data, list, (value) => (isList(value) ? value.toSpliced(at, 0, item.value) : value));
  if (node.style === "flow") {
    return checked(source, (each) => insertFlow(each, node, at, (where) => flowPiece(each, item.value, where)), expected);
  }
  const column = columnOf(source.text, node.from);
  return checked(source, (each) => [insertBlock(each, node, at, textAt(item, column, each))], expected);
}

function textAt(item: WrittenItem, column: number, source: Source): string {
  const { habits } = source;
  if (!item.lines) return itemText(item.value, column, habits);
  const indent = " ".repeat(column);
  return item.lines.map((line, at) => (at === 0 || line === "" ? line : indent + line)).join(habits.lineBreak);
}

/** Move an item to another place, in the same list or another one. `index` counts without the item itself. */
export function moveItem(source: Source, from: string, fromIndex: number, to: string, index: number): Source {
  const taken = below(from, fromIndex);
  if (to === taken || to.startsWith(taken + "/")) {
    throw new EditError("into-itself", "a task cannot be moved into itself");
  }
  const item = writtenItem(source, from, fromIndex);
  if (from === to && index === fromIndex) return source;
  return insertItem(removeValue(source, taken), afterRemoval(to, from, fromIndex), index, item);
}

/** What a pointer becomes when an item of a list is taken out. */
export function afterRemoval(pointer: string, list: string, index: number): string {
  return shiftedPointer(pointer, list, index, -1);
}

/** What a pointer becomes when an item is put into a list. */
export function afterInsertion(pointer: string, list: string, index: number): string {
  return shiftedPointer(pointer, list, index - 1, 1);
}

function shiftedPointer(pointer: string, list: string, index: number, by: number): string {
  if (!pointer.startsWith(list + "/")) return pointer;
  const [first = "", ...rest] = pointer.slice(list.length + 1).split("/");
  const own = Number(first);
  if (!(own > index)) return pointer;
  return [`${list}/${own + by}`, ...rest].join("/");
}
