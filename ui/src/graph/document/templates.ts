/** What a new task or trigger says before anybody has written anything: the least that is valid. */
import type { Json, JsonMap } from "../json";
import type { TaskKind } from "./flow";

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

export function triggerTemplate(kind: TriggerKind): { readonly name: string; readonly configuration: Json } {
  return TRIGGERS[kind];
}
