/** The functions of a flow whose code is its own, and what calls them. Pure. */
import { owsValue } from "../../../../graph/document/flow";
import { isMap, property, type Json } from "../../../../graph/json";
import type { GraphNode } from "../../../../graph/model/graph";
import { valueAt } from "../../../../graph/pointer";

const BUILT_IN: ReadonlySet<string> = new Set(["http", "openapi", "grpc", "asyncapi", "a2a", "mcp", "batch"]);

/** The functions that the server runs, by name: those at a URL have their code elsewhere. */
export function ownFunctions(data: Json): readonly string[] {
  const functions = valueAt(data, "/spec/functions");
  if (!isMap(functions)) return [];
  return Object.entries(functions).flatMap(([name, entry]) => (typeof property(entry, "url") === "string" ? [] : [name]));
}

/** What a call names, and what that is in the flow. */
export interface Called {
  readonly name: string;
  /** own: code of the flow; unknown: nothing has this name; other: a protocol, a URL, of `use` or a catalog. */
  readonly kind: "own" | "unknown" | "other";
}

/** What a step calls; `null` for a step that calls nothing. A batch calls the function that it names. */
export function calledBy(data: Json, node: GraphNode): Called | null {
  const call = property(node.data, "call");
  const name = call === "batch" ? property(property(node.data, "with"), "function") : call;
  if (typeof name !== "string" || name === "") return null;
  if (BUILT_IN.has(name) || /[:@${]/.test(name)) return { name, kind: "other" };
  if (ownFunctions(data).includes(name)) return { name, kind: "own" };
  const known = isMap(valueAt(data, "/spec/functions")) && valueAt(data, `/spec/functions/${name}`) !== undefined;
  const used = owsValue(data, `/use/functions/${name}`) !== undefined;
  return { name, kind: known || used || valueAt(data, "/spec") === undefined ? "other" : "unknown" };
}

/** Whether a function can have a name: it is a folder and a part of addresses, too. */
export function isFunctionName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_-]{0,62}$/.test(name) && !BUILT_IN.has(name);
}

/** What a new function says: where its code is. */
export function newFunction(name: string): { readonly source: string } {
  return { source: `cmd/${name}` };
}
