/** Nodes by a text: their name, their kind, what is written at them. */
import type { Json } from "../json";
import type { Graph, GraphNode } from "./graph";

/** The ids of the nodes that a text is found in, in the order of the document; none for an empty text. */
export function nodesWith(graph: Graph, text: string): string[] {
  const wanted = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  return graph.nodes.filter((node) => node.kind !== "start" && node.kind !== "end" && node.kind !== "lane" && fits(node, wanted)).map(({ id }) => id);
}

function fits(node: GraphNode, wanted: readonly string[]): boolean {
  const head = `${node.name} ${node.task ?? ""} ${node.trigger ?? ""} ${node.summary}`.toLowerCase();
  if (wanted.every((word) => head.includes(word))) return true;
  const own = `${head} ${textOf(node.data, node.container)}`.toLowerCase();
  return wanted.every((word) => own.includes(word));
}

/** What is written at a node itself: what stands in it is found for itself. */
function textOf(data: Json, container: boolean): string {
  return JSON.stringify(data, (name, value: unknown) => (container && INSIDE.has(name) && Array.isArray(value) ? undefined : value));
}

const INSIDE = new Set(["do", "try", "branches"]);
