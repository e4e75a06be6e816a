/** From node to node by the arrow keys: to the nearest one in a direction. */
import type { Box } from "./arrange";
import type { Point } from "./file";
import type { Graph } from "../model/graph";

export type Direction = "up" | "down" | "left" | "right";

/** How much further off the straight line counts than along it. */
const ASIDE = 2.5;
const HEAD_MAX = 60;

/** The node to come to, `null` where there is none in that direction. Containers are where their heads are. */
export function neighbourOf(graph: Graph, places: ReadonlyMap<string, Box>, id: string, direction: Direction): string | null {
  const from = places.get(id);
  if (!from) return null;
  const here = headOf(from);
  const inside = direction === "down" ? firstInside(graph, places, id) : null;
  if (inside !== null) return inside;
  let best: { id: string; cost: number } | null = null;
  for (const node of graph.nodes) {
    const place = places.get(node.id);
    if (!place || node.id === id || node.kind === "lane" || node.kind === "end" || node.kind === "start") continue;
    const there = headOf(place);
    const across = there.x - here.x;
    const down = there.y - here.y;
    const [along, aside] = direction === "down" ? [down, across] : direction === "up" ? [-down, across] : direction === "right" ? [across, down] : [-across, down];
    if (along < 1) continue;
    const cost = along + Math.abs(aside) * ASIDE;
    if (!best || cost < best.cost) best = { id: node.id, cost };
  }
  return best?.id ?? null;
}

/** The first step that is drawn in a container (of a `try`, in its first lane). */
function firstInside(graph: Graph, places: ReadonlyMap<string, Box>, id: string): string | null {
  for (const node of graph.nodes) {
    if (node.parent !== id || !places.has(node.id)) continue;
    const found = node.kind === "lane" ? firstInside(graph, places, node.id) : node.id;
    if (found !== null) return found;
  }
  return null;
}

function headOf({ x, y, width, height }: Box): Point {
  return { x: x + width / 2, y: y + Math.min(height, HEAD_MAX) / 2 };
}
