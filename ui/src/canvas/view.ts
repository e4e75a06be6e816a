/** Which part of the canvas is shown. */
import type { Viewport } from "@xyflow/react";
import type { Box } from "../graph/layout/arrange";
import { boundsOf, overlaps, type View } from "../graph/layout/places";
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
  const wide = (extent.width - 2 * MARGIN_PX) / all.width;
  const first = graph.nodes.find((node) => places.has(node.id));
  const place = first && places.get(first.id);
  // In its whole width where that can be read, else around where it begins.
  const [zoom, middle] =
    wide >= READABLE_ZOOM ? [Math.min(wide, FIRST_ZOOM), all.x + all.width / 2] : [FIRST_ZOOM, place ? place.x + place.width / 2 : all.x + all.width / 2];
  return { x: extent.width / 2 - middle * zoom, y: MARGIN_PX - all.y * zoom, zoom };
}

/**
 * Where to look after an edit. After nodes were added: at all of a flow that was seen whole, else at the one of them that
 * is selected. Where nothing of the flow is left in sight: at all of it, or what is selected. `null`: stay.
 */
export function lookingAfter(before: ReadonlyMap<string, Box>, places: ReadonlyMap<string, Box>, selected: string | undefined, viewport: Viewport, extent: Extent): Viewport | null {
  const [was, all] = [boundsOf(before.values()), boundsOf(places.values())];
  if (!all) return null;
  const seen = seenIn(viewport, extent);
  const sees = (some: ReadonlyMap<string, Box>) => [...some.values()].some((place) => overlaps(place, seen));
  if (sees(before) && !sees(places)) return found(places, selected, all, viewport, extent);
  if (places.size <= before.size) return null;
  if (isWithin(all, seen)) return null;
  const whole = fitting(all, extent);
  if ((!was || isWithin(was, seen)) && whole.zoom >= READABLE_ZOOM) return whole;
  const place = selected === undefined || before.has(selected) ? undefined : places.get(selected);
  if (!place || isWithin(place, seen)) return null;
  const { zoom } = viewport;
  const [x, y] = [place.x + place.width / 2, place.y + Math.min(place.height, seen.height) / 2];
  return { x: extent.width / 2 - x * zoom, y: extent.height / 2 - y * zoom, zoom };
}

/** Where to look for a flow that has gone out of sight. */
function found(places: ReadonlyMap<string, Box>, selected: string | undefined, all: View, viewport: Viewport, extent: Extent): Viewport {
  const whole = fitting(all, extent);
  if (whole.zoom >= READABLE_ZOOM) return whole;
  const { zoom } = viewport;
  const place = places.get(selected ?? "") ?? [...places.values()][0] ?? { ...all, height: 0 };
  return { x: extent.width / 2 - (place.x + place.width / 2) * zoom, y: extent.height / 3 - place.y * zoom, zoom };
}

/** Where to look so that a part is seen whole, as near as can be to where one looks; `null`: stay. */
export function lookingAt(part: View, { x, y, zoom }: Viewport, { width, height }: Extent): Viewport | null {
  const across = shiftInto(part.x * zoom + x, part.width * zoom, width);
  const down = shiftInto(part.y * zoom + y, part.height * zoom, height);
  return across === 0 && down === 0 ? null : { x: x + across, y: y + down, zoom };
}

/** How far a stretch has to be moved to lie in a room; its beginning, where it is longer. */
function shiftInto(from: number, length: number, room: number): number {
  const [first, last] = [MARGIN_PX - from, room - MARGIN_PX - (from + length)];
  return first > last ? first : Math.min(Math.max(first, 0), last);
}

export function isWithin(part: View, whole: View): boolean {
  return part.x >= whole.x && part.y >= whole.y && part.x + part.width <= whole.x + whole.width && part.y + part.height <= whole.y + whole.height;
}

/** What a viewport shows. */
export function seenIn({ x, y, zoom }: Viewport, { width, height }: Extent): View {
  return { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
}
