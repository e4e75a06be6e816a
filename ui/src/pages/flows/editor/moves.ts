/** What moving nodes about comes to. Pure: nodes and graph in, places out. */
import { noteIdOf, type DrawnNode } from "../../../canvas/notes";
import { alignedTo, type Alignment } from "../../../graph/layout/align";
import type { Arranged, Box } from "../../../graph/layout/arrange";
import { withNote, withPoints, type LayoutFile, type Point } from "../../../graph/layout/file";
import { placesOf } from "../../../graph/layout/places";
import type { Graph, GraphNode } from "../../../graph/model/graph";
import { absolute, containerAt } from "./drops";

/** The container that a task is let go over, where it is another than its own. `point` is in there. */
export function newContainer(graph: Graph, arranged: Arranged, node: DrawnNode): { task: GraphNode; container: GraphNode | null; point: Point } | null {
  const task = graph.byId.get(node.id);
  const box = arranged.boxes.get(node.id);
  if (task?.kind !== "task" || !box) return null;
  const outer = task.parent === null ? { x: 0, y: 0 } : absolute(graph, arranged.boxes, task.parent);
  const corner = { x: outer.x + node.position.x, y: outer.y + node.position.y };
  const middle = { x: corner.x + box.width / 2, y: corner.y + Math.min(box.height, 60) / 2 };
  const container = containerAt(graph, arranged.boxes, arranged.collapsed, middle, new Set([task.id]));
  if ((container?.id ?? null) === task.parent) return null;
  const inside = container ? absolute(graph, arranged.boxes, container.id) : { x: 0, y: 0 };
  return { task, container, point: { x: corner.x - inside.x, y: corner.y - inside.y } };
}

/** The layout after nodes and notes were put somewhere. */
export function withMoved(layout: LayoutFile, graph: Graph, moved: readonly DrawnNode[]): LayoutFile {
  const points: Record<string, Point> = {};
  let result = layout;
  for (const { id, position } of moved) {
    const node = graph.byId.get(id);
    const note = layout.notes.find((each) => each.id === noteIdOf(id));
    if (note) result = withNote(result, { ...note, x: Math.round(position.x), y: Math.round(position.y) });
    else if (node && node.kind !== "lane") points[node.path] = position;
  }
  return Object.keys(points).length > 0 ? withPoints(result, points) : result;
}

/** Those of the selected that can be put in line: without those that move with what they are in. */
export function alignable(graph: Graph, boxes: ReadonlyMap<string, Box>, selected: readonly string[]): string[] {
  const chosen = new Set(selected);
  return selected.filter((id) => {
    const node = graph.byId.get(id);
    if (!node || node.kind === "lane" || !boxes.has(id)) return false;
    for (let at = node.parent; at !== null; at = graph.byId.get(at)?.parent ?? null) if (chosen.has(at)) return false;
    return true;
  });
}

/** The layout after the selected were put in line. */
export function withAligned(layout: LayoutFile, graph: Graph, boxes: ReadonlyMap<string, Box>, selected: readonly string[], how: Alignment): LayoutFile {
  const places = placesOf(graph, boxes);
  const chosen = new Map(alignable(graph, boxes, selected).flatMap((id) => {
    const place = places.get(id);
    return place ? [[id, place] as const] : [];
  }));
  const points: Record<string, Point> = {};
  for (const [id, point] of alignedTo(chosen, how)) {
    const node = graph.byId.get(id);
    const outer = node && node.parent !== null ? places.get(node.parent) : undefined;
    if (node) points[node.path] = { x: point.x - (outer?.x ?? 0), y: point.y - (outer?.y ?? 0) };
  }
  return withPoints(layout, points);
}
