/** What is wrong with a text, or with an edit. */

/** Why a text cannot be read, and where: `line` and `column` count from 1, `from` and `to` are offsets. */
export interface TextProblem {
  readonly code: string;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly from: number;
  readonly to: number;
}

export type EditProblem =
  | "alias" // the value is a reference to an anchor
  | "missing" // there is nothing at the pointer
  | "not-a-list"
  | "not-a-map"
  | "name-taken"
  | "name-empty"
  | "name-reserved" // `continue`, `exit` and `end` are directives
  | "flowapp-only" // an OWS document has no triggers and functions of its own
  | "other-list" // a directive only reaches tasks of its own list
  | "into-itself"
  | "no-place" // wherever it stood, something else would go on there too
  | "layout" // the text is laid out in a way that only a person can edit
  | "unreadable"; // what would be inserted is no task

/** An edit that was refused; the document is as it was. `values` are for messages in other languages. */
export class EditError extends Error {
  override readonly name = "EditError";

  constructor(
    readonly code: EditProblem,
    message: string,
    readonly values: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Line and column of an offset, both from 1. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < offset; at = text.indexOf("\n", at + 1)) {
    line += 1;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}
