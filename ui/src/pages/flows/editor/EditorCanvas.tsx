/** The drawing that is edited: drag, connect, drop on a way or into a container, put in line, note. */
import { applyNodeChanges, Panel, useReactFlow, type Connection, type NodeChange } from "@xyflow/react";
import { useCallback, useMemo, useRef, useState, type DragEvent, type ReactNode } from "react";
import { Drawing } from "../../../canvas/Drawing";
import { canvas } from "../../../canvas/messages";
import { FoldContext, NODE_TYPES } from "../../../canvas/nodes";
import { noteNodes, type DrawnNode } from "../../../canvas/notes";
import { canvasEdges, canvasNodes, withTaken, type CanvasEdge } from "../../../canvas/picture";
import { useIntoSight } from "../../../canvas/sight";
import { connect } from "../../../graph/document/directives";
import type { Source } from "../../../graph/document/source";
import { isDirected } from "../../../graph/document/ways";
import type { Arranged } from "../../../graph/layout/arrange";
import { withNote, type Note } from "../../../graph/layout/file";
import { END } from "../../../graph/model/build";
import type { ExecutionPicture } from "../../../graph/model/execution";
import type { Graph } from "../../../graph/model/graph";
import { useText } from "../../../language/language";
import { Aim, placeOf, wayAt } from "./aim";
import { Align } from "./Align";
import { useEditor, useEditorStore } from "./context";
import { absolute, containerAt, dropped, movedInto, movedOnto, newNote, type Offer } from "./drops";
import { alignable, newContainer, withAligned, withMoved } from "./moves";
import { NoteContext, NoteToWrite } from "./Note";
import { OFFER_TYPE } from "./Palette";
import type { Edit } from "./store";

export { removeSelected } from "./removal";

interface Props {
  readonly graph: Graph;
  readonly arranged: Arranged;
  /** An execution to show on it. */
  readonly execution?: ExecutionPicture | null;
  /** Open what is selected: Enter was pressed. */
  readonly onOpen?: (id: string) => void;
}

/** Where something would go, and what that would be. */
interface Aimed {
  /** Of what is marked: a way or a container, by id. */
  readonly target: string | null;
  /** Whether it goes where that begins. */
  readonly first: boolean;
  readonly edit: (source: Source) => Edit;
}

const TYPES = { ...NODE_TYPES, note: NoteToWrite };
const never = () => Promise.resolve(false);
const TOGETHER_KEYS = ["Control", "Meta", "Shift"];

export function EditorCanvas({ graph, arranged, execution = null, onOpen }: Props): ReactNode {
  const say = useText(canvas);
  const store = useEditorStore();
  const selected = useEditor((state) => state.selected);
  const layout = useEditor((state) => state.layout);
  const fold = useEditor((state) => state.fold);
  const frame = useRef<HTMLDivElement>(null);
  const { screenToFlowPosition } = useReactFlow();
  const intoSight = useIntoSight();
  const drawn = useMemo(() => canvasNodes(graph, arranged, execution), [graph, arranged, execution]);
  const notes = useMemo(() => noteNodes(layout), [layout]);
  const [nodes, setNodes] = useState<readonly DrawnNode[]>([]);
  const [shown, setShown] = useState<{ drawn: unknown; notes: unknown; selected: readonly string[] | null }>({ drawn: null, notes: null, selected: null });
  // What is dragged lives here until it is let go; a new drawing or selection replaces it.
  if (shown.drawn !== drawn || shown.notes !== notes || shown.selected !== selected) {
    const chosen = new Set(selected);
    setShown({ drawn, notes, selected });
    setNodes([...notes, ...drawn].map((node) => (chosen.has(node.id) ? { ...node, selected: true } : node)));
  }
  const lines = useMemo(() => canvasEdges(graph, arranged, { skip: say("skip"), otherwise: say("otherwise"), end: say("end") }), [graph, arranged, say]);
  const edges = useMemo(() => (execution ? withTaken(lines, execution) : lines), [lines, execution]);

  const change = useCallback(
    (changes: NodeChange<DrawnNode>[]) => {
      setNodes((current) => {
        const next = applyNodeChanges(changes, [...current]);
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

  const [aim] = useState(() => new Aim());
  const mark = useCallback((target: string | null, first = false) => aim.at(frame.current, target, first ? "beginning" : "whole"), [aim]);

  /** What a step that is dragged would go into: a way, else another container. */
  const aimed = useCallback(
    (event: MouseEvent | TouchEvent, node: DrawnNode, moved: readonly DrawnNode[]): Aimed | null => {
      const task = moved.length === 1 ? graph.byId.get(node.id) : undefined;
      if (task?.kind !== "task") return null;
      const goal = wayAt(graph, arranged.boxes, placeOf(event), task.id);
      if (goal) return { target: goal.id, first: goal.way.of === "entry", edit: (source) => movedOnto(source, task, goal.way) };
      const into = newContainer(graph, arranged, node);
      return into && { target: into.container?.id ?? null, first: false, edit: (source) => movedInto(source, task, into.container, into.point) };
    },
    [graph, arranged],
  );
  const letGo = useCallback(
    (event: MouseEvent | TouchEvent, node: DrawnNode, moved: DrawnNode[]) => {
      mark(null);
      const { edit, place, layout: before } = store.getState();
      const into = aimed(event, node, moved);
      if (!into) {
        place(withMoved(before, graph, moved));
        return;
      }
      edit(into.edit);
      // Where that was refused, the step goes back to where it was.
      setShown((current) => ({ ...current, drawn: null }));
    },
    [graph, aimed, store, mark],
  );

  const pointTo = useCallback(
    (owner: string, target: string) => {
      const to = graph.byId.get(target);
      if (to) store.getState().edit((document) => ({ source: connect(document, owner, to.id === END ? "end" : to.name) }));
    },
    [graph, store],
  );
  const connected = useCallback(
    ({ source, target }: Connection) => {
      const from = graph.byId.get(source);
      if (from?.kind === "task" || (from?.kind === "lane" && from.name === "catch")) pointTo(from.id, target);
    },
    [graph, pointTo],
  );
  const reconnected = useCallback(
    (edge: CanvasEdge, { target }: Connection) => {
      const way = edge.data?.edge.way;
      if (way && isDirected(way) && target !== edge.target) pointTo(way.owner, target);
    },
    [pointTo],
  );

  // The same functions from frame to frame: React Flow tells all its nodes of new ones.
  const dragged = useCallback(
    (event: MouseEvent | TouchEvent, node: DrawnNode, moved: DrawnNode[]) => {
      const into = aimed(event, node, moved);
      mark(into?.target ?? null, into?.first);
    },
    [aimed, mark],
  );
  const walk = useCallback((id: string) => store.getState().select([id]), [store]);
  const keepNote = useCallback((note: Note) => store.getState().place(withNote(store.getState().layout, note)), [store]);

  const targetAt = (x: number, y: number) => {
    const at = screenToFlowPosition({ x, y });
    return { at, goal: wayAt(graph, arranged.boxes, { x, y }), container: containerAt(graph, arranged.boxes, arranged.collapsed, at) };
  };
  const drop = (event: DragEvent) => {
    mark(null);
    const data = event.dataTransfer.getData(OFFER_TYPE);
    if (!data) return;
    event.preventDefault();
    const offer = JSON.parse(data) as Offer;
    const { at, goal, container } = targetAt(event.clientX, event.clientY);
    if (offer.of === "note") {
      const note = newNote(at);
      store.getState().place(withNote(store.getState().layout, note));
      intoSight(note);
      return;
    }
    const corner = container ? absolute(graph, arranged.boxes, container.id) : { x: 0, y: 0 };
    const isPinned = Object.keys(store.getState().layout.nodes).length > 0;
    // While nothing was put anywhere by hand everything is arranged, what is new too.
    const point = isPinned ? { x: at.x - corner.x - 110, y: at.y - corner.y - 30 } : null;
    store.getState().edit((source) => dropped(source, offer, { way: goal?.way ?? null, container, point }));
  };
  const inLine = useMemo(() => alignable(graph, arranged.boxes, selected), [graph, arranged, selected]);

  return (
    <div ref={frame} className="editor__canvas">
      <FoldContext value={fold}>
        <NoteContext value={keepNote}>
          <Drawing
            graph={graph}
            arranged={arranged}
            nodes={nodes}
            edges={edges}
            selected={selected}
            nodeTypes={TYPES}
            onWalk={walk}
            {...(onOpen ? { onOpen } : {})}
            onNodesChange={change}
            onNodeDrag={dragged}
            onNodeDragStop={letGo}
            onConnect={connected}
            onReconnect={reconnected}
            onBeforeDelete={never}
            onDragOver={(event) => {
              event.preventDefault();
              event.dataTransfer.dropEffect = "copy";
              const { goal, container } = targetAt(event.clientX, event.clientY);
              mark(goal?.id ?? container?.id ?? null, goal?.way.of === "entry");
            }}
            onDragLeave={() => mark(null)}
            onDrop={drop}
            deleteKeyCode={null}
            multiSelectionKeyCode={TOGETHER_KEYS}
          >
            {inLine.length > 1 && (
              <Panel position="top-center">
                <Align count={inLine.length} onAlign={(how) => store.getState().place(withAligned(store.getState().layout, graph, arranged.boxes, selected, how))} />
              </Panel>
            )}
          </Drawing>
        </NoteContext>
      </FoldContext>
    </div>
  );
}
