/** Three texts to one: nothing is lost, nothing is decided for anybody, and no other line is touched. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changesOf } from "../../src/graph/document/changes";
import { merge, resolved, type Merged } from "../../src/graph/document/merge";
import { open, opened } from "../../src/graph/document/source";
import { removeTask, renameTask } from "../../src/graph/document/tasks";
import { removeValue, setValue } from "../../src/graph/document/values";
import { EditError } from "../../src/graph/document/problem";
import { equal, isMap, type Json } from "../../src/graph/json";
import { below, valueAt, within } from "../../src/graph/pointer";
import { examples } from "../corpus";
import { json, written } from "./arbitrary";

const FLOW = `# Orders
kind: FlowApp
metadata: {name: orders}
spec:
  version: 1.0.0 # the first
  functions:
    price: {source: cmd/price}
  steps:
    # money first
    - price:
        call: price
        with: {sku: "\${ .sku }", quantity: 1}

    - route:
        switch:
          - large: {when: .total > 1000, then: review}
          - small: {then: pay}
    - pay:
        call: http
        with:
          method: post
          endpoint: https://example.com/pay # theirs
    - thanks: {set: {done: true}}
`;

function edited(text: string, ...changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((before, [from, to]) => {
    expect(before).toContain(from);
    return before.replace(from, () => to);
  }, text);
}

function text(merged: Merged): string {
  expect(merged.conflicts).toEqual([]);
  return resolved(merged, () => "");
}

describe("edits in different places", () => {
  const cases: Record<string, [readonly [string, string], readonly [string, string]]> = {
    "two steps": [["call: price\n", "call: cost\n"], ["method: post", "method: put"]],
    "neighbours": [["version: 1.0.0", "version: 1.1.0"], ["kind: FlowApp\n", "kind: FlowApp # here\n"]],
    "two arguments on one line": [['"${ .sku }"', '"${ .id }"'], ["quantity: 1", "quantity: 2"]],
    "a step that is new, and another that is new elsewhere": [
      ["    - route:\n", "    - log: {set: {a: 1}}\n    - route:\n"],
      ["    - thanks:", "    - mail: {set: {b: 1}}\n    - thanks:"],
    ],
    "a comment and a value": [["# money first", "# money goes first"], ["call: price\n", "call: cost\n"]],
    "a comment behind, and the value before it": [["# theirs", "# ours"], ["example.com/pay", "example.com/charge"]],
    "a step that is gone, and the one above it": [["    - thanks: {set: {done: true}}\n", ""], ["method: post", "method: put"]],
    "two functions that are new": [
      ["    price: {source: cmd/price}\n", "    price: {source: cmd/price}\n    a: {source: cmd/a}\n"],
      ["    price: {source: cmd/price}\n", "    price: {source: cmd/price}\n    b: {source: cmd/b}\n"],
    ],
  };
  test.each(Object.entries(cases))("%s", (name, [mine, theirs]) => {
    const one = edited(FLOW, mine);
    const other = edited(FLOW, theirs);
    const merged = text(merge(FLOW, one, other));
    if (name !== "two functions that are new") expect(merged).toBe(edited(FLOW, mine, theirs));
    else expect(valueAt(opened(merged).root.data, "/spec/functions")).toEqual({ price: { source: "cmd/price" }, a: { source: "cmd/a" }, b: { source: "cmd/b" } });
    expect(opened(text(merge(FLOW, other, one))).root.data).toEqual(opened(merged).root.data);
  });

  test("a step that one renamed and the other changed", () => {
    const one = renameTask(opened(FLOW), "/do/2/pay", "charge").source.text;
    const other = edited(FLOW, ["method: post", "method: put"]);
    const merged = text(merge(FLOW, one, other));
    expect(merged).toBe(edited(one, ["method: post", "method: put"]));
    expect(text(merge(FLOW, other, one))).toBe(merged);
  });

  test("a step that one moved and the other changed", () => {
    const thanks = "    - thanks: {set: {done: true}}\n";
    const one = edited(FLOW, [thanks, ""], ["    - route:\n", `${thanks}    - route:\n`]);
    const other = edited(FLOW, ["done: true", "done: 1"]);
    expect(text(merge(FLOW, one, other))).toBe(edited(one, ["done: true", "done: 1"]));
  });

  test("the first steps of a flow that had none", () => {
    const empty = "kind: FlowApp\nspec:\n  steps: []\n  input: {}\n";
    const one = edited(empty, ["steps: []", "steps:\n    - a: {set: {}}"]);
    const other = edited(empty, ["input: {}", "input: {schema: {}}"]);
    expect(text(merge(empty, one, other))).toBe(edited(one, ["input: {}", "input: {schema: {}}"]));
  });

  test("the same edit is made once", () => {
    const one = edited(FLOW, ["method: post", "method: put"], ["1.0.0", "1.1.0"]);
    const other = edited(FLOW, ["method: post", "method: put"], ["call: price\n", "call: cost\n"]);
    expect(text(merge(FLOW, one, other))).toBe(edited(one, ["call: price\n", "call: cost\n"]));
  });

  test("each takes out another of the last two", () => {
    const two = "do:\n  - a: {set: {}}\n  - b: {set: {}}\nx: 1\n";
    const merged = text(merge(two, edited(two, ["  - a: {set: {}}\n", ""]), edited(two, ["  - b: {set: {}}\n", ""])));
    expect(opened(merged).root.data).toEqual({ do: [], x: 1 });
  });

  test("a JSON document has structure, too", () => {
    const base = '{\n  "kind": "FlowApp",\n  "spec": {"version": "1", "steps": []}\n}\n';
    const merged = text(merge(base, edited(base, ['"1"', '"2"']), edited(base, ["FlowApp", "Flow"])));
    expect(merged).toBe(edited(base, ['"1"', '"2"'], ["FlowApp", "Flow"]));
  });
});

describe("edits of the same place", () => {
  test("are shown as both wrote them", () => {
    const one = edited(FLOW, ["1.0.0", "1.1.0"], ["method: post", "method: put"]);
    const other = edited(FLOW, ["1.0.0", "2.0.0"], ["example.com", "example.org"]);
    const merged = merge(FLOW, one, other);
    expect(merged.conflicts).toEqual([{ id: 1, pointer: "/spec/version", base: "1.0.0", mine: "1.1.0", theirs: "2.0.0", both: false }]);
    const common = edited(FLOW, ["method: post", "method: put"], ["example.com", "example.org"]);
    expect(resolved(merged, ({ mine }) => mine)).toBe(edited(common, ["1.0.0", "1.1.0"]));
    expect(resolved(merged, ({ theirs }) => theirs)).toBe(edited(common, ["1.0.0", "2.0.0"]));
  });

  test("a step that one took out and the other changed stays until somebody says", () => {
    const one = removeTask(opened(FLOW), "/do/2/pay").text;
    const other = edited(FLOW, ["method: post", "method: put"]);
    const merged = merge(FLOW, one, other);
    expect(merged.conflicts).toMatchObject([{ mine: "", pointer: "/spec/steps/pay" }]);
    // The way to the step went on to the next one, which nobody disputes.
    expect(resolved(merged, ({ theirs }) => theirs)).toBe(edited(other, ["then: pay", "then: thanks"]));
    expect(resolved(merged, ({ mine }) => mine)).toBe(one);
    expect(merge(FLOW, other, one).conflicts).toMatchObject([{ theirs: "", pointer: "/spec/steps/pay" }]);
  });

  test("two new steps in one place: either, or both, in an order that somebody chooses", () => {
    const one = edited(FLOW, ["    - thanks:", "    - a: {set: {}}\n    - thanks:"]);
    const other = edited(FLOW, ["    - thanks:", "    - b: {set: {}}\n    - thanks:"]);
    const merged = merge(FLOW, one, other);
    expect(merged.conflicts).toMatchObject([{ both: true, mine: "    - a: {set: {}}\n", theirs: "    - b: {set: {}}\n", base: "" }]);
    expect(resolved(merged, ({ mine, theirs }) => mine + theirs)).toBe(edited(one, ["    - thanks:", "    - b: {set: {}}\n    - thanks:"]));
  });

  test("both moved steps: somebody has to say", () => {
    const base = "do:\n  - a: {set: 1}\n  - b: {set: 2}\n  - c: {set: 3}\n";
    const of = (...names: string[]) => "do:\n" + names.map((name) => `  - ${name}: {set: ${"abc".indexOf(name) + 1}}\n`).join("");
    expect(merge(base, of("b", "a", "c"), of("a", "c", "b")).conflicts).toHaveLength(1);
    expect(text(merge(base, of("b", "a", "c"), of("b", "a", "c")))).toBe(of("b", "a", "c"));
  });

  test("what cannot be read is one conflict, whole", () => {
    const broken = edited(FLOW, ["kind: FlowApp", "kind: [FlowApp"]);
    const merged = merge(FLOW, broken, edited(FLOW, ["1.0.0", "2.0.0"]));
    expect(merged.conflicts).toMatchObject([{ pointer: "", mine: broken }]);
  });
});

/** Every value of a document that is no collection, by its pointer. */
function leaves(data: Json, pointer = ""): string[] {
  if (typeof data !== "object" || data === null) return [pointer];
  return Object.entries(data).flatMap(([key, value]) => leaves(value, below(pointer, key)));
}

/** Something done to a document: a value set, or taken out. */
const edit = fc.record({ at: fc.nat(1000), up: fc.nat(2), value: fc.option(json, { nil: undefined }), name: fc.constantFrom("new", "a", "pay") });
type Edit = typeof edit extends fc.Arbitrary<infer Each> ? Each : never;

function madeBy(text: string, edits: readonly Edit[]): string {
  return edits.reduce((before, { at, up, value, name }) => {
    const source = opened(before);
    const all = leaves(source.root.data);
    const names = (all[at % all.length] ?? "").split("/");
    const pointer = names.slice(0, Math.max(2, names.length - up)).join("/");
    try {
      if (value === undefined) return removeValue(source, pointer).text;
      const held = valueAt(source.root.data, pointer);
      return setValue(source, isMap(held) && at % 2 ? below(pointer, name) : pointer, value).text;
    } catch (error) {
      if (error instanceof EditError) return before;
      throw error;
    }
  }, text);
}

const someEdits = fc.array(edit, { minLength: 1, maxLength: 4 });
const documents = fc.oneof(written.map(({ text }) => text), fc.constantFrom(...examples.map(({ text }) => text)));

function comments(text: string): string[] {
  return text.match(/# comment \d+\./g) ?? [];
}

describe("any document, any edits", () => {
  test("whatever is chosen, there is a document; what nobody disputes is as each wrote it", () => {
    fc.assert(
      fc.property(documents, someEdits, someEdits, (base, one, other) => {
        const mine = madeBy(base, one);
        const theirs = madeBy(base, other);
        const merged = merge(base, mine, theirs);
        const { source } = open(resolved(merged, (each) => each.mine));
        expect(source).toBeDefined();
        expect(open(resolved(merged, (each) => each.theirs)).source).toBeDefined();
        if (merged.conflicts.length > 0 || !source) return;
        // Each one's changes are in it, unless the other made the same, or changed the order around them.
        const data = source.root.data;
        const before = opened(base).root.data;
        const [own, others] = [mine, theirs].map((text) => changesOf(before, opened(text).root.data));
        const disjoint = own?.every(({ pointer }) => !others?.some((each) => within(pointer, each.pointer) || within(each.pointer, pointer)));
        if (!disjoint) return;
        for (const { pointer, after } of [...(own ?? []), ...(others ?? [])]) expect([pointer, equal(valueAt(data, pointer), after)]).toEqual([pointer, true]);
        for (const { pointer } of changesOf(before, data)) expect([...(own ?? []), ...(others ?? [])].map((each) => each.pointer)).toContain(pointer);
      }),
      { numRuns: 120 },
    );
  });

  test("it is the same from both sides", () => {
    fc.assert(
      fc.property(documents, someEdits, someEdits, (base, one, other) => {
        const mine = madeBy(base, one);
        const theirs = madeBy(base, other);
        const here = merge(base, mine, theirs);
        const there = merge(base, theirs, mine);
        expect(there.conflicts.map(({ pointer }) => pointer)).toEqual(here.conflicts.map(({ pointer }) => pointer));
        expect(opened(resolved(there, (each) => each.theirs)).root.data).toEqual(opened(resolved(here, (each) => each.mine)).root.data);
      }),
      { numRuns: 80 },
    );
  });

  test("no comment goes that nobody took out, and none that somebody wrote", () => {
    fc.assert(
      fc.property(written, someEdits, someEdits, fc.boolean(), ({ text: base }, one, other, note) => {
        const mine = madeBy(base, one) + (note ? "# mine is here\n" : "");
        const theirs = madeBy(base, other);
        const merged = merge(base, mine, theirs);
        const whole = resolved(merged, (each) => `${each.mine}\n${each.theirs}`);
        const stayed = comments(base).filter((each) => mine.includes(each) && theirs.includes(each));
        for (const each of stayed) expect(whole).toContain(each);
        if (note) expect(whole).toContain("# mine is here");
      }),
      { numRuns: 200 },
    );
  });

  test("nobody's edits alone are touched", () => {
    fc.assert(
      fc.property(documents, someEdits, (base, one) => {
        const mine = madeBy(base, one);
        expect(merge(base, mine, base)).toEqual({ pieces: [mine], conflicts: [] });
        expect(merge(base, base, mine)).toEqual({ pieces: [mine], conflicts: [] });
        expect(merge(base, mine, mine)).toEqual({ pieces: [mine], conflicts: [] });
      }),
      { numRuns: 60 },
    );
  });
});
