/** A readable text with its nodes; what every edit begins with and ends in. Never changes. */
import type { Json } from "../json";
import { segments } from "../pointer";
import { columnOf } from "./lines";
import type { Entry, Item, ListNode, MapNode, Node } from "./node";
import { EditError, type TextProblem } from "./problem";
import { read } from "./read";

export interface Source {
  readonly text: string;
  readonly syntax: "yaml" | "json";
  readonly root: Node;
  readonly linked: boolean;
  readonly habits: Habits;
}

/** How the text is laid out; what is added follows it. */
export interface Habits {
  readonly lineBreak: "\n" | "\r\n";
  /** Columns by which a nested map is indented. */
  readonly step: number;
  /** Columns by which the dashes of a list stand to the right of their key. */
  readonly listStep: number;
  /** Whether texts of several lines are written as literal blocks. */
  readonly literals: boolean;
}

export type Opened =
  | { readonly source: Source; readonly problem?: never }
  | { readonly source?: never; readonly problem: TextProblem };

/** Read a text. */
export function open(text: string): Opened {
  const result = read(text);
  if (!("read" in result)) return { problem: result.problem };
  const { root, linked } = result.read;
  const syntax = isJson(text) ? "json" : "yaml";
  return { source: { text, syntax, root, linked, habits: habitsOf(text, root, syntax) } };
}

/** Read a text that must be readable; throws `EditError` when it is not. */
export function opened(text: string): Source {
  const result = open(text);
  if (result.problem) throw new EditError("unreadable", result.problem.message);
  return result.source;
}

function isJson(text: string): boolean {
  if (!/^\uFEFF?\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text.replace(/^\uFEFF/, ""));
    return true;
  } catch {
    return false;
  }
}

function habitsOf(text: string, root: Node, syntax: "yaml" | "json"): Habits {
  const lines = text.split("\n").length - 1;
  const withReturn = text.split("\r\n").length - 1;
  const found: { step?: number; listStep?: number } = {};
  if (syntax === "json") {
    const first = root.kind === "map" ? root.entries[0] : undefined;
    if (first) found.step = columnOf(text, first.from);
  } else {
    look(text, root, found);
  }
  return {
    lineBreak: withReturn * 2 > lines ? "\r\n" : "\n",
    step: found.step || 2,
    listStep: found.listStep ?? 2,
    literals: true,
  };
}

/** Look for the first nested map and the first list in a map. */
function look(text: string, node: Node, found: { step?: number; listStep?: number }): void {
  if (found.step !== undefined && found.listStep !== undefined) return;
  if (node.kind === "map" && node.style === "block") {
    for (const entry of node.entries) {
      const child = entry.node;
      if ((child.kind !== "map" && child.kind !== "list") || child.style !== "block") continue;
      const distance = columnOf(text, child.from) - columnOf(text, entry.from);
      if (child.kind === "map") found.step ??= distance;
      else found.listStep ??= distance;
      look(text, child, found);
    }
  } else if (node.kind === "list" && node.style === "block") {
    for (const item of node.items.slice(0, 20)) look(text, item.node, found);
  }
}

export function dataOf(source: Source): Json {
  return source.root.data;
}

/** A node with how it hangs in its parent. */
export interface Placed {
  readonly node: Node;
  readonly parent: MapNode | ListNode | null;
  readonly index: number;
  readonly entry: Entry | null;
  readonly item: Item | null;
}

/** The node at a pointer, `null` when nothing is written there. Throws `EditError` behind an alias. */
export function placed(source: Source, pointer: string): Placed | null {
  let found: Placed = { node: source.root, parent: null, index: 0, entry: null, item: null };
  for (const name of segments(pointer)) {
    const parent = found.node;
    if (parent.kind === "alias") throw behindAlias(parent.anchor);
    if (parent.kind === "map") {
      const index = parent.entries.findIndex((each) => each.name === name);
      const entry = parent.entries[index];
      if (!entry) return null;
      found = { node: entry.node, parent, index, entry, item: null };
    } else if (parent.kind === "list") {
      const index = /^(0|[1-9]\d*)$/.test(name) ? Number(name) : -1;
      const item = parent.items[index];
      if (!item) return null;
      found = { node: item.node, parent, index, entry: null, item };
    } else {
      return null;
    }
  }
  return found;
}

/** Like `placed`; throws `EditError` when there is nothing. */
export function found(source: Source, pointer: string): Placed {
  const result = placed(source, pointer);
  if (!result) throw new EditError("missing", `there is nothing at ${pointer || "the top"}`, { pointer });
  return result;
}

export function behindAlias(anchor: string): EditError {
  return new EditError("alias", `this is written at the anchor \`&${anchor}\`; change it there`, { anchor });
}
