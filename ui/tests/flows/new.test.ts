/** What a new flow begins with, and which names can be. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { opened, dataOf } from "../../src/graph/document/source";
import { insertTask } from "../../src/graph/document/tasks";
import { flowAddress, flowPath } from "../../src/pages/flows/address";
import { blank, identityOf, named } from "../../src/pages/flows/new/documents";
import { isName, nameLike } from "../../src/pages/flows/new/name";

describe("names", () => {
  test.each(["a", "order-pizza", "1", "A".repeat(63)])("%s is one", (name) => expect(isName(name)).toBe(true));
  test.each(["", "-a", "a-", "a b", "a.b", "a/b", "é", "A".repeat(64), "a\n"])("%j is none", (name) => expect(isName(name)).toBe(false));

  test("a name is made of what was meant", () => {
    expect(nameLike("Order pizza!")).toBe("order-pizza");
    expect(nameLike("Crème brûlée.v2")).toBe("creme-brulee-v2");
    expect(nameLike("！？")).toBe("");
  });

  test("what is made of any text is a name or nothing", () => {
    fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => nameLike(text) === "" || isName(nameLike(text))));
  });
});

describe("a blank flow", () => {
  const name = fc.stringMatching(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,20}[a-zA-Z0-9])?$/);

  test("says who it is, whatever its name looks like in YAML", () => {
    const special = fc.constantFrom("true", "null", "007", "1e3", "0x1f", "no", "1-2");
    fc.assert(
      fc.property(fc.oneof(name, special), fc.oneof(name, special, fc.constant("default")), (own, namespace) => {
        expect(identityOf(opened(blank(namespace, own)))).toEqual({ namespace, name: own });
      }),
    );
  });

  test("takes a first step in lines of its own", () => {
    const { source } = insertTask(opened(blank("default", "a")), "/do", 0, "first", { set: { a: 1 } });
    expect(source.text).toContain("  steps:\n    - first:\n        set:\n          a: 1\n");
  });
});

describe("a document as another flow", () => {
  test("changes the lines of its identity alone", () => {
    const text = "# a flow\nkind: FlowApp\nmetadata: {name: a, namespace: shop} # here\nspec: {steps: []}\n";
    expect(named(opened(text), { namespace: "shop", name: "b" }).text).toBe(text.replace("name: a", "name: b"));
    const moved = named(opened(text), { namespace: "default", name: "a" });
    expect(dataOf(moved)).toEqual({ kind: "FlowApp", metadata: { name: "a" }, spec: { steps: [] } });
    expect(moved.text).toContain("# a flow\n");
    expect(moved.text).toContain("# here\n");
  });

  test("an OWS document names its namespace always", () => {
    const text = "document:\n  dsl: '1.0.3'\n  namespace: test\n  name: a # its name\n  version: '0.1.0'\ndo: []\n";
    const moved = named(opened(text), { namespace: "default", name: "b" });
    expect(moved.text).toBe(text.replace("namespace: test", "namespace: default").replace("name: a #", "name: b #"));
    expect(identityOf(moved)).toEqual({ namespace: "default", name: "b" });
  });

  test("what does not say its name is nobody", () => {
    expect(identityOf(opened("kind: FlowApp\n"))).toEqual({ namespace: "default", name: "" });
    expect(identityOf(opened("- 1\n"))).toEqual({ namespace: "default", name: "" });
  });
});

test("a flow that is called as the page for new ones has pages, too", () => {
  expect(flowPath("orders")).toBe("/flows/orders");
  expect(flowPath("new")).toBe("/flows/new/editor");
  expect(flowPath("new", "versions")).toBe("/flows/new/versions");
  expect(flowAddress("a b", "x")).toBe("~/n/a%20b/flows/x");
});
