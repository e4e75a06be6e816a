/** Values as new text, laid out like the text around. */
import { isList, isMap, type Json } from "../json";
import { inlineScalar, isLiteral, keyText, literal } from "./scalar";
import type { Habits } from "./source";

function isEmptyCollection(value: Json): boolean {
  return (isList(value) && value.length === 0) || (isMap(value) && Object.keys(value).length === 0);
}

/** Whether a value needs lines of its own in a block. */
export function isBlock(value: Json): boolean {
  return typeof value === "object" && value !== null && !isEmptyCollection(value);
}

/** A value on one line, as in a flow collection. */
export function flowText(value: Json, json: boolean): string {
  if (isList(value)) return `[${value.map((each) => flowText(each, json)).join(", ")}]`;
  if (isMap(value)) {
    const entries = Object.entries(value).map(
      ([name, each]) => `${keyText(name, { flow: true, json })}: ${flowText(each, json)}`,
    );
    return `{${entries.join(", ")}}`;
  }
  return inlineScalar(value, { flow: true, json });
}

/** A JSON value over several lines; the first stands where it is put, the others are indented by `column`. */
export function jsonText(value: Json, column: number, { step, lineBreak }: Habits): string {
  return JSON.stringify(value, null, step).replaceAll("\n", lineBreak + " ".repeat(column));
}

/**
 * The lines of a map or list in block style at a column. The first has no indentation: what comes before it
 * (a dash, a line break and spaces) is the caller's.
 */
export function blockText(value: Json, column: number, habits: Habits): string {
  const { lineBreak } = habits;
  const indent = lineBreak + " ".repeat(column);
  if (isList(value)) return value.map((each) => itemText(each, column, habits)).join(indent);
  if (isMap(value)) {
    return Object.entries(value)
      .map(([name, each]) => entryText(name, each, column, habits))
      .join(indent);
  }
  throw new TypeError("only maps and lists have lines of their own");
}

/** `- value`, its further lines for a dash at `column`. */
export function itemText(value: Json, column: number, habits: Habits): string {
  if (!isBlock(value)) return `- ${inlineText(value, column, habits)}`;
  return `- ${blockText(value, column + 2, habits)}`;
}

/** `key: value`, its further lines for a key at `column`. */
export function entryText(name: string, value: Json, column: number, habits: Habits): string {
  return keyText(name, { flow: false, json: false }) + ":" + behindColon(value, column, habits);
}

/** What stands behind a key at `column` and its colon, the space included. */
export function behindColon(value: Json, column: number, habits: Habits): string {
  if (!isBlock(value)) return " " + inlineText(value, column, habits);
  const child = column + (isList(value) ? habits.listStep : habits.step);
  return habits.lineBreak + " ".repeat(child) + blockText(value, child, habits);
}

/** A value that begins behind a key or dash at `column`: a scalar, a literal block, an empty collection. */
export function inlineText(value: Json, column: number, habits: Habits): string {
  if (typeof value === "string" && habits.literals && isLiteral(value)) {
    return literal(value, column + Math.max(habits.step, 2), habits.lineBreak);
  }
  return isEmptyCollection(value) ? flowText(value, false) : inlineScalar(value, { flow: false, json: false });
}
