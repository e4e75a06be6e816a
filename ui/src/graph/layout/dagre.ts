/** The layered arrangement of one board: small, synchronous. */
import { graphlib, layout } from "@dagrejs/dagre";
import type { Point } from "./file";
import { GAP_ACROSS, GAP_DOWN, GAP_LABELLED, type Size } from "./size";

export interface Link {
  readonly source: string;
  readonly target: string;
  readonly weight: number;
  /** At how many lines of it something is written, which needs room. */
  readonly labels?: number;
}

/**
 * The upper left corners of the given boxes, from (0, 0) on; top to bottom along the links.
 *
 * Lists of tasks are mostly chains with small detours. Where every link ends or begins at a box, what is above
 * and what is below it are arranged for themselves: hundreds of boxes then take no longer than their detours.
 */
export function layered(sizes: ReadonlyMap<string, Size>, links: readonly Link[]): Map<string, Point> {
  const ids = [...sizes.keys()];
  const points = new Map<string, Point>();
  const cuts = cutsOf(ids, links);
  const reach: Reach = { bottom: -Infinity, by: undefined, otherwise: -Infinity };
  let from = 0;
  for (const cut of [...cuts, ids.length - 1]) {
    if (cut <= from && cut !== 0) continue;
    append(points, part(ids.slice(from, cut + 1), sizes, links), ids[from], sizes, reach);
    from = cut;
  }
  return fromOrigin(points);
}

/** The positions of the boxes that no link passes by. */
function cutsOf(ids: readonly string[], links: readonly Link[]): number[] {
  const position = new Map(ids.map((id, index) => [id, index]));
  // +1 behind where a link begins, -1 where it ends: the sum is how many pass by.
  const passing = new Array<number>(ids.length + 1).fill(0);
  for (const { source, target } of links) {
    const one = position.get(source) ?? 0;
    const other = position.get(target) ?? 0;
    const first = Math.min(one, other);
    const last = Math.max(one, other);
    if (last - first < 2) continue;
    passing[first + 1] = (passing[first + 1] ?? 0) + 1;
    passing[last] = (passing[last] ?? 0) - 1;
  }
  let sum = 0;
  return ids.flatMap((_, index) => {
    sum += passing[index] ?? 0;
    return sum === 0 ? [index] : [];
  });
}

/** Arrange some of the boxes for themselves. */
function part(ids: readonly string[], sizes: ReadonlyMap<string, Size>, links: readonly Link[]): Map<string, Point> {
  const own = new Map(ids.flatMap((id) => {
    const size = sizes.get(id);
    return size ? [[id, size] as const] : [];
  }));
  if (own.size > 2) return known(own, links.filter(({ source, target }) => own.has(source) && own.has(target)));
  const points = new Map<string, Point>();
  const width = Math.max(...[...own.values()].map((size) => size.width));
  // One text stands in the usual gap, beside others it needs more.
  const crowded = links.some(({ source, target, labels = 0 }) => labels > 1 && own.has(source) && own.has(target));
  let y = 0;
  for (const [id, size] of own) {
    points.set(id, { x: (width - size.width) / 2, y });
    y += size.height + (crowded ? GAP_LABELLED : GAP_DOWN);
  }
  return points;
}

/** How far down the boxes reach, which of them, and how far without that one. */
interface Reach {
  bottom: number;
  by: string | undefined;
  otherwise: number;
}

/** Hang a part below what is there: its first box is the last one of the part before. */
function append(
  points: Map<string, Point>,
  more: ReadonlyMap<string, Point>,
  joint: string | undefined,
  sizes: ReadonlyMap<string, Size>,
  reach: Reach,
): void {
  const there = joint === undefined ? undefined : points.get(joint);
  const here = joint === undefined ? undefined : more.get(joint);
  const x = there && here ? there.x - here.x : 0;
  let y = there && here ? there.y - here.y : 0;
  if (there && joint !== undefined) {
    // Boxes beside the joint may reach further down than it does.
    const bottom = Math.max(0, reach.by === joint ? reach.otherwise : reach.bottom);
    const top = Math.min(...[...more].map(([id, point]) => (id === joint ? Infinity : point.y)));
    y = Math.max(y, bottom + GAP_DOWN / 2 - top);
  }
  for (const [id, point] of more) {
    if (points.has(id)) continue;
    points.set(id, { x: point.x + x, y: point.y + y });
    const bottom = point.y + y + (sizes.get(id)?.height ?? 0);
    if (bottom > reach.bottom) {
      reach.otherwise = reach.bottom;
      reach.bottom = bottom;
      reach.by = id;
    } else {
      reach.otherwise = Math.max(reach.otherwise, bottom);
    }
  }
}

function fromOrigin(points: ReadonlyMap<string, Point>): Map<string, Point> {
  const left = Math.min(...[...points.values()].map(({ x }) => x));
  const top = Math.min(...[...points.values()].map(({ y }) => y));
  return new Map([...points].map(([id, { x, y }]) => [id, { x: x - left, y: y - top }]));
}

/** Arrangements of what looks the same, by its sizes and links: after an edit most parts do. The newest are last. */
const KNOWN = new Map<string, readonly Point[]>();
const KNOWN_MAX = 2_000;

function known(sizes: ReadonlyMap<string, Size>, links: readonly Link[]): Map<string, Point> {
  const ids = [...sizes.keys()];
  const position = new Map(ids.map((id, index) => [id, index]));
  const boxes = [...sizes.values()].map(({ width, height }) => `${width}x${height}`);
  const lines = links.map(({ source, target, weight, labels }) => `${position.get(source)}>${position.get(target)}*${weight}${labels ? "l" : ""}`);
  const key = `${boxes.join()};${lines.join()}`;
  let points = KNOWN.get(key);
  if (points) {
    KNOWN.delete(key);
  } else {
    const arranged = withDagre(sizes, links);
    points = ids.map((id) => arranged.get(id) ?? { x: 0, y: 0 });
    const oldest = KNOWN.keys().next().value;
    if (KNOWN.size >= KNOWN_MAX && oldest !== undefined) KNOWN.delete(oldest);
  }
  KNOWN.set(key, points);
  return new Map(ids.map((id, index) => [id, points[index] ?? { x: 0, y: 0 }]));
}

function withDagre(sizes: ReadonlyMap<string, Size>, links: readonly Link[]): Map<string, Point> {
  const graph = new graphlib.Graph({ multigraph: false });
  const gap = links.some(({ labels }) => labels) ? GAP_LABELLED : GAP_DOWN;
  graph.setGraph({ rankdir: "TB", nodesep: GAP_ACROSS, ranksep: gap, ranker: sizes.size > 200 ? "longest-path" : "network-simplex" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const [id, size] of sizes) graph.setNode(id, { ...size });
  for (const link of links) {
    if (link.source !== link.target) graph.setEdge(link.source, link.target, { weight: link.weight, minlen: 1 });
  }
  layout(graph);
  return new Map(
    [...sizes].map(([id, size]) => {
      const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
      return [id, { x: x - size.width / 2, y: y - size.height / 2 }];
    }),
  );
}
