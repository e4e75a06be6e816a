/** What is typed and cannot be taken yet: kept for the field that it was typed into, and for no other value. */
import { describe, expect, test } from "vitest";
import { insertTask, renameTask } from "../../../src/graph/document/tasks";
import { NO_LAYOUT } from "../../../src/graph/layout/file";
import { editorStore } from "../../../src/pages/flows/editor/store";
import { Unfinished, type Place } from "../../../src/pages/flows/editor/unfinished";

const FIELD: Place = { path: "group/call", field: "/with/body" };

describe("what is half-written", () => {
  test("is there again, until it is taken or thrown away", () => {
    const kept = new Unfinished();
    expect(kept.at(FIELD, "")).toBeUndefined();
    kept.keep(FIELD, "", "{a: [");
    expect(kept.at(FIELD, "")).toBe("{a: [");
    kept.keep(FIELD, "", "");
    expect(kept.at(FIELD, "")).toBeUndefined();
  });

  test("does not come back over another value, wherever that is from", () => {
    const kept = new Unfinished();
    kept.keep(FIELD, { url: "", kind: "stuck" }, { url: "", kind: "queueOlder" });
    expect(kept.at(FIELD, { kind: "stuck", url: "" })).toEqual({ url: "", kind: "queueOlder" });
    expect(kept.at(FIELD, { url: "https://a.example.test", kind: "stuck" })).toBeUndefined();
    expect(kept.at({ ...FIELD, path: "other" }, { url: "", kind: "stuck" })).toBeUndefined();
  });

  test("is found in what a field is in, to show that", () => {
    const kept = new Unfinished();
    kept.keep({ path: "a", field: "/input/schema#yaml" }, "", "{");
    for (const field of ["", "/input", "/input/schema"]) expect(kept.isIn({ path: "a", field })).toBe(true);
    for (const field of ["/in", "/input/schema/document", "/output"]) expect(kept.isIn({ path: "a", field })).toBe(false);
    expect(kept.isIn({ path: "b", field: "/input" })).toBe(false);
  });
});

test("goes along with a step that is renamed or moved, and what is in it", () => {
  const store = editorStore("do:\n  - group:\n      do:\n        - call: {call: http}\n", NO_LAYOUT, null, () => 0);
  const { edit, unfinished } = store.getState();
  unfinished.keep(FIELD, "", "{a: [");
  edit((source) => ({ source: insertTask(source, "/do", 0, "before", { set: {} }).source }));
  expect(unfinished.at(FIELD, "")).toBe("{a: [");
  edit((source) => ({ source: renameTask(source, "/do/1/group", "box").source }));
  expect(unfinished.at(FIELD, "")).toBeUndefined();
  expect(unfinished.at({ ...FIELD, path: "box/call" }, "")).toBe("{a: [");
});
