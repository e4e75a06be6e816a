/** What the pointer is on while something is dragged: asked of the elements under it, however large the flow is. */
import { canMoveOnWay } from "../../../graph/document/ways";
import type { Graph, GraphEdge } from "../../../graph/model/graph";

const edges = new WeakMap<Graph, ReadonlyMap<string, GraphEdge>>();

function edgesOf(graph: Graph): ReadonlyMap<string, GraphEdge> {
  const known = edges.get(graph);
  if (known) return known;
  const made = new Map(graph.edges.map((edge) => [edge.id, edge]));
  edges.set(graph, made);
  return made;
}

/** Where an event of the pointer is on the screen. */
export function placeOf(event: MouseEvent | TouchEvent): { x: number; y: number } {
  const { clientX, clientY } = "changedTouches" in event ? (event.changedTouches[0] ?? { clientX: -1, clientY: -1 }) : event;
  return { x: clientX, y: clientY };
}

/** The way that a point of the screen is on, and that something can be put into; `moved` is the task that is dragged, if one is. */
export function wayAt(graph: Graph, { x, y }: { x: number; y: number }, moved: string | null = null): GraphEdge | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const id = element.closest(".react-flow__edge")?.getAttribute("data-id") ?? element.closest("[data-way]")?.getAttribute("data-way");
    const edge = id ? edgesOf(graph).get(id) : undefined;
    if (edge?.way && (moved === null || canMoveOnWay(moved, edge.way))) return edge;
    // What a node covers is not meant, but what is dragged covers what it is let go on.
    const node = element.closest(".react-flow__node")?.getAttribute("data-id");
    if (node && moved !== null && node !== moved && !node.startsWith(`${moved}/`)) return null;
  }
  return null;
}

/** Shows where something would go. On the elements themselves: it changes with the movements of the pointer. */
export class Aim {
  private target: string | null = null;
  private element: Element | null = null;

  at(frame: HTMLElement | null, target: string | null): void {
    if (target === this.target && (target === null || this.element?.isConnected)) return;
    this.element?.removeAttribute("data-target");
    this.target = target;
    this.element = (target !== null && frame?.querySelector(`.react-flow__viewport [data-id="${CSS.escape(target)}"]`)) || null;
    this.element?.setAttribute("data-target", "");
  }
}
