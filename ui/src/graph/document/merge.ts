/**
 * Three texts to one: what two people made of the same document, put together by its structure.
 *
 * A block collection is cut into its children, each with the blank lines and comments that belong to it, and the
 * children are put together one by one: what one of the two left as it was is as the other wrote it, to the
 * letter. What both wrote differently is a conflict, with both texts; nothing is decided for anybody.
 */
import { below } from "../pointer";
import { childrenOf, leadStart, tailEnd } from "./blocks";
import { columnOf, isFirstOnLine, nextLine } from "./lines";
import { mergedFlow } from "./mergeFlow";
import { keysOf, sequence, type Keyed, type Keys } from "./mergeOrder";
import type { ListNode, MapNode, Node } from "./node";
import { open, type Source } from "./source";

/** A place that both changed, differently. The texts stand where the place is; an empty one means taken out. */
export interface MergeConflict {
  readonly id: number;
  /** What it is about, in the document; of several new children: what they are in. */
  readonly pointer: string;
  readonly base: string;
  readonly mine: string;
  readonly theirs: string;
  /** Whether both texts can stay, one behind the other: both put something new in one place. */
  readonly both: boolean;
}

export type Piece = string | MergeConflict;

export interface Merged {
  readonly pieces: readonly Piece[];
  readonly conflicts: readonly MergeConflict[];
}

/** The value of a child with what is written behind it: `from` to `end`. */
interface Region {
  readonly text: string;
  readonly node: Node;
  readonly from: number;
  readonly end: number;
}

interface Child extends Keyed {
  readonly text: string;
  /** Where what belongs to it begins: blank lines and comments above; and where its key or dash is. */
  readonly start: number;
  readonly from: number;
  readonly end: number;
}

type Triple<T> = readonly [base: T, mine: T, theirs: T];

/** Put together what two people made of one text. Also says what cannot be put together. */
export function merge(base: string, mine: string, theirs: string): Merged {
  const whole = three([base, mine, theirs]);
  if (whole !== null) return { pieces: [whole], conflicts: [] };
  const texts = [base, mine, theirs].map(ended) as unknown as Triple<string>;
  const sources = texts.map((text) => open(text).source ?? null);
  if (sources.every((each) => each !== null)) {
    const merger = new Merger();
    const pieces = merger.document(sources as unknown as Triple<Source>);
    const merged = { pieces: joined(pieces), conflicts: pieces.filter((each) => typeof each !== "string") };
    // Whoever is asked must get a document, whatever the answer is.
    if ((["mine", "theirs"] as const).every((side) => open(resolved(merged, (each) => each[side])).source)) return merged;
  }
  const conflict = { id: 0, pointer: "", base, mine, theirs, both: false };
  return { pieces: [conflict], conflicts: [conflict] };
}

/** The text, with what `choose` says in the place of each conflict. */
export function resolved(merged: Merged, choose: (conflict: MergeConflict) => string): string {
  return merged.pieces.map((piece) => (typeof piece === "string" ? piece : choose(piece))).join("");
}

/** What three texts come to where at most one of two people changed it; else `null`. */
function three([base, mine, theirs]: Triple<string>): string | null {
  if (mine === theirs || base === theirs) return mine;
  return base === mine ? theirs : null;
}

function ended(text: string): string {
  return text === "" || text.endsWith("\n") ? text : `${text}\n`;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (typeof piece === "string" && typeof last === "string") result[result.length - 1] = last + piece;
    else result.push(piece);
  }
  return result;
}

function each<From, To>([base, mine, theirs]: Triple<From>, make: (from: From) => To): Triple<To> {
  return [make(base), make(mine), make(theirs)];
}

/** The collection in block style that a region is about; where it is empty, it has no style of its own. */
function collection(region: Region): MapNode | ListNode | null {
  const { node } = region;
  return (node.kind === "map" || node.kind === "list") && node.style === "block" ? node : null;
}

function isEmpty({ node }: Region): boolean {
  return (node.kind === "map" && node.entries.length === 0) || (node.kind === "list" && node.items.length === 0) || (node.kind === "scalar" && node.style === "empty");
}

/** Where the lines of a value begin: with the comments of its first child, where that has its own line. */
function regionOf(text: string, node: Node, end: number): Region {
  const block = (node.kind === "map" || node.kind === "list") && node.style === "block";
  const from = block && isFirstOnLine(text, node.from) ? leadStart(text, childrenOf(node), 0) : node.from;
  return { text, node, from, end };
}

function childrenIn(region: Region, keys: readonly string[]): Child[] | null {
  const node = collection(region);
  if (!node) return [];
  const { text } = region;
  const places = childrenOf(node);
  const children: Child[] = [];
  let start = region.from;
  for (const [index, { from }] of places.entries()) {
    if (index > 0 && !isFirstOnLine(text, from)) return null;
    const end = Math.min(nextLine(text, tailEnd(text, places, index)), region.end);
    const value = node.kind === "map" ? node.entries[index]?.node : node.items[index]?.node;
    if (!value || end < start) return null;
    children.push({ key: keys[index] ?? "", node: value, index, text, start, from, end });
    start = end;
  }
  return children;
}

const SAME_ENTRY: Keys = { keys: [[""], [""], [""]], ordered: false, items: false };

class Merger {
  private conflicts = 0;

  document(sources: Triple<Source>): Piece[] {
    const regions = each(sources, ({ text, root }) => regionOf(text, root, text.length));
    const heads = each(regions, ({ text, from }) => text.slice(0, from));
    return [...this.texts(heads, ""), ...this.region(regions, "")];
  }

  private conflict(pointer: string, [base, mine, theirs]: Triple<string>, both = false): Piece {
    this.conflicts += 1;
    return { id: this.conflicts, pointer, base, mine, theirs, both };
  }

  private texts(texts: Triple<string>, pointer: string): Piece[] {
    const text = three(texts);
    if (text !== null) return [text];
    // Who added or took a blank line is not worth a question.
    return [texts.every((each) => each.trim() === "") ? texts[1] : this.conflict(pointer, texts)];
  }

  /** A value that may be a collection, with what is behind it. */
  private region(regions: Triple<Region>, pointer: string, named = false): Piece[] {
    const texts = each(regions, ({ text, from, end }) => text.slice(from, end));
    const text = three(texts);
    if (text !== null) return [text];
    const inside = this.collection(regions, pointer, named);
    if (inside) return inside;
    if (regions.some((region) => collection(region))) return [this.conflict(pointer, texts)];
    const values = each(regions, (region) => ({ text: region.text.slice(region.node.from, region.node.to), data: region.node.data }));
    const behind = this.texts(each(regions, (region) => region.text.slice(region.node.to, region.end)), pointer);
    const value = three(each(values, (each) => each.text)) ?? mergedFlow(...values);
    return [value ?? this.conflict(pointer, each(values, (each) => each.text)), ...behind];
  }

  /** Collections child by child; `null` when they cannot be taken apart alike. `named`: one entry each, the same. */
  private collection(regions: Triple<Region>, pointer: string, named: boolean): Piece[] | null {
    const [base, mine, theirs] = regions;
    const one = collection(mine);
    const other = collection(theirs);
    if (!one || !other || one.kind !== other.kind || (collection(base)?.kind !== one.kind && !isEmpty(base))) return null;
    // What stands in another column cannot be put beside it.
    const columns = regions.filter((region) => collection(region)).map(({ text, node }) => columnOf(text, node.from));
    if (new Set(columns).size > 1) return null;
    const keyed = named ? SAME_ENTRY : keysOf(each(regions, (region) => collection(region)));
    if (!keyed) return null;
    const lists = each([0, 1, 2], (side) => childrenIn(regions[side] as Region, keyed.keys[side] ?? []));
    if (lists.some((list) => list === null)) return null;
    const children = lists as Triple<Child[]>;
    const slots = sequence(children, keyed.ordered, (one, other) => textOf(one) === textOf(other));
    if (!slots) return null;
    const inLine = regions.some((region) => collection(region) && !isFirstOnLine(region.text, region.node.from));
    // On the line of a dash only the same first child can stay.
    if (inLine && new Set([slots[0]?.keys[0], ...children.map((list) => list[0]?.key)]).size > 1) return null;
    const byKey = each(children, (list) => new Map(list.map((child) => [child.key, child])));
    const pieces = slots.flatMap((slot): Piece[] => {
      const [first = ""] = slot.keys;
      const at = (key: string) => (named ? pointer : below(pointer, key));
      if (!slot.against) return slot.keys.flatMap((key) => this.child(each(byKey, (map) => map.get(key)), at(key), keyed.items));
      const text = (side: Map<string, Child>, keys: readonly string[]) => keys.map((key) => whole(side.get(key))).join("");
      return [this.conflict(at(first), ["", text(byKey[1], slot.keys), text(byKey[2], slot.against)], true)];
    });
    if (pieces.length === 0) pieces.push(" ".repeat((columns[0] ?? 0) + 1) + (one.kind === "map" ? "{}" : "[]") + "\n");
    const tails = each([0, 1, 2], (side) => {
      const region = regions[side] as Region;
      return region.text.slice(children[side]?.at(-1)?.end ?? region.end, region.end);
    });
    return [...pieces, ...this.texts(tails, pointer)];
  }

  private child([base, mine, theirs]: Triple<Child | undefined>, pointer: string, named: boolean): Piece[] {
    if (!base || !mine || !theirs) {
      if (!base && (!mine || !theirs)) return [whole(mine ?? theirs)];
      if (mine && theirs && textOf(mine) === textOf(theirs)) return [whole(mine)];
      return [this.conflict(pointer, [whole(base), whole(mine), whole(theirs)])];
    }
    const children: Triple<Child> = [base, mine, theirs];
    const text = three(each(children, whole));
    if (text !== null) return [text];
    const regions = each(children, (child) => regionOf(child.text, child.node, child.end));
    const [before, ...now] = each(regions, kindOf);
    // A value in another style stands elsewhere behind its key: the key goes with it.
    const alike = now[0] === now[1] && (before === now[0] || (before === "empty" && now[0] !== "inline"));
    if (!alike) return [this.conflict(pointer, each(children, whole))];
    const leads = each(children, (child) => child.text.slice(child.start, child.from));
    const heads = each([0, 1, 2], (side) => (children[side] as Child).text.slice(children[side]?.from, regions[side]?.from));
    return [...this.texts(leads, pointer), ...this.texts(heads, pointer), ...this.region(regions, pointer, named)];
  }
}

function kindOf(region: Region): "map" | "list" | "empty" | "inline" {
  if (isEmpty(region)) return "empty";
  return collection(region)?.kind ?? "inline";
}

function whole(child: Child | undefined): string {
  return child ? child.text.slice(child.start, child.end) : "";
}

/** What is written, without the blank lines around it. */
function textOf(child: Child): string {
  return whole(child).trim();
}
