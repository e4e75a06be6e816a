/**
 * A document's values with the places of their text.
 *
 * All places are offsets into the text. `from` and `to` enclose what a value is written as, without its
 * anchor, its tag and comments; a block collection goes from its first key or dash to the end of its last
 * value. A value that is not written at all (`key:`) has `from === to`, right after the colon or dash.
 */
import type { Json } from "../json";

export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded" | "empty";

export interface ScalarNode {
  readonly kind: "scalar";
  readonly from: number;
  readonly to: number;
  readonly style: ScalarStyle;
  readonly data: Json;
}

/** A reference to an anchored value; what it means can only be changed where the anchor is. */
export interface AliasNode {
  readonly kind: "alias";
  readonly from: number;
  readonly to: number;
  readonly anchor: string;
  readonly data: Json;
}

export interface MapNode {
  readonly kind: "map";
  readonly from: number;
  readonly to: number;
  readonly style: "block" | "flow";
  readonly entries: readonly Entry[];
  readonly data: Json;
}

export interface ListNode {
  readonly kind: "list";
  readonly from: number;
  readonly to: number;
  readonly style: "block" | "flow";
  readonly items: readonly Item[];
  readonly data: Json;
}

export type Node = ScalarNode | AliasNode | MapNode | ListNode;

/** `from` is where the entry begins (an anchor, a `?`, or the key); `colon` is behind the colon, -1 without. */
export interface Entry {
  readonly name: string;
  readonly from: number;
  readonly keyFrom: number;
  readonly keyTo: number;
  readonly keyStyle: ScalarStyle;
  readonly colon: number;
  readonly node: Node;
}

/** `from` is the dash in a block list; in a flow list it is where the item begins. */
export interface Item {
  readonly from: number;
  readonly node: Node;
}

/** Where the text of an entry ends. */
export function entryEnd(entry: Entry): number {
  return Math.max(entry.node.to, entry.colon, entry.keyTo);
}

/** The same node in a text that has `delta` characters more before it. */
export function shifted<T extends Node>(node: T, delta: number): T {
  const from = node.from + delta;
  const to = node.to + delta;
  switch (node.kind) {
    case "map":
      return { ...node, from, to, entries: node.entries.map((entry) => shiftedEntry(entry, delta)) };
    case "list":
      return { ...node, from, to, items: node.items.map((item) => shiftedItem(item, delta)) };
    default:
      return { ...node, from, to };
  }
}

export function shiftedEntry(entry: Entry, delta: number): Entry {
  return {
    name: entry.name,
    from: entry.from + delta,
    keyFrom: entry.keyFrom + delta,
    keyTo: entry.keyTo + delta,
    keyStyle: entry.keyStyle,
    colon: entry.colon < 0 ? -1 : entry.colon + delta,
    node: shifted(entry.node, delta),
  };
}

export function shiftedItem(item: Item, delta: number): Item {
  return { from: item.from + delta, node: shifted(item.node, delta) };
}
