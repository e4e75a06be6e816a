/** From a document to its graph. Whatever is wrong with the document, what can be shown is shown. */
import { property, type Json } from "../json";
import { below, escape } from "../pointer";
import { filePointer, flavourOf, owsValue } from "../document/flow";
import { casesOf, fallsThrough } from "../document/directives";
import { triggersOf } from "../document/parts";
import { entryOf, type Way } from "../document/ways";
import type { EdgeKind, Graph, GraphEdge, GraphNode } from "./graph";
import { outline, type Step, type StepList } from "./outline";
import { durationText, eventTypes, summaryOf, triggerSummary } from "./summary";

export const START = "start";
export const END = "end";

/** Build the graph of a document's data. */
export function graphOf(data: Json): Graph {
  return new Builder(data).build();
}

class Builder {
  private readonly nodes: GraphNode[] = [];
  private readonly edges: GraphEdge[] = [];

  constructor(private readonly data: Json) {}

  build(): Graph {
    const root = outline(this.data);
    const entrances = this.entrances();
    for (const step of root.steps) this.step(step, null);
    this.node({ id: END, path: END, kind: "end", name: END });
    const first = root.steps[0];
    for (const entrance of entrances) {
      this.edge("start", entrance, first?.pointer ?? END, { leaves: first ? "no" : "list", way: entryOf(root.pointer, first?.name) });
    }
    this.list(root, END);
    return { nodes: this.nodes, edges: this.edges, byId: new Map(this.nodes.map((node) => [node.id, node])) };
  }

  /** Triggers and the schedule; where there are none, a start. */
  private entrances(): string[] {
    const ids = triggersOf(this.data).map((trigger) => {
      const id = `trigger/${escape(trigger.name)}`;
      const summary = triggerSummary(trigger.kind, trigger.configuration);
      this.node({ id, path: id, kind: "trigger", name: trigger.name, trigger: trigger.kind, summary, data: trigger.configuration, place: trigger.pointer });
      return id;
    });
    const schedule = owsValue(this.data, "/schedule");
    if (schedule !== undefined) {
      const place = filePointer(this.data, "/schedule");
      this.node({ id: "schedule", path: "schedule", kind: "schedule", name: "schedule", summary: scheduleText(schedule), data: schedule, place });
      ids.push("schedule");
    }
    if (ids.length > 0) return ids;
    this.node({ id: START, path: START, kind: "start", name: START });
    return [START];
  }

  private step(step: Step, parent: string | null): void {
    const isTry = step.kind === "try";
    const only = isTry ? undefined : step.lists[0];
    this.node({
      id: step.pointer,
      path: step.path,
      kind: "task",
      name: step.name,
      task: step.kind,
      summary: summaryOf(step.kind, step.task),
      data: step.task,
      place: filePointer(this.data, step.pointer),
      parent,
      list: step.list,
      index: step.index,
      holds: only?.pointer ?? null,
      container: isTry || only !== undefined,
    });
    if (isTry) this.lanes(step);
    else if (only) {
      for (const each of only.steps) this.step(each, step.pointer);
      if (step.kind === "fork") this.branches(only);
      else this.list(only, step.pointer);
    }
  }

  private lanes(step: Step): void {
    const tried = below(step.pointer, "try");
    const caught = below(step.pointer, "catch");
    const lane = (id: string, name: "try" | "catch", holds: string) =>
      this.node({
        id,
        path: `${step.path}/${name}`,
        kind: "lane",
        name,
        summary: name === "catch" ? caughtText(property(step.task, "catch")) : "",
        data: property(step.task, name) ?? null,
        place: filePointer(this.data, id),
        parent: step.pointer,
        holds,
        container: true,
      });
    lane(tried, "try", tried);
    lane(caught, "catch", below(caught, "do"));
    for (const list of step.lists) {
      const id = list.lane === "try" ? tried : caught;
      for (const each of list.steps) this.step(each, id);
      this.list(list, id);
    }
    const first = step.lists.find(({ lane }) => lane === "catch")?.steps[0];
    this.edge("error", tried, caught, { label: errorsText(property(step.task, "catch")), way: entryOf(below(caught, "do"), first?.name) });
  }

  /** The ways between the tasks of a list; leaving it leads to `out`. */
  private list(list: StepList, out: string): void {
    list.steps.forEach((step, position) => {
      const next = list.steps[position + 1];
      const go = (kind: EdgeKind, then: Json | undefined, more: { source?: string; owner?: string; of?: Way["of"]; label?: string; condition?: string | null } = {}) =>
        this.directive(list, step, next, out, kind, typeof then === "string" ? then : "continue", more);
      const then = property(step.task, "then");
      const explicit = typeof then === "string";
      if (step.kind === "switch") {
        const cases = casesOf({ ...step });
        for (const each of cases) {
          const when = property(each.task, "when");
          go("case", property(each.task, "then"), { owner: each.pointer, of: "case", label: each.name, condition: typeof when === "string" ? when : null });
        }
        if (cases.every((each) => property(each.task, "when") !== undefined)) go("otherwise", then);
      } else if (step.kind !== "raise") {
        go(explicit ? "then" : "next", then);
      }
      if (step.kind === "try") {
        const caught = property(property(step.task, "catch"), "then");
        const catches = below(step.pointer, "catch");
        if (typeof caught === "string") go("caught", caught, { source: catches, owner: catches, of: "catch" });
      }
      const skips = property(step.task, "if") !== undefined && !fallsThrough({ ...step, task: withoutIf(step.task) });
      if (skips && then !== next?.name) go("skip", "continue");
    });
  }

  /** Branches run at the same time: only ending the workflow leads anywhere. */
  private branches(list: StepList): void {
    for (const step of list.steps) {
      if (property(step.task, "then") === "end") this.edge("then", step.pointer, END, { leaves: "workflow" });
    }
  }

  private directive(
    list: StepList,
    step: Step,
    next: Step | undefined,
    out: string,
    kind: EdgeKind,
    then: string,
    more: { source?: string; owner?: string; of?: Way["of"]; label?: string; condition?: string | null },
  ): void {
    const source = more.source ?? step.pointer;
    const owner = more.owner ?? step.pointer;
    const of = more.of ?? "task";
    const edge = (target: string, leaves: GraphEdge["leaves"], name: string | null) =>
      this.edge(kind, source, target, {
        leaves,
        label: more.label ?? "",
        condition: more.condition ?? null,
        // What is skipped goes on to the next task, whatever is written.
        way: { owner, of: kind === "skip" ? "skip" : of, list: list.pointer, target: name },
      });
    if (then === "end") edge(END, "workflow", null);
    else if (then === "exit") edge(out, "list", null);
    else if (then === "continue") {
      if (next) edge(next.pointer, "no", next.name);
      else edge(out, "list", null);
    } else {
      const target = list.steps.find((each) => each.name === then);
      // A directive to nowhere is a problem that the server names; there is nothing to draw.
      if (target) edge(target.pointer, "no", target.name);
    }
  }

  private node(node: Pick<GraphNode, "id" | "path" | "kind" | "name"> & Partial<GraphNode>): void {
    this.nodes.push({
      task: null,
      trigger: null,
      summary: "",
      data: null,
      place: flavourOf(this.data) === "flowapp" ? "/spec" : "",
      parent: null,
      list: null,
      index: 0,
      holds: null,
      container: false,
      ...node,
    });
  }

  private edge(
    kind: EdgeKind,
    source: string,
    target: string,
    more: Partial<Pick<GraphEdge, "label" | "condition" | "leaves" | "way">> = {},
  ): void {
    const owner = more.way && more.way.of !== "entry" ? more.way.owner : source;
    const id = `${kind}:${owner}>${target}`;
    this.edges.push({ id, source, target, kind, leaves: "no", label: "", condition: null, way: null, ...more });
  }
}

function withoutIf(task: Json): Json {
  const { if: _if, ...rest } = task as { [name: string]: Json };
  return rest;
}

function scheduleText(schedule: Json): string {
  const cron = property(schedule, "cron");
  if (typeof cron === "string") return cron;
  const every = durationText(property(schedule, "every"));
  const after = durationText(property(schedule, "after"));
  return every || after || eventTypes(property(schedule, "on")).join(", ");
}

/** Which errors a `catch` takes: `402`, `communication 503`; empty for all of them. */
function errorsText(caught: Json | undefined): string {
  const filter = property(property(caught, "errors"), "with");
  const type = property(filter, "type");
  const status = property(filter, "status");
  return [typeof type === "string" ? type.split("/").at(-1) : "", typeof status === "number" ? String(status) : ""]
    .filter(Boolean)
    .join(" ");
}

/** Which errors a lane takes, and how often what is tried is tried again. */
function caughtText(caught: Json | undefined): string {
  return [errorsText(caught), retryText(caught)].filter(Boolean).join(" · ");
}

/** How often it is tried again: `↻ 4`; a policy of `use.retries` by its name. */
function retryText(caught: Json | undefined): string {
  const retry = property(caught, "retry");
  if (retry === undefined) return "";
  if (typeof retry === "string") return `↻ ${retry}`;
  const count = property(property(property(retry, "limit"), "attempt"), "count");
  return typeof count === "number" ? `↻ ${count}` : "↻";
}
