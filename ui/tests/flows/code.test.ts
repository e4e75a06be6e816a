/** The functions of a flow whose code is its own. */
import { describe, expect, test } from "vitest";
import { dataOf, open } from "../../src/graph/document/source";
import { graphOf } from "../../src/graph/model/build";
import { calledBy, isFunctionName, ownFunctions } from "../../src/pages/flows/editor/code/functions";

const TEXT = `
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: f}
spec:
  version: 1.0.0
  functions:
    price: {source: cmd/price}
    legacy: {url: "https://example.test/"}
  use:
    functions:
      shared: {call: http, with: {method: get, endpoint: https://example.test/}}
  steps:
    - a: {call: price}
    - b: {call: legacy}
    - c: {call: http, with: {method: get, endpoint: https://example.test/}}
    - d: {call: shared}
    - e: {call: nowhere}
    - g: {call: "log:1.0.0@catalog"}
    - h: {call: batch, with: {function: price, items: []}}
    - i: {set: {a: 1}}
`;

describe("functions", () => {
  const { source } = open(TEXT);
  const data = source ? dataOf(source) : null;

  test("those that the server runs are the flow's own", () => {
    expect(ownFunctions(data)).toEqual(["price"]);
    expect(ownFunctions({ do: [] })).toEqual([]);
  });

  test("a step says what it calls, and what that is", () => {
    const graph = graphOf(data);
    const called = Object.fromEntries(
      graph.nodes.filter(({ kind }) => kind === "task").map((node) => [node.name, calledBy(data, node)]),
    );
    expect(called).toEqual({
      a: { name: "price", kind: "own" },
      b: { name: "legacy", kind: "other" },
      c: { name: "http", kind: "other" },
      d: { name: "shared", kind: "other" },
      e: { name: "nowhere", kind: "unknown" },
      g: { name: "log:1.0.0@catalog", kind: "other" },
      h: { name: "price", kind: "own" },
      i: null,
    });
  });

  test("a name is a folder and a part of addresses, too", () => {
    for (const name of ["price", "score-risk", "A_1"]) expect(isFunctionName(name)).toBe(true);
    for (const name of ["", "1a", "a b", "a/b", "..", "a.b", "http", "a".repeat(64)]) expect(isFunctionName(name)).toBe(false);
  });
});
