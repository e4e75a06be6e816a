/** Two people's changes to a value on one line: put together by what they say, written into the text of one. */
import { type Json } from "../json";
import { within } from "../pointer";
import { changesOf } from "./changes";
import { EditError } from "./problem";
import { open } from "./source";
import { removeValue, setValue } from "./values";

export interface Value {
  readonly text: string;
  readonly data: Json;
}

/** My text with their changes, too; `null` when both changed the same, or a comment could be lost. */
export function mergedFlow(base: Value, mine: Value, theirs: Value): string | null {
  if ([base, mine, theirs].some(({ text, data }) => text.includes("#") || typeof data !== "object" || data === null)) return null;
  const own = changesOf(base.data, mine.data);
  const others = changesOf(base.data, theirs.data);
  if (own.some(({ pointer }) => others.some((other) => within(pointer, other.pointer) || within(other.pointer, pointer)))) return null;
  try {
    let { source } = open(mine.text);
    for (const { pointer, after } of others) source &&= after === undefined ? removeValue(source, pointer) : setValue(source, pointer, after);
    return source?.text ?? null;
  } catch (error) {
    if (error instanceof EditError) return null;
    throw error;
  }
}
