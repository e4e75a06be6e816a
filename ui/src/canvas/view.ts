/** Which part of the canvas is shown. */
import type { Viewport } from "@xyflow/react";
import type { Box } from "../graph/layout/arrange";
import { boundsOf, type View } from "../graph/layout/places";
import type { Graph } from "../graph/model/graph";

export const ZOOM_MIN = 0.02;
export const ZOOM_MAX = 2;
const FIT_MAX = 1;
const MARGIN_PX = 32;
/** What is smaller cannot be read; of a larger flow the beginning is shown first, a little larger than that. */
const READABLE_ZOOM = 0.6;
const FIRST_ZOOM = 0.75;

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Show a part whole, in the middle, no larger than life. */
export function fitting(part: View, { width, height }: Extent): Viewport {
  const zoom = Math.max(ZOOM_MIN, Math.min((width - 2 * MARGIN_PX) / part.width, (height - 2 * MARGIN_PX) / part.height, FIT_MAX));
  return { x: width / 2 - (part.x + part.width / 2) * zoom, y: height / 2 - (part.y + part.height / 2) * zoom, zoom };
}

/** What to show first: all of a small flow, the beginning of a large one. */
export function firstView(graph: Graph, places: ReadonlyMap<string, Box>, extent: Extent): Viewport {
  const all = boundsOf(places.values());
  if (!all) return { x: extent.width / 2, y: MARGIN_PX, zoom: 1 };
  const whole = fitting(all, extent);
  if (whole.zoom >= READABLE_ZOOM) return whole;
  const first = graph.nodes.find((node) => places.has(node.id));
  const place = first && places.get(first.id);
  const middle = place ? place.x + place.width / 2 : all.x + all.width / 2;
  return { x: extent.width / 2 - middle * FIRST_ZOOM, y: MARGIN_PX - all.y * FIRST_ZOOM, zoom: FIRST_ZOOM };
}

/** What a viewport shows. */
export function seenIn({ x, y, zoom }: Viewport, { width, height }: Extent): View {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}
