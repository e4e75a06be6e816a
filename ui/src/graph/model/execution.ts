/**
 * The task runs of an execution on its graph: a state per node with counts, ways that were taken, and the
 * iterations of loops to choose from.
 */
import type { Graph, GraphEdge } from "./graph";

export type RunStatus = "running" | "waiting" | "suspended" | "completed" | "faulted" | "cancelled" | "skipped";

/** A row of history, or a task run that has not ended, as the API gives it. Times are epoch seconds. */
export interface TaskRun {
  /** In the order in which they started; 0 is the execution itself. */
  readonly run_id: number;
  readonly parent_id: number;
  /** The pointer of the task. */
  readonly task: string;
  readonly status: RunStatus;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly attempt: number;
  readonly iteration: number | null;
  /** More than 1: so many runs of a loop that were summed up. */
  readonly count: number;
  /** Whether it was done by the execution that this one reruns. */
  readonly carried: boolean;
  /** Per kind; of a `switch` the case that it took. */
  readonly details?: unknown;
}

export interface NodeState {
  /** What it is doing now; where nothing is open, how its latest run ended. */
  readonly status: RunStatus;
  readonly runs: number;
  readonly counts: Readonly<Partial<Record<RunStatus, number>>>;
  /** The most attempts that one of its runs took. */
  readonly attempts: number;
  readonly started_at: number;
  /** `null` while one is open. */
  readonly ended_at: number | null;
  /** The sum of all its runs, those that are open counted up to `now`. */
  readonly busy_seconds: number;
  readonly carried: boolean;
  /** Its runs, in the order in which they started. */
  readonly run_ids: readonly number[];
}

export interface Iteration {
  readonly iteration: number;
  readonly status: RunStatus;
  readonly started_at: number;
  readonly ended_at: number | null;
}

/** Which iteration of a loop to look at, by the loop's pointer. Loops without a choice show all of them. */
export type Choice = Readonly<Record<string, number>>;

export interface ExecutionPicture {
  readonly nodes: ReadonlyMap<string, NodeState>;
  /** How often an edge was taken, by id. */
  readonly edges: ReadonlyMap<string, number>;
  /** The iterations of each loop, by its pointer, in their order; within what is chosen for the loops around. */
  readonly iterations: ReadonlyMap<string, readonly Iteration[]>;
  /** Runs of what is not drawn: functions of `use`, extensions. */
  readonly elsewhere: readonly TaskRun[];
}

const OPEN: ReadonlySet<RunStatus> = new Set<RunStatus>(["running", "waiting", "suspended"]);

/** Put the runs of an execution on its graph. `now` is for runs that have not ended, in epoch seconds. */
export function pictureOf(graph: Graph, runs: readonly TaskRun[], choice: Choice, now: number): ExecutionPicture {
  const ordered = [...runs].sort((one, other) => one.run_id - other.run_id);
  const byId = new Map(ordered.map((run) => [run.run_id, run]));
  const chosen = new Filter(byId, choice);
  const nodes = new Map<string, Gathered>();
  const iterations = new Map<string, Map<number, GatheredIteration>>();
  const elsewhere: TaskRun[] = [];
  const shown: TaskRun[] = [];
  for (const run of ordered) {
    if (run.run_id === 0) continue;
    if (chosen.showsSiblings(run)) noteIteration(iterations, run, loopOf(graph, run, byId));
    if (!chosen.shows(run)) continue;
    shown.push(run);
    if (graph.byId.has(run.task)) gather(nodes, run, now);
    else elsewhere.push(run);
  }
  laneStates(graph, nodes);
  return {
    nodes: new Map([...nodes].map(([id, gathered]) => [id, stateOf(gathered)])),
    edges: takenEdges(graph, shown),
    iterations: new Map([...iterations].map(([pointer, found]) => [pointer, sorted(found)])),
    elsewhere,
  };
}

/** Which runs are shown: those in the chosen iterations of all the loops around them. */
class Filter {
  private readonly known = new Map<number, boolean>();

  constructor(
    private readonly byId: ReadonlyMap<number, TaskRun>,
    private readonly choice: Choice,
  ) {}

  shows(run: TaskRun): boolean {
    const known = this.known.get(run.run_id);
    if (known !== undefined) return known;
    const parent = this.byId.get(run.parent_id);
    const wanted = parent && this.choice[parent.task];
    const fits = wanted === undefined || run.iteration === null || run.iteration === wanted;
    const result = fits && (parent === undefined || parent === run || this.shows(parent));
    this.known.set(run.run_id, result);
    return result;
  }

  /** Whether the run would be shown if its own iteration were chosen. */
  showsSiblings(run: TaskRun): boolean {
    const parent = this.byId.get(run.parent_id);
    return parent === undefined || parent === run || this.shows(parent);
  }
}

interface Gathered {
  readonly runs: TaskRun[];
  readonly counts: Partial<Record<RunStatus, number>>;
  busy_seconds: number;
}

function gather(nodes: Map<string, Gathered>, run: TaskRun, now: number): void {
  let found = nodes.get(run.task);
  if (!found) {
    found = { runs: [], counts: {}, busy_seconds: 0 };
    nodes.set(run.task, found);
  }
  found.runs.push(run);
  found.counts[run.status] = (found.counts[run.status] ?? 0) + run.count;
  found.busy_seconds += Math.max(0, (run.ended_at ?? now) - run.started_at);
}

function stateOf({ runs, counts, busy_seconds }: Gathered): NodeState {
  const latest = runs.at(-1);
  const open = runs.findLast((run) => OPEN.has(run.status));
  return {
    status: (open ?? latest)?.status ?? "completed",
    runs: runs.reduce((sum, run) => sum + run.count, 0),
    counts,
    attempts: runs.reduce((most, run) => Math.max(most, run.attempt), 1),
    started_at: runs[0]?.started_at ?? 0,
    ended_at: open ? null : runs.reduce((last, run) => Math.max(last, run.ended_at ?? 0), 0),
    busy_seconds,
    carried: runs.length > 0 && runs.every((run) => run.carried),
    run_ids: runs.map((run) => run.run_id),
  };
}

/** A lane of a `try` shows what happened in it: it has no runs of its own. */
function laneStates(graph: Graph, nodes: Map<string, Gathered>): void {
  for (const node of graph.nodes) {
    const lane = node.parent === null ? undefined : graph.byId.get(node.parent);
    const inside = nodes.get(node.id);
    if (lane?.kind !== "lane" || !inside) continue;
    const own = nodes.get(lane.id) ?? { runs: [], counts: {}, busy_seconds: 0 };
    own.runs.push(...inside.runs);
    for (const [status, count] of Object.entries(inside.counts) as [RunStatus, number][]) {
      own.counts[status] = (own.counts[status] ?? 0) + count;
    }
    own.busy_seconds += inside.busy_seconds;
    nodes.set(lane.id, own);
  }
  for (const node of graph.nodes) {
    if (node.kind === "lane") nodes.get(node.id)?.runs.sort((one, other) => one.run_id - other.run_id);
  }
}

interface GatheredIteration {
  status: RunStatus;
  started_at: number;
  ended_at: number | null;
}

/** The loop that a run's iteration is one of: its parent's task, or by the graph where that is not recorded. */
function loopOf(graph: Graph, run: TaskRun, byId: ReadonlyMap<number, TaskRun>): string | null {
  if (run.iteration === null) return null;
  const parent = byId.get(run.parent_id);
  if (parent && parent.run_id !== 0) return parent.task;
  return graph.byId.get(run.task)?.parent ?? null;
}

function noteIteration(found: Map<string, Map<number, GatheredIteration>>, run: TaskRun, loop: string | null): void {
  if (loop === null || run.iteration === null) return;
  let iterations = found.get(loop);
  if (!iterations) {
    iterations = new Map();
    found.set(loop, iterations);
  }
  const known = iterations.get(run.iteration);
  const ended_at = OPEN.has(run.status) ? null : run.ended_at;
  if (!known) {
    iterations.set(run.iteration, { status: run.status, started_at: run.started_at, ended_at });
    return;
  }
  // What is open says what the iteration is doing; else the task that came last says how it ended.
  if (!OPEN.has(known.status) || OPEN.has(run.status)) known.status = run.status;
  known.ended_at = known.ended_at === null || ended_at === null ? null : Math.max(known.ended_at, ended_at);
}

function sorted(found: ReadonlyMap<number, GatheredIteration>): Iteration[] {
  return [...found].sort(([one], [other]) => one - other).map(([iteration, state]) => ({ iteration, ...state }));
}

/** Count the edges that were taken: a task that started behind another one in the same list and iteration. */
function takenEdges(graph: Graph, shown: readonly TaskRun[]): Map<string, number> {
  const bySource = new Map<string, GraphEdge[]>();
  for (const edge of graph.edges) {
    const owner = graph.byId.get(edge.source);
    // What leaves a lane is told from the runs of its `try`.
    const source = owner?.kind === "lane" && owner.parent !== null ? owner.parent : edge.source;
    const edges = bySource.get(source);
    if (edges) edges.push(edge);
    else bySource.set(source, [edge]);
  }
  const errors = new Map<string | null, GraphEdge>(
    graph.edges.filter((edge) => edge.kind === "error").map((edge) => [edge.target, edge]),
  );
  const counts = new Map<string, number>();
  const previous = new Map<string, TaskRun>();
  const take = (from: TaskRun, target: string | null) => {
    const edges = bySource.get(from.task) ?? [];
    const fits = edges.filter((edge) => (target === null ? edge.leaves !== "no" : edge.target === target));
    const edge = fits.find((each) => fitsRun(each.kind, each.label, from)) ?? fits[0];
    if (edge) counts.set(edge.id, (counts.get(edge.id) ?? 0) + from.count);
  };
  for (const run of shown) {
    const node = graph.byId.get(run.task);
    if (!node) continue;
    const scope = `${run.parent_id}/${run.iteration ?? ""}/${node.list ?? ""}`;
    const before = previous.get(scope);
    const together = node.parent !== null && graph.byId.get(node.parent)?.task === "fork";
    if (before && !together) take(before, run.task);
    else if (node.parent === null && !before) {
      for (const edge of graph.edges) if (edge.kind === "start" && edge.target === run.task) counts.set(edge.id, 1);
    }
    const error = before ? undefined : errors.get(node.parent);
    if (error) counts.set(error.id, (counts.get(error.id) ?? 0) + 1);
    previous.set(scope, run);
  }
  for (const last of previous.values()) if (last.status === "completed" || last.status === "skipped") take(last, null);
  return counts;
}

function fitsRun(kind: string, label: string, run: TaskRun): boolean {
  if (run.status === "skipped") return kind === "skip" || kind === "next";
  const taken = caseOf(run);
  if (kind === "case") return taken === label;
  if (kind === "otherwise") return taken === null;
  return kind !== "skip" && kind !== "caught";
}

function caseOf(run: TaskRun): string | null {
  const { details } = run;
  const taken = typeof details === "object" && details !== null && "case" in details ? details.case : null;
  return typeof taken === "string" ? taken : null;
}
