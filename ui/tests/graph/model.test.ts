/** Graph, layout, difference and execution of documents. */
import ELK from "elkjs/lib/elk.bundled.js";
import { describe, expect, test } from "vitest";
import { opened } from "../../src/graph/document/source";
import { insertTask, moveTask, removeTask, renameTask } from "../../src/graph/document/tasks";
import { setValue } from "../../src/graph/document/values";
import { arranged } from "../../src/graph/layout/arrange";
import { arrangedByElk } from "../../src/graph/layout/elk";
import { carried, NO_LAYOUT, readLayout, withCollapsed, withPoints, writeLayout } from "../../src/graph/layout/file";
import { graphOf } from "../../src/graph/model/build";
import { differenceOf, pathChanges, statusOf } from "../../src/graph/model/diff";
import { pictureOf, type TaskRun } from "../../src/graph/model/execution";
import type { Graph } from "../../src/graph/model/graph";
import { examples, flowApps } from "../corpus";

const ORDER = flowApps.find(({ file }) => file.startsWith("order-fulfilment"))?.text ?? "";
const order = opened(ORDER);

function edges(graph: Graph): string[] {
  return graph.edges.map(({ source, target, kind, label }) => `${source} -${kind}${label ? `(${label})` : ""}-> ${target}`);
}

describe("the graph", () => {
  const graph = graphOf(order.root.data);

  test("has the triggers, the tasks by the engine's pointers, and where they stand in the text", () => {
    expect(graph.byId.get("trigger/orders")).toMatchObject({ kind: "trigger", trigger: "http", summary: "POST /orders", place: "/spec/triggers/0" });
    expect(graph.byId.get("/do/6/pay/try/0/payAndReserve/fork/branches/0/payment/try/0/chargeCard")).toMatchObject({
      task: "call",
      summary: "charge",
      path: "pay/try/payAndReserve/payment/try/chargeCard",
      place: "/spec/steps/6/pay/try/0/payAndReserve/fork/branches/0/payment/try/0/chargeCard",
      parent: "/do/6/pay/try/0/payAndReserve/fork/branches/0/payment/try",
    });
  });

  test("has every way", () => {
    const found = edges(graph);
    expect(found).toContain("trigger/orders -start-> /do/0/open");
    expect(found).toContain("/do/0/open -next-> /do/1/price");
    expect(found).toContain("/do/3/route -case(outOfStock)-> /do/9/backorder");
    expect(found).toContain("/do/5/judge -case(trusted)-> /do/6/pay");
    expect(found).toContain("/do/6/pay/try -error(402)-> /do/6/pay/catch");
    expect(found).toContain("/do/6/pay/catch -caught-> /do/8/manual");
    expect(found).toContain("/do/7/send -then-> /do/10/announce");
    expect(found).toContain("/do/10/announce -next-> end");
    expect(found.filter((each) => each.startsWith("/do/3/route"))).toHaveLength(3);
  });

  test("draws leaving a list, ending the workflow, skipping, and having no case", () => {
    const { data } = opened(`do:
  - loop:
      for: {each: x, in: .list}
      do:
        - check: {switch: [{bad: {when: .bad, then: exit}}, {done: {when: .done, then: end}}]}
        - work: {if: .some, call: f, then: exit}
        - rest: {set: {}}
  - stop: {raise: {error: oops}}
`).root;
    expect(edges(graphOf(data))).toEqual([
      "/do/0/loop/do/0/check -case(bad)-> /do/0/loop",
      "/do/0/loop/do/0/check -case(done)-> end",
      "/do/0/loop/do/0/check -otherwise-> /do/0/loop/do/1/work",
      "/do/0/loop/do/1/work -then-> /do/0/loop",
      "/do/0/loop/do/1/work -skip-> /do/0/loop/do/2/rest",
      "/do/0/loop/do/2/rest -next-> /do/0/loop",
      "start -start-> /do/0/loop",
      "/do/0/loop -next-> /do/1/stop",
    ]);
  });

  test("shows what can be shown of a document that is wrong", () => {
    const { data } = opened("do:\n  - a: {}\n  - a: 1\n  - words\n  - {b: {call: x}, c: {}}\n  - d: {set: {}, then: nowhere}\n").root;
    const wrong = graphOf(data);
    expect(wrong.nodes.map(({ path }) => path)).toEqual(["start", "a", "a#2", "d", "end"]);
    expect(new Set(wrong.nodes.map(({ id }) => id)).size).toBe(wrong.nodes.length);
  });

  test.each(examples.map(({ file, text }) => [file, text] as const))("of %s hangs together", (_file, text) => {
    const own = graphOf(opened(text).root.data);
    for (const edge of own.edges) {
      expect(own.byId.has(edge.source), edge.id).toBe(true);
      expect(own.byId.has(edge.target), edge.id).toBe(true);
    }
    expect(new Set(own.edges.map(({ id }) => id)).size).toBe(own.edges.length);
    expect(new Set(own.nodes.map(({ path }) => path)).size).toBe(own.nodes.length);
    const { boxes } = arranged(own, NO_LAYOUT);
    expect(boxes.size).toBe(own.nodes.length);
    const siblings = new Map<string | null, string[]>();
    for (const node of own.nodes) siblings.set(node.parent, [...(siblings.get(node.parent) ?? []), node.id]);
    for (const [parent, ids] of siblings) {
      for (const id of ids) {
        const box = boxes.get(id);
        const outer = parent === null ? undefined : boxes.get(parent);
        if (outer && box) expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= outer.width && box.y + box.height <= outer.height).toBe(true);
        for (const other of ids) {
          const covered = boxes.get(other);
          if (other === id || !box || !covered) continue;
          const apart = box.x + box.width <= covered.x || covered.x + covered.width <= box.x || box.y + box.height <= covered.y || covered.y + covered.height <= box.y;
          expect(apart, `${id} and ${other}`).toBe(true);
        }
      }
    }
  });
});

describe("the layout", () => {
  const graph = graphOf(order.root.data);

  test("keeps what was put somewhere, and puts the rest where there is room", () => {
    const layout = withPoints(NO_LAYOUT, { "route": { x: 900, y: 50 }, "price/checkLine": { x: 300, y: 200 } });
    const { boxes } = arranged(graph, layout);
    expect(boxes.get("/do/3/route")).toMatchObject({ x: 900, y: 50 });
    expect(boxes.get("/do/1/price/do/0/checkLine")).toMatchObject({ x: 300, y: 200 });
    expect(boxes.get("/do/1/price")?.width).toBeGreaterThan(500);
    expect(arranged(graph, layout)).toEqual({ boxes, collapsed: new Set() });
  });

  test("a new task moves nothing that was put somewhere", () => {
    const first = arranged(graph, NO_LAYOUT);
    const points = Object.fromEntries(graph.nodes.filter(({ parent }) => parent === null).map(({ id, path }) => [path, first.boxes.get(id) ?? { x: 0, y: 0 }]));
    const { source } = insertTask(order, "/do", 4, "added", { set: { a: 1 } });
    const later = arranged(graphOf(source.root.data), withPoints(NO_LAYOUT, points));
    expect(later.boxes.get("/do/3/route")).toEqual(first.boxes.get("/do/3/route"));
    expect(later.boxes.get("/do/5/score")).toEqual(first.boxes.get("/do/4/score"));
    expect(later.boxes.has("/do/4/added")).toBe(true);
  });

  test("what is collapsed shows nothing inside and takes no more room than a task", () => {
    const { boxes, collapsed } = arranged(graph, withCollapsed(NO_LAYOUT, "pay", true));
    expect(collapsed).toEqual(new Set(["/do/6/pay"]));
    expect(boxes.get("/do/6/pay")).toMatchObject({ width: 220, height: 60 });
    expect([...boxes.keys()].filter((id) => id.startsWith("/do/6/pay/"))).toEqual([]);
  });

  test("positions follow renaming and moving", () => {
    const layout = withCollapsed(withPoints(NO_LAYOUT, { pay: { x: 1, y: 2 }, "pay/try/payAndReserve": { x: 3, y: 4 }, send: { x: 5, y: 6 } }), "pay", true);
    const renamed = renameTask(order, "/do/6/pay", "settle").source;
    const { paths, gone } = pathChanges(order.root.data, renamed.root.data);
    expect(carried(layout, paths, gone)).toEqual({
      nodes: { settle: { x: 1, y: 2 }, "settle/try/payAndReserve": { x: 3, y: 4 }, send: { x: 5, y: 6 } },
      collapsed: ["settle"],
      notes: [],
    });
    const nested = moveTask(order, "/do/7/send", "/do/1/price/do", 0).source;
    const moved = pathChanges(order.root.data, nested.root.data);
    expect(carried(layout, moved.paths, moved.gone).nodes).toEqual({ pay: { x: 1, y: 2 }, "pay/try/payAndReserve": { x: 3, y: 4 } });
    const removed = removeTask(order, "/do/6/pay");
    const less = pathChanges(order.root.data, removed.root.data);
    expect(carried(layout, less.paths, less.gone)).toEqual({ nodes: { send: { x: 5, y: 6 } }, collapsed: [], notes: [] });
  });

  test("is written in order, and read from anything", () => {
    const layout = readLayout({ nodes: { b: { x: 1.4, y: 2 }, a: { x: 0, y: 0 }, c: { x: "1" } }, collapsed: ["x", 1], notes: [{ id: "n", x: 1, y: 2, text: "why" }, 5] });
    expect(JSON.stringify(writeLayout(layout))).toBe(
      '{"version":1,"nodes":{"a":{"x":0,"y":0},"b":{"x":1,"y":2}},"collapsed":["x"],"notes":[{"id":"n","x":1,"y":2,"width":220,"height":100,"text":"why"}]}',
    );
    expect(readLayout("nonsense")).toEqual(NO_LAYOUT);
    expect(readLayout(writeLayout(layout))).toEqual({ ...layout, nodes: { a: { x: 0, y: 0 }, b: { x: 1, y: 2 } } });
  });

  test("the thorough arrangement gives every node a place in which none covers another", async () => {
    const points = await arrangedByElk(new ELK(), graph, NO_LAYOUT);
    const { boxes } = arranged(graph, withPoints(NO_LAYOUT, points));
    const top = graph.nodes.filter(({ parent }) => parent === null);
    for (const { id, path } of top) {
      expect(boxes.get(id)).toMatchObject(points[path] ?? { missing: path });
      for (const other of top) {
        const one = boxes.get(id);
        const two = boxes.get(other.id);
        if (id === other.id || !one || !two) continue;
        const apart = one.x + one.width <= two.x || two.x + two.width <= one.x || one.y + one.height <= two.y || two.y + two.height <= one.y;
        expect(apart, `${id} and ${other.id}`).toBe(true);
      }
    }
  });

  test("the thorough arrangement keeps the order of each list, in containers too, and leaves room for what is written", async () => {
    const graph = graphOf(opened(`do:
  - sort: {switch: [{a: {when: .a, then: continue}}, {b: {then: continue}}]}
  - group: {do: [{first: {set: {}}}, {second: {if: .x, set: {}, then: end}}, {third: {set: {}}}]}
  - stop: {raise: {error: x}}
  - unreached: {set: {}}
  - guarded: {try: [{one: {set: {}}}, {two: {set: {}}}], catch: {do: [{three: {set: {}}}]}}
`).root.data);
    const { boxes } = arranged(graph, withPoints(NO_LAYOUT, await arrangedByElk(new ELK(), graph, NO_LAYOUT)));
    for (const node of graph.nodes) {
      const next = graph.nodes.find(({ list, index }) => list !== null && list === node.list && index === node.index + 1);
      const [above, below] = [boxes.get(node.id), next && boxes.get(next.id)];
      if (above && below) expect(above.y + above.height, node.id).toBeLessThan(below.y);
    }
    const [sort, group] = [boxes.get("/do/0/sort"), boxes.get("/do/1/group")];
    expect((group?.y ?? 0) - (sort?.y ?? 0) - (sort?.height ?? 0)).toBeGreaterThanOrEqual(80);
  });
});

describe("the difference", () => {
  function statuses(before: typeof order, after: typeof order): string[] {
    return differenceOf(before.root.data, after.root.data)
      .tasks.filter((task) => statusOf(task) !== "same")
      .map((task) => `${statusOf(task)} ${task.after?.path ?? task.before?.path ?? ""}${task.renamed ? " (renamed)" : ""}`);
  }

  test("of a document and itself is none", () => {
    const difference = differenceOf(order.root.data, opened(`# another comment\n${ORDER}`).root.data);
    expect(difference.tasks.every((task) => statusOf(task) === "same")).toBe(true);
    expect(difference.document).toEqual([]);
  });

  test("names what was added, removed, changed, renamed and moved, each once", () => {
    expect(statuses(order, insertTask(order, "/do", 2, "added", { set: {} }).source)).toEqual(["added added"]);
    expect(statuses(order, removeTask(order, "/do/2/total"))).toEqual(["removed total"]);
    expect(statuses(order, moveTask(order, "/do/4/score", "/do", 1).source)).toEqual(["moved score"]);
    expect(statuses(order, renameTask(order, "/do/1/price", "prices").source)).toEqual(["changed prices (renamed)"]);
    expect(statuses(order, moveTask(order, "/do/2/total", "/do/1/price/do", 0).source)).toEqual(["moved price/total"]);
    const set = setValue(order, "/spec/steps/6/pay/catch/errors/with/status", 403);
    const { tasks } = differenceOf(order.root.data, set.root.data);
    expect(tasks.filter((task) => task.changes.length > 0).map(({ after, changes }) => [after?.path, changes])).toEqual([
      ["pay", [{ pointer: "/catch/errors/with/status", before: 402, after: 403 }]],
    ]);
  });

  test("of everything else is named by its place", () => {
    const changed = setValue(order, "/spec/functions/charge/env/SHOP_CURRENCY", "CNY");
    expect(differenceOf(order.root.data, changed.root.data).document).toEqual([
      { pointer: "/spec/functions/charge/env/SHOP_CURRENCY", before: "EUR", after: "CNY" },
    ]);
  });
});

describe("the execution", () => {
  const graph = graphOf(order.root.data);
  const run = (run_id: number, parent_id: number, task: string, more: Partial<TaskRun> = {}): TaskRun => ({
    run_id,
    parent_id,
    task,
    status: "completed",
    started_at: run_id,
    ended_at: run_id + 1,
    attempt: 1,
    iteration: null,
    count: 1,
    carried: false,
    ...more,
  });
  const LOOP = "/do/1/price";
  const LINE = "/do/1/price/do/0/checkLine";
  const TRY = "/do/6/pay";
  const FORK = "/do/6/pay/try/0/payAndReserve";
  const runs: TaskRun[] = [
    run(1, 0, "/do/0/open"),
    run(2, 0, LOOP, { ended_at: 9 }),
    run(3, 2, LINE, { iteration: 0 }),
    run(4, 2, LINE, { iteration: 1, attempt: 3 }),
    run(5, 2, LINE, { iteration: 2, status: "faulted" }),
    run(10, 0, "/do/2/total"),
    run(11, 0, "/do/3/route", { details: { case: "everyday" } }),
    run(12, 0, TRY, { status: "running", ended_at: null }),
    run(13, 12, FORK, { status: "running", ended_at: null }),
    run(14, 13, `${FORK}/fork/branches/1/reservation`, { status: "waiting", ended_at: null }),
    run(15, 0, "/use/functions/x", { status: "faulted" }),
  ];

  test("gives each node its state, with counts", () => {
    const picture = pictureOf(graph, runs, {}, 20);
    expect(picture.nodes.get(LINE)).toEqual({
      status: "faulted",
      runs: 3,
      counts: { completed: 2, faulted: 1 },
      attempts: 3,
      started_at: 3,
      ended_at: 6,
      busy_seconds: 3,
      carried: false,
      run_ids: [3, 4, 5],
    });
    expect(picture.nodes.get(TRY)).toMatchObject({ status: "running", ended_at: null, busy_seconds: 8 });
    expect(picture.nodes.get(`${TRY}/try`)).toMatchObject({ status: "running" });
    expect(picture.nodes.has(`${TRY}/catch`)).toBe(false);
    expect(picture.nodes.has("/do/7/send")).toBe(false);
    expect(picture.elsewhere.map(({ run_id }) => run_id)).toEqual([15]);
  });

  test("knows the ways that were taken", () => {
    const { edges: taken } = pictureOf(graph, runs, {}, 20);
    const named = graph.edges.filter(({ id }) => taken.has(id)).map(({ source, target }) => `${source}>${target}`);
    expect(named.sort()).toEqual([
      "/do/0/open>/do/1/price",
      "/do/1/price/do/0/checkLine>/do/1/price",
      "/do/1/price>/do/2/total",
      "/do/2/total>/do/3/route",
      "/do/3/route>/do/6/pay",
      "trigger/orders>/do/0/open",
    ]);
  });

  test("shows one iteration when it is chosen, and all to choose from", () => {
    const picture = pictureOf(graph, runs, { [LOOP]: 1 }, 20);
    expect(picture.nodes.get(LINE)).toMatchObject({ status: "completed", runs: 1, attempts: 3, run_ids: [4] });
    expect(picture.iterations.get(LOOP)?.map(({ iteration, status }) => [iteration, status])).toEqual([
      [0, "completed"],
      [1, "completed"],
      [2, "faulted"],
    ]);
  });

  test("is quick with many runs", () => {
    const many = Array.from({ length: 20_000 }, (_, at) => run(at + 3, 2, LINE, { iteration: at }));
    const picture = pictureOf(graph, [run(2, 0, LOOP), ...many], { [LOOP]: 777 }, 0);
    expect(picture.nodes.get(LINE)?.run_ids).toEqual([780]);
    expect(picture.iterations.get(LOOP)).toHaveLength(20_000);
  });
});
