/** The editor's state and what drops come to, without a page. */
import { describe, expect, test } from "vitest";
import { connect } from "../../src/graph/document/directives";
import { KINDS } from "../../src/graph/document/flow";
import { opened } from "../../src/graph/document/source";
import { TRIGGER_KINDS } from "../../src/graph/document/templates";
import { insertTask, removeTask, renameTask } from "../../src/graph/document/tasks";
import { arranged } from "../../src/graph/layout/arrange";
import { NO_LAYOUT, withPoints } from "../../src/graph/layout/file";
import { graphOf } from "../../src/graph/model/build";
import { absolute, added, containerAt, dropped, movedInto, movedOnto } from "../../src/pages/flows/editor/drops";
import { removeSelected } from "../../src/pages/flows/editor/removal";
import { editorStore, isDirty } from "../../src/pages/flows/editor/store";

const TEXT = `kind: FlowApp
metadata: {name: a}
spec:
  steps:
    - first: {set: {a: 1}} # one
    - group:
        do:
          - inner: {call: f}
    - last: {set: {b: 2}}
`;

describe("the store", () => {
  test("goes back and forth, text and places alike", () => {
    const store = editorStore(TEXT, NO_LAYOUT, '"1"', () => 0);
    store.getState().move({ first: { x: 10, y: 20 } });
    store.getState().edit((source) => {
      const renamed = renameTask(source, "/do/0/first", "begin");
      return { source: renamed.source, select: [renamed.task] };
    });
    expect(store.getState().draft.text).toBe(TEXT.replace("first", "begin"));
    expect(store.getState().layout.nodes).toEqual({ begin: { x: 10, y: 20 } });
    expect(store.getState().selected).toEqual(["/do/0/begin"]);
    expect(isDirty(store.getState())).toBe(true);
    store.getState().undo();
    expect(store.getState().draft.text).toBe(TEXT);
    expect(store.getState().layout.nodes).toEqual({ first: { x: 10, y: 20 } });
    store.getState().undo();
    expect(store.getState().layout).toBe(NO_LAYOUT);
    expect(isDirty(store.getState())).toBe(false);
    store.getState().redo();
    store.getState().redo();
    expect(store.getState().draft.text).toBe(TEXT.replace("first", "begin"));
    store.getState().redo();
    expect(store.getState().future).toEqual([]);
  });

  test("typing in one go is one step; a pause begins another", () => {
    let now = 0;
    const store = editorStore(TEXT, NO_LAYOUT, null, () => now);
    store.getState().type(TEXT + "# a");
    now = 500;
    store.getState().type(TEXT + "# ab");
    now = 5_000;
    store.getState().type(TEXT + "# abc");
    expect(store.getState().past).toHaveLength(2);
    store.getState().undo();
    expect(store.getState().draft.text).toBe(TEXT + "# ab");
    store.getState().undo();
    expect(store.getState().draft.text).toBe(TEXT);
  });

  test("a broken text keeps the picture, refuses edits of it, and can be mended", () => {
    const store = editorStore(TEXT, NO_LAYOUT, null, () => 0);
    const before = store.getState().draft.picture;
    store.getState().type(TEXT + "  bad: [");
    expect(store.getState().draft.picture).toBe(before);
    store.getState().edit((source) => ({ source: removeTask(source, "/do/0/first") }));
    expect(store.getState().refusal?.code).toBe("unreadable");
    expect(store.getState().draft.text).toBe(TEXT + "  bad: [");
    store.getState().type(TEXT + "  good: []");
    store.getState().edit((source) => ({ source: removeTask(source, "/do/0/first") }));
    expect(store.getState().refusal).toBeNull();
    expect(store.getState().draft.text).not.toContain("first");
  });

  test("an edit that is refused changes nothing and says why", () => {
    const store = editorStore(TEXT, NO_LAYOUT, null, () => 0);
    store.getState().edit((source) => ({ source: connect(source, "/do/0/first", "inner") }));
    expect(store.getState().refusal?.code).toBe("other-list");
    expect(store.getState().draft.text).toBe(TEXT);
    expect(store.getState().past).toEqual([]);
  });

  test("what somebody else saved can be taken, and taken back", () => {
    const store = editorStore(TEXT, NO_LAYOUT, '"1"', () => 0);
    store.getState().type(TEXT + "# mine");
    store.getState().join(TEXT + "# theirs", NO_LAYOUT, { text: TEXT + "# theirs", layout: NO_LAYOUT, etag: '"2"' });
    expect(isDirty(store.getState())).toBe(false);
    expect(store.getState().saved.etag).toBe('"2"');
    store.getState().undo();
    expect(store.getState().draft.text).toBe(TEXT + "# mine");
    expect(isDirty(store.getState())).toBe(true);
  });
});

test("what was moved while the rest was being saved is still to be saved, beside what others moved", () => {
  const store = editorStore(TEXT, NO_LAYOUT, '"1"', () => 0);
  store.getState().move({ first: { x: 1, y: 1 } });
  const sent = store.getState().layout;
  store.getState().move({ last: { x: 2, y: 2 } });
  const saved = withPoints(sent, { group: { x: 3, y: 3 } });
  store.getState().savedAs(TEXT, saved, '"2"', sent);
  expect(store.getState().layout.nodes).toEqual({ first: { x: 1, y: 1 }, last: { x: 2, y: 2 }, group: { x: 3, y: 3 } });
  expect(isDirty(store.getState())).toBe(true);
  store.getState().savedAs(TEXT, store.getState().layout, '"2"', store.getState().layout);
  expect(isDirty(store.getState())).toBe(false);
});

test("what somebody else moved too is told until it was read, and is theirs in one step back", () => {
  const store = editorStore(TEXT, NO_LAYOUT, '"1"', () => 0);
  store.getState().move({ first: { x: 1, y: 1 } });
  const told = { nodes: { first: { x: 8, y: 8 } }, notes: [] };
  const { layout } = store.getState();
  store.getState().savedAs(TEXT, layout, '"1"', layout, told);
  expect(store.getState().overruled).toBe(told);
  expect(isDirty(store.getState())).toBe(false);
  store.getState().giveWay(true);
  expect(store.getState().layout.nodes).toEqual({ first: { x: 8, y: 8 } });
  expect(store.getState().overruled).toBeNull();
  expect(isDirty(store.getState())).toBe(true);
  store.getState().undo();
  expect(store.getState().layout).toBe(layout);
  store.getState().savedAs(TEXT, layout, '"1"', layout, told);
  store.getState().giveWay(false);
  expect(store.getState().layout).toBe(layout);
  expect(store.getState().overruled).toBeNull();
});

describe("drops", () => {
  const source = opened(TEXT);
  const graph = graphOf(source.root.data);
  const { boxes, collapsed } = arranged(graph, NO_LAYOUT);

  test.each([...KINDS])("a new `%s` can be put anywhere, and is what the graph then shows", (kind) => {
    for (const container of [null, graph.byId.get("/do/1/group") ?? null]) {
      const edit = dropped(source, { of: "task", kind }, { way: null, container, point: null });
      const node = graphOf(edit.source.root.data).byId.get(edit.select?.[0] ?? "");
      expect(node).toMatchObject({ kind: "task", task: kind, parent: container?.id ?? null });
    }
  });

  test.each([...TRIGGER_KINDS])("a new `%s` trigger", (kind) => {
    const edit = dropped(source, { of: "trigger", kind }, { way: null, container: null, point: null });
    expect(graphOf(edit.source.root.data).byId.get(edit.select?.[0] ?? "")).toMatchObject({ kind: "trigger", trigger: kind });
  });

  test("on a way the new task is between both ends", () => {
    const way = graph.edges.find(({ source: from, target }) => from === "/do/0/first" && target === "/do/1/group")?.way ?? null;
    const edit = dropped(source, { of: "function", name: "f" }, { way, container: null, point: null });
    expect(edit.source.text).toBe(TEXT.replace("    - group:", "    - f:\n        call: f\n    - group:"));
  });

  test("by a click it goes behind what is selected, or into a selected container", () => {
    expect(added(source, graph, { of: "task", kind: "wait" }, "/do/0/first").select).toEqual(["/do/1/wait"]);
    expect(added(source, graph, { of: "task", kind: "wait" }, "/do/1/group").select).toEqual(["/do/1/group/do/1/wait"]);
    expect(added(source, graph, { of: "task", kind: "wait" }, undefined).select).toEqual(["/do/3/wait"]);
  });

  test("by a click it goes behind what leads nowhere too, in the same list", () => {
    const text = "do:\n  - both: {fork: {branches: [{left: {set: {}}}, {right: {set: {}, then: end}}]}}\n  - group: {do: [{stop: {raise: {error: x}}}]}\n  - last: {set: {}}\n";
    const nowhere = opened(text);
    const selecting = (id: string) => added(nowhere, graphOf(nowhere.root.data), { of: "task", kind: "wait" }, id).select;
    expect(selecting("/do/0/both/fork/branches/0/left")).toEqual(["/do/0/both/fork/branches/1/wait"]);
    expect(selecting("/do/1/group/do/0/stop")).toEqual(["/do/1/group/do/1/wait"]);
  });

  test("the innermost container under the pointer takes it, and not one that is dragged itself", () => {
    const corner = absolute(graph, boxes, "/do/1/group/do/0/inner");
    const point = { x: corner.x + 5, y: corner.y + 5 };
    expect(containerAt(graph, boxes, collapsed, point)?.id).toBe("/do/1/group");
    expect(containerAt(graph, boxes, collapsed, point, new Set(["/do/1/group"]))).toBeNull();
    expect(containerAt(graph, boxes, new Set(["/do/1/group"]), point)).toBeNull();
    expect(containerAt(graph, boxes, collapsed, { x: -500, y: -500 })).toBeNull();
  });

  test("a task dragged into a container is written there, and stays where it was let go", () => {
    const store = editorStore(TEXT, withPoints(NO_LAYOUT, { first: { x: 0, y: 0 } }), null, () => 0);
    const first = graph.byId.get("/do/0/first");
    if (!first) throw new Error("the document has changed");
    store.getState().edit((document) => movedInto(document, first, graph.byId.get("/do/1/group") ?? null, { x: 30, y: 150 }));
    expect(store.getState().draft.text).toBe(TEXT.replace("    - first: {set: {a: 1}} # one\n", "").replace("{call: f}\n", "{call: f}\n          - first: {set: {a: 1}} # one\n"));
    expect(store.getState().layout.nodes).toEqual({ "group/first": { x: 30, y: 150 } });
    store.getState().edit((document) => ({ source: insertTask(document, "/do", 0, "x", { set: {} }).source }));
    expect(store.getState().layout.nodes).toEqual({ "group/first": { x: 30, y: 150 } });
  });

  test("a task that is moved onto a way is arranged there, and is back where it was in one step", () => {
    const layout = withPoints(NO_LAYOUT, { first: { x: 0, y: 0 }, last: { x: 500, y: 40 } });
    const store = editorStore(TEXT, layout, null, () => 0);
    const last = graph.byId.get("/do/2/last");
    const way = graph.edges.find(({ source: from }) => from === "/do/0/first")?.way;
    if (!last || !way) throw new Error("the document has changed");
    store.getState().edit((document) => movedOnto(document, last, way));
    const line = "    - last: {set: {b: 2}}\n";
    expect(store.getState().draft.text).toBe(TEXT.replace(line, "").replace("    - group", line + "    - group"));
    expect(store.getState().selected).toEqual(["/do/1/last"]);
    expect(store.getState().layout.nodes).toEqual({ first: { x: 0, y: 0 } });
    store.getState().undo();
    expect(store.getState().draft.text).toBe(TEXT);
    expect(store.getState().layout).toBe(layout);
    expect(store.getState().past).toEqual([]);
  });
});

test("of a `try` what a lane does can go, whichever it is, and the `try` stays", () => {
  const text = "do:\n  - guarded:\n      try:\n        - risky: {call: f}\n      catch:\n        errors: {with: {status: 503}}\n        do:\n          - mend: {set: {}}\n";
  const left = (lane: string) => {
    const store = editorStore(text, NO_LAYOUT, null, () => 0);
    store.getState().select([`/do/0/guarded/${lane}`]);
    removeSelected(store);
    return store.getState().draft.text;
  };
  expect(left("try")).toBe(text.replace("try:\n        - risky: {call: f}\n", "try: []\n"));
  expect(left("catch")).toBe(text.replace("        do:\n          - mend: {set: {}}\n", ""));
});

describe("the path of a new http trigger", () => {
  test("is the flow's name, and another one beside it: paths are shared by all flows of a namespace", () => {
    const text = "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: orders}\nspec:\n  version: 1.0.0\n  steps: []\n";
    const target = { way: null, container: null, point: null };
    const one = dropped(opened(text), { of: "trigger", kind: "http" }, target).source;
    const two = dropped(one, { of: "trigger", kind: "http" }, target).source;
    expect([...two.text.matchAll(/path: (\S+)/g)].map(([, path]) => path)).toEqual(["/orders", "/orders2"]);
  });
});
