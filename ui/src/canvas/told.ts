/** What React Flow tells of nodes and edges, told on by the ids that the pages know. */
import type { Connection, ReactFlowProps } from "@xyflow/react";
import { useLayoutEffect, useState } from "react";
import type { Graph } from "../graph/model/graph";
import type { DrawnNode } from "./notes";
import type { CanvasEdge } from "./picture";
import { namesOf, ownChange, ownNode } from "./stable";

type Listeners = ReactFlowProps<DrawnNode, CanvasEdge>;
type Told = Pick<Listeners, "onNodesChange" | "onNodeDrag" | "onNodeDragStop" | "onNodeClick" | "onConnect" | "onReconnect">;

/** Tells on: the same functions from edit to edit, for React Flow tells all its nodes of new ones. */
class Teller {
  readonly told: Told;

  constructor(
    private graph: Graph,
    private listeners: Told,
  ) {
    const own = (node: DrawnNode) => ownNode(this.graph, node);
    const connection = <Kind extends Connection>(made: Kind): Kind => ({ ...made, source: this.idOf(made.source), target: this.idOf(made.target) });
    const all: Told = {
      onNodesChange: (changes) => this.listeners.onNodesChange?.(changes.map((change) => ownChange(this.graph, change))),
      onNodeDrag: (event, node, moved) => this.listeners.onNodeDrag?.(event, own(node), moved.map(own)),
      onNodeDragStop: (event, node, moved) => this.listeners.onNodeDragStop?.(event, own(node), moved.map(own)),
      onNodeClick: (event, node) => this.listeners.onNodeClick?.(event, own(node)),
      onConnect: (made) => this.listeners.onConnect?.(connection(made)),
      onReconnect: (edge, made) => this.listeners.onReconnect?.({ ...edge, source: this.idOf(edge.source), target: this.idOf(edge.target) }, connection(made)),
    };
    // What a page does not listen for is not listened for: React Flow then leaves out what goes with it.
    this.told = Object.fromEntries(Object.entries(all).filter(([name]) => listeners[name as keyof Told] !== undefined));
  }

  follow(graph: Graph, listeners: Told): void {
    this.graph = graph;
    this.listeners = listeners;
  }

  private idOf(name: string): string {
    return namesOf(this.graph).idOf(name);
  }
}

/** The listeners of a page, as React Flow gets them. */
export function useTold(graph: Graph, listeners: Told): Told {
  const [teller] = useState(() => new Teller(graph, listeners));
  useLayoutEffect(() => teller.follow(graph, listeners));
  return teller.told;
}
