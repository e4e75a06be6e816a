/** From the graph to what React Flow draws. */
import { MarkerType, Position, type Edge, type Node, type NodeHandle } from "@xyflow/react";
import { isDirected } from "../graph/document/ways";
import { isWritten, type Arranged, type Box } from "../graph/layout/arrange";
import type { Point } from "../graph/layout/file";
import { placesOf } from "../graph/layout/places";
import { routesOf, type Wish } from "../graph/layout/routes";
import { END } from "../graph/model/build";
import type { ExecutionPicture, NodeState } from "../graph/model/execution";
import type { Graph, GraphEdge, GraphNode } from "../graph/model/graph";

export interface CanvasData extends Record<string, unknown> {
  readonly node: GraphNode;
  readonly collapsed: boolean;
  readonly state: NodeState | null;
}

export type CanvasNode = Node<CanvasData, "task" | "container" | "terminal">;

export interface EdgeData extends Record<string, unknown> {
  readonly edge: GraphEdge;
  readonly points: readonly Point[];
  readonly labelAt: Point;
  readonly condition: string | null;
  /** Where React Flow has its ends; elsewhere while a node is dragged, when the points do not fit. */
  readonly from: Point;
  readonly to: Point;
  /** Whether it ends the workflow from inside of something: a long line would run through all of it. */
  readonly stub: boolean;
}

export type CanvasEdge = Edge<EdgeData, "way">;

export interface Words {
  readonly skip: string;
  readonly otherwise: string;
  readonly end: string;
}

/** The nodes that are shown, those that hold others before them. */
export function canvasNodes(graph: Graph, arranged: Arranged, execution: ExecutionPicture | null): CanvasNode[] {
  return graph.nodes.flatMap((node): CanvasNode[] => {
    const box = arranged.boxes.get(node.id);
    if (!box) return [];
    const collapsed = arranged.collapsed.has(node.id);
    const type = node.kind === "start" || node.kind === "end" ? "terminal" : node.container && !collapsed ? "container" : "task";
    const { width, height } = box;
    return [
      {
        id: node.id,
        type,
        position: { x: box.x, y: box.y },
        width,
        height,
        // They are as large as the layout says; nothing has to be measured before lines can be drawn.
        measured: { width, height },
        handles: handlesOf(node, box, type === "container"),
        ...(node.parent === null ? {} : { parentId: node.parent }),
        data: { node, collapsed, state: execution?.nodes.get(node.id) ?? null },
        selectable: node.kind !== "start" && node.kind !== "end",
        // Only one of them is reached by the Tab key; arrows go from there.
        domAttributes: OUT_OF_TAB_ORDER,
        draggable: node.kind !== "lane",
        // What is drawn inside must get the pointer before what it is in.
        zIndex: depthOf(graph, node),
        ariaLabel: node.name,
      },
    ];
  });
}

export const OUT_OF_TAB_ORDER = { tabIndex: -1 };
const HANDLE = 8;

/** Where lines begin and end; as the nodes draw them. */
function handlesOf(node: GraphNode, { width, height }: Box, open: boolean): NodeHandle[] {
  const at = (id: string, type: "source" | "target", position: Position): NodeHandle => {
    const across = position === Position.Left ? 0 : position === Position.Right ? width : width / 2;
    const down = position === Position.Top ? 0 : position === Position.Bottom ? height : height / 2;
    return { id, type, position, x: across - HANDLE / 2, y: down - HANDLE / 2, width: HANDLE, height: HANDLE };
  };
  const handles: NodeHandle[] = [];
  if (node.kind === "lane") handles.push(at("error-in", "target", Position.Left), at("error-out", "source", Position.Right));
  else if (node.kind === "task" || node.kind === "end") handles.push(at("in", "target", Position.Top));
  if (node.kind !== "end") handles.push(at("out", "source", Position.Bottom));
  if (open) handles.push(at("inner", "target", Position.Bottom));
  return handles;
}

function depthOf(graph: Graph, node: GraphNode | undefined): number {
  let depth = 0;
  for (let at = node?.parent ?? null; at !== null; at = graph.byId.get(at)?.parent ?? null) depth += 1;
  return depth;
}

/** The edges with those that an execution took. */
export function withTaken(edges: readonly CanvasEdge[], execution: ExecutionPicture | null): CanvasEdge[] {
  return edges.map((edge) => (execution?.edges.has(edge.id) ? { ...edge, className: `${edge.className ?? ""} taken` } : edge));
}

/** The edges between what is shown; ways from inside something collapsed begin at it. */
export function canvasEdges(graph: Graph, arranged: Arranged, words: Words): CanvasEdge[] {
  const shown = shownEdges(graph, arranged);
  const places = placesOf(graph, arranged.boxes);
  const routes = routesOf(wishesOf(graph, shown, places));
  return shown.flatMap(({ edge, source, target, holds, stub }): CanvasEdge[] => {
    const from = places.get(source);
    const to = places.get(target);
    if (!from || !to) return [];
    const route = edge.kind === "error" ? acrossLanes(from, to) : stub ? outOf(from) : routes.get(edge.id);
    if (!route) return [];
    return [
      {
        id: edge.id,
        source,
        target,
        sourceHandle: edge.kind === "error" ? "error-out" : "out",
        targetHandle: edge.kind === "error" ? "error-in" : holds ? "inner" : "in",
        type: "way",
        className: stub ? `${edge.kind} stub` : edge.kind,
        label: stub && edge.kind !== "case" ? words.end : labelOf(edge, words),
        markerEnd: { type: MarkerType.ArrowClosed, width: 18, height: 18 },
        data: { edge, points: route.points, labelAt: route.label, condition: edge.condition, stub, ...endsOf(edge, from, to, holds) },
        // Where it leads can be changed by dragging its end.
        reconnectable: edge.way !== null && isDirected(edge.way) && !stub ? "target" : false,
        focusable: false,
        // Behind the nodes of its own level, in front of what they are in.
        zIndex: depthOf(graph, graph.byId.get(source)),
      },
    ];
  });
}

function endsOf(edge: GraphEdge, from: Box, to: Box, holds: boolean): { from: Point; to: Point } {
  const out = HANDLE / 2;
  if (edge.kind === "error") {
    return { from: { x: from.x + from.width + out, y: from.y + from.height / 2 }, to: { x: to.x - out, y: to.y + to.height / 2 } };
  }
  const down = holds ? to.height + out : -out;
  return { from: { x: from.x + from.width / 2, y: from.y + from.height + out }, to: { x: to.x + to.width / 2, y: to.y + down } };
}

interface Shown {
  readonly edge: GraphEdge;
  readonly source: string;
  readonly target: string;
  readonly holds: boolean;
  readonly stub: boolean;
}

function shownEdges(graph: Graph, arranged: Arranged): Shown[] {
  const outermost = (id: string): string => {
    let at = id;
    while (!arranged.boxes.has(at)) at = graph.byId.get(at)?.parent ?? "";
    return at;
  };
  const seen = new Set<string>();
  return graph.edges.flatMap((edge): Shown[] => {
    const source = outermost(edge.source);
    const target = outermost(edge.target);
    const inside = source !== edge.source || target !== edge.target;
    if (source === target || (inside && seen.has(`${source}>${target}`))) return [];
    if (inside) seen.add(`${source}>${target}`);
    // That the last task of a container ends it needs no arrow.
    const holds = isIn(graph, edge.source, edge.target);
    if (holds && edge.kind === "next") return [];
    const stub = target === END && (graph.byId.get(source)?.parent ?? null) !== null;
    return [{ edge, source, target, holds, stub }];
  });
}

/** What the routes are asked for: lines between boxes of one board, and to the border of what it is in. */
function wishesOf(graph: Graph, shown: readonly Shown[], places: ReadonlyMap<string, Box>): Wish[] {
  const boards = new Map<string | null, Box[]>();
  for (const [id, place] of places) {
    const parent = graph.byId.get(id)?.parent ?? null;
    const board = boards.get(parent);
    if (board) board.push(place);
    else boards.set(parent, [place]);
  }
  return shown.flatMap(({ edge, source, target, holds, stub }): Wish[] => {
    const from = places.get(source);
    const to = places.get(target);
    if (!from || !to || stub || edge.kind === "error") return [];
    const own = graph.byId.get(source);
    const line = { id: edge.id, target: to, to: holds ? ("border" as const) : ("box" as const), written: isWritten(edge) };
    const around = own?.kind === "lane" && !holds ? graph.byId.get(own.parent ?? "") : undefined;
    const box = around && places.get(around.id);
    if (!around || !box) return [{ ...line, source: from, around: boards.get(own?.parent ?? null) ?? [] }];
    // What catches goes on from below its lane, where the `try` ends.
    const below = { ...from, y: box.y, height: box.height };
    return [{ ...line, source: below, around: (boards.get(around.parent) ?? []).filter((each) => each !== box) }];
  });
}

const LANE_MIDDLE = 14;

/** From what is tried to what catches, at the height of their heads. */
function acrossLanes(from: Box, to: Box) {
  const y = Math.max(from.y, to.y) + LANE_MIDDLE;
  const points = [
    { x: from.x + from.width, y },
    { x: to.x, y },
  ];
  return { points, label: { x: (from.x + from.width + to.x) / 2, y } };
}

const STUB = 20;

function outOf(from: Box) {
  const x = from.x + from.width * 0.75;
  const y = from.y + from.height;
  return { points: [{ x, y }, { x, y: y + STUB }], label: { x, y: y + STUB + 8 } };
}

function isIn(graph: Graph, id: string, container: string): boolean {
  for (let at = graph.byId.get(id)?.parent ?? null; at !== null; at = graph.byId.get(at)?.parent ?? null) {
    if (at === container) return true;
  }
  return false;
}

function labelOf(edge: GraphEdge, words: Words): string {
  // Which errors are caught stands at the head of the lane.
  if (edge.kind === "error") return "";
  if (edge.kind === "skip") return words.skip;
  return edge.kind === "otherwise" ? words.otherwise : edge.label;
}
