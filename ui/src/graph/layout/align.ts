/** Nodes in line with each other: their places, as far as they have to move. */
import type { Box } from "./arrange";
import type { Point } from "./file";
import { boundsOf } from "./places";

export const ALIGNMENTS = ["left", "centre", "right", "top", "middle", "bottom", "across", "down"] as const;
/** `across` and `down` put the same room between all of them; the others a side or the middle in one line. */
export type Alignment = (typeof ALIGNMENTS)[number];

/** Whether so many can be aligned like that. */
export function canAlign(how: Alignment, count: number): boolean {
  return count >= (how === "across" || how === "down" ? 3 : 2);
}

/** The corners of boxes after they were aligned. All are places on the canvas. */
export function alignedTo(boxes: ReadonlyMap<string, Box>, how: Alignment): Map<string, Point> {
  const all = boundsOf(boxes.values());
  if (!all || !canAlign(how, boxes.size)) return new Map();
  if (how === "across" || how === "down") return distributed(boxes, how);
  const corner = ({ x, y, width, height }: Box): Point => {
    switch (how) {
      case "left":
        return { x: all.x, y };
      case "centre":
        return { x: all.x + (all.width - width) / 2, y };
      case "right":
        return { x: all.x + all.width - width, y };
      case "top":
        return { x, y: all.y };
      case "middle":
        return { x, y: all.y + (all.height - height) / 2 };
      case "bottom":
        return { x, y: all.y + all.height - height };
    }
  };
  return new Map([...boxes].map(([id, box]) => [id, corner(box)]));
}

/** The first and the last stay; what is left of the room is shared by the gaps. */
function distributed(boxes: ReadonlyMap<string, Box>, how: "across" | "down"): Map<string, Point> {
  const from = (box: Box) => (how === "across" ? box.x : box.y);
  const size = (box: Box) => (how === "across" ? box.width : box.height);
  const ordered = [...boxes].sort(([, one], [, other]) => from(one) + size(one) / 2 - from(other) - size(other) / 2);
  const first = ordered[0]?.[1];
  const last = ordered.at(-1)?.[1];
  if (!first || !last) return new Map();
  const taken = ordered.reduce((sum, [, box]) => sum + size(box), 0);
  const gap = (from(last) + size(last) - from(first) - taken) / (ordered.length - 1);
  let at = from(first);
  return new Map(
    ordered.map(([id, box]) => {
      const point = how === "across" ? { x: at, y: box.y } : { x: box.x, y: at };
      at += size(box) + gap;
      return [id, point];
    }),
  );
}
