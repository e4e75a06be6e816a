/** The templates: as they are drawn on their cards, and as they become flows of their own. */
import { describe, expect, test } from "vitest";
import { dataOf, opened } from "../../src/graph/document/source";
import { valueAt } from "../../src/graph/pointer";
import { apart, identityOf } from "../../src/pages/flows/new/documents";
import { linesOf } from "../../src/pages/flows/new/templates/lines";
import { isTemplate, templateText, TEMPLATES } from "../../src/pages/flows/new/templates/templates";

describe.each(TEMPLATES)("%s", (name) => {
  test("is called like its file, says what it is in its first line, and becomes another flow", async () => {
    const text = await templateText(name);
    const source = opened(text);
    expect(text).toMatch(/^# [A-Z]/);
    expect(identityOf(source).name).toBe(name);
    const other = apart(source, { namespace: "shop", name: "mine" });
    expect(identityOf(other)).toEqual({ namespace: "shop", name: "mine" });
    // Nothing in it leads to the template's own path or queue any more.
    expect(other.text).not.toContain(name);
    expect(other.text.split("\n")[0]).toBe(text.split("\n")[0]);
  });

  test("shows what starts it, and its steps", async () => {
    const lines = linesOf(opened(await templateText(name)).root.data);
    expect(lines[0]?.starts).toBe(true);
    expect(lines.filter(({ starts }) => !starts).length).toBeGreaterThan(0);
  });
});

test("what lies in a step is drawn in it, and a catch and its retry are seen", async () => {
  const lines = linesOf(opened(await templateText("take-back-on-failure")).root.data);
  expect(lines.map(({ depth, kind, text }) => `${"  ".repeat(depth)}${kind} ${text}`.trimEnd())).toEqual([
    "http POST /take-back-on-failure",
    "call reserveGoods",
    "try pay",
    "  try busyBank",
    "    call chargeCard",
    "  retry",
    "catch",
    "  call releaseGoods",
    "  set notSold",
    "set sold",
  ]);
});

test("paths and queues that are called otherwise are left alone", () => {
  const text = "apiVersion: headrace.dev/v1alpha1\nkind: FlowApp\nmetadata: {name: a}\nspec:\n  version: 1.0.0\n  triggers:\n    - {name: x, http: {path: /a}}\n    - {name: y, http: {path: /b}}\n    - {name: z, queue: {name: jobs}}\n  steps: []\n";
  const data = dataOf(apart(opened(text), { namespace: "default", name: "c" }));
  expect(["/spec/triggers/0/http/path", "/spec/triggers/1/http/path", "/spec/triggers/2/queue/name"].map((at) => valueAt(data, at))).toEqual(["/c", "/b", "jobs"]);
});

test("only those that there are can be asked for", () => {
  expect(isTemplate("ask-a-person")).toBe(true);
  expect(isTemplate("toString")).toBe(false);
  expect(isTemplate(null)).toBe(false);
});
