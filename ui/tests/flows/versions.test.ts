/** What differs between two versions, as the page shows it. */
import { expect, test } from "vitest";
import { opened } from "../../src/graph/document/source";
import { changedBetween, diffLines } from "../../src/pages/flows/versions/changed";

const BEFORE = `kind: FlowApp
metadata: {name: a}
spec:
  version: 1.0.0
  triggers:
    - {name: api, http: {path: /a}}
    - {name: old, http: {path: /old}}
  steps:
    - first: {set: {a: 1}}
    - second: {call: price, with: {sku: x}}
    - third: {set: {c: 1}}
    - gone: {wait: {seconds: 1}}
`;
const AFTER = `kind: FlowApp
metadata: {name: a}
spec:
  version: 1.1.0
  triggers:
    - {name: api, http: {path: /b}}
    - {name: nightly, cron: {schedule: "0 3 * * *"}}
  steps:
    - third: {set: {c: 1}}
    - first: {set: {a: 1}}
    - second: {call: price, with: {sku: y}}
    - fresh: {emit: {event: {with: {type: t, source: /s}}}}
`;

test("each node that differs is marked in the picture that has it, with what was written and what is", () => {
  const changes = changedBetween(opened(BEFORE).root.data, opened(AFTER).root.data);
  const found = Object.fromEntries(changes.nodes.map(({ name, status, before, after }) => [name, [status, before, after]]));
  expect(found).toEqual({
    api: ["changed", "trigger/api", "trigger/api"],
    nightly: ["added", null, "trigger/nightly"],
    old: ["removed", "trigger/old", null],
    third: ["moved", "/do/2/third", "/do/0/third"],
    second: ["changed", "/do/1/second", "/do/2/second"],
    fresh: ["added", null, "/do/3/fresh"],
    gone: ["removed", "/do/3/gone", null],
  });
  for (const node of changes.nodes) {
    if (node.before !== null) expect(changes.before.byId.has(node.before)).toBe(true);
    if (node.after !== null) expect(changes.after.byId.has(node.after)).toBe(true);
  }
  expect(changes.nodes.find(({ name }) => name === "second")?.fields).toEqual([{ pointer: "/with/sku", before: "x", after: "y" }]);
  expect(changes.document).toEqual([{ pointer: "/spec/version", before: "1.0.0", after: "1.1.0" }]);
});

test("comments and layout are no difference", () => {
  const changes = changedBetween(opened(BEFORE).root.data, opened(BEFORE.replace("steps:", "steps: # all")).root.data);
  expect([changes.nodes, changes.document]).toEqual([[], []]);
});

test("the lines of a difference as text", () => {
  expect(diffLines("--- a\n+++ b\n@@ -1,2 +1,2 @@\n same\n-was\n+is")).toEqual([
    { kind: "place", text: "@@ -1,2 +1,2 @@" },
    { kind: "same", text: "same" },
    { kind: "removed", text: "was" },
    { kind: "added", text: "is" },
  ]);
  expect(diffLines("")).toEqual([]);
});
