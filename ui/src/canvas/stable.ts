/**
 * What React Flow calls nodes and edges: by names, which stay when tasks move. Their own ids have the number of each
 * task in its list: behind an edit all would be others, and be made anew. The pages and the elements keep those ids.
 */
import type { NodeChange } from "@xyflow/react";
import type { Graph } from "../graph/model/graph";
import type { DrawnNode } from "./notes";
import type { CanvasEdge } from "./picture";

const names = new WeakMap<Graph, Names>();
const nodesMade = new WeakMap<DrawnNode, DrawnNode>();
const edgesMade = new WeakMap<CanvasEdge, CanvasEdge>();

interface Names {
  readonly nameOf: (id: string) => string;
  readonly idOf: (name: string) => string;
}

/** The names of the nodes of a graph, and back; what is none of its nodes is named by its id. */
export function namesOf(graph: Graph): Names {
  const known = names.get(graph);
  if (known) return known;
  const byId = new Map(graph.nodes.map(({ id, kind, path }) => [id, `${kind}:${path}`]));
  const byName = new Map([...byId].map(([id, name]) => [name, id]));
  const made = { nameOf: (id: string) => byId.get(id) ?? id, idOf: (name: string) => byName.get(name) ?? name };
  names.set(graph, made);
  return made;
}

/** A node of a graph as React Flow gets it: the same one for the same node. */
export function namedNode(graph: Graph, node: DrawnNode): DrawnNode {
  const known = nodesMade.get(node);
  if (known) return known;
  const { nameOf } = namesOf(graph);
  const attributes = { ...node.domAttributes, "data-id": node.id, "data-testid": `rf__node-${node.id}` };
  const made = { ...node, id: nameOf(node.id), domAttributes: attributes, ...(node.parentId === undefined ? {} : { parentId: nameOf(node.parentId) }) };
  nodesMade.set(node, made);
  return made;
}

/** An edge of a graph as React Flow gets it. */
export function namedEdge(graph: Graph, edge: CanvasEdge): CanvasEdge {
  const known = edgesMade.get(edge);
  if (known) return known;
  const { nameOf } = namesOf(graph);
  const attributes = { ...edge.domAttributes, "data-id": edge.id, "data-testid": `rf__edge-${edge.id}` };
  const made = { ...edge, id: edgeName(graph, edge), source: nameOf(edge.source), target: nameOf(edge.target), domAttributes: attributes };
  edgesMade.set(edge, made);
  return made;
}

/** Its id with names in it: `<kind>:<where it begins>[/<which of its ways>]><where it ends>`. */
function edgeName(graph: Graph, { id, data }: CanvasEdge): string {
  if (!data) return id;
  const { nameOf } = namesOf(graph);
  const { source, target } = data.edge;
  return id.slice(0, -target.length).replace(source, () => nameOf(source)) + nameOf(target);
}

/** A node of React Flow's as the pages know it. */
export function ownNode(graph: Graph, node: DrawnNode): DrawnNode {
  const { idOf } = namesOf(graph);
  return { ...node, id: idOf(node.id), ...(node.parentId === undefined ? {} : { parentId: idOf(node.parentId) }) };
}

/** A change that React Flow tells of, as the pages know it. Nodes are neither added nor replaced by it. */
export function ownChange(graph: Graph, change: NodeChange<DrawnNode>): NodeChange<DrawnNode> {
  return "id" in change ? { ...change, id: namesOf(graph).idOf(change.id) } : change;
}
