/**
 * Where a cursor is in an expression: what is being typed there, and an expression for the data that it is about.
 * Pure. Approximate where jq is: what cannot be told completes nothing wrong, only less.
 */

/** What is being typed. `from` is where the word begins that a completion replaces. */
export type Typed =
  | { readonly of: "text"; readonly from: number }
  /** A key behind a `.`: `base` is an expression that gives what has the keys. */
  | { readonly of: "key"; readonly from: number; readonly word: string; readonly base: string }
  | { readonly of: "variable"; readonly from: number; readonly word: string }
  | { readonly of: "word"; readonly from: number; readonly word: string };

/** Functions whose arguments see each element, not the whole input. */
const PER_ELEMENT = new Set(["map", "map_values", "sort_by", "group_by", "unique_by", "min_by", "max_by", "any", "all", "with_entries"]);
const CHAIN = /(?:\$[A-Za-z_]\w*)?(?:\.(?:[A-Za-z_]\w*|"(?:[^"\\]|\\.)*")|\.?\[(?:-?\d*(?::-?\d*)?|"(?:[^"\\]|\\.)*")\]|\?)*$/;

/** Where the expression is that a cursor is in: the whole text of a bare one, else between `${` and `}`. */
export function expressionAt(text: string, cursor: number, bare: boolean): { from: number; to: number } | null {
  for (let start = text.indexOf("${"); start >= 0; start = text.indexOf("${", start + 2)) {
    const end = endOf(text, start + 2);
    if (cursor >= start + 2 && cursor <= end) return { from: start + 2, to: end };
    start = end;
  }
  return bare && !text.includes("${") ? { from: 0, to: text.length } : null;
}

function endOf(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = stringEnd(text, at);
    else if (character === "{") depth += 1;
    else if (character === "}") {
      if (depth === 0) return at;
      depth -= 1;
    }
  }
  return text.length;
}

/** Where a string that begins at a quote ends; interpolations in it are passed over. */
function stringEnd(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === "\\" && text[at + 1] === "(") {
      let depth = 0;
      for (at += 1; at < text.length; at += 1) {
        if (text[at] === '"') at = stringEnd(text, at);
        else if (text[at] === "(") depth += 1;
        else if (text[at] === ")" && (depth -= 1) === 0) break;
      }
    } else if (text[at] === "\\") at += 1;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** What is typed at a cursor. `bare`: the whole text is an expression where it has no `${ }`. */
export function typedAt(text: string, cursor: number, bare: boolean): Typed {
  const around = expressionAt(text, cursor, bare);
  if (!around) return { of: "text", from: cursor };
  const before = text.slice(around.from, cursor);
  const scanned = scan(before);
  if (scanned === null) return { of: "text", from: cursor };
  const variable = /\$(\w*)$/.exec(before);
  if (variable) return { of: "variable", from: cursor - variable[0].length, word: variable[1] ?? "" };
  const key = /\.([A-Za-z_]\w*)?$/.exec(before);
  if (key && !/[\d.]\.$/.test(before)) {
    const word = key[1] ?? "";
    const head = before.slice(0, before.length - key[0].length);
    const chain = CHAIN.exec(head)?.[0] ?? "";
    // Behind what is no path (`map(.a).`), the whole of it is what has the keys.
    const base = chain === "" && /[)\]}"]$/.test(head) ? joinedPipe(scanned.input, head.slice(scanned.from).trim()) : joined(scanned.input, chain);
    return { of: "key", from: cursor - word.length, word, base };
  }
  const word = /[A-Za-z_]\w*$/.exec(before)?.[0] ?? "";
  return { of: "word", from: cursor - word.length, word };
}

function joined(input: string, chain: string): string {
  const path = chain === "" ? "." : chain.startsWith("[") ? `.${chain}` : chain;
  if (input === ".") return path;
  return path === "." ? input : `${input} | ${path}`;
}

/** An expression for the input of what stands at the end of a text; `null` inside of a string or comment. */
function scan(text: string): { input: string; from: number } | null {
  interface Level {
    /** The input of the level. */
    readonly base: string;
    /** The input of what is written now. */
    input: string;
    /** Where that begins. */
    from: number;
    readonly closes: string;
  }
  const first: Level = { base: ".", input: ".", from: 0, closes: "" };
  const levels: Level[] = [first];
  const closing: Record<string, string> = { "(": ")", "[": "]", "{": "}" };
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? "";
    const level = levels.at(-1) ?? first;
    if (character === '"') {
      const end = stringEnd(text, at);
      if (end >= text.length) return null;
      at = end;
    } else if (character === "#") {
      const end = text.indexOf("\n", at);
      if (end < 0) return null;
      at = end;
    } else if (closing[character] !== undefined) {
      const called = /([A-Za-z_]\w*)\s*$/.exec(text.slice(level.from, at))?.[1] ?? "";
      const base = PER_ELEMENT.has(called) && character === "(" ? elementsOf(level.input, called) : level.input;
      levels.push({ base, input: base, from: at + 1, closes: closing[character] });
    } else if (character === level.closes && levels.length > 1) levels.pop();
    else if (character === "|" && text[at + 1] !== "=") {
      const piece = text.slice(level.from, at).trim();
      // `… as $name |` goes on with the same input.
      if (!/\bas\s+[$[{].*$/s.test(piece)) level.input = joinedPipe(level.input, piece);
      level.from = at + 1;
    } else if (character === ";" || (character === "," && level.closes !== "")) {
      level.input = level.base;
      level.from = at + 1;
    } else if (character === ":" && level.closes === "}") level.from = at + 1;
  }
  const { input, from } = levels.at(-1) ?? first;
  return { input, from };
}

function elementsOf(input: string, called: string): string {
  const each = called === "with_entries" ? "to_entries[]" : ".[]";
  return input === "." ? each : `${input} | ${each}`;
}

function joinedPipe(input: string, piece: string): string {
  const own = piece.replace(/^(?:if|then|elif|else|and|or)\b/, "").trim();
  if (own === "" || own === ".") return input;
  return input === "." ? own : `${input} | ${own}`;
}

/** The keys of what an expression gave, each with what one of its values is. */
export function keysOf(values: readonly unknown[]): { name: string; detail: string }[] {
  const found = new Map<string, string>();
  for (const value of values) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) continue;
    for (const [name, each] of Object.entries(value)) if (!found.has(name)) found.set(name, shortOf(each));
  }
  return [...found].map(([name, detail]) => ({ name, detail }));
}

const SHORT = 28;

/** A value in few characters. */
export function shortOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.length}]`;
  if (typeof value === "object" && value !== null) return "{…}";
  const text = JSON.stringify(value);
  return text.length > SHORT ? `${text.slice(0, SHORT - 1)}…` : text;
}

/** A key as it is written behind a `.`. */
export function keyText(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
}
