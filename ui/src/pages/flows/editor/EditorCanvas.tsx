/** The drawing that is edited: drag, connect, drop on a way or into a container, delete. */
import "@xyflow/react/dist/base.css";
import "../../../canvas/canvas.css";
import { useComputedColorScheme } from "@mantine/core";
import { applyNodeChanges, Background, Controls, MiniMap, ReactFlow, useReactFlow, type Connection, type NodeChange } from "@xyflow/react";
import { useCallback, useMemo, useState, type DragEvent, type ReactNode } from "react";
import { FoldContext, NODE_TYPES } from "../../../canvas/nodes";
import { canvas } from "../../../canvas/messages";
import { canvasEdges, canvasNodes, firstView, type CanvasNode } from "../../../canvas/picture";
import { connect } from "../../../graph/document/directives";
import { inFile } from "../../../graph/document/flow";
import { removeTrigger } from "../../../graph/document/parts";
import { removeTask } from "../../../graph/document/tasks";
import { removeValue } from "../../../graph/document/values";
import type { Arranged } from "../../../graph/layout/arrange";
import type { Point } from "../../../graph/layout/file";
import { END } from "../../../graph/model/build";
import type { ExecutionPicture } from "../../../graph/model/execution";
import type { Graph, GraphEdge } from "../../../graph/model/graph";
import { below, within } from "../../../graph/pointer";
import { useText } from "../../../language/language";
import { useEditor, useEditorStore } from "./context";
import { absolute, containerAt, dropped, movedInto, type Offer } from "./drops";
import { OFFER_TYPE } from "./Palette";

interface Props {
  readonly graph: Graph;
  readonly arranged: Arranged;
  /** The run that is shown on it. */
  readonly execution: ExecutionPicture | null;
}

const MANY_NODES = 150;

export function EditorCanvas({ graph, arranged, execution }: Props): ReactNode {
  const say = useText(canvas);
  const scheme = useComputedColorScheme();
  const store = useEditorStore();
  const selected = useEditor((state) => state.selected);
  const fold = useEditor((state) => state.fold);
  const { screenToFlowPosition } = useReactFlow();
  const drawn = useMemo(() => canvasNodes(graph, arranged, execution), [graph, arranged, execution]);
  const [nodes, setNodes] = useState<CanvasNode[]>(drawn);
  const [shown, setShown] = useState<{ drawn: CanvasNode[]; selected: readonly string[] }>({ drawn, selected: [] });
  // What is dragged lives here until it is let go; a new drawing or selection replaces it.
  if (shown.drawn !== drawn || shown.selected !== selected) {
    const chosen = new Set(selected);
    setShown({ drawn, selected });
    setNodes(drawn.map((node) => (chosen.has(node.id) ? { ...node, selected: true } : node)));
  }
  const edges = useMemo(() => canvasEdges(graph, arranged, { skip: say("skip"), otherwise: say("otherwise") }, execution), [graph, arranged, execution, say]);

  const change = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      setNodes((current) => {
        const next = applyNodeChanges(changes, current);
        if (changes.some(({ type }) => type === "select")) {
          const chosen = next.filter((node) => node.selected).map(({ id }) => id);
          // Not while React draws: other parts listen.
          queueMicrotask(() => store.getState().select(chosen));
        }
        return next;
      });
    },
    [store],
  );

  const letGo = useCallback(
    (_: unknown, node: CanvasNode, moved: CanvasNode[]) => {
      const own = graph.byId.get(node.id);
      const corner = { x: node.position.x, y: node.position.y };
      if (own?.kind === "task" && moved.length === 1) {
        const outer = own.parent === null ? { x: 0, y: 0 } : absolute(graph, arranged.boxes, own.parent);
        const box = arranged.boxes.get(own.id);
        const middle = { x: outer.x + corner.x + (box?.width ?? 0) / 2, y: outer.y + corner.y + (box?.height ?? 0) / 2 };
        const container = containerAt(graph, arranged.boxes, arranged.collapsed, middle, new Set([own.id]));
        if ((container?.id ?? null) !== own.parent) {
          const inside = container ? absolute(graph, arranged.boxes, container.id) : { x: 0, y: 0 };
          const point = { x: outer.x + corner.x - inside.x, y: outer.y + corner.y - inside.y };
          store.getState().edit((source) => movedInto(source, own, container, point));
          return;
        }
      }
      const points: Record<string, Point> = {};
      for (const each of moved) {
        const path = graph.byId.get(each.id)?.path;
        if (path !== undefined && graph.byId.get(each.id)?.kind !== "lane") points[path] = each.position;
      }
      store.getState().move(points);
    },
    [graph, arranged, store],
  );

  const connected = useCallback(
    ({ source, target }: Connection) => {
      const from = graph.byId.get(source);
      const to = graph.byId.get(target);
      if (!from || !to || (from.kind !== "task" && from.kind !== "lane")) return;
      store.getState().edit((document) => ({ source: connect(document, from.id, to.id === END ? "end" : to.name) }));
    },
    [graph, store],
  );

  const drop = useCallback(
    (event: DragEvent) => {
      const data = event.dataTransfer.getData(OFFER_TYPE);
      if (!data) return;
      event.preventDefault();
      const offer = JSON.parse(data) as Offer;
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const edge = edgeAt(graph, event.clientX, event.clientY);
      const container = containerAt(graph, arranged.boxes, arranged.collapsed, at);
      const corner = container ? absolute(graph, arranged.boxes, container.id) : { x: 0, y: 0 };
      const isPinned = Object.keys(store.getState().layout.nodes).length > 0;
      // While nothing was put anywhere by hand everything is arranged, what is new too.
      const point = isPinned ? { x: at.x - corner.x - 110, y: at.y - corner.y - 30 } : null;
      store.getState().edit((source) => dropped(source, offer, { edge, container, point }));
    },
    [graph, arranged, store, screenToFlowPosition],
  );

  return (
    <section className="canvas" aria-label={say("label")}>
      <FoldContext value={fold}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          colorMode={scheme}
          fitView
          fitViewOptions={firstView(drawn)}
          minZoom={0.05}
          onlyRenderVisibleElements={nodes.length > MANY_NODES}
          onNodesChange={change}
          onNodeDragStop={letGo}
          onConnect={connected}
          onBeforeDelete={() => Promise.resolve(false)}
          onDragOver={(event) => {
            event.preventDefault();
            event.dataTransfer.dropEffect = "copy";
          }}
          onDrop={drop}
          ariaLabelConfig={{
            "node.a11yDescription.default": say("node"),
            "controls.zoomIn.ariaLabel": say("zoomIn"),
            "controls.zoomOut.ariaLabel": say("zoomOut"),
            "controls.fitView.ariaLabel": say("fit"),
            "minimap.ariaLabel": say("map"),
          }}
          proOptions={{ hideAttribution: true }}
          deleteKeyCode={null}
          multiSelectionKeyCode={["Control", "Meta", "Shift"]}
        >
          <Background />
          <Controls showInteractive={false} />
          <MiniMap pannable zoomable style={{ width: 130, height: 90 }} />
        </ReactFlow>
      </FoldContext>
    </section>
  );
}

/** The way that the pointer is on. */
function edgeAt(graph: Graph, x: number, y: number): GraphEdge | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const id = element.closest(".react-flow__edge")?.getAttribute("data-id");
    const edge = graph.edges.find((each) => each.id === id);
    if (edge?.way) return edge;
  }
  return null;
}

/** Remove what is selected; what is inside of something selected goes with it. */
export function removeSelected(store: ReturnType<typeof useEditorStore>, graph: Graph): void {
  const { selected, edit } = store.getState();
  const nodes = selected.flatMap((id) => graph.byId.get(id) ?? []);
  const outer = nodes.filter((node) => !nodes.some((other) => other !== node && within(node.id, other.id)));
  // From the back, so that the pointers of the others stay.
  const tasks = outer.filter(({ kind }) => kind === "task").sort((one, other) => other.index - one.index);
  const triggers = outer.filter(({ kind }) => kind === "trigger").sort((one, other) => other.place.localeCompare(one.place, "en", { numeric: true }));
  edit((source) => {
    let result = source;
    for (const { id } of tasks) result = removeTask(result, id);
    for (const { place } of triggers) result = removeTrigger(result, place);
    for (const node of outer) {
      if (node.kind === "schedule") result = removeValue(result, node.place);
      // A `try` without its `catch` is none; what the lane does can go.
      if (node.kind === "lane" && node.name === "catch") result = removeValue(result, inFile(result, below(node.id, "do")));
    }
    return { source: result, select: [] };
  });
}
