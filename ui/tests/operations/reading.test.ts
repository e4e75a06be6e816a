import { describe, expect, test } from "vitest";
import { rolesOf } from "../../src/pages/operations/access/RolesInput";
import { conditionOf, webhookOf } from "../../src/parts/alert/condition";
import { changesOf } from "../../src/pages/operations/audit/changes";
import { secretValue } from "../../src/pages/operations/secrets/value";
import { readJson } from "../../src/parts/act/json";
import { inBrief, written } from "../../src/parts/act/payload";

describe("what an entry of the audit log changed", () => {
  test("is named by place, whatever else stays", () => {
    const changes = changesOf({ paused: false, roles: { shop: "viewer" }, same: [1] }, { paused: true, roles: { shop: "editor", "a/b": "viewer" }, same: [1] });
    expect(changes).toEqual([
      { pointer: "/paused", before: false, after: true },
      { pointer: "/roles/shop", before: "viewer", after: "editor" },
      { pointer: "/roles/a~1b", before: undefined, after: "viewer" },
    ]);
  });
  test("is each member of what is new or gone", () => {
    expect(changesOf(null, { a: 1, b: { c: 2 } }).map(({ pointer }) => pointer)).toEqual(["/a", "/b/c"]);
    expect(changesOf({ a: 1 }, null)).toEqual([{ pointer: "/a", before: 1, after: undefined }]);
  });
  test("may be nothing, null, or a list as a whole", () => {
    expect(changesOf(null, null)).toEqual([]);
    expect(changesOf({ ids: null }, { ids: ["x"] })).toEqual([{ pointer: "/ids", before: null, after: ["x"] }]);
    expect(changesOf(null, { ids: null, count: 0 }).map(({ pointer }) => pointer)).toEqual(["/ids", "/count"]);
    expect(changesOf({ a: {} }, {})).toEqual([{ pointer: "/a", before: {}, after: undefined }]);
  });
});

describe("a rule", () => {
  test("is told in its own numbers", () => {
    expect(conditionOf({ faulted: { count: 3, within: "PT1M" } })).toEqual({ kind: "faultedMany", count: 3, within: "PT1M" });
    expect(conditionOf({ deadLetter: { queue: "letters" } })).toEqual({ kind: "deadLetterOf", queue: "letters" });
    expect(conditionOf({ slower: { minutes: 5 } })).toEqual({ kind: "slower", time: '{"minutes":5}' });
    expect(conditionOf({ later: true })).toEqual({ kind: "other" });
    expect(webhookOf({})).toBe("");
  });
});

test("a secret is an object where it is written as one, else the text to the letter", () => {
  expect(secretValue('{"username": "ada"}')).toEqual({ username: "ada" });
  expect(secretValue("{not json")).toBe("{not json");
  expect(secretValue(" 007 ")).toBe(" 007 ");
  expect(secretValue("[1]")).toBe("[1]");
});

test("roles without a namespace are none", () => {
  expect(rolesOf([{ namespace: " shop ", role: "viewer" }, { namespace: " ", role: "admin" }])).toEqual({ shop: "viewer" });
});

test("payloads show as what they are", () => {
  expect(written({ data: { a: 1 } })).toBe('{\n  "a": 1\n}');
  expect(written({ data: null })).toBe("null");
  expect(written({ text: "plain" })).toBe("plain");
  expect(written({})).toBeNull();
  expect(inBrief({ data: { long: "x".repeat(100) } }, 10)).toBe('{"long":"…');
  expect(inBrief({ text: "a\n b" }, 10)).toBe("a b");
});

test("JSON that is none says why, and nothing is no problem", () => {
  expect(readJson("")).toEqual({ value: undefined, problem: null });
  expect(readJson("null")).toEqual({ value: null, problem: null });
  expect(readJson("{").problem).toMatch(/JSON/);
});
