/** What differs between two versions, node by node: for two pictures side by side and a list in words. */
import type { Change } from "../../../graph/document/changes";
import { changesOf } from "../../../graph/document/changes";
import type { Json } from "../../../graph/json";
import { graphOf } from "../../../graph/model/build";
import type { Graph } from "../../../graph/model/graph";
import { differenceOf, statusOf, type TaskStatus } from "../../../graph/model/diff";

export type ChangeStatus = Exclude<TaskStatus, "same">;

/** One node that differs. Its ids are those in the two pictures; `null` where it is not. */
export interface NodeChange {
  readonly key: string;
  readonly name: string;
  readonly status: ChangeStatus;
  readonly before: string | null;
  readonly after: string | null;
  /** What it was called before, where it was renamed. */
  readonly was: string | null;
  readonly moved: boolean;
  readonly fields: readonly Change[];
}

export interface VersionChanges {
  readonly before: Graph;
  readonly after: Graph;
  readonly nodes: readonly NodeChange[];
  /** What differs and is no node: the version, functions, settings. */
  readonly document: readonly Change[];
}

export function changedBetween(before: Json, after: Json): VersionChanges {
  const graphs = { before: graphOf(before), after: graphOf(after) };
  const { tasks, document } = differenceOf(before, after);
  const steps = tasks.flatMap((task): NodeChange[] => {
    const status = statusOf(task);
    if (status === "same") return [];
    const now = task.after ?? task.before;
    return [
      {
        key: `${task.before?.pointer ?? ""}>${task.after?.pointer ?? ""}`,
        name: now?.path ?? "",
        status,
        before: task.before?.pointer ?? null,
        after: task.after?.pointer ?? null,
        was: task.renamed ? (task.before?.name ?? null) : null,
        moved: task.moved,
        fields: task.changes,
      },
    ];
  });
  return { ...graphs, nodes: [...triggers(graphs.before, graphs.after), ...steps], document: document.filter(({ pointer }) => !/^\/spec\/triggers(\/|$)/.test(pointer)) };
}

function triggers(before: Graph, after: Graph): NodeChange[] {
  const of = (graph: Graph) => graph.nodes.filter(({ kind }) => kind === "trigger");
  const change = (id: string, status: ChangeStatus, fields: readonly Change[]): NodeChange => ({
    key: id,
    name: id.slice(id.indexOf("/") + 1),
    status,
    before: before.byId.has(id) ? id : null,
    after: after.byId.has(id) ? id : null,
    was: null,
    moved: false,
    fields,
  });
  const changed = of(after).flatMap(({ id, data }) => {
    const old = before.byId.get(id);
    if (!old) return [change(id, "added", [])];
    const fields = changesOf(old.data, data);
    return fields.length > 0 ? [change(id, "changed", fields)] : [];
  });
  return [...changed, ...of(before).filter(({ id }) => !after.byId.has(id)).map(({ id }) => change(id, "removed", []))];
}

export interface DiffLine {
  readonly kind: "same" | "added" | "removed" | "place";
  readonly text: string;
}

/** The lines of a unified difference, without its head. */
export function diffLines(text: string): DiffLine[] {
  return text.split("\n").flatMap((line): DiffLine[] => {
    if (line === "" || line.startsWith("--- ") || line.startsWith("+++ ")) return [];
    if (line.startsWith("@@")) return [{ kind: "place", text: line }];
    const kind = line.startsWith("+") ? "added" : line.startsWith("-") ? "removed" : "same";
    return [{ kind, text: line.slice(1) }];
  });
}
