/** What a node says under its name: one line of what is written, in no language but the document's. */
import { isList, isMap, property, type Json } from "../json";
import type { TaskKind } from "../document/flow";

const LENGTH_MAX = 80;

/** The line for a task; empty when there is nothing to say. */
export function summaryOf(kind: TaskKind | null, task: Json): string {
  return kind === null ? "" : shortened(SUMMARIES[kind](task));
}

/** The line for a trigger or a schedule. */
export function triggerSummary(kind: string, configuration: Json): string {
  const of = (name: string) => text(property(configuration, name));
  switch (kind) {
    case "http":
      return shortened(`${of("method") || "POST"} ${of("path")}`);
    case "cron":
      return shortened(joined([of("schedule"), of("timezone")]));
    case "interval":
      return durationText(property(configuration, "every"));
    case "event":
      return shortened(eventTypes(configuration).join(", "));
    default:
      return shortened(joined([of("topic"), of("queue"), of("subject"), of("name")]));
  }
}

const SUMMARIES: Record<TaskKind, (task: Json) => string> = {
  call: (task) => callText(text(property(task, "call")), property(task, "with")),
  do: () => "",
  for: (task) => {
    const loop = property(task, "for");
    const items = property(loop, "in");
    return `${text(property(loop, "each")) || "item"} ∈ ${isList(items) ? `[${items.length}]` : text(items)}`;
  },
  fork: (task) => (property(property(task, "fork"), "compete") === true ? "compete" : ""),
  emit: (task) => text(property(property(property(property(task, "emit"), "event"), "with"), "type")),
  listen: (task) => eventTypes(property(property(task, "listen"), "to")).join(", "),
  raise: (task) => {
    const error = property(property(task, "raise"), "error");
    return text(error) || joined([text(property(error, "status")), text(property(error, "title")) || lastPart(text(property(error, "type")))]);
  },
  run: (task) => runText(property(task, "run")),
  set: (task) => {
    const data = property(task, "set");
    return isMap(data) ? Object.keys(data).join(", ") : text(data);
  },
  switch: () => "",
  try: () => "",
  wait: (task) => durationText(property(task, "wait")),
};

function callText(call: string, arguments_: Json | undefined): string {
  const of = (name: string) => property(arguments_, name);
  switch (call) {
    case "http":
      return joined([text(of("method")).toUpperCase(), endpointText(of("endpoint"))]);
    case "openapi":
      return joined(["openapi", text(of("operationId"))]);
    case "grpc":
      return joined(["grpc", text(property(of("service"), "name")), text(of("method"))]);
    case "asyncapi":
      return joined(["asyncapi", text(of("operation")) || text(of("channel"))]);
    case "a2a":
    case "mcp":
      return joined([call, text(of("method")), text(property(of("parameters"), "name"))]);
    default:
      return call;
  }
}

function runText(run: Json | undefined): string {
  const container = property(run, "container");
  if (container !== undefined) return text(property(container, "image"));
  const script = property(run, "script");
  if (script !== undefined) return text(property(script, "language"));
  const shell = property(run, "shell");
  if (shell !== undefined) return text(property(shell, "command"));
  const workflow = property(run, "workflow");
  return [text(property(workflow, "namespace")), text(property(workflow, "name"))].filter(Boolean).join("/");
}

function endpointText(endpoint: Json | undefined): string {
  return text(endpoint) || text(property(endpoint, "uri"));
}

/** The types of the events that a strategy (`one`, `any`, `all`) or a single filter waits for. */
export function eventTypes(strategy: Json | undefined): string[] {
  const filters = [property(strategy, "one"), property(strategy, "any"), property(strategy, "all"), strategy];
  return filters
    .flatMap((each): Json[] => (isList(each) ? [...each] : each === undefined ? [] : [each]))
    .map((each) => text(property(property(each, "with"), "type")))
    .filter(Boolean);
}

/** A duration as written, short: `5 s`, `1 h 30 min`, `PT5M`. */
export function durationText(duration: Json | undefined): string {
  if (!isMap(duration)) return text(duration);
  const units = [
    ["days", "d"],
    ["hours", "h"],
    ["minutes", "min"],
    ["seconds", "s"],
    ["milliseconds", "ms"],
  ] as const;
  return units
    .flatMap(([name, unit]) => (duration[name] === undefined ? [] : [`${text(duration[name])} ${unit}`]))
    .join(" ");
}

function text(value: Json | undefined): string {
  if (typeof value === "string") return value.replace(/\s+/g, " ").trim();
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function joined(parts: readonly string[]): string {
  return parts.filter(Boolean).join(" ");
}

function lastPart(uri: string): string {
  return uri.split("/").at(-1) ?? "";
}

function shortened(line: string): string {
  return line.length > LENGTH_MAX ? `${line.slice(0, LENGTH_MAX - 1)}…` : line;
}
