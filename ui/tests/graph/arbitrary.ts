/** Random documents as text: styles, comments, quotes and line breaks as people write them. */
import fc from "fast-check";
import type { Json } from "../../src/graph/json";

const words = ["a", "pay", "check", "with", "then", "x-y", "two words", "0", "no", "#1", "a: b", "[", "${ .x }", "é", "*", ""];
export const name = fc.constantFrom(...words.slice(0, 11), "__proto__");
const scalar: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom<Json>(...words, "one\ntwo\n", "one\n\n  two", "it's", 'say "x"', "tab\there", " pad ", "1.10", "2024-01-01", "\u0007"),
  fc.integer({ min: -1000, max: 1000 }),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(0.5, -1.25, 1e21),
);

export const json: fc.Arbitrary<Json> = fc.letrec<{ value: Json; list: Json; map: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 3 }, { weight: 3, arbitrary: scalar }, { weight: 1, arbitrary: tie("list") }, { weight: 2, arbitrary: tie("map") }),
  list: fc.array(tie("value"), { maxLength: 3 }),
  map: fc.dictionary(name, tie("value"), { maxKeys: 4 }),
})).value;

export const jsonMap = fc.dictionary(name, json, { minKeys: 1, maxKeys: 4 });

/** How one document is laid out; `take` gives the next choice. */
interface Hand {
  readonly take: (choices: number) => number;
  readonly lineBreak: string;
  readonly step: number;
  readonly listStep: number;
  comments: number;
}

export interface Written {
  readonly text: string;
  readonly data: Json;
  /** All comments in it; each is there once. */
  readonly comments: number;
}

/** A document with its text in a random but valid layout. */
export const written: fc.Arbitrary<Written> = fc
  .record({
    data: jsonMap,
    choices: fc.array(fc.nat(1000), { minLength: 1, maxLength: 150 }),
    lineBreak: fc.constantFrom("\n", "\r\n"),
    step: fc.constantFrom(2, 4, 1),
    listStep: fc.constantFrom(0, 2, 4),
    ends: fc.boolean(),
  })
  .map(({ data, choices, lineBreak, step, listStep, ends }) => {
    let taken = 0;
    const take = (count: number) => (choices[taken++ % choices.length] ?? 0) % count;
    const hand: Hand = { take, lineBreak, step, listStep, comments: 0 };
    const lines = mapLines(data, 0, hand);
    return { text: lines.join(lineBreak) + (ends ? lineBreak : ""), data, comments: hand.comments };
  });

function quoted(value: Json, hand: Hand, flow: boolean): string {
  if (typeof value !== "string") return JSON.stringify(value);
  const plain = /^[A-Za-z$.é][\w .$é-]*[\w$é]$|^[a-z]$/.test(value) && !/^(no|null|true|false)$/.test(value);
  const choice = hand.take(3);
  if (plain && choice === 0) return value;
  // eslint-disable-next-line no-control-regex -- what cannot stand in single quotes
  if (choice === 1 && !/[\n\u0007\t]/.test(value)) return `'${value.replaceAll("'", "''")}'`;
  return flow || choice < 3 ? JSON.stringify(value) : value;
}

function flowText(value: Json, hand: Hand): string {
  const space = hand.take(2) === 0 ? "" : " ";
  if (Array.isArray(value)) return `[${space}${(value as Json[]).map((each) => flowText(each, hand)).join(", ")}${space}]`;
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, each]) => `${quoted(key, hand, true)}: ${flowText(each, hand)}`);
    return `{${space}${entries.join(", ")}${space}}`;
  }
  return quoted(value, hand, true);
}

function comment(hand: Hand): string {
  hand.comments += 1;
  return `# comment ${hand.comments}.`;
}

/** Comments and blank lines that may stand before an entry. */
function before(column: number, hand: Hand): string[] {
  switch (hand.take(8)) {
    case 0:
      return [" ".repeat(column) + comment(hand)];
    case 1:
      return [""];
    case 2:
      return ["", " ".repeat(column) + comment(hand)];
    default:
      return [];
  }
}

function behind(hand: Hand): string {
  return hand.take(6) === 0 ? ` ${comment(hand)}` : "";
}

function isBlock(value: Json): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length > 0;
}

function literal(value: string, column: number): string[] | null {
  if (!/^[a-z]/.test(value) || !value.endsWith("\n") || value.endsWith("\n\n")) return null;
  return value.slice(0, -1).split("\n").map((line) => (line === "" ? "" : " ".repeat(column) + line));
}

function valueLines(head: string, value: Json, column: number, listColumn: number, hand: Hand): string[] {
  if (isBlock(value) && hand.take(3) > 0) {
    const below = Array.isArray(value) ? listLines(value as Json[], listColumn, hand) : mapLines(value as Record<string, Json>, column, hand);
    return [head + behind(hand), ...below];
  }
  const block = typeof value === "string" ? literal(value, column + 1) : null;
  if (block && hand.take(2) === 0) return [`${head} |`, ...block];
  if (value === null && hand.take(2) === 0) return [head + behind(hand)];
  return [`${head} ${flowText(value, hand)}${behind(hand)}`];
}

function mapLines(map: Record<string, Json>, column: number, hand: Hand): string[] {
  return Object.entries(map).flatMap(([key, value]) => [
    ...before(column, hand),
    ...valueLines(`${" ".repeat(column)}${quoted(key, hand, true)}:`, value, column + hand.step, column + hand.listStep, hand),
  ]);
}

function listLines(list: readonly Json[], column: number, hand: Hand): string[] {
  return list.flatMap((value) => {
    const dash = `${" ".repeat(column)}-`;
    if (isBlock(value) && !Array.isArray(value) && hand.take(3) > 0) {
      const [first = "", ...rest] = mapLines(value as Record<string, Json>, column + 2, { ...hand, take: (count) => Math.max(hand.take(count), Math.min(3, count - 1)) });
      return [...before(column, hand), `${dash} ${first.trimStart()}`, ...rest];
    }
    return [...before(column, hand), ...valueLines(dash, value, column + 2, column + 2, hand)];
  });
}
