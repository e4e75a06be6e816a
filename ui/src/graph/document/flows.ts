/** Adding to and taking from flow collections (`[a, b]`, `{a: 1}`), on one line or on several; JSON too. */
import { childrenOf } from "./blocks";
import { columnOf, isFirstOnLine, lineEnd, lineStart, nextLine, type Splice } from "./lines";
import type { ListNode, MapNode } from "./node";
import type { Source } from "./source";

/** How what is added has to be written: at a column with lines of its own, or on the line. */
export interface FlowPlace {
  readonly column: number;
  readonly lines: boolean;
}

function firstColumn(text: string, offset: number): number {
  const start = lineStart(text, offset);
  return text.slice(start).search(/\S|$/);
}

/** Put a child before the one at `index`, or behind the last; `print` writes it. */
export function insertFlow(
  source: Source,
  node: MapNode | ListNode,
  index: number,
  print: (place: FlowPlace) => string,
): Splice[] {
  const { text } = source;
  const { lineBreak, step } = source.habits;
  const children = childrenOf(node);
  const first = children[0];
  if (!first) {
    const column = firstColumn(text, node.from);
    if (source.syntax === "json" && text.includes("\n")) {
      const own = print({ column: column + step, lines: true });
      const inner = lineBreak + " ".repeat(column + step) + own + lineBreak + " ".repeat(column);
      return [{ from: node.from + 1, to: node.to - 1, text: inner }];
    }
    return [{ from: node.from + 1, to: node.from + 1, text: print({ column, lines: false }) }];
  }
  const lines = text.slice(node.from, first.from).includes("\n");
  const column = lines ? columnOf(text, first.from) : firstColumn(text, node.from);
  const piece = print({ column, lines: lines && source.syntax === "json" });
  const indent = lineBreak + " ".repeat(column);
  const child = children[index];
  if (child) return [{ from: child.from, to: child.from, text: piece + (lines ? "," + indent : ", ") }];
  const last = children.at(-1) ?? first;
  const comma = commaBehind(text, last.to, node.to - 1);
  const end = comma < 0 ? last.to : comma + 1;
  if (!lines) return [{ from: end, to: end, text: (comma < 0 ? ", " : " ") + piece }];
  const comment = /^[ \t]+#[^\n\r]*/.exec(text.slice(end, node.to - 1))?.[0].length ?? 0;
  const added: Splice = { from: end + comment, to: end + comment, text: indent + piece + (comma < 0 ? "" : ",") };
  if (comma >= 0) return [added];
  if (comment === 0) return [{ ...added, text: "," + added.text }];
  return [{ from: end, to: end, text: "," }, added];
}

/** Where the comma behind a child is, -1 when there is none before `end`. */
function commaBehind(text: string, from: number, end: number): number {
  const skipped = /^(?:\s|#[^\n]*)*/.exec(text.slice(from, end))?.[0].length ?? 0;
  return text[from + skipped] === "," && from + skipped < end ? from + skipped : -1;
}

export function removeFlow(source: Source, node: MapNode | ListNode, index: number): Splice[] {
  const { text } = source;
  const children = childrenOf(node);
  const child = children[index];
  if (!child) throw new RangeError(`no child ${index}`);
  const previous = children[index - 1];
  const next = children[index + 1];
  if (!previous && !next) return [{ from: node.from + 1, to: node.to - 1, text: "" }];
  const comma = commaBehind(text, child.to, node.to - 1);
  const end = comma < 0 ? child.to : comma + 1;
  const rest = text.slice(end, lineEnd(text, end));
  const ownLines = isFirstOnLine(text, child.from) && /^[ \t]*(#.*)?$/.test(rest);
  if (ownLines) {
    const whole: Splice = { from: lineStart(text, child.from), to: nextLine(text, end), text: "" };
    if (comma >= 0 || !previous) return [whole];
    const before = commaBehind(text, previous.to, child.from);
    return [{ from: before, to: before + 1, text: "" }, whole];
  }
  if (next) return [{ from: child.from, to: next.from, text: "" }];
  return [{ from: previous?.to ?? child.from, to: child.to, text: "" }];
}
