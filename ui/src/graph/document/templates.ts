/** What a new task or trigger says before anybody has written anything: the least that is valid. */
import { isMap, property, type Json, type JsonMap } from "../json";
import { valueAt } from "../pointer";
import { freeName, type TaskKind } from "./flow";
import { triggersOf } from "./parts";

export interface TaskTemplate {
  readonly name: string;
  readonly task: JsonMap;
}

const TASKS: Readonly<Record<TaskKind, TaskTemplate>> = {
  call: { name: "request", task: { call: "http", with: { method: "get", endpoint: "https://example.com" } } },
  do: { name: "group", task: { do: [] } },
  emit: { name: "notify", task: { emit: { event: { with: { source: "/flow", type: "com.example.event" } } } } },
  for: { name: "each", task: { for: { each: "item", in: "${ . }" }, do: [] } },
  fork: { name: "together", task: { fork: { branches: [] } } },
  listen: { name: "listen", task: { listen: { to: { one: { with: { type: "com.example.event" } } } } } },
  raise: {
    name: "fail",
    task: { raise: { error: { type: "https://example.com/errors/failed", status: 500, title: "Failed" } } },
  },
  run: { name: "script", task: { run: { script: { language: "python", code: "print('hello')" } } } },
  set: { name: "set", task: { set: { value: "${ . }" } } },
  switch: { name: "choose", task: { switch: [{ yes: { when: "${ . != null }", then: "continue" } }, { otherwise: { then: "continue" } }] } },
  try: { name: "attempt", task: { try: [], catch: {} } },
  wait: { name: "wait", task: { wait: { seconds: 5 } } },
};

export function taskTemplate(kind: TaskKind): TaskTemplate {
  return TASKS[kind];
}

/** A call of a function of the FlowApp. */
export function callTemplate(name: string): TaskTemplate {
  return { name, task: { call: name } };
}

export const TRIGGER_KINDS = ["http", "cron", "interval", "event", "queue"] as const;
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

const TRIGGERS: Readonly<Record<TriggerKind, { readonly name: string; readonly configuration: Json }>> = {
  http: { name: "api", configuration: { path: "/start", method: "POST", reply: "accepted" } },
  cron: { name: "nightly", configuration: { schedule: "0 3 * * *", timezone: "UTC" } },
  interval: { name: "often", configuration: { every: { minutes: 5 } } },
  event: { name: "events", configuration: { one: { with: { type: "com.example.event" } } } },
  queue: { name: "items", configuration: { name: "items" } },
};

/** A trigger for a flow. The path of an http trigger is the flow's name: all flows of a namespace share the paths. */
export function triggerTemplate(kind: TriggerKind, flow: Json): { readonly name: string; readonly configuration: Json } {
  const { name, configuration } = TRIGGERS[kind];
  const called = valueAt(flow, "/metadata/name");
  if (kind !== "http" || !isMap(configuration) || typeof called !== "string") return { name, configuration };
  const taken = triggersOf(flow).flatMap((each) => {
    const path = property(each.configuration, "path");
    return typeof path === "string" ? [path.replace(/^\//, "")] : [];
  });
  return { name, configuration: { ...configuration, path: `/${freeName(called, taken)}` } };
}
