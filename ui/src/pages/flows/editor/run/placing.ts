/** An execution's states on the flow as it is drawn now, which may have been changed since. Pure. */
import type { ExecutionPicture, NodeState } from "../../../../graph/model/execution";
import type { Graph } from "../../../../graph/model/graph";

/** Where the tasks of one graph are in another one of the same flow: by their names and those they are in. */
export interface Places {
  /** From the pointer of a task that was executed to the node that is drawn. */
  readonly drawn: (executed: string) => string | null;
  /** And back. */
  readonly executed: (drawn: string) => string | null;
  /** Whether both are the same. */
  readonly same: boolean;
}

export function placesOf(executed: Graph, drawn: Graph): Places {
  if (executed === drawn) {
    const known = (id: string) => (drawn.byId.has(id) ? id : null);
    return { drawn: known, executed: known, same: true };
  }
  const there = idsByPath(drawn);
  const back = idsByPath(executed);
  const follow = (from: Graph, to: ReadonlyMap<string, string>) => (id: string) => to.get(from.byId.get(id)?.path ?? "") ?? null;
  return { drawn: follow(executed, there), executed: follow(drawn, back), same: false };
}

function idsByPath(graph: Graph): Map<string, string> {
  return new Map(graph.nodes.map(({ path, id }) => [path, id]));
}

/** The picture of an execution on what is drawn; what is not there any more is left out. */
export function placed(picture: ExecutionPicture, { drawn, same }: Places): ExecutionPicture {
  if (same) return picture;
  const nodes = new Map<string, NodeState>();
  for (const [id, state] of picture.nodes) {
    const now = drawn(id);
    if (now !== null) nodes.set(now, state);
  }
  // Ways have no names to find them by: none is said to be taken that may be another one.
  return { ...picture, nodes, edges: new Map() };
}
