/** The lines of a function as they come: a bounded list, each line once. Pure. */
import type { Schemas } from "../../../client/api";

export type FunctionLine = Schemas["FunctionLine"];

export const LINES_SHOWN_MAX = 5_000;

/** Lines with one more at their end; one that is known already changes nothing. */
export function withLine(lines: readonly FunctionLine[], line: FunctionLine, max = LINES_SHOWN_MAX): readonly FunctionLine[] {
  const last = lines.at(-1);
  if (last && line.number <= last.number) return lines;
  return [...lines.slice(Math.max(0, lines.length + 1 - max)), line];
}

export type Stream = "all" | "errors" | "host";

/** Those that somebody asked for: by what they say, and by where they were written. */
export function linesFor(lines: readonly FunctionLine[], search: string, stream: Stream): readonly FunctionLine[] {
  const wanted = search.trim().toLowerCase();
  return lines.filter(
    (line) =>
      (stream === "all" || (stream === "errors" ? line.stream === "stderr" : line.stream === "host")) &&
      (wanted === "" || line.text.toLowerCase().includes(wanted)),
  );
}
