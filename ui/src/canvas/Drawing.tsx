/** What every drawing of a flow has: nodes and ways (of a large flow those in sight), the map, zooming, walking. */
import "@xyflow/react/dist/base.css";
import "./canvas.css";
import { Background, Panel, ReactFlow, useReactFlow, useStore, type ReactFlowProps, type Viewport } from "@xyflow/react";
import { useComputedColorScheme } from "@mantine/core";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import type { Arranged } from "../graph/layout/arrange";
import { boundsOf, placesOf, type View } from "../graph/layout/places";
import { drawnIn, isSpent, sightAround } from "../graph/layout/sight";
import { neighbourOf, type Direction } from "../graph/layout/walk";
import { END } from "../graph/model/build";
import type { Graph } from "../graph/model/graph";
import { useText } from "../language/language";
import { Grown } from "./Grown";
import { canvas } from "./messages";
import { NODE_TYPES } from "./nodes";
import { NoteToRead } from "./NoteToRead";
import { Overview } from "./Overview";
import { Search } from "./Search";
import { noteIdOf, type DrawnNode } from "./notes";
import type { CanvasEdge } from "./picture";
import { namedEdge, namedNode } from "./stable";
import { useTold } from "./told";
import { firstView, fitting, seenIn, ZOOM_MAX, ZOOM_MIN, type Extent } from "./view";
import { EDGE_TYPES } from "./WayEdge";
import { Zoom } from "./Zoom";

interface Props extends Omit<ReactFlowProps<DrawnNode, CanvasEdge>, "nodes" | "edges" | "children"> {
  readonly graph: Graph;
  /** Which of two drawings on a page it is; else there is only one. */
  readonly label?: string;
  readonly arranged: Arranged;
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly CanvasEdge[];
  readonly selected: readonly string[];
  /** Select another node, which an arrow key led to. */
  readonly onWalk: (id: string) => void;
  readonly onOpen?: (id: string) => void;
  readonly children?: ReactNode;
}

// Drawing all of a small flow is cheaper than finding out what is in sight.
const MANY_NODES = 120;
const FAR_ZOOM = 0.45;
/** What is looked for is shown so large at least. */
const READ_ZOOM = 0.8;
const READ_HEIGHT = 300;
const DIRECTIONS: Readonly<Record<string, Direction>> = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" };

export function Drawing({ label, ...props }: Props): ReactNode {
  const say = useText(canvas);
  const [extent, setExtent] = useState<Extent | null>(null);
  const frame = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    const box = frame.current?.getBoundingClientRect();
    // What is shown first depends on how much room there is.
    setExtent({ width: box?.width || 800, height: box?.height || 600 });
  }, []);
  return (
    <section ref={frame} className="canvas" aria-label={label === undefined ? say("label") : `${say("label")}: ${label}`}>
      {extent && <Flow {...props} extent={extent} />}
    </section>
  );
}

function Flow({ graph, arranged, nodes, edges, selected, onWalk, onOpen, children, extent, nodeTypes = TYPES, ...rest }: Props & { extent: Extent }): ReactNode {
  const say = useText(canvas);
  const scheme = useComputedColorScheme();
  const frame = useRef<HTMLDivElement>(null);
  const places = useMemo(() => placesOf(graph, arranged.boxes), [graph, arranged]);
  const [first] = useState(() => firstView(graph, places, extent));
  const [sight, setSight] = useState<View>(() => sightAround(seenIn(first, extent)));
  const many = nodes.length > MANY_NODES;
  const drawn = useMemo(() => {
    if (!many) return null;
    const lines = edges.map(({ id, source, target, data }) => ({ id, source, target: data?.stub ? source : target }));
    return drawnIn(graph, places, lines, sight, [END, ...selected]);
  }, [many, graph, places, edges, sight, selected]);
  const reached = selected[0] ?? graph.nodes.find(({ kind }) => kind === "task" || kind === "trigger")?.id;
  const shownNodes = useMemo((): DrawnNode[] => {
    const inSight = nodes.filter(({ id }) => !drawn || drawn.nodes.has(id) || noteIdOf(id) !== null);
    return inSight.map((node) => namedNode(graph, node.id === reached ? { ...node, domAttributes: IN_TAB_ORDER } : node));
  }, [graph, nodes, drawn, reached]);
  const shownEdges = useMemo(() => edges.filter(({ id }) => !drawn || drawn.edges.has(id)).map((edge) => namedEdge(graph, edge)), [graph, edges, drawn]);
  const told = useTold(graph, rest);
  const [searching, setSearching] = useState(false);
  const { getViewport, setViewport, setCenter, getZoom } = useReactFlow();
  const labels = useMemo(() => ({ "node.a11yDescription.default": say("node") }), [say]);

  // A node that goes takes the focus with it: keys are for the canvas then, not for nobody.
  const focused = useRef(false);
  useEffect(() => {
    // React Flow draws them a moment later.
    const next = requestAnimationFrame(() => {
      if (focused.current && document.activeElement === document.body) frame.current?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(next);
  }, [shownNodes]);

  const sizeNow = (): Extent => frame.current?.getBoundingClientRect() ?? extent;
  const fit = useCallback(() => {
    const all = boundsOf(places.values());
    if (all) void setViewport(fitting(all, frame.current?.getBoundingClientRect() ?? extent), { duration: 200 });
  }, [places, setViewport, extent]);
  const search = useCallback(() => setSearching(true), []);
  const show = (id: string) => {
    onWalk(id);
    // What is inside of something folded is shown as that.
    let seen: string | null = id;
    while (seen !== null && !places.has(seen)) seen = graph.byId.get(seen)?.parent ?? null;
    const place = seen === null ? undefined : places.get(seen);
    if (place) void setCenter(place.x + place.width / 2, place.y + Math.min(place.height, READ_HEIGHT) / 2, { zoom: Math.max(getZoom(), READ_ZOOM), duration: 200 });
  };
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
      event.preventDefault();
      setSearching(true);
      return;
    }
    if (target.closest("input, textarea, button, [contenteditable='true']") || event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = DIRECTIONS[event.key];
    const here = target.closest(".react-flow__node")?.getAttribute("data-id") ?? reached;
    if (here === undefined) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      onWalk(here);
      onOpen?.(here);
    } else if (direction) {
      event.preventDefault();
      const next = selected.length === 0 ? here : neighbourOf(graph, places, here, direction);
      const place = next === null ? undefined : places.get(next);
      if (next === null || !place) return;
      const seen = seenIn(getViewport(), sizeNow());
      const inside = place.x >= seen.x && place.y >= seen.y && place.x + Math.min(place.width, 240) <= seen.x + seen.width && place.y + Math.min(place.height, 80) <= seen.y + seen.height;
      if (!inside) void setCenter(place.x + place.width / 2, place.y + Math.min(place.height, seen.height) / 2, { zoom: getZoom() });
      onWalk(next);
      focusSoon(frame.current, next);
    }
  };
  return (
    // React Flow keeps clicks from moving the focus; keys are for what was clicked last.
    <div ref={frame} className="canvas__frame" tabIndex={-1} onFocus={() => (focused.current = true)} onBlur={() => (focused.current = false)} onKeyDown={press} onPointerDownCapture={(event) => takeFocus(frame.current, event.target)}>
      <ReactFlow
        {...rest}
        {...told}
        nodes={shownNodes}
        edges={shownEdges}
        nodeTypes={nodeTypes}
        edgeTypes={EDGE_TYPES}
        colorMode={scheme}
        defaultViewport={first}
        minZoom={ZOOM_MIN}
        maxZoom={ZOOM_MAX}
        disableKeyboardA11y
        elevateEdgesOnSelect={false}
        ariaLabelConfig={labels}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={24} size={1.2} />
        {many && <Follow sight={sight} onSight={setSight} />}
        <Grown places={places} selected={selected[0]} />
        <Far />
        <Panel position="bottom-left">
          <Zoom onFit={fit} onSearch={search} />
        </Panel>
        {searching && (
          <Panel position="top-right">
            <Search graph={graph} selected={selected[0]} onShow={show} onClose={() => {
              setSearching(false);
              frame.current?.focus({ preventScroll: true });
            }} />
          </Panel>
        )}
        <Panel position="bottom-right">
          <Overview graph={graph} places={places} label={say("map")} />
        </Panel>
        {children}
      </ReactFlow>
    </div>
  );
}

const TYPES = { ...NODE_TYPES, note: NoteToRead };
const IN_TAB_ORDER = { tabIndex: 0 };

function takeFocus(frame: HTMLElement | null, target: EventTarget): void {
  if (target instanceof Element && target.closest("input, textarea, button, [contenteditable='true']")) return;
  const node = target instanceof Element ? target.closest<HTMLElement>(".react-flow__node") : null;
  (node ?? frame)?.focus({ preventScroll: true });
}

/** Give a node the focus as soon as it is drawn. */
function focusSoon(frame: HTMLElement | null, id: string, tries = 30): void {
  requestAnimationFrame(() => {
    const node = frame?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`);
    if (node) node.focus({ preventScroll: true });
    else if (tries > 0) focusSoon(frame, id, tries - 1);
  });
}

/** Chooses anew what is drawn when what is seen comes near its end. */
function Follow({ sight, onSight }: { sight: View; onSight: (sight: View) => void }): null {
  const [x, y, zoom] = useStore((state) => state.transform);
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  useEffect(() => {
    if (width === 0 || height === 0) return;
    const viewport: Viewport = { x, y, zoom };
    const seen = seenIn(viewport, { width, height });
    if (isSpent(sight, seen)) onSight(sightAround(seen));
  }, [x, y, zoom, width, height, sight, onSight]);
  return null;
}

/** Marks the drawing where it is too small to be read, so that only shapes are painted. */
function Far(): null {
  const far = useStore((state) => state.transform[2] < FAR_ZOOM);
  const element = useStore((state) => state.domNode);
  useEffect(() => {
    element?.toggleAttribute("data-far", far);
  }, [element, far]);
  return null;
}
