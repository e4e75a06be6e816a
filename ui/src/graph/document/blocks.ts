/**
 * Adding to and taking from block collections: whole lines, with the comments that belong to them.
 *
 * A comment belongs to the child below it when it stands in the column of the children directly above one,
 * and to the child above it when it follows directly and is indented further.
 */
import { columnOf, isFirstOnLine, lineEnd, lineStart, nextLine, type Splice } from "./lines";
import { entryEnd, type ListNode, type MapNode } from "./node";
import type { Source } from "./source";

interface Child {
  readonly from: number;
  readonly to: number;
}

export function childrenOf(node: MapNode | ListNode): Child[] {
  return node.kind === "map"
    ? node.entries.map((entry) => ({ from: entry.from, to: entryEnd(entry) }))
    : node.items.map((item) => ({ from: item.from, to: Math.max(item.node.to, item.from + 1) }));
}

const COMMENT = /^[ \t]*#/;

function lineAt(text: string, start: number): string {
  return text.slice(start, lineEnd(text, start));
}

function isBlank(line: string): boolean {
  return line.trim() === "";
}

/** Where the lines of a child begin, with the comments above that belong to it. */
export function leadStart(text: string, children: readonly Child[], index: number): number {
  const child = children[index];
  if (!child) throw new RangeError(`no child ${index}`);
  const column = columnOf(text, child.from);
  const before = index > 0 ? tailEnd(text, children, index - 1) : -1;
  let start = lineStart(text, child.from);
  while (start > 0) {
    const above = lineStart(text, start - 1);
    const line = lineAt(text, above);
    if (above <= before || !COMMENT.test(line) || line.search(/\S/) !== column) break;
    start = above;
  }
  return start;
}

/** Where the last line of a child ends (before its line break), with the comments that belong to it. */
export function tailEnd(text: string, children: readonly Child[], index: number): number {
  const child = children[index];
  if (!child) throw new RangeError(`no child ${index}`);
  const column = columnOf(text, child.from);
  let end = lineEnd(text, child.to);
  for (;;) {
    const next = nextLine(text, end);
    if (next >= text.length) return end;
    const line = lineAt(text, next);
    if (!COMMENT.test(line) || line.search(/\S/) <= column) return end;
    end = lineEnd(text, next);
  }
}

/** Put lines, the first without indentation, before the child at `index`, or behind the last one. */
export function insertBlock(source: Source, node: MapNode | ListNode, index: number, lines: string): Splice {
  const { text } = source;
  const { lineBreak } = source.habits;
  const children = childrenOf(node);
  const indent = " ".repeat(columnOf(text, node.from));
  const child = children[index];
  if (!child) {
    const end = tailEnd(text, children, children.length - 1);
    const gap = blankBetween(text, children) ? lineBreak : "";
    return { from: end, to: end, text: gap + lineBreak + indent + lines };
  }
  if (!isFirstOnLine(text, child.from)) {
    return { from: child.from, to: child.from, text: lines + lineBreak + indent };
  }
  const at = leadStart(text, children, index);
  const gap = blankBetween(text, children) ? lineBreak : "";
  return { from: at, to: at, text: indent + lines + lineBreak + gap };
}

/** Whether a blank line stands between all children. */
function blankBetween(text: string, children: readonly Child[]): boolean {
  return (
    children.length > 1 &&
    children.slice(1).every((child, index) => {
      const above = children[index];
      return above !== undefined && /\n[ \t]*\r?\n/.test(text.slice(lineEnd(text, above.to), child.from));
    })
  );
}

/** Take a child out, one of several. */
export function removeBlock(source: Source, node: MapNode | ListNode, index: number): Splice {
  const { text } = source;
  const children = childrenOf(node);
  const child = children[index];
  if (!child || children.length < 2) throw new RangeError("only one of several can be taken out");
  const end = tailEnd(text, children, index);
  const next = children[index + 1];
  if (next && !isFirstOnLine(text, child.from)) {
    const between = text.slice(lineEnd(text, child.to), next.from);
    if (!between.includes("#")) return { from: child.from, to: next.from, text: "" };
    // The dash stays alone on its line, above the comment.
    const from = lineStart(text, child.from) + text.slice(lineStart(text, child.from), child.from).trimEnd().length;
    return { from, to: end, text: "" };
  }
  let from = leadStart(text, children, index);
  let to = nextLine(text, end);
  const unended = to === end || (to >= text.length && text[to - 1] !== "\n");
  // The blank line above separated it: from nothing any more, or as the one below does.
  if (from > 0 && (!next || isBlank(lineAt(text, to)))) {
    const above = lineStart(text, from - 1);
    const previous = children[index - 1];
    // A blank line that a block scalar keeps is its content.
    if (isBlank(lineAt(text, above)) && (!previous || above > previous.to)) from = above;
  }
  if (unended) {
    // The last line of a text that does not end with a line break: its text still must not.
    from = from > 0 ? lineEnd(text, lineStart(text, from - 1)) : 0;
    to = text.length;
  }
  return { from, to, text: "" };
}
