/** The map of the flow in a corner: one picture of all nodes, over which the part in sight moves. */
import { useReactFlow, useStore } from "@xyflow/react";
import { useComputedColorScheme } from "@mantine/core";
import { memo, useEffect, useMemo, useRef, type PointerEvent, type ReactNode } from "react";
import type { Box } from "../graph/layout/arrange";
import { boundsOf, type View } from "../graph/layout/places";
import type { Graph } from "../graph/model/graph";
import { isWithin, seenIn } from "./view";

const WIDTH = 150;
const HEIGHT = 100;
const EDGE = 6;
/** In a drawing that is not so many times wider it is left out. */
const ROOM = 3;

interface Props {
  readonly graph: Graph;
  readonly places: ReadonlyMap<string, Box>;
  readonly label: string;
}

export const Overview = memo(function Overview({ graph, places, label }: Props): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scheme = useComputedColorScheme();
  const { setCenter, getZoom } = useReactFlow();
  const bounds = useMemo(() => boundsOf(places.values()) ?? { x: 0, y: 0, width: 1, height: 1 }, [places]);
  // It would only lie over what is seen anyway, or over much of it.
  const needless = useStore(({ transform: [x, y, zoom], width, height }) => width < ROOM * WIDTH || isWithin(bounds, seenIn({ x, y, zoom }, { width, height })));
  const scale = Math.min((WIDTH - 2 * EDGE) / bounds.width, (HEIGHT - 2 * EDGE) / bounds.height, 0.25);
  const left = (WIDTH - bounds.width * scale) / 2;
  const top = (HEIGHT - bounds.height * scale) / 2;

  useEffect(() => {
    // After the drawing itself has been painted.
    const timer = window.setTimeout(() => paint(canvas.current, graph, places, { bounds, scale, left, top }));
    return () => window.clearTimeout(timer);
  }, [graph, places, bounds, scale, left, top, scheme]);

  const go = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons === 0) return;
    const frame = event.currentTarget.getBoundingClientRect();
    const x = (event.clientX - frame.left - left) / scale + bounds.x;
    const y = (event.clientY - frame.top - top) / scale + bounds.y;
    void setCenter(x, y, { zoom: getZoom() });
  };
  return (
    <div
      className="canvas-map"
      role="img"
      aria-label={label}
      data-needless={needless || undefined}
      style={{ width: WIDTH, height: HEIGHT }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        go(event);
      }}
      onPointerMove={go}
    >
      <canvas ref={canvas} style={{ width: WIDTH, height: HEIGHT }} aria-hidden />
      <InSight left={left - bounds.x * scale} top={top - bounds.y * scale} scale={scale} />
    </div>
  );
});

function InSight({ left, top, scale }: { left: number; top: number; scale: number }): ReactNode {
  const [x, y, zoom] = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  return (
    <div
      className="canvas-map__sight"
      style={{
        width: (width / zoom) * scale,
        height: (height / zoom) * scale,
        transform: `translate(${left - (x / zoom) * scale}px, ${top - (y / zoom) * scale}px)`,
      }}
    />
  );
}

interface Frame {
  readonly bounds: View;
  readonly scale: number;
  readonly left: number;
  readonly top: number;
}

function paint(canvas: HTMLCanvasElement | null, graph: Graph, places: ReadonlyMap<string, Box>, { bounds, scale, left, top }: Frame): void {
  const context = canvas?.getContext("2d");
  if (!canvas || !context) return;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = WIDTH * ratio;
  canvas.height = HEIGHT * ratio;
  context.scale(ratio, ratio);
  const style = getComputedStyle(canvas);
  const [solid, open] = [style.getPropertyValue("--map-node"), style.getPropertyValue("--map-container")];
  for (const node of graph.nodes) {
    const place = places.get(node.id);
    if (!place) continue;
    context.fillStyle = node.container && place.height > 70 ? open : solid;
    context.fillRect(left + (place.x - bounds.x) * scale, top + (place.y - bounds.y) * scale, Math.max(1, place.width * scale), Math.max(1, place.height * scale));
  }
}
