/** What has to be drawn of a large flow: what is in sight, and what that hangs on. */
import { overlaps, type View } from "./places";
import type { Graph } from "../model/graph";
import type { Box } from "./arrange";

/** Around what is seen, as much again on each side is drawn, so that moving shows no gaps. */
const SPARE = 0.5;
const MOVES = 0.3;

/** What to draw where `seen` is seen. */
export function sightAround(seen: View): View {
  const across = seen.width * SPARE;
  const down = seen.height * SPARE;
  return { x: seen.x - across, y: seen.y - down, width: seen.width + 2 * across, height: seen.height + 2 * down };
}

/** Whether what is drawn has to be chosen anew: what is seen has come near its end, or is much smaller. */
export function isSpent(sight: View, seen: View): boolean {
  const across = seen.width * (SPARE - MOVES);
  const down = seen.height * (SPARE - MOVES);
  const around = seen.x - across >= sight.x && seen.y - down >= sight.y && seen.x + seen.width + across <= sight.x + sight.width && seen.y + seen.height + down <= sight.y + sight.height;
  return !around || seen.width * 4 < sight.width;
}

export interface Line {
  readonly id: string;
  readonly source: string;
  readonly target: string;
}

export interface Drawn {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

/** The nodes and lines that a view needs: lines that pass through it, with both ends, and all that they are in. */
export function drawnIn(graph: Graph, places: ReadonlyMap<string, Box>, lines: readonly Line[], view: View, always: Iterable<string>): Drawn {
  const nodes = new Set<string>();
  const edges = new Set<string>();
  const add = (id: string) => {
    for (let at: string | null = id; at !== null && !nodes.has(at); at = graph.byId.get(at)?.parent ?? null) nodes.add(at);
  };
  for (const [id, place] of places) if (overlaps(place, view)) add(id);
  for (const id of always) if (places.has(id)) add(id);
  const inSight = new Set(nodes);
  for (const { id, source, target } of lines) {
    const one = places.get(source);
    const other = places.get(target);
    if (!one || !other) continue;
    const seen = inSight.has(source) || inSight.has(target) || overlaps(between(one, other), view);
    if (!seen) continue;
    edges.add(id);
    add(source);
    add(target);
  }
  return { nodes, edges };
}

function between(one: Box, other: Box): View {
  const x = Math.min(one.x, other.x);
  const y = Math.min(one.y, other.y);
  return {
    x,
    y,
    width: Math.max(one.x + one.width, other.x + other.width) - x,
    height: Math.max(one.y + one.height, other.y + other.height) - y,
  };
}
