/** From the graph to what React Flow draws. */
import { MarkerType, type Edge, type Node } from "@xyflow/react";
import type { Arranged } from "../graph/layout/arrange";
import type { ExecutionPicture, NodeState } from "../graph/model/execution";
import type { Graph, GraphEdge, GraphNode } from "../graph/model/graph";

export interface CanvasData extends Record<string, unknown> {
  readonly node: GraphNode;
  readonly collapsed: boolean;
  readonly state: NodeState | null;
}

export type CanvasNode = Node<CanvasData, "task" | "container" | "terminal">;

export interface Words {
  readonly skip: string;
  readonly otherwise: string;
}

/** The nodes that are shown, those that hold others before them. */
export function canvasNodes(graph: Graph, arranged: Arranged, execution: ExecutionPicture | null): CanvasNode[] {
  return graph.nodes.flatMap((node): CanvasNode[] => {
    const box = arranged.boxes.get(node.id);
    if (!box) return [];
    const collapsed = arranged.collapsed.has(node.id);
    const type = node.kind === "start" || node.kind === "end" ? "terminal" : node.container && !collapsed ? "container" : "task";
    return [
      {
        id: node.id,
        type,
        position: { x: box.x, y: box.y },
        width: box.width,
        height: box.height,
        ...(node.parent === null ? {} : { parentId: node.parent }),
        data: { node, collapsed, state: execution?.nodes.get(node.id) ?? null },
        selectable: node.kind !== "start" && node.kind !== "end",
        // What is drawn inside must get the pointer before what it is in.
        zIndex: depthOf(graph, node),
        ariaLabel: node.name,
      },
    ];
  });
}

function depthOf(graph: Graph, node: GraphNode | undefined): number {
  let depth = 0;
  for (let at = node?.parent ?? null; at !== null; at = graph.byId.get(at)?.parent ?? null) depth += 1;
  return depth;
}

/** The edges between what is shown; ways from inside something collapsed begin at it. */
export function canvasEdges(graph: Graph, arranged: Arranged, words: Words, execution: ExecutionPicture | null): Edge[] {
  const shown = (id: string): string => {
    let at = id;
    while (!arranged.boxes.has(at)) at = graph.byId.get(at)?.parent ?? "";
    return at;
  };
  const seen = new Set<string>();
  return graph.edges.flatMap((edge): Edge[] => {
    const source = shown(edge.source);
    const target = shown(edge.target);
    const inside = source !== edge.source || target !== edge.target;
    if (source === target || (inside && seen.has(`${source}>${target}`))) return [];
    if (inside) seen.add(`${source}>${target}`);
    // That the last task of a container ends it needs no arrow.
    const holds = isIn(graph, edge.source, edge.target);
    if (holds && edge.kind === "next") return [];
    const taken = execution?.edges.has(edge.id) ?? false;
    return [
      {
        id: edge.id,
        source,
        target,
        sourceHandle: edge.kind === "error" ? "error-out" : "out",
        targetHandle: edge.kind === "error" ? "error-in" : holds ? "inner" : "in",
        type: "smoothstep",
        className: taken ? `${edge.kind} taken` : edge.kind,
        label: labelOf(edge, words),
        markerEnd: { type: MarkerType.ArrowClosed, width: 16, height: 16 },
        data: { edge },
        // Behind the nodes of its own level, in front of what they are in.
        zIndex: depthOf(graph, graph.byId.get(source)),
      },
    ];
  });
}

function isIn(graph: Graph, id: string, container: string): boolean {
  for (let at = graph.byId.get(id)?.parent ?? null; at !== null; at = graph.byId.get(at)?.parent ?? null) {
    if (at === container) return true;
  }
  return false;
}

function labelOf(edge: GraphEdge, words: Words): string {
  if (edge.kind === "skip") return words.skip;
  return edge.kind === "otherwise" ? words.otherwise : edge.label;
}

// More than these in one view cannot be read.
const READABLE_NODES = 40;
const FIRST_NODES = 6;

/** What to show first: all of a small flow, the beginning of a large one. */
export function firstView(nodes: readonly CanvasNode[]): { maxZoom: number; padding: number; nodes?: { id: string }[] } {
  const view = { maxZoom: 1, padding: 0.1 };
  if (nodes.length <= READABLE_NODES) return view;
  return { ...view, nodes: nodes.filter((node) => node.parentId === undefined).slice(0, FIRST_NODES).map(({ id }) => ({ id })) };
}
