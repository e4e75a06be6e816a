/** Edits of text: each shows the text before and after, whole. */
import { describe, expect, test } from "vitest";
import { EditError } from "../../src/graph/document/problem";
import { dataOf, opened, type Source } from "../../src/graph/document/source";
import { connect } from "../../src/graph/document/directives";
import { addFunction, addTrigger, removeTrigger, renameFunction } from "../../src/graph/document/parts";
import {
  copyTasks,
  duplicateTask,
  insertTask,
  moveTask,
  pasteTasks,
  removeTask,
  renameTask,
  taskAtOffset,
} from "../../src/graph/document/tasks";
import { insertOnWay, moveOnWay, type Way } from "../../src/graph/document/ways";
import { removeValue, setValue } from "../../src/graph/document/values";

const FLOW = `# The shop
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: shop}
spec:
  version: 1.0.0
  x-team: [ "billing" , 'ops' ]   # an extension nobody knows
  functions:
    charge: {source: cmd/charge}
  steps:
    # first of all
    - open:
        set: {a: 1}   # one
        then: pay
    - check: {call: charge, then: pay}

    # money
    - pay:
        call: "charge"
        with: { amount: "\${ .total }" }
      # no more than this
    - done:
        set:
          text: |
            as it
              was
`;

function refusal(edit: () => unknown): string {
  try {
    edit();
  } catch (error) {
    if (error instanceof EditError) return error.code;
    throw error;
  }
  return "was not refused";
}

function body(source: Source): string {
  return source.text.slice(source.text.indexOf("  steps:\n"));
}

describe("tasks", () => {
  const flow = opened(FLOW);

  test("a new task is written like those around, in front of the comment of the next", () => {
    const { source, task } = insertTask(flow, "/do", 2, "wait", { wait: { seconds: 5 } });
    expect(task).toBe("/do/2/wait");
    expect(source.text).toBe(
      FLOW.replace("    # money\n", "    - wait:\n        wait:\n          seconds: 5\n    # money\n"),
    );
  });

  test("a name that is taken gets a number", () => {
    expect(insertTask(flow, "/do", 9, "pay", { set: {} }).task).toBe("/do/4/pay2");
  });

  test("removing a task takes its comments along and heals what went to it", () => {
    expect(body(removeTask(flow, "/do/2/pay"))).toBe(`  steps:
    # first of all
    - open:
        set: {a: 1}   # one
        then: done
    - check: {call: charge}

    - done:
        set:
          text: |
            as it
              was
`);
  });

  test("moving a task takes its text along, comments and quotes included", () => {
    const { source, task } = moveTask(flow, "/do/2/pay", "/do", 0);
    expect(task).toBe("/do/0/pay");
    expect(body(source)).toBe(`  steps:
    # money
    - pay:
        call: "charge"
        with: { amount: "\${ .total }" }
      # no more than this
    # first of all
    - open:
        set: {a: 1}   # one
        then: pay
    - check: {call: charge, then: pay}

    - done:
        set:
          text: |
            as it
              was
`);
  });

  test("moving into a container indents the text, a literal block too, and the way goes on from the container", () => {
    const nested = insertTask(flow, "/do", 0, "group", { do: [] });
    const first = moveTask(nested.source, "/do/4/done", "/do/0/group/do", 0);
    const { source } = moveTask(first.source, "/do/1/open", "/do/0/group/do", 0);
    expect(body(source)).toBe(`  steps:
    - group:
        do:
          # first of all
          - open:
              set: {a: 1}   # one
          - done:
              set:
                text: |
                  as it
                    was
        then: pay
    - check: {call: charge, then: pay}

    # money
    - pay:
        call: "charge"
        with: { amount: "\${ .total }" }
      # no more than this
`);
  });

  test("a task does not go into itself", () => {
    const { source } = insertTask(flow, "/do", 0, "group", { do: [{ inner: { set: {} } }] });
    expect(refusal(() => moveTask(source, "/do/0/group", "/do/0/group/do", 0))).toBe("into-itself");
  });

  test("renaming follows the directives, and keeps the quotes of the key", () => {
    const { source } = renameTask(flow, "/do/2/pay", "settle");
    expect(source.text).toBe(
      FLOW.replace("- pay:", "- settle:").replace("then: pay\n", "then: settle\n").replace("then: pay}", "then: settle}"),
    );
    expect(refusal(() => renameTask(flow, "/do/2/pay", "open"))).toBe("name-taken");
    expect(refusal(() => renameTask(flow, "/do/2/pay", " "))).toBe("name-empty");
    expect(refusal(() => renameTask(flow, "/do/2/pay", "end"))).toBe("name-reserved");
    expect(refusal(() => renameTask(flow, "/do/7/nothing", "some"))).toBe("missing");
  });

  test("a copy stands behind the original, comments and all", () => {
    const { source, task } = duplicateTask(flow, "/do/2/pay");
    expect(task).toBe("/do/3/pay2");
    const text = `    # money
    - pay:
        call: "charge"
        with: { amount: "\${ .total }" }
      # no more than this
`;
    expect(source.text).toBe(FLOW.replace(text, text + text.replace("- pay", "- pay2")));
  });

  test("what is copied can be pasted into another document, with new names and its own directives", () => {
    const clipping = copyTasks(flow, ["/do/0/open", "/do/2/pay"]);
    expect(clipping).toBe(`# first of all
- open:
    set: {a: 1}   # one
    then: pay
# money
- pay:
    call: "charge"
    with: { amount: "\${ .total }" }
  # no more than this
`);
    const other = opened("document: {dsl: 1.0.3, namespace: a, name: b, version: 1.0.0}\ndo:\n- pay:\n    wait: PT1S\n");
    const pasted = pasteTasks(other, "/do", 1, clipping);
    expect(pasted.tasks).toEqual(["/do/1/open", "/do/2/pay2"]);
    expect(pasted.source.text).toBe(`document: {dsl: 1.0.3, namespace: a, name: b, version: 1.0.0}
do:
- pay:
    wait: PT1S
# first of all
- open:
    set: {a: 1}   # one
    then: pay2
# money
- pay2:
    call: "charge"
    with: { amount: "\${ .total }" }
  # no more than this
`);
    expect(refusal(() => pasteTasks(other, "/do", 0, "just words"))).toBe("unreadable");
  });

  test("the cursor in the text finds the task", () => {
    expect(taskAtOffset(flow, FLOW.indexOf("{a: 1}"))).toBe("/do/0/open");
    expect(taskAtOffset(flow, FLOW.indexOf("amount"))).toBe("/do/2/pay");
    expect(taskAtOffset(flow, FLOW.indexOf("version"))).toBeNull();
  });
});

describe("ways", () => {
  const flow = opened(`document: {dsl: 1.0.3, namespace: a, name: b, version: 1.0.0}
do:
  - sort:
      switch:
        - big: {when: .total > 1000, then: approve}
        - rest: {then: ship}
  - approve: {set: {approved: true}, then: end}
  - ship: {call: ship}
`);

  test("connecting writes `then` only where something else would happen", () => {
    expect(connect(flow, "/do/1/approve", "ship").text).toBe(flow.text.replace(", then: end", ""));
    expect(connect(flow, "/do/2/ship", "approve").text).toBe(flow.text.replace("{call: ship}", "{call: ship, then: approve}"));
    expect(connect(flow, "/do/0/sort/switch/1/rest", "approve").text).toBe(flow.text.replace("{then: ship}", "{then: approve}"));
    expect(connect(flow, "/do/2/ship", "continue")).toBe(flow);
    expect(refusal(() => connect(flow, "/do/2/ship", "elsewhere"))).toBe("other-list");
  });

  test("a task dropped on the way of a case is on that way alone", () => {
    const way = { owner: "/do/0/sort/switch/0/big", of: "case", list: "/do", target: "approve" } as const;
    const { source, task } = insertOnWay(flow, way, "ask", { wait: { hours: 1 } });
    expect(task).toBe("/do/1/ask");
    expect(source.text).toBe(
      flow.text
        .replace("then: approve}", "then: ask}")
        .replace("  - approve", "  - ask:\n      wait:\n        hours: 1\n  - approve"),
    );
  });

  test("a task dropped where others fall through is not fallen into", () => {
    const fallen = opened(`do:
  - sort: {switch: [{big: {when: .big, then: last}}]}
  - middle: {set: {}}
  - last: {set: {}}
`);
    const way = { owner: "/do/0/sort/switch/0/big", of: "case", list: "/do", target: "last" } as const;
    const { source } = insertOnWay(fallen, way, "ask", { set: {} });
    expect(source.text).toBe(`do:
  - sort: {switch: [{big: {when: .big, then: ask}}]}
  - middle: {set: {}}
  - last: {set: {}, then: exit}
  - ask:
      set: {}
      then: last
`);
  });
});

describe("a task that is moved into a way", () => {
  const text = `do:
  # first of all
  - one: {set: {a: 1}} # 1
  - sort:
      switch:
        - big: {when: .big, then: last}
        - other: {then: two}
  # the second
  - two:
      set: {b: 2}   # b
      then: last # straight
  - group:
      do:
        - inner: {set: {c: 3}} # inside
        - after: {set: {d: 4}}
  - last: {set: {e: 5}}
`;
  const flow = opened(text);
  const way = (owner: string, of: Way["of"], target: string | null, list = "/do"): Way => ({ owner, of, list, target });

  test("has its lines there, goes on where the way went, and what went to it goes where it went", () => {
    const { source, task } = moveOnWay(flow, "/do/2/two", way("/do/0/one", "task", "sort"));
    expect(task).toBe("/do/1/two");
    expect(source.text).toBe(
      text
        .replace("  # the second\n  - two:\n      set: {b: 2}   # b\n      then: last # straight\n", "")
        .replace("other: {then: two}", "other: {then: last}")
        .replace("  - sort:", "  # the second\n  - two:\n      set: {b: 2}   # b\n  - sort:"),
    );
  });

  test("out of a container, and into one", () => {
    const out = moveOnWay(flow, "/do/3/group/do/0/inner", way("/do/0/one", "task", "sort"));
    expect(out.task).toBe("/do/1/inner");
    expect(out.source.text).toBe(text.replace("        - inner: {set: {c: 3}} # inside\n", "").replace("  - sort:", "  - inner: {set: {c: 3}} # inside\n  - sort:"));
    const into = moveOnWay(flow, "/do/0/one", way("/do/3/group/do/0/inner", "task", "after", "/do/3/group/do"));
    expect(into.task).toBe("/do/2/group/do/1/one");
    expect(into.source.text).toBe(
      text.replace("  # first of all\n  - one: {set: {a: 1}} # 1\n", "").replace("        - after", "        # first of all\n        - one: {set: {a: 1}} # 1\n        - after"),
    );
  });

  test("on that of a case, where it goes on by itself", () => {
    const { source } = moveOnWay(flow, "/do/0/one", way("/do/1/sort/switch/0/big", "case", "last"));
    const data = source.root.data as { do: readonly Record<string, unknown>[] };
    expect(data.do.map((each) => Object.keys(each)[0])).toEqual(["sort", "one", "two", "group", "last"]);
    expect(source.text).toContain("- big: {when: .big, then: one}");
    expect(source.text).toContain("  # first of all\n  - one: {set: {a: 1}, then: last} # 1\n");
  });

  test("gets a free name in another list, and loses what leads nowhere there", () => {
    const named = opened(text.replace("- inner: {set: {c: 3}} # inside", "- one: {switch: [{x: {when: .x, then: after}}]}"));
    const { source, task } = moveOnWay(named, "/do/3/group/do/0/one", way("/do/0/one", "task", "sort"));
    expect(task).toBe("/do/1/one2");
    expect(source.text).toContain("  - one2: {switch: [{x: {when: .x, then: continue}}]}\n  - sort:");
  });

  test("is not moved into a way of its own, nor into itself", () => {
    for (const own of [way("/do/2/two", "task", "last"), way("/do/1/sort/switch/1/other", "case", "two")]) {
      expect(refusal(() => moveOnWay(flow, "/do/2/two", own))).toBe("into-itself");
    }
    expect(refusal(() => moveOnWay(flow, "/do/3/group", way("/do/3/group/do/0/inner", "task", "after", "/do/3/group/do")))).toBe("into-itself");
  });

  test("what goes out of the list goes out of it behind the task too, also where `continue` said so", () => {
    const loose = opened("do:\n  - a: {set: {}}\n  - no: {raise: {error: x}}\n  - b: {set: {}}\n  - sort: {switch: [{x: {when: .x, then: continue}}, {y: {then: end}}]}\n");
    const { source } = moveOnWay(loose, "/do/0/a", way("/do/3/sort/switch/0/x", "case", null));
    expect(source.text).toBe("do:\n  - no: {raise: {error: x}}\n  - a: {set: {}, then: exit}\n  - b: {set: {}}\n  - sort: {switch: [{x: {when: .x, then: a}}, {y: {then: end}}]}\n");
  });
});

describe("values", () => {
  const cases: [what: string, before: string, pointer: string, value: unknown, after: string][] = [
    ["a plain text stays plain", "a: b # c\n", "/a", "d e", "a: d e # c\n"],
    ["single quotes stay", "a: 'b' # c\n", "/a", "it's", "a: 'it''s' # c\n"],
    ["double quotes stay", 'a: "b"\n', "/a", "d", 'a: "d"\n'],
    ["a text that looks like a number is quoted", "a: b\n", "/a", "1.10", 'a: "1.10"\n'],
    ["a text that looks like a date is quoted", "a: b\n", "/a", "2024-01-01", 'a: "2024-01-01"\n'],
    ["an expression is quoted where it must be", "a: {b: 1}\n", "/a/b", "${ .x }", 'a: {b: "${ .x }"}\n'],
    ["an expression is plain where it can be", "a:\n  b: 1\n", "/a/b", "${ .x }", "a:\n  b: ${ .x }\n"],
    ["lines become a literal block", "a: b\nd: 1\n", "/a", "x\ny\n", "a: |\n  x\n  y\nd: 1\n"],
    ["lines before a comment do not swallow it", "a: b # c\nd: 1\n", "/a", "x\ny\n", 'a: "x\\ny\\n" # c\nd: 1\n'],
    ["a literal block becomes one line", "a: |\n  x\n  y\nd: 1\n", "/a", "z", "a: z\nd: 1\n"],
    ["nothing becomes something", "a:\nb: 1\n", "/a", 2, "a: 2\nb: 1\n"],
    ["a text becomes a map below its comment", "a: b # c\nd: 1\n", "/a", { x: [1] }, "a: # c\n  x:\n    - 1\nd: 1\n"],
    ["a map becomes a text", "a: # c\n  x: 1\nd: 1\n", "/a", true, "a: true # c\nd: 1\n"],
    ["only the key that differs is written", "a: {x: 1,  y: 'q' }\n", "/a", { x: 2, y: "q" }, "a: {x: 2,  y: 'q' }\n"],
    ["a new key of a flow map goes behind", "a: { x: 1 }\n", "/a/y", [], "a: { x: 1, y: [] }\n"],
    ["a map on the way is made", "a: 1\n", "/b/c/d", "e", "a: 1\nb:\n  c:\n    d: e\n"],
    ["items that stay are not touched", "a:\n  - 1 # one\n  - 2\n  - 3\n", "/a", [1, 3], "a:\n  - 1 # one\n  - 3\n"],
    ["an item in the middle is put in", "a: [1, 3]\n", "/a", [1, 2, 3], "a: [1, 2, 3]\n"],
    ["lines of a flow list stay lines", "a: [\n  1,\n  2 # two\n]\n", "/a", [1, 2, 3], "a: [\n  1,\n  2, # two\n  3\n]\n"],
    ["JSON stays JSON", '{\n  "a": {\n    "b": 1\n  }\n}\n', "/a/c", { d: "e" }, '{\n  "a": {\n    "b": 1,\n    "c": {\n      "d": "e"\n    }\n  }\n}\n'],
    ["JSON with tabs", '{\n\t"a": [\n\t\t1\n\t]\n}', "/a", [2], '{\n\t"a": [\n\t\t2\n\t]\n}'],
    ["the file still ends without a line break", "a: 1\nb: 2", "/c", 3, "a: 1\nb: 2\nc: 3"],
    ["Windows' line breaks stay", "a: 1\r\nb: 2\r\n", "/c", { d: 1 }, "a: 1\r\nb: 2\r\nc:\r\n  d: 1\r\n"],
    ["four columns stay four columns", "a:\n    b: 1\n", "/a/c", { d: 1 }, "a:\n    b: 1\n    c:\n        d: 1\n"],
    ["dashes under their key stay there", "a:\n- 1\n", "/b", [2], "a:\n- 1\nb:\n- 2\n"],
  ];
  test.each(cases)("%s", (_what, before, pointer, value, after) => {
    expect(setValue(opened(before), pointer, value as never).text).toBe(after);
  });

  const removals: [what: string, before: string, pointer: string, after: string][] = [
    ["a line", "a: 1\nb: 2\nc: 3\n", "/b", "a: 1\nc: 3\n"],
    ["with the comment above it", "a: 1\n# about b\nb: 2 # two\nc: 3\n", "/b", "a: 1\nc: 3\n"],
    ["the first behind a dash", "- a: 1\n  b: 2\n", "/0/a", "- b: 2\n"],
    ["the first behind a dash, above a comment", "- a: 1\n  # about b\n  b: 2\n", "/0/a", "-\n  # about b\n  b: 2\n"],
    ["the last", "a:\n  b: 1\nc: 2\n", "/a/b", "a: {}\nc: 2\n"],
    ["the last line without a line break", "a: 1\nb: 2", "/b", "a: 1"],
    ["from a flow map", "a: {b: 1, c: 2}\n", "/a/c", "a: {b: 1}\n"],
    ["the first from a flow map", "a: {b: 1, c: 2}\n", "/a/b", "a: {c: 2}\n"],
    ["a line of JSON", '{\n  "a": 1,\n  "b": 2\n}\n', "/b", '{\n  "a": 1\n}\n'],
    ["one blank line of two", "a:\n  - 1\n\n  - 2\n\n  - 3\n", "/a/1", "a:\n  - 1\n\n  - 3\n"],
  ];
  test.each(removals)("removed: %s", (_what, before, pointer, after) => {
    expect(removeValue(opened(before), pointer).text).toBe(after);
  });

  test("what an alias stands for is not changed behind its back", () => {
    const source = opened("a: &x {b: 1}\nc: *x\n");
    expect(refusal(() => setValue(source, "/c/b", 2))).toBe("alias");
    expect(setValue(source, "/a/b", 2).text).toBe("a: &x {b: 2}\nc: *x\n");
    expect(dataOf(setValue(source, "/a/b", 2))).toEqual({ a: { b: 2 }, c: { b: 2 } });
  });

  test("an anchor that is needed is not removed", () => {
    const source = opened("a: &x {b: 1}\nc: *x\n");
    expect(refusal(() => removeValue(source, "/a"))).toBe("layout");
  });

  test("keys like `__proto__` are keys", () => {
    const source = opened("a: 1\n__proto__: {b: 1}\n");
    expect(setValue(source, "/__proto__/b", 2).text).toBe("a: 1\n__proto__: {b: 2}\n");
  });
});

describe("parts of a FlowApp", () => {
  test("triggers and functions stand before the steps", () => {
    const bare = opened("kind: FlowApp\nmetadata: {name: a}\nspec:\n  # what happens\n  steps: []\n");
    const first = addTrigger(bare, "api", "http", { path: "/a" }).source;
    const second = addFunction(first, "go", { source: "cmd/go" }).source;
    const { source, task } = insertTask(second, "/do", 0, "go", { call: "go" });
    expect(task).toBe("/do/0/go");
    expect(source.text).toBe(`kind: FlowApp
metadata: {name: a}
spec:
  triggers:
    - name: api
      http:
        path: /a
  functions:
    go:
      source: cmd/go
  # what happens
  steps:
    - go:
        call: go
`);
    expect(removeTrigger(first, "/spec/triggers/0").text).toBe(bare.text);
  });

  test("a function is renamed where it is called", () => {
    const source = renameFunction(opened(FLOW), "charge", "bill");
    expect(source.text).toBe(
      FLOW.replace("    charge: {", "    bill: {").replace("call: charge", "call: bill").replace('call: "charge"', 'call: "bill"'),
    );
  });

  test("an OWS document has none", () => {
    expect(refusal(() => addTrigger(opened("document: {}\ndo: []\n"), "a", "http", {}))).toBe("flowapp-only");
  });
});
