/** How large nodes are drawn, in pixels at full size. The drawing keeps to them, so that layout needs no page. */
import type { GraphNode } from "../model/graph";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const GAP_ACROSS = 40;
export const GAP_DOWN = 48;
/** Where conditions are written between what is above and below. */
export const GAP_LABELLED = 80;
/** Around what is drawn in a container; its head is on top. */
export const PADDING = 20;
export const HEAD = 44;
export const LANE_HEAD = 28;

const TASK: Size = { width: 220, height: 60 };
const EMPTY_BOARD: Size = { width: 180, height: 60 };

/** The size of a node that shows nothing inside. */
export function sizeOf(node: GraphNode): Size {
  switch (node.kind) {
    case "start":
    case "end":
      return { width: 72, height: 32 };
    case "lane":
      return EMPTY_BOARD;
    default:
      return TASK;
  }
}

/** Where the inside of a container begins. */
export function insideOf(node: GraphNode | null): { left: number; top: number } {
  if (node === null) return { left: 0, top: 0 };
  return { left: PADDING, top: (node.kind === "lane" ? LANE_HEAD : HEAD) + (node.task === "try" ? 0 : PADDING / 2) };
}

/** The size of a container around what is in it, which ends at `right` and `bottom`. */
export function around(node: GraphNode, right: number, bottom: number): Size {
  const inside = insideOf(node);
  const least = node.kind === "lane" ? EMPTY_BOARD : TASK;
  return {
    width: Math.max(right + PADDING, least.width),
    height: Math.max(bottom + PADDING, inside.top + least.height),
  };
}
