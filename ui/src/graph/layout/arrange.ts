/**
 * Where everything is drawn. What was put somewhere by hand stays there; the rest is arranged around it. The
 * same graph and layout give the same picture.
 */
import { END } from "../model/build";
import type { Graph, GraphEdge, GraphNode } from "../model/graph";
import { layered, type Link } from "./dagre";
import type { LayoutFile, Point } from "./file";
import { around, GAP_ACROSS, GAP_DOWN, insideOf, sizeOf, type Size } from "./size";

/** A place on the canvas, relative to what the node is drawn in. */
export interface Box extends Point, Size {}

export interface Arranged {
  /** By id; nodes inside of something collapsed have none. */
  readonly boxes: ReadonlyMap<string, Box>;
  readonly collapsed: ReadonlySet<string>;
}

/** Arranges the nodes of one board: the upper left corners, from (0, 0). */
export type Arrange = (sizes: ReadonlyMap<string, Size>, links: readonly Link[]) => ReadonlyMap<string, Point>;

/** Arrange a graph. */
export function arranged(graph: Graph, layout: LayoutFile, arrange: Arrange = layered): Arranged {
  const closed = new Set(layout.collapsed);
  const collapsed = new Set(graph.nodes.filter((node) => node.container && closed.has(node.path)).map(({ id }) => id));
  const boards = boardsOf(graph);
  const links = linksOf(graph);
  const boxes = new Map<string, Box>();
  const board = (node: GraphNode | null): Size => {
    const id = node?.id ?? null;
    const children = boards.get(id) ?? [];
    const sizes = new Map(
      children.map((child) => [child.id, child.container && !collapsed.has(child.id) ? board(child) : sizeOf(child)]),
    );
    const automatic = automaticOf(node, children, sizes, links.get(id) ?? [], arrange);
    const points = settled(node, children, sizes, links.get(id) ?? [], automatic, layout);
    let right = 0;
    let bottom = 0;
    for (const [child, size] of sizes) {
      const point = points.get(child) ?? { x: 0, y: 0 };
      boxes.set(child, { ...point, ...size });
      right = Math.max(right, point.x + size.width);
      bottom = Math.max(bottom, point.y + size.height);
    }
    return node ? around(node, right, bottom) : { width: right, height: bottom };
  };
  board(null);
  return { boxes, collapsed };
}

function boardsOf(graph: Graph): Map<string | null, GraphNode[]> {
  const boards = new Map<string | null, GraphNode[]>();
  for (const node of graph.nodes) {
    const children = boards.get(node.parent);
    if (children) children.push(node);
    else boards.set(node.parent, [node]);
  }
  return boards;
}

/** The links between the nodes of each board; an edge from deeper inside counts as one of what it is in. */
function linksOf(graph: Graph): Map<string | null, Link[]> {
  const links = new Map<string | null, Link[]>();
  const seen = new Map<string, { labels: number }>();
  for (const edge of edgesToFollow(graph)) {
    const chain = ancestors(graph, edge.source);
    const other = new Map(ancestors(graph, edge.target).map((node) => [node.parent, node.id]));
    const source = chain.find((node) => other.has(node.parent));
    const target = source && other.get(source.parent);
    if (!source || target === undefined || source.id === target) continue;
    const key = `${source.id}>${target}`;
    const labels = isWritten(edge) ? 1 : 0;
    const before = seen.get(key);
    if (before) {
      before.labels += labels;
      continue;
    }
    const link = { source: source.id, target, weight: edge.kind === "next" ? 4 : edge.leaves === "workflow" ? 1 : 2, labels };
    seen.set(key, link);
    const board = links.get(source.parent);
    if (board) board.push(link);
    else links.set(source.parent, [link]);
  }
  return links;
}

/** Whether something is written at an edge. */
export function isWritten({ kind }: Pick<GraphEdge, "kind">): boolean {
  return kind === "case" || kind === "otherwise" || kind === "skip";
}

/**
 * The edges that say where things stand. Ways to the end of the workflow from everywhere would pull all of it
 * apart; the end is below the last task, whatever leads there.
 */
export function edgesToFollow(graph: Graph): Pick<GraphEdge, "source" | "target" | "kind" | "leaves">[] {
  const edges = graph.edges.filter((edge) => edge.target !== END);
  const last = graph.nodes.findLast((node) => node.parent === null && node.id !== END);
  return last ? [...edges, { source: last.id, target: END, kind: "next", leaves: "list" }] : edges;
}

/** A node and all that it is in, from the inside. */
function ancestors(graph: Graph, id: string): GraphNode[] {
  const found: GraphNode[] = [];
  for (let node = graph.byId.get(id); node; node = node.parent === null ? undefined : graph.byId.get(node.parent)) {
    found.push(node);
  }
  return found;
}

/** Where the nodes of a board come to be by themselves. */
function automaticOf(
  node: GraphNode | null,
  children: readonly GraphNode[],
  sizes: ReadonlyMap<string, Size>,
  links: readonly Link[],
  arrange: Arrange,
): Map<string, Point> {
  if (children.length === 0) return new Map();
  const { left, top } = insideOf(node);
  // The lanes of a `try` and the branches of a `fork` stand side by side.
  const points = node?.task === "try" || node?.task === "fork" ? sideBySide(sizes) : arrange(sizes, links);
  return new Map(children.map(({ id }) => {
    const { x, y } = points.get(id) ?? { x: 0, y: 0 };
    return [id, { x: x + left, y: y + top }];
  }));
}

function sideBySide(sizes: ReadonlyMap<string, Size>): Map<string, Point> {
  const points = new Map<string, Point>();
  let x = 0;
  for (const [id, size] of sizes) {
    points.set(id, { x, y: 0 });
    x += size.width + GAP_ACROSS / 2;
  }
  return points;
}

/** Put what has a place there, and the rest beside its nearest neighbour that has one, where there is room. */
function settled(
  node: GraphNode | null,
  children: readonly GraphNode[],
  sizes: ReadonlyMap<string, Size>,
  links: readonly Link[],
  automatic: ReadonlyMap<string, Point>,
  layout: LayoutFile,
): ReadonlyMap<string, Point> {
  const { left, top } = insideOf(node);
  const points = new Map<string, Point>();
  for (const child of children) {
    const placed = child.kind === "lane" ? undefined : layout.nodes[child.path];
    if (!placed) continue;
    points.set(child.id, node ? { x: Math.max(placed.x, left), y: Math.max(placed.y, top) } : placed);
  }
  if (points.size === 0) return automatic;
  const neighbours = nearestPlaced(children, links, new Set(points.keys()));
  const taken: Box[] = [...points].map(([id, point]) => ({ ...point, ...(sizes.get(id) ?? { width: 0, height: 0 }) }));
  for (const { id } of children) {
    const own = automatic.get(id);
    const size = sizes.get(id);
    if (points.has(id) || !own || !size) continue;
    const neighbour = neighbours.get(id);
    const from = neighbour === undefined ? undefined : automatic.get(neighbour);
    const to = neighbour === undefined ? undefined : points.get(neighbour);
    const moved = from && to ? { x: own.x + to.x - from.x, y: own.y + to.y - from.y } : own;
    const wanted = node ? { x: Math.max(moved.x, left), y: Math.max(moved.y, top) } : moved;
    const box = freeBox({ ...wanted, ...size }, taken);
    taken.push(box);
    points.set(id, { x: box.x, y: box.y });
  }
  return points;
}

/** For each node without a place the nearest one with a place, along the links; the first where none is linked. */
function nearestPlaced(children: readonly GraphNode[], links: readonly Link[], placed: ReadonlySet<string>): Map<string, string> {
  const around = new Map<string, string[]>();
  const add = (one: string, other: string) => {
    const list = around.get(one);
    if (list) list.push(other);
    else around.set(one, [other]);
  };
  for (const { source, target } of links) {
    add(source, target);
    add(target, source);
  }
  const nearest = new Map<string, string>();
  let wave = children.filter(({ id }) => placed.has(id)).map(({ id }) => ({ id, origin: id }));
  const first = wave[0]?.origin;
  while (wave.length > 0) {
    const next: typeof wave = [];
    for (const { id, origin } of wave) {
      if (nearest.has(id)) continue;
      nearest.set(id, origin);
      for (const neighbour of around.get(id) ?? []) if (!nearest.has(neighbour)) next.push({ id: neighbour, origin });
    }
    wave = next;
  }
  if (first !== undefined) for (const { id } of children) if (!nearest.has(id)) nearest.set(id, first);
  return nearest;
}

/** The box, moved down until it covers none of the others. */
function freeBox(box: Box, taken: readonly Box[]): Box {
  let free = box;
  for (let tries = 0; tries <= taken.length; tries += 1) {
    const hit = taken.find((other) => overlap(free, other));
    if (!hit) return free;
    free = { ...free, y: hit.y + hit.height + GAP_DOWN / 2 };
  }
  return free;
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}
