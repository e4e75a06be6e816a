/** Every arrow of every document as a place for a new step: it runs just there, and all else goes its way as before. */
import { describe, expect, test } from "vitest";
import { EditError } from "../../src/graph/document/problem";
import { opened, type Source } from "../../src/graph/document/source";
import { entryOf, insertOnWay, moveOnWay, type Way } from "../../src/graph/document/ways";
import { taskPlace } from "../../src/graph/document/flow";
import { graphOf } from "../../src/graph/model/build";
import type { Graph, GraphEdge } from "../../src/graph/model/graph";
import { examples } from "../corpus";
import { hasValidator, problemsOf } from "./validator";

const CONTAINERS = `apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: all}
spec:
  version: 1.0.0
  triggers:
    - name: api
      http: {path: /all}
    - name: nightly
      cron: {schedule: "0 3 * * *"}
  functions:
    work: {source: cmd/work}
  steps:
    - group:
        do:
          - inner: {if: .some, call: work, then: exit}
          - hidden: {set: {a: 1}}
          - stop: {if: .stop, set: {b: 1}, then: end}
    - empty: {do: []}
    - loop:
        for: {each: one, in: .list}
        do:
          - sort:
              switch:
                - none: {when: .a == 0, then: exit}
                - goes: {when: .a == 1, then: continue}
                - done: {when: .a == 2, then: end}
          - rest: {call: work}
    - emptyLoop: {for: {each: one, in: .list}, do: []}
    - both:
        fork:
          branches:
            - left: {call: work}
            - right: {do: [{deep: {set: {c: 1}}}]}
            - ends: {set: {d: 1}, then: end}
    - noBranch: {fork: {branches: []}}
    - guarded:
        try:
          - risky: {call: work}
        catch:
          errors: {with: {status: 503}}
          do:
            - mend: {set: {e: 1}}
          then: last
    - bare: {try: [{again: {call: work}}], catch: {}, then: choose}
    - follows: {try: [{once: {call: work}}], catch: {then: continue}, then: last}
    - choose:
        if: .choose
        switch:
          - one: {when: .x == 1, then: group}
          - other: {then: last}
    - wrong: {raise: {error: {type: "https://example.test/wrong", status: 500}}}
    - straight: {if: .y, set: {f: 1}, then: last}
    - last: {set: {g: 1}}
`;

/** Every way that leads through `switch`, `try` and `if` to the next step, by position. */
const FALLING = `document: {dsl: 1.0.3, namespace: a, name: falling, version: 1.0.0}
do:
  - sort: {switch: [{big: {when: .big, then: continue}}, {other: {when: .other, then: after}}], then: continue}
  - guarded: {try: [{risky: {set: {a: 1}}}], catch: {then: continue}, then: continue}
  - loose: {if: .loose, set: {b: 1}}
  - after: {set: {c: 1}}
  - leaves: {switch: [{ends: {when: .ends, then: end}}, {out: {when: .out, then: exit}}, {on: {then: continue}}]}
`;

const documents = [...examples, { file: "every container", text: CONTAINERS }, { file: "falling through", text: FALLING }];
const SET = { set: { added: true } };

/** Where each way of a graph leads, by names. */
function waysOf(graph: Graph): string[] {
  return graph.edges.map((edge) => line(graph, edge, pathOf(graph, edge.target))).sort();
}

function pathOf(graph: Graph, id: string): string {
  return graph.byId.get(id)?.path ?? id;
}

function line(graph: Graph, { kind, source, label, leaves }: GraphEdge, target: string, leaving: string = leaves): string {
  const how = kind === "next" || kind === "then" ? "on" : kind;
  return `${pathOf(graph, source)} ${how}(${label}) ${target} ${leaving}`;
}

/** The ways of a graph once a step called `added` is on one of them. */
function expected(graph: Graph, { way, target, leaves, kind }: GraphEdge): string[] {
  if (!way) throw new Error("there is no such way");
  const behind = graph.nodes.find(({ id }) => id === target);
  // Who catches is drawn as its lane; the step is the first in there.
  const lane = kind === "error" ? graph.byId.get(target) : undefined;
  const first = graph.nodes.find(({ list, name }) => list === way.list && name === way.target);
  const around = graph.nodes.find((each) => each.holds === way.list || (lane && each.id === lane.id));
  const path = `${around ? `${around.path}/` : ""}added`;
  const onward = kind === "error" ? `${path} on() ${(first ?? lane)?.path ?? ""} ${first ? "no" : "list"}` : `${path} on() ${behind?.path ?? target} ${leaves}`;
  const moved = graph.edges.map((each) => {
    const same = kind !== "error" && each.kind === kind && JSON.stringify(each.way) === JSON.stringify(way);
    return same ? line(graph, each, path, "no") : line(graph, each, pathOf(graph, each.target));
  });
  return [...moved, onward].sort();
}

describe.each(documents.map(({ file, text }) => [file, text] as const))("%s", (_file, text) => {
  const source = opened(text);
  const graph = graphOf(source.root.data);

  test("every arrow takes a step, but those from a branch of a `fork`, behind which nothing can be", () => {
    for (const edge of graph.edges) {
      const branch = graph.byId.get(graph.byId.get(edge.source)?.parent ?? "")?.task === "fork";
      expect(edge.way === null, edge.id).toBe(branch);
    }
    expect(new Set(graph.edges.map(({ id }) => id)).size).toBe(graph.edges.length);
  });

  test("a step that is dropped on an arrow is on it alone, and nothing else changes its way", () => {
    for (const edge of graph.edges) {
      if (!edge.way) continue;
      const { source: result, task } = insertOnWay(source, edge.way, "added", SET);
      expect(taskPlace(task).list, edge.id).toBe(edge.way.list);
      expect(opened(result.text).root).toEqual(result.root);
      expect(waysOf(graphOf(result.root.data)), `${edge.id}\n${result.text}`).toEqual(expected(graph, edge));
    }
  });

  test("a step that is dropped on the head of a container is its first, and goes on at what was", () => {
    for (const { id, holds, task } of graph.nodes) {
      if (holds === null || task === "fork") continue;
      const steps = graph.nodes.filter(({ list }) => list === holds);
      const { source: result, task: added } = insertOnWay(source, entryOf(holds, steps[0]?.name), "added", SET);
      expect(added, id).toBe(`${holds}/0/added`);
      const after = graphOf(result.root.data);
      expect(after.nodes.filter(({ list }) => list === holds).map(({ name }) => name)).toEqual(["added", ...steps.map(({ name }) => name)]);
      expect(after.edges.filter((each) => each.source === added).map(({ way }) => way?.target)).toEqual([steps[0]?.name ?? null]);
    }
  });
});

test.skipIf(!hasValidator)("the validator accepts a step on every arrow", { timeout: 120_000 }, () => {
  const sets = documents.map(({ file, text }) => {
    const source = opened(text);
    const edited = graphOf(source.root.data).edges.flatMap(({ way }) => (way ? [insertOnWay(source, way, "added", SET).source.text] : []));
    return { file, texts: [text, ...edited] };
  });
  const found = problemsOf(sets.flatMap(({ texts }) => texts));
  const codes = (at: number) => (found[at] ?? []).map(({ severity, code }) => `${severity} ${code}`);
  let start = 0;
  for (const { file, texts } of sets) {
    const before = codes(start);
    texts.forEach((text, at) => {
      expect(codes(start + at).filter((each) => !before.includes(each)), `${file}: ${JSON.stringify(found[start + at])}\n${text}`).toEqual([]);
    });
    start += texts.length;
  }
  expect(found.length).toBe(start);
});

describe("a way on which nothing can stand alone", () => {
  const skipped = opened("do:\n  - a: {if: .a, set: {}, then: c}\n  - b: {if: .b, set: {}}\n  - c: {if: .c, set: {}}\n");
  const way: Way = { owner: "/do/0/a", of: "task", list: "/do", target: "c" };

  test("is told, and nothing is changed", () => {
    expect(refusal(() => insertOnWay(skipped, way, "added", SET))).toBe("no-place");
  });

  test("where one that cannot be skipped is told to pass by, it can", () => {
    const source = opened("do:\n  - a: {if: .a, set: {}, then: c}\n  - b: {set: {}}\n  - c: {if: .c, set: {}}\n");
    expect(insertOnWay(source, way, "added", { set: {} }).source.text).toBe(
      "do:\n  - a: {if: .a, set: {}, then: added}\n  - b: {set: {}, then: c}\n  - added:\n      set: {}\n  - c: {if: .c, set: {}}\n",
    );
  });
});

describe("the first arrow", () => {
  const moved = (source: Source, pointer: string) => {
    const { way } = graphOf(source.root.data).edges.find(({ kind }) => kind === "start") ?? {};
    if (!way) throw new Error("there is no way in");
    return moveOnWay(source, pointer, way);
  };

  test("makes a step that is there the first, with its lines, and what went to it goes where it went", () => {
    const text = "do:\n  - a: {set: {}} # 1\n  # the second\n  - b: {set: {}, then: end} # 2\n  - c: {set: {}, then: a}\n";
    const { source, task } = moved(opened(text), "/do/1/b");
    expect(task).toBe("/do/0/b");
    expect(source.text).toBe("do:\n  # the second\n  - b: {set: {}} # 2\n  - a: {set: {}, then: end} # 1\n  - c: {set: {}, then: a}\n");
  });

  test("takes one out of a container; the first one itself is not moved there", () => {
    const source = opened("do:\n  - group: {do: [{a: {set: {}}}, {b: {set: {}}}]}\n");
    expect(moved(source, "/do/0/group/do/1/b").task).toBe("/do/0/b");
    expect(refusal(() => moved(source, "/do/0/group"))).toBe("into-itself");
  });

  test("of an empty flow makes its list", () => {
    const source = opened("kind: FlowApp\nmetadata: {name: a}\nspec:\n  version: 1.0.0\n");
    const { way } = graphOf(source.root.data).edges[0] ?? {};
    if (!way) throw new Error("there is no way in");
    expect(insertOnWay(source, way, "added", SET).task).toBe("/do/0/added");
  });
});

function refusal(edit: () => unknown): string {
  try {
    edit();
  } catch (error) {
    if (error instanceof EditError) return error.code;
    throw error;
  }
  return "was not refused";
}
