/** Places on the canvas itself: boxes are relative to what they are drawn in, these are not. */
import type { Graph } from "../model/graph";
import type { Box } from "./arrange";
import type { Point } from "./file";

export interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The boxes of all nodes that are shown, from the corner of the canvas. */
export function placesOf(graph: Graph, boxes: ReadonlyMap<string, Box>): Map<string, Box> {
  const places = new Map<string, Box>();
  // Nodes come behind what they are in.
  for (const node of graph.nodes) {
    const box = boxes.get(node.id);
    if (!box) continue;
    const outer = node.parent === null ? undefined : places.get(node.parent);
    places.set(node.id, outer ? { ...box, x: box.x + outer.x, y: box.y + outer.y } : box);
  }
  return places;
}

/** The box around boxes; `null` around none. */
export function boundsOf(boxes: Iterable<View>): View | null {
  let left = Infinity;
  let top = Infinity;
  let right = -Infinity;
  let bottom = -Infinity;
  for (const { x, y, width, height } of boxes) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x + width);
    bottom = Math.max(bottom, y + height);
  }
  return left === Infinity ? null : { x: left, y: top, width: right - left, height: bottom - top };
}

export function overlaps(one: View, other: View): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  );
}

export function middleOf({ x, y, width, height }: View): Point {
  return { x: x + width / 2, y: y + height / 2 };
}

const STEP = 60;
const STEPS_MAX = 100;

/** The corner for a box of that size, as near as possible to the right of a corner, where it covers nothing. */
export function freeCorner(places: ReadonlyMap<string, View>, box: View): Point {
  let free = box;
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const at = free;
    if (![...places.values()].some((place) => overlaps(place, at))) break;
    free = { ...free, x: free.x + STEP };
  }
  return { x: free.x, y: free.y };
}
