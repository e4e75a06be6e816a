/** What the pointer is on while something is dragged: asked of the elements under it, however large the flow is. */
import { canMoveOnWay, entryOf, type Way } from "../../../graph/document/ways";
import type { Box } from "../../../graph/layout/arrange";
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

/** A way that something can be put into, and what shows it: an edge, or the container at whose head it begins. */
export interface Goal {
  readonly id: string;
  readonly way: Way;
}

/**
 * The way that a point of the screen is on, and that something can be put into; `moved` is the task that is dragged, if
 * one is. `boxes` are of the nodes that are shown: what would be put into something folded could not be seen.
 */
export function wayAt(graph: Graph, boxes: ReadonlyMap<string, Box>, { x, y }: { x: number; y: number }, moved: string | null = null): Goal | null {
  for (const element of document.elementsFromPoint(x, y)) {
    const goal = goalOf(graph, boxes, element);
    if (goal && (moved === null || canMoveOnWay(moved, goal.way))) return goal;
    // What a node covers is not meant, but what is dragged covers what it is let go on.
    const node = nodeAround(element);
    if (node && moved !== null && node !== moved && !node.startsWith(`${moved}/`)) return null;
  }
  return null;
}

function goalOf(graph: Graph, boxes: ReadonlyMap<string, Box>, element: Element): Goal | null {
  const id = element.closest(".react-flow__edge")?.getAttribute("data-id") ?? element.closest("[data-way]")?.getAttribute("data-way");
  const edge = id ? edgesOf(graph).get(id) : undefined;
  if (edge?.way && boxes.has(edge.source)) return { id: edge.id, way: edge.way };
  if (!element.closest(".canvas-container__head")) return null;
  // No arrow is drawn to the first one in a container: its head is where that begins.
  const node = graph.byId.get(nodeAround(element) ?? "");
  // The branches of a `fork` have no order.
  if (!node || node.holds === null || node.task === "fork") return null;
  return { id: node.id, way: entryOf(node.holds, graph.nodes.find(({ list, index }) => list === node.holds && index === 0)?.name) };
}

function nodeAround(element: Element): string | null | undefined {
  return element.closest(".react-flow__node")?.getAttribute("data-id");
}

/** Where the mark of a target is: all of it, or where it begins. */
type Part = "whole" | "beginning";

/** Shows where something would go. On the elements themselves: it changes with the movements of the pointer. */
export class Aim {
  private target: string | null = null;
  private part: Part = "whole";
  private element: Element | null = null;

  at(frame: HTMLElement | null, target: string | null, part: Part = "whole"): void {
    if (target === this.target && part === this.part && (target === null || this.element?.isConnected)) return;
    this.element?.removeAttribute("data-target");
    this.target = target;
    this.part = part;
    this.element = (target !== null && frame?.querySelector(`.react-flow__viewport [data-id="${CSS.escape(target)}"]`)) || null;
    this.element?.setAttribute("data-target", part);
  }
}
