/** A document as nodes and edges. */
import type { Json } from "../json";
import type { TaskKind } from "../document/flow";
import type { Way } from "../document/ways";

export type NodeKind = "trigger" | "schedule" | "start" | "end" | "task" | "lane";

export interface GraphNode {
  /** A task's pointer as the engine has it (`/do/0/charge`); `trigger/<name>`, `schedule`, `start`, `end`. */
  readonly id: string;
  /** What stays when tasks move: the names down to it. Positions are kept by it. */
  readonly path: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** The kind of a task, `null` when it shows none; the kind of a trigger is in `trigger`. */
  readonly task: TaskKind | null;
  readonly trigger: string | null;
  readonly summary: string;
  /** What is written there. */
  readonly data: Json;
  /** Where it stands in the text. */
  readonly place: string;
  /** The node that it is drawn in, `null` on the canvas itself. */
  readonly parent: string | null;
  /** The list of tasks that it stands in, and where in it. */
  readonly list: string | null;
  readonly index: number;
  /** The list of tasks that is drawn in it; `null` for what holds none (and for a `try`, whose lanes do). */
  readonly holds: string | null;
  /** Whether other nodes are drawn in it, or could be. */
  readonly container: boolean;
}

export type EdgeKind =
  | "start" // from a trigger to the first task
  | "next" // the task behind follows
  | "then" // a directive says so
  | "case" // a case of a `switch` says so
  | "otherwise" // no case of a `switch` holds
  | "skip" // the task's `if` does not hold
  | "error" // from what is tried to what catches
  | "caught"; // on from a `catch`

export interface GraphEdge {
  readonly id: string;
  readonly source: string;
  /** A node; the container itself where its list is left; `end` where the workflow is. */
  readonly target: string;
  readonly kind: EdgeKind;
  /** How it leaves: by going on in the list, by leaving the list, by ending the workflow. */
  readonly leaves: "no" | "list" | "workflow";
  /** The name of the case, or which errors are caught. */
  readonly label: string;
  /** The condition of the case. */
  readonly condition: string | null;
  /** The way to insert a task into, or to point elsewhere; `null` where there is none: behind the branches of a `fork`. */
  readonly way: Way | null;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  /** By id. */
  readonly byId: ReadonlyMap<string, GraphNode>;
}
