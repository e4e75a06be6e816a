/**
 * The thorough arrangement of a whole graph, across containers, by the Eclipse Layout Kernel. It is large and
 * takes its time, so it is handed in, from a worker: see `startElk` in the editor.
 */
import type { Graph, GraphNode } from "../model/graph";
import type { LayoutFile, Point } from "./file";
import { GAP_ACROSS, GAP_DOWN, insideOf, PADDING, sizeOf } from "./size";

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
  const shown = new Set<string>();
  const convert = (node: GraphNode): ElkNode => {
    shown.add(node.id);
    const inside = children.get(node.id) ?? [];
    if (!node.container || collapsed.has(node.path) || inside.length === 0) return { id: node.id, ...sizeOf(node) };
    const { left, top } = insideOf(node);
    const across = node.task === "try" || node.task === "fork";
    return {
      id: node.id,
      children: inside.map(convert),
      layoutOptions: {
        "elk.padding": `[top=${top},left=${left},bottom=${PADDING},right=${PADDING}]`,
        // Lanes and branches stand side by side whatever leads from one to another.
        ...(across ? { "elk.algorithm": "elk.rectpacking", "elk.aspectRatio": "100", "elk.spacing.nodeNode": String(GAP_ACROSS / 2) } : {}),
      },
    };
  };
  const top = (children.get(null) ?? []).map(convert);
  const across = new Set(graph.nodes.filter(({ task }) => task === "try" || task === "fork").map(({ id }) => id));
  const edges = graph.edges
    .filter(({ source, target }) => shown.has(source) && shown.has(target) && source !== target)
    // Packed containers are arranged for themselves; edges that cross their border would not be.
    .filter(({ source, target }) => sameBoard(graph, across, source, target))
    .map(({ id, source, target }): ElkEdge => ({ id, sources: [source], targets: [target] }));
  return {
    id: ROOT,
    children: top,
    edges,
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "DOWN",
      "elk.hierarchyHandling": "SEPARATE_CHILDREN",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
      "elk.layered.nodePlacement.strategy": "NETWORK_SIMPLEX",
      "elk.spacing.nodeNode": String(GAP_ACROSS),
      "elk.layered.spacing.nodeNodeBetweenLayers": String(GAP_DOWN),
    },
  };
}

function sameBoard(graph: Graph, across: ReadonlySet<string>, source: string, target: string): boolean {
  const parent = graph.byId.get(source)?.parent ?? null;
  return parent === (graph.byId.get(target)?.parent ?? null) && (parent === null || !across.has(parent));
}
