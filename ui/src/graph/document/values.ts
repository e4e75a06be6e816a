/**
 * Setting, removing and renaming values at JSON Pointers of the file, changing no other line.
 *
 * Every edit knows what the data must be afterwards; one whose text says something else is refused.
 */
import { equal, isList, isMap, withProperty, type Json, type JsonMap } from "../json";
import { below, split } from "../pointer";
import { insertBlock, removeBlock } from "./blocks";
import { changedAt, without } from "./data";
import { insertFlow, removeFlow, type FlowPlace } from "./flows";
import { columnOf, lineEnd, lineStart, type Splice } from "./lines";
import type { Node, ScalarStyle } from "./node";
import { behindColon, blockText, entryText, flowText, inlineText, isBlock, itemText, jsonText } from "./print";
import { EditError } from "./problem";
import { reopened } from "./reread";
import { inlineScalar, isLiteral, keyText } from "./scalar";
import { behindAlias, found, placed, type Placed, type Source } from "./source";

/**
 * Apply splices that must come to `expected`. Where they do not, because a literal block would take in blank
 * lines that follow, they are written again without literal blocks.
 */
export function checked(source: Source, splices: (source: Source) => readonly Splice[], expected: Json): Source {
  const plainly = { ...source, habits: { ...source.habits, literals: false } };
  for (const habits of [source, plainly]) {
    const result = reopened(source, splices(habits));
    if (result.source && says(result.source, expected)) return result.source;
  }
  throw new EditError("layout", "the text is laid out in a way that can only be edited as text");
}

/** Whether a document says what is expected. What an anchor says, its aliases say too: those are not compared. */
function says(source: Source, expected: Json): boolean {
  return source.linked ? saysHere(source.root, expected) : equal(source.root.data, expected);
}

function saysHere(node: Node, expected: Json | undefined): boolean {
  switch (node.kind) {
    case "alias":
      return true;
    case "scalar":
      return equal(node.data, expected);
    case "list":
      return (
        isList(expected) &&
        expected.length === node.items.length &&
        node.items.every((item, index) => saysHere(item.node, expected[index]))
      );
    case "map": {
      if (!isMap(expected)) return false;
      const own = node.entries.filter(({ name }) => name !== "<<");
      const merges = own.length < node.entries.length;
      return (
        (merges || Object.keys(expected).length === own.length) &&
        own.every((entry) => Object.hasOwn(expected, entry.name) && saysHere(entry.node, expected[entry.name]))
      );
    }
  }
}

export interface SetOptions {
  /** A new entry is put before the first of these that is there, else behind all others. */
  readonly before?: readonly string[];
}

/**
 * Set the value at a pointer, making the maps on the way. Where maps or lists are there already only what
 * differs is written. Throws `EditError` when the value belongs to an alias, or when the text cannot take it.
 */
export function setValue(source: Source, pointer: string, value: Json, options: SetOptions = {}): Source {
  const place = placed(source, pointer);
  if (!place) return addEntry(source, pointer, value, options);
  const old = place.node.data;
  if (equal(old, value)) return source;
  if (place.node.kind === "alias") throw behindAlias(place.node.anchor);
  if (place.node.kind === "map" && isMap(value) && Object.keys(value).length > 0 && place.node.entries.length > 0) {
    return setMap(source, pointer, old as JsonMap, value);
  }
  if (place.node.kind === "list" && isList(value) && value.length > 0 && place.node.items.length > 0) {
    return setList(source, pointer, old as readonly Json[], value);
  }
  return checked(source, (each) => replace(each, place, value), changedAt(source.root.data, pointer, () => value));
}

function setMap(source: Source, pointer: string, old: JsonMap, value: JsonMap): Source {
  let result = source;
  const names = Object.keys(value);
  // First what is new, so that the map is never empty on the way.
  names.forEach((name, index) => {
    if (Object.hasOwn(old, name)) return;
    const behind = names.slice(index + 1).filter((each) => Object.hasOwn(old, each));
    result = setValue(result, below(pointer, name), value[name] as Json, { before: behind });
  });
  for (const name of Object.keys(old)) {
    if (Object.hasOwn(value, name)) result = setValue(result, below(pointer, name), value[name] as Json);
    else result = removeValue(result, below(pointer, name));
  }
  return result;
}

function setList(source: Source, pointer: string, old: readonly Json[], value: readonly Json[]): Source {
  const shorter = Math.min(old.length, value.length);
  let first = 0;
  while (first < shorter && equal(old[first], value[first])) first += 1;
  let same = 0;
  while (same < shorter - first && equal(old.at(-1 - same), value.at(-1 - same))) same += 1;
  let result = source;
  const common = shorter - first - same;
  for (let index = first; index < first + common; index += 1) {
    result = setValue(result, below(pointer, index), value[index] as Json);
  }
  for (let index = first + common; index < value.length - same; index += 1) {
    result = insertValue(result, pointer, index, value[index] as Json);
  }
  for (let index = old.length - same - 1; index >= first + common && index >= value.length - same; index -= 1) {
    result = removeValue(result, below(pointer, index));
  }
  return result;
}

/** Put a value into a list that has items, before the one at `index`. */
export function insertValue(source: Source, pointer: string, index: number, value: Json): Source {
  const { node } = found(source, pointer);
  if (node.kind === "alias") throw behindAlias(node.anchor);
  if (node.kind !== "list") throw new EditError("not-a-list", `there is no list at ${pointer}`, { pointer });
  const at = Math.min(index, node.items.length);
  const expected = changedAt(source.root.data, pointer, (list) => (list as readonly Json[]).toSpliced(at, 0, value));
  if (node.style === "flow") {
    return checked(source, (each) => insertFlow(each, node, at, (where) => flowPiece(each, value, where)), expected);
  }
  const column = columnOf(source.text, node.from);
  return checked(source, (each) => [insertBlock(each, node, at, itemText(value, column, each.habits))], expected);
}

export function flowPiece(source: Source, value: Json, where: FlowPlace): string {
  return where.lines ? jsonText(value, where.column, source.habits) : flowText(value, source.syntax === "json");
}

/** Remove an entry or an item. Does nothing when there is none. A collection that becomes empty stays. */
export function removeValue(source: Source, pointer: string): Source {
  const place = placed(source, pointer);
  if (!place) return source;
  const { parent, index } = place;
  if (!parent) throw new EditError("missing", "the whole document cannot be removed");
  const above = split(pointer).parent;
  const expected = changedAt(source.root.data, above, (value) =>
    isList(value) ? value.toSpliced(index, 1) : without(value as JsonMap, split(pointer).name),
  );
  if (parent.style === "flow") return checked(source, (each) => removeFlow(each, parent, index), expected);
  const count = parent.kind === "map" ? parent.entries.length : parent.items.length;
  if (count > 1) return checked(source, (each) => [removeBlock(each, parent, index)], expected);
  return checked(source, (each) => replace(each, found(each, above), parent.kind === "map" ? {} : []), expected);
}

/** Give an entry another name, where it stands. */
export function renameEntry(source: Source, pointer: string, name: string): Source {
  const { parent, entry, node } = found(source, pointer);
  if (!entry || parent?.kind !== "map") throw new EditError("not-a-map", `${pointer} is no entry of a map`);
  if (entry.name === name) return source;
  if (parent.entries.some((each) => each.name === name)) {
    throw new EditError("name-taken", `the name \`${name}\` is taken`, { name });
  }
  const expected = changedAt(source.root.data, split(pointer).parent, (map) =>
    withProperty(without(map as JsonMap, entry.name) as JsonMap, name, node.data),
  );
  const flow = parent.style === "flow";
  const key = keyText(name, { flow, json: source.syntax === "json", was: entry.keyStyle });
  return checked(source, () => [{ from: entry.keyFrom, to: entry.keyTo, text: key }], expected);
}

function addEntry(source: Source, pointer: string, value: Json, options: SetOptions): Source {
  const { parent: above, name } = split(pointer);
  const owner = placed(source, above);
  if (!owner) return setValue(source, above, { [name]: value });
  const { node } = owner;
  if (node.kind === "alias") throw behindAlias(node.anchor);
  if (node.kind === "scalar" && node.data === null) return setValue(source, above, { [name]: value });
  if (node.kind !== "map") throw new EditError("not-a-map", `there is no map at ${above}`, { pointer: above });
  const expected = changedAt(source.root.data, pointer, () => value);
  const known = new Set(options.before);
  const position = node.entries.findIndex((entry) => known.has(entry.name));
  const index = position < 0 ? node.entries.length : position;
  if (node.style === "block") {
    const column = columnOf(source.text, node.from);
    return checked(source, (each) => [insertBlock(each, node, index, entryText(name, value, column, each.habits))], expected);
  }
  // What has parts of its own gets lines of its own, where the empty map that it goes into allows it.
  if (node.entries.length === 0 && takesLines(source, owner)) {
    return checked(source, (each) => replace(each, owner, { [name]: value }), expected);
  }
  return checked(source, (each) => insertFlow(each, node, index, (where) => flowEntry(each, name, value, where)), expected);
}

function flowEntry(source: Source, name: string, value: Json, where: FlowPlace): string {
  const key = keyText(name, { flow: true, json: source.syntax === "json" });
  return `${key}: ${flowPiece(source, value, where)}`;
}

/** Whether a value may be written in lines of its own: its parent is a block collection. */
function takesLines(source: Source, place: Placed): boolean {
  return source.syntax === "yaml" && (place.parent === null || place.parent.style === "block");
}

/** The splices that write another value in the place of one. */
function replace(source: Source, place: Placed, value: Json): Splice[] {
  const { node, entry, item } = place;
  const { text, habits } = source;
  const base = entry ? (entry.colon < 0 ? entry.keyTo : entry.colon) : item ? item.from + 1 : node.from;
  const written = (node.kind === "map" || node.kind === "list") && node.style === "block";
  if (!takesLines(source, place) || (!entry && !item)) return [replaceInFlow(source, place, value)];
  const column = columnOf(text, entry ? entry.from : base - 1);
  const block = isBlock(value);
  if (!written && !block) {
    if (node.from < node.to) return [{ from: node.from, to: node.to, text: scalarLike(source, value, place, column) }];
    return [{ from: node.from, to: node.from, text: " " + inlineText(value, column, habits) }];
  }
  const print = (): string =>
    entry ? behindColon(value, column, habits) : " " + blockText(value, column + 2, habits);
  if (!written) {
    const own = print();
    // Behind a dash the value begins on the same line, so a comment there has to go below.
    if (item) return [{ from: base, to: node.to, text: own }];
    const end = lineEnd(text, node.to);
    return end === node.to
      ? [{ from: base, to: node.to, text: own }]
      : [{ from: base, to: node.to, text: "" }, { from: end, to: end, text: own }];
  }
  const own = block ? print() : " " + inlineText(value, column, habits);
  const lineBehind = lineEnd(text, base);
  if (node.from > lineBehind && /^[ \t]+#/.test(text.slice(base, lineBehind))) {
    return block && entry
      ? [{ from: lineBehind, to: node.to, text: own }]
      : [{ from: base, to: base, text: own }, { from: lineBehind, to: node.to, text: "" }];
  }
  return [{ from: base, to: node.to, text: own }];
}

function replaceInFlow(source: Source, place: Placed, value: Json): Splice {
  const { node, entry } = place;
  const json = source.syntax === "json";
  const lines = json && source.text.includes("\n") && isBlock(value);
  const column = source.text.slice(lineStart(source.text, node.from)).search(/\S|$/);
  const was = node.kind === "scalar" ? node.style : undefined;
  const own =
    typeof value === "object"
      ? flowPiece(source, value, { column, lines })
      : inlineScalar(value, { flow: true, json, ...(was ? { was } : {}) });
  if (node.from < node.to) return { from: node.from, to: node.to, text: own };
  return { from: node.from, to: node.from, text: entry && entry.colon < 0 ? `: ${own}` : ` ${own}` };
}

/** A value on one line, or a literal block, written as the old one was where that can be. */
function scalarLike(source: Source, value: Json, { node }: Placed, column: number): string {
  const was: ScalarStyle | undefined = node.kind === "scalar" ? node.style : undefined;
  if (typeof value === "string" && source.habits.literals && isLiteral(value)) return inlineText(value, column, source.habits);
  if (typeof value === "object" && value !== null) return flowText(value, false);
  return inlineScalar(value, { flow: false, json: false, ...(was ? { was } : {}) });
}
