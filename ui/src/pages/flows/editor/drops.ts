/** What something that is dropped on the canvas comes to. Pure: places and graph in, an edit out. */
import { addTrigger } from "../../../graph/document/parts";
import type { Source } from "../../../graph/document/source";
import { callTemplate, taskTemplate, triggerTemplate, type TaskTemplate, type TriggerKind } from "../../../graph/document/templates";
import type { TaskKind } from "../../../graph/document/flow";
import { insertTask, moveTask } from "../../../graph/document/tasks";
import { insertOnWay, moveOnWay, type Way } from "../../../graph/document/ways";
import type { Box } from "../../../graph/layout/arrange";
import { withoutPoints, type Note, type Point } from "../../../graph/layout/file";
import { graphOf } from "../../../graph/model/build";
import type { Graph, GraphNode } from "../../../graph/model/graph";
import type { Edit } from "./store";

/** What the palette offers for the flow. */
export type Part =
  | { readonly of: "task"; readonly kind: TaskKind }
  | { readonly of: "function"; readonly name: string }
  | { readonly of: "trigger"; readonly kind: TriggerKind };
/** What the palette offers. */
export type Offer = Part | { readonly of: "note" };

/** Where it goes: on a way, into a list, or wherever it fits. */
export interface Target {
  readonly way: Way | null;
  readonly container: GraphNode | null;
  /** Relative to the container; `null` to let it be arranged. */
  readonly point: Point | null;
}

/** Make of an offer what it says, at a target. */
export function dropped(source: Source, offer: Part, target: Target): Edit {
  if (offer.of === "trigger") {
    const { name, configuration } = triggerTemplate(offer.kind, source.root.data);
    const { source: result, trigger } = addTrigger(source, name, offer.kind, configuration);
    return { source: result, select: [`trigger/${trigger.name}`] };
  }
  const { name, task } = templateOf(offer);
  if (target.way) {
    const edit = insertOnWay(source, target.way, name, task);
    return { source: edit.source, select: [edit.task] };
  }
  const list = target.container?.holds ?? "/do";
  const edit = insertTask(source, list, Infinity, name, task);
  return { source: edit.source, select: [edit.task], ...(target.point ? { points: { [edit.task]: target.point } } : {}) };
}

function templateOf(offer: Exclude<Part, { of: "trigger" }>): TaskTemplate {
  return offer.of === "task" ? taskTemplate(offer.kind) : callTemplate(offer.name);
}

const NOTE = { width: 220, height: 100 };

/** An empty note around a point. */
export function newNote({ x, y }: Point): Note {
  const corner = { x: Math.round(x - NOTE.width / 2), y: Math.round(y - NOTE.height / 2) };
  return { id: crypto.getRandomValues(new Uint32Array(2)).join("-"), ...corner, ...NOTE, text: "" };
}

/** Put an offer behind what is selected, or at the end. */
export function added(source: Source, graph: Graph, offer: Part, selected: string | undefined): Edit {
  const node = selected === undefined ? undefined : graph.byId.get(selected);
  if (offer.of !== "trigger" && node?.container && node.holds !== null) {
    return dropped(source, offer, { way: null, container: node, point: null });
  }
  // Behind a trigger, or the start, is where the flow begins.
  const on = graph.edges.find(({ source: from, way, kind }) => from === selected && (way?.of === "task" || (way?.of === "entry" && kind === "start")));
  if (offer.of !== "trigger" && !on?.way && node?.kind === "task" && node.list !== null) {
    // Nothing goes on from it (a branch, an error that is raised): behind it in its list all the same.
    const { name, task } = templateOf(offer);
    const edit = insertTask(source, node.list, node.index + 1, name, task);
    return { source: edit.source, select: [edit.task] };
  }
  return dropped(source, offer, { way: on?.way ?? null, container: null, point: null });
}

/** Move a task into another container (or out of all), keeping the place where it was let go. */
export function movedInto(source: Source, node: GraphNode, container: GraphNode | null, point: Point): Edit {
  const list = container?.holds ?? "/do";
  const edit = moveTask(source, node.id, list, Infinity);
  return { source: edit.source, select: [edit.task], points: { [edit.task]: point } };
}

/** Move a task into a way; where it is drawn then is arranged, as of one that is new there. */
export function movedOnto(source: Source, node: GraphNode, way: Way): Edit {
  const { source: result, task } = moveOnWay(source, node.id, way);
  const path = graphOf(result.root.data).byId.get(task)?.path;
  return { source: result, select: [task], relaid: (layout) => (path === undefined ? layout : withoutPoints(layout, [path])) };
}

/** Where a node is on the canvas itself. */
export function absolute(graph: Graph, boxes: ReadonlyMap<string, Box>, id: string): Point {
  let x = 0;
  let y = 0;
  for (let at: string | null = id; at !== null; at = graph.byId.get(at)?.parent ?? null) {
    const box = boxes.get(at);
    x += box?.x ?? 0;
    y += box?.y ?? 0;
  }
  return { x, y };
}

const holders = new WeakMap<Graph, readonly GraphNode[]>();

/** The nodes that hold tasks, found once for each graph: it is asked with every movement of the pointer. */
function holdersOf(graph: Graph): readonly GraphNode[] {
  const known = holders.get(graph);
  if (known) return known;
  const found = graph.nodes.filter(({ holds }) => holds !== null);
  holders.set(graph, found);
  return found;
}

/** The innermost container that holds tasks and covers a point, without those in `except`. */
export function containerAt(
  graph: Graph,
  boxes: ReadonlyMap<string, Box>,
  collapsed: ReadonlySet<string>,
  point: Point,
  except: ReadonlySet<string> = new Set(),
): GraphNode | null {
  let found: GraphNode | null = null;
  for (const node of holdersOf(graph)) {
    const box = boxes.get(node.id);
    if (!box || collapsed.has(node.id) || isInAny(graph, node, except)) continue;
    const corner = absolute(graph, boxes, node.id);
    const inside = point.x >= corner.x && point.y >= corner.y && point.x <= corner.x + box.width && point.y <= corner.y + box.height;
    // Nodes come before what is in them, so the last one is the innermost.
    if (inside) found = node;
  }
  return found;
}

function isInAny(graph: Graph, node: GraphNode, ids: ReadonlySet<string>): boolean {
  for (let at: GraphNode | undefined = node; at; at = at.parent === null ? undefined : graph.byId.get(at.parent)) {
    if (ids.has(at.id)) return true;
  }
  return false;
}
