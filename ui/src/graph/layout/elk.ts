/**
 * The thorough arrangement of a whole graph, across containers, by the Eclipse Layout Kernel. It is large and
 * takes its time, so it is handed in, from a worker: see `startElk` in the editor.
 */
import type { Graph, GraphNode } from "../model/graph";
import { edgesToFollow, isWritten } from "./arrange";
import type { LayoutFile, Point } from "./file";
import { GAP_ACROSS, GAP_DOWN, GAP_LABELLED, insideOf, PADDING, sizeOf } from "./size";

export interface ElkNode {
  id: string;
  width?: number;
  height?: number;
  x?: number;
  y?: number;
  children?: ElkNode[];
  edges?: ElkEdge[];
  layoutOptions?: Record<string, string>;
}

export interface ElkEdge {
  id: string;
  sources: string[];
  targets: string[];
}

/** What of elkjs is used. */
export interface ElkEngine {
  layout(graph: ElkNode): Promise<ElkNode>;
}

const ROOT = "root";

/** Arrange everything anew; what was put somewhere by hand is arranged too. Returns the points by path. */
export async function arrangedByElk(engine: ElkEngine, graph: Graph, layout: LayoutFile): Promise<Record<string, Point>> {
  const laidOut = await engine.layout(elkGraph(graph, new Set(layout.collapsed)));
  const points: Record<string, Point> = {};
  const collect = (node: ElkNode) => {
    for (const child of node.children ?? []) {
      const own = graph.byId.get(child.id);
      if (own && own.kind !== "lane") points[own.path] = { x: Math.round(child.x ?? 0), y: Math.round(child.y ?? 0) };
      collect(child);
    }
  };
  collect(laidOut);
  return points;
}

function elkGraph(graph: Graph, collapsed: ReadonlySet<string>): ElkNode {
  const children = new Map<string | null, GraphNode[]>();
  for (const node of graph.nodes) children.set(node.parent, [...(children.get(node.parent) ?? []), node]);
  const edges = edgesOf(graph);
  const convert = (node: GraphNode): ElkNode => {
    const inside = children.get(node.id) ?? [];
    if (!node.container || collapsed.has(node.path) || inside.length === 0) return { id: node.id, ...sizeOf(node) };
    const { left, top } = insideOf(node);
    const padding = { "elk.padding": `[top=${top},left=${left},bottom=${PADDING},right=${PADDING}]` };
    // Lanes and branches stand side by side whatever leads from one to another.
    const across = node.task === "try" || node.task === "fork";
    const packed = { "elk.algorithm": "elk.rectpacking", "elk.aspectRatio": "100", "elk.spacing.nodeNode": String(GAP_ACROSS / 2) };
    return across
      ? { id: node.id, children: inside.map(convert), layoutOptions: { ...padding, ...packed } }
      : { id: node.id, children: inside.map(convert), edges: edges(node.id), layoutOptions: { ...padding, ...optionsOf(graph, node.id) } };
  };
  return { id: ROOT, children: (children.get(null) ?? []).map(convert), edges: edges(null), layoutOptions: optionsOf(graph, null) };
}

/** How a board is arranged: what is said of the whole is not said of the containers in it. */
function optionsOf(graph: Graph, board: string | null): Record<string, string> {
  const written = graph.edges.some((edge) => isWritten(edge) && (graph.byId.get(edge.source)?.parent ?? null) === board);
  return {
    "elk.algorithm": "layered",
    "elk.direction": "DOWN",
    "elk.hierarchyHandling": "SEPARATE_CHILDREN",
    "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
    "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
    "elk.spacing.nodeNode": String(GAP_ACROSS),
    "elk.layered.spacing.nodeNodeBetweenLayers": String(written ? GAP_LABELLED : GAP_DOWN),
  };
}

/** The edges of each board. What nothing leads to stands below what is written before it. */
function edgesOf(graph: Graph): (board: string | null) => ElkEdge[] {
  const boards = new Map<string | null, ElkEdge[]>();
  const reached = new Set<string>();
  const add = (source: string, target: string) => {
    const board = graph.byId.get(source)?.parent ?? null;
    if (source === target || board !== (graph.byId.get(target)?.parent ?? null)) return;
    reached.add(target);
    const edges = boards.get(board) ?? [];
    edges.push({ id: `${source} > ${target} ${edges.length}`, sources: [source], targets: [target] });
    boards.set(board, edges);
  };
  for (const { source, target } of edgesToFollow(graph)) add(source, target);
  const last = new Map<string | null, string>();
  for (const { id, kind, list } of graph.nodes) {
    if (kind !== "task") continue;
    const before = last.get(list);
    if (before !== undefined && !reached.has(id)) add(before, id);
    last.set(list, id);
  }
  return (board) => boards.get(board) ?? [];
}
