/** Running from the editor: what a flow can be run with, and an execution on a flow that was changed since. */
import { describe, expect, test } from "vitest";
import { dataOf, open } from "../../src/graph/document/source";
import { graphOf } from "../../src/graph/model/build";
import { pictureOf, type TaskRun } from "../../src/graph/model/execution";
import { firingsOf } from "../../src/pages/flows/editor/run/firings";
import { placed, placesOf } from "../../src/pages/flows/editor/run/placing";
import { inputSchema } from "../../src/pages/flows/input";

const HEAD = "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: f}\nspec:\n  version: 1.0.0\n";

function data(text: string) {
  const { source } = open(text);
  if (!source) throw new Error("the text of the test cannot be read");
  return dataOf(source);
}

describe("what a flow can be run with", () => {
  test("its input by the schema, of a FlowApp and of an OWS document", () => {
    const schema = { type: "object", properties: { n: { type: "integer" } } };
    const written = `{schema: {document: ${JSON.stringify(schema)}}}`;
    expect(inputSchema(data(`${HEAD}  input: ${written}\n  steps: []\n`))).toEqual(schema);
    expect(inputSchema(data(`document: {dsl: 1.0.1, namespace: a, name: b, version: 1.0.0}\ninput: ${written}\ndo: []\n`))).toEqual(schema);
    expect(inputSchema(data(`${HEAD}  steps: []\n`))).toBeNull();
  });

  test("its triggers, an event as the trigger wants it", () => {
    const triggers = `
  triggers:
    - name: api
      http: {path: /a}
    - name: paid
      event: {one: {with: {type: com.example.paid, source: "/bank", data: "\${ .amount > 3 }"}}}
    - name: either
      event: {any: [{with: {type: com.example.first}}, {with: {type: com.example.second}}]}
    - name: nightly
      cron: {schedule: "0 3 * * *"}
`;
    expect(firingsOf(data(`${HEAD}${triggers}  steps: []\n`))).toEqual([
      { name: "api", kind: "http", payload: {} },
      { name: "paid", kind: "event", payload: { type: "com.example.paid", source: "/bank", data: {} } },
      { name: "either", kind: "event", payload: { type: "com.example.first", source: "/by-hand", data: {} } },
      { name: "nightly", kind: "cron", payload: null },
    ]);
  });
});

function run(run_id: number, task: string, more: Partial<TaskRun> = {}): TaskRun {
  return { run_id, parent_id: 0, task, status: "completed", started_at: run_id, ended_at: run_id + 1, attempt: 1, iteration: null, count: 1, carried: false, ...more };
}

describe("an execution on the flow as it is drawn now", () => {
  const ran = graphOf(data(`${HEAD}  steps:\n    - one: {set: {a: 1}}\n    - two: {set: {a: 2}}\n`));
  const runs = [run(1, "/do/0/one"), run(2, "/do/1/two", { status: "faulted" })];
  const picture = pictureOf(ran, runs, {}, 9);

  test("is the picture itself where nothing was changed", () => {
    expect(placed(picture, placesOf(ran, ran))).toBe(picture);
  });

  test("finds steps by their names where one was put before them, and leaves out those that are gone", () => {
    const now = graphOf(data(`${HEAD}  steps:\n    - fresh: {set: {a: 0}}\n    - two: {set: {a: 3}}\n`));
    const places = placesOf(ran, now);
    const there = placed(picture, places);
    expect([...there.nodes.keys()]).toEqual(["/do/1/two"]);
    expect(there.nodes.get("/do/1/two")?.status).toBe("faulted");
    expect(places.executed("/do/1/two")).toBe("/do/1/two");
    expect(places.executed("/do/0/fresh")).toBeNull();
    expect(places.drawn("/do/0/one")).toBeNull();
  });

  test("does not take a step of the same place and another name for the one that ran", () => {
    const now = graphOf(data(`${HEAD}  steps:\n    - two: {set: {a: 2}}\n    - one: {set: {a: 1}}\n`));
    const there = placed(picture, placesOf(ran, now));
    expect(there.nodes.get("/do/0/two")?.status).toBe("faulted");
    expect(there.nodes.get("/do/1/one")?.status).toBe("completed");
  });
});
