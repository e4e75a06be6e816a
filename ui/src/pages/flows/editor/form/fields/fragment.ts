/** A value's own lines out of the text, without what they are indented by. Pure. */
import { columnOf } from "../../../../../graph/document/lines";
import type { Placed, Source } from "../../../../../graph/document/source";

export function fragmentOf(source: Source, { node }: Placed): string {
  const written = source.text.slice(node.from, node.to);
  const lines = written.split("\n");
  if (node.kind === "scalar" && (node.style === "literal" || node.style === "folded")) return JSON.stringify(node.data);
  const column = columnOf(source.text, node.from);
  return lines.map((line, at) => (at === 0 ? line : line.slice(Math.min(column, line.search(/\S|$/))))).join("\n").trimEnd();
}
