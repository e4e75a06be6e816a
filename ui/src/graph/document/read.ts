/**
 * Text to nodes with places (YAML 1.2 core schema, of which JSON is a part).
 *
 * The data are those that the server reads: keys are texts as written, dates stay texts, `<<` merges.
 */
import {
  isAlias,
  isMap as isYamlMap,
  isScalar,
  isSeq,
  parseDocument,
  type CST,
  type Node as YamlNode,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { define, isList, isMap, type Json } from "../json";
import { lineEnd } from "./lines";
import { entryEnd, type Entry, type Item, type Node, type ScalarStyle } from "./node";
import { placeOf, type TextProblem } from "./problem";

/** No honest document has more values, aliases expanded; the bound keeps a hostile one from freezing the page. */
const VALUES_MAX = 200_000;
const DEPTH_MAX = 128;

export interface Read {
  readonly root: Node;
  /** Whether anchors, aliases or merge keys are used: then a part cannot be read without the rest. */
  readonly linked: boolean;
}

export type ReadResult = { readonly read: Read; readonly problem?: never } | { readonly problem: TextProblem };

class Unreadable extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly from: number,
    readonly to: number,
  ) {
    super(message);
  }
}

/** Read a text that holds one document; say what is wrong first when it cannot be read. */
export function read(text: string): ReadResult {
  try {
    const document = parseDocument(text, {
      keepSourceTokens: true,
      prettyErrors: false,
      // Checked here, so that a part of a document can be checked against the rest.
      uniqueKeys: false,
      version: "1.2",
      schema: "core",
      logLevel: "error",
      // JSON has keys of any length.
      strict: !/^\s*[{[]/.test(text),
    });
    const error = document.errors[0];
    if (error) throw new Unreadable(error.code.toLowerCase().replaceAll("_", "-"), error.message, ...error.pos);
    if (document.contents === null) throw new Unreadable("empty", "the file is empty", 0, 0);
    const converter = new Converter(text);
    const root = converter.node(document.contents, 0, 0);
    return { read: { root, linked: converter.linked } };
  } catch (error) {
    if (error instanceof Unreadable) {
      const from = Math.min(error.from, text.length);
      const to = Math.min(Math.max(error.to, from), text.length);
      return { problem: { code: error.code, message: error.message, from, to, ...placeOf(text, from) } };
    }
    if (error instanceof RangeError) {
      return {
        problem: { code: "too-deep", message: "the document is nested too deeply", line: 1, column: 1, from: 0, to: 0 },
      };
    }
    throw error;
  }
}

const STYLES: Record<string, ScalarStyle> = {
  PLAIN: "plain",
  QUOTE_SINGLE: "single",
  QUOTE_DOUBLE: "double",
  BLOCK_LITERAL: "literal",
  BLOCK_FOLDED: "folded",
};

class Converter {
  linked = false;
  private readonly anchors = new Map<string, { node: Node; size: number }>();
  private values = 0;

  constructor(private readonly text: string) {}

  /** Convert a value; `empty` is where it would stand if it is not written at all. */
  node(yaml: YamlNode, empty: number, depth: number): Node {
    if (depth > DEPTH_MAX) throw this.error("too-deep", `more than ${DEPTH_MAX} levels of nesting`, yaml);
    const before = this.values;
    this.count(1, yaml);
    const node = this.convert(yaml, empty, depth);
    const anchor = "anchor" in yaml ? yaml.anchor : undefined;
    if (anchor !== undefined) {
      this.linked = true;
      this.anchors.set(anchor, { node, size: this.values - before });
    }
    return node;
  }

  private convert(yaml: YamlNode, empty: number, depth: number): Node {
    const [from, to] = rangeOf(yaml);
    if (isAlias(yaml)) {
      this.linked = true;
      const anchored = this.anchors.get(yaml.source);
      if (!anchored) throw this.error("unknown-anchor", `no anchor \`&${yaml.source}\` stands before this`, yaml);
      this.count(anchored.size, yaml);
      return { kind: "alias", from, to, anchor: yaml.source, data: anchored.node.data };
    }
    if (isYamlMap(yaml)) return this.map(yaml, from, to, depth);
    if (isSeq(yaml)) return this.list(yaml, from, to, depth);
    return this.scalar(yaml, from, to, empty);
  }

  private scalar(yaml: Scalar, from: number, to: number, empty: number): Node {
    const style = STYLES[yaml.type ?? "PLAIN"] ?? "plain";
    const data = jsonOf(yaml.value);
    if (style === "plain" && from === to) return { kind: "scalar", from: empty, to: empty, style: "empty", data };
    if (style === "literal" || style === "folded") {
      return { kind: "scalar", from, to: this.blockScalarEnd(from, to), style, data };
    }
    return { kind: "scalar", from, to, style, data };
  }

  /** A block scalar's text ends with its last line, which is a blank one where blank lines are kept. */
  private blockScalarEnd(from: number, to: number): number {
    const header = this.text.slice(from, lineEnd(this.text, from));
    let end = to;
    if (/^[|>][0-9]?\+/.test(header)) {
      if (this.text[end - 1] === "\n") end -= this.text[end - 2] === "\r" ? 2 : 1;
    } else {
      end = from + this.text.slice(from, to).trimEnd().length;
      // Spaces at the end of the last line are its content.
      end = Math.min(lineEnd(this.text, end), to);
    }
    return Math.max(end, from + header.length);
  }

  private map(yaml: YAMLMap, from: number, to: number, depth: number): Node {
    const flow = yaml.flow === true;
    const entries: Entry[] = [];
    const data: { [name: string]: Json } = {};
    const merged: Json[] = [];
    const seen = new Set<string>();
    for (const pair of yaml.items as Pair<YamlNode | null, YamlNode | null>[]) {
      const entry = this.entry(pair, depth);
      entries.push(entry);
      if (entry.name === "<<" && entry.keyStyle === "plain") {
        this.linked = true;
        merged.push(...(isList(entry.node.data) ? entry.node.data : [entry.node.data]));
        continue;
      }
      if (seen.has(entry.name)) {
        throw new Unreadable("duplicate-key", `the key \`${entry.name}\` is written twice`, entry.from, entry.keyTo);
      }
      seen.add(entry.name);
      define(data, entry.name, entry.node.data);
    }
    for (const each of merged) {
      if (!isMap(each)) throw this.error("merge", "`<<` merges maps only", yaml);
      this.count(Object.keys(each).length, yaml);
      for (const [name, value] of Object.entries(each)) if (!Object.hasOwn(data, name)) define(data, name, value);
    }
    const last = entries.at(-1);
    if (flow) return { kind: "map", from, to, style: "flow", entries, data };
    return {
      kind: "map",
      from: entries[0]?.from ?? from,
      to: last ? entryEnd(last) : from,
      style: "block",
      entries,
      data,
    };
  }

  private entry(pair: Pair<YamlNode | null, YamlNode | null>, depth: number): Entry {
    const token = pair.srcToken;
    const key = pair.key;
    if (!isScalar(key)) throw this.error("key", "a key must be a text", key ?? undefined);
    let [keyFrom, keyTo] = rangeOf(key);
    const keyStyle = STYLES[key.type ?? "PLAIN"] ?? "plain";
    const name = keyStyle === "plain" ? this.text.slice(keyFrom, keyTo) : String(key.value);
    const separator = token?.sep?.find((each) => each.type === "map-value-ind");
    // Where a key is that is not there depends on what was read before it: it is put at its colon.
    if (keyFrom === keyTo && separator) keyFrom = keyTo = separator.offset;
    const colon = separator ? separator.offset + 1 : -1;
    const node: Node = pair.value
      ? this.node(pair.value, Math.max(afterProperties(token?.sep, colon), keyTo), depth + 1)
      : { kind: "scalar", from: keyTo, to: keyTo, style: "empty", data: null };
    if ("anchor" in key && key.anchor) this.linked = true;
    return { name, from: beginning(token?.start) ?? keyFrom, keyFrom, keyTo, keyStyle, colon, node };
  }

  private list(yaml: YAMLSeq, from: number, to: number, depth: number): Node {
    const flow = yaml.flow === true;
    const token = yaml.srcToken as CST.BlockSequence | CST.FlowCollection | undefined;
    const tokens = (token?.items ?? []).filter(
      (each) =>
        each.value !== undefined ||
        each.key !== undefined ||
        each.sep !== undefined ||
        each.start.some(({ type }) => type === "seq-item-ind" || type === "anchor" || type === "tag"),
    );
    const items = (yaml.items as YamlNode[]).map((each, index): Item => {
      const start = tokens[index]?.start;
      const at = beginning(start) ?? rangeOf(each)[0];
      return { from: at, node: this.node(each, Math.max(afterProperties(start, at + 1), at + 1), depth + 1) };
    });
    const data = items.map(({ node }) => node.data);
    const last = items.at(-1);
    if (flow) return { kind: "list", from, to, style: "flow", items, data };
    return {
      kind: "list",
      from: items[0]?.from ?? from,
      to: last ? Math.max(last.node.to, last.from + 1) : from,
      style: "block",
      items,
      data,
    };
  }

  private count(values: number, at: YamlNode): void {
    this.values += values;
    if (this.values > VALUES_MAX) throw this.error("too-large", `more than ${VALUES_MAX} values`, at);
  }

  private error(code: string, message: string, at?: YamlNode): Unreadable {
    const [from, to] = at?.range ?? [0, 0];
    return new Unreadable(code, message, from, to);
  }
}

/** Where a node is; every node that was read has a range. */
function rangeOf(yaml: YamlNode): [number, number] {
  const [from, to] = yaml.range ?? [0, 0];
  return [from, to];
}

/** Where an entry or item begins: its first token that is neither space, comment nor comma. */
function beginning(tokens: readonly CST.SourceToken[] | undefined): number | undefined {
  return tokens?.find(({ type }) => !["space", "newline", "comment", "comma"].includes(type))?.offset;
}

/** The end of the last anchor or tag among the tokens before a value, else `otherwise`. */
function afterProperties(tokens: readonly CST.SourceToken[] | undefined, otherwise: number): number {
  const last = tokens?.findLast(({ type }) => type === "anchor" || type === "tag");
  return last ? last.offset + last.source.length : otherwise;
}

function jsonOf(value: unknown): Json {
  if (value === undefined) return null;
  if (typeof value === "bigint") return Number(value);
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value === "string") return value;
  throw new TypeError("the core schema has no other values");
}
