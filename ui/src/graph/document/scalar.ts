/** Texts, numbers and keys as YAML and JSON write them. */
import type { Json } from "../json";
import type { ScalarStyle } from "./node";

// What the core schema, or YAML 1.1 in other tools, reads as something else than a text.
const OTHER_TYPE = new RegExp(
  [
    "~|null|true|false|yes|no|on|off|<<|=",
    "[-+]?\\.(?:inf|nan)",
    "[-+]?0[ox][0-9a-f_]+",
    "[-+]?\\.?\\d[\\d_]*(?:\\.[\\d_]*)?(?:e[-+]?\\d+)?",
    "[-+]?\\d[\\d_]*(?::[0-5]?\\d)+(?:\\.[\\d_]*)?",
    "\\d{4}-\\d\\d?-\\d\\d?.*",
  ]
    .map((each) => `^(?:${each})$`)
    .join("|"),
  "i",
);
const INDICATOR_FIRST = /^[-?:,[\]{}#&*!|>'"%@`]/;
// eslint-disable-next-line no-control-regex -- they are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]/;

/** Whether a text can stand without quotes. */
export function isPlain(text: string, flow: boolean): boolean {
  if (text === "" || text !== text.trim() || /[\n\r\t]/.test(text)) return false;
  if (OTHER_TYPE.test(text) || UNPRINTABLE.test(text)) return false;
  if (INDICATOR_FIRST.test(text) && !/^-[A-Za-z(.$]/.test(text)) return false;
  if (/: |:$| #|^\.\.\.|^---/.test(text)) return false;
  return !flow || !/[,[\]{}]|:[,[\]{}]/.test(text);
}

export function doubleQuoted(text: string): string {
  // JSON's escapes are YAML's; what JSON leaves and YAML does not print is escaped here.
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

export function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function canBeSingle(text: string): boolean {
  return !/[\n\r\t]/.test(text) && !UNPRINTABLE.test(text);
}

export interface ScalarContext {
  readonly flow: boolean;
  readonly json: boolean;
  /** How the value was written before: kept where it can be. */
  readonly was?: ScalarStyle;
}

/** A scalar on one line. */
export function inlineScalar(value: Json, context: ScalarContext): string {
  if (context.json) return JSON.stringify(value);
  if (typeof value === "number") return numberText(value);
  if (typeof value !== "string") return JSON.stringify(value);
  const single = canBeSingle(value);
  if (context.was === "double") return doubleQuoted(value);
  if (context.was === "single" && single) return singleQuoted(value);
  if (isPlain(value, context.flow)) return value;
  return single && /["\\]/.test(value) && !value.includes("'") ? singleQuoted(value) : doubleQuoted(value);
}

function numberText(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (value === Infinity) return ".inf";
  return value === -Infinity ? "-.inf" : Object.is(value, -0) ? "0" : String(value);
}

/** A key of a map. */
export function keyText(name: string, context: ScalarContext): string {
  if (context.json) return JSON.stringify(name);
  if (context.was === "single" && canBeSingle(name)) return singleQuoted(name);
  if (context.was === "double" || name.length > 1000) return doubleQuoted(name);
  return isPlain(name, context.flow) ? name : doubleQuoted(name);
}

/** Whether a text can be written as a literal block: lines as they are. */
export function isLiteral(text: string): boolean {
  return (
    text.includes("\n") &&
    /^[^\s]/.test(text) &&
    !/[\r\t]|[ ]\n|[ ]$/.test(text) &&
    !UNPRINTABLE.test(text) &&
    // What is kept at the end would also keep what follows in the file.
    !/\n\n$/.test(text)
  );
}

/** A literal block: its header, and its lines at a column. */
export function literal(text: string, column: number, lineBreak: string): string {
  const clipped = text.endsWith("\n");
  const lines = (clipped ? text.slice(0, -1) : text).split("\n");
  const indent = " ".repeat(column);
  return [clipped ? "|" : "|-", ...lines.map((line) => (line === "" ? "" : indent + line))].join(lineBreak);
}
