/** What React Flow calls nodes and edges: the same from edit to edit, and back to the ids of the pages. */
import { describe, expect, test } from "vitest";
import { canvasEdges, canvasNodes } from "../../src/canvas/picture";
import { namedEdge, namedNode, namesOf, ownChange, ownNode } from "../../src/canvas/stable";
import { opened } from "../../src/graph/document/source";
import { duplicateTask } from "../../src/graph/document/tasks";
import { arranged } from "../../src/graph/layout/arrange";
import { NO_LAYOUT } from "../../src/graph/layout/file";
import { graphOf } from "../../src/graph/model/build";
import { examples } from "../corpus";

const WORDS = { skip: "skipped", otherwise: "otherwise", end: "End" };

const TEXT = `kind: FlowApp
metadata: {name: a}
spec:
  triggers:
    - name: end
      http: {path: /a}
  steps:
    - start: {set: {a: 1}}
    - end: {set: {a: 2}}
    - pay:
        try:
          - try: {call: charge, then: end}
        catch: {do: [{catch: {set: {a: 1}}}]}
    - choose: {switch: [{one: {when: .a, then: last}}, {two: {when: .b, then: last}}, {rest: {then: pay}}]}
    - last: {call: send}
`;

function named(text: string) {
  const source = opened(text);
  const graph = graphOf(source.root.data);
  const picture = arranged(graph, NO_LAYOUT);
  const nodes = canvasNodes(graph, picture, null);
  const edges = canvasEdges(graph, picture, WORDS);
  return { source, graph, nodes: nodes.map((node) => namedNode(graph, node)), edges: edges.map((edge) => namedEdge(graph, edge)), own: { nodes, edges } };
}

describe("names", () => {
  test.each([...examples, { file: "names that are words of ours", text: TEXT }])("$file: each has its own, and leads back", ({ text }) => {
    const { graph, nodes, edges, own } = named(text);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
    expect(new Set(edges.map(({ id }) => id)).size).toBe(edges.length);
    const known = new Set(nodes.map(({ id }) => id));
    for (const { source, target } of edges) expect(known.has(source) && known.has(target)).toBe(true);
    for (const { parentId } of nodes) expect(parentId === undefined || known.has(parentId)).toBe(true);
    expect(nodes.map((node) => ownNode(graph, node)).map(({ id, parentId }) => [id, parentId])).toEqual(own.nodes.map(({ id, parentId }) => [id, parentId]));
    expect(nodes.map(({ domAttributes }) => (domAttributes as Record<string, unknown>)["data-id"])).toEqual(own.nodes.map(({ id }) => id));
    expect(edges.map(({ domAttributes }) => (domAttributes as Record<string, unknown>)["data-id"])).toEqual(own.edges.map(({ id }) => id));
    expect(edges.map(({ source }) => namesOf(graph).idOf(source))).toEqual(own.edges.map(({ source }) => source));
  });

  test("those behind an edit stay what they were", () => {
    const before = named(TEXT);
    const after = named(duplicateTask(before.source, "/do/0/start").source.text);
    const ids = (drawn: readonly { id: string }[]) => drawn.map(({ id }) => id);
    expect(ids(after.nodes).filter((id) => !ids(before.nodes).includes(id))).toHaveLength(1);
    expect(ids(before.nodes).filter((id) => !ids(after.nodes).includes(id))).toEqual([]);
    // The way from the first task leads to its copy now.
    expect(ids(before.edges).filter((id) => !ids(after.edges).includes(id))).toHaveLength(1);
  });

  test("a node and an edge are named once", () => {
    const { graph, own, nodes, edges } = named(TEXT);
    expect(own.nodes.map((node) => namedNode(graph, node)).every((node, at) => node === nodes[at])).toBe(true);
    expect(own.edges.map((edge) => namedEdge(graph, edge)).every((edge, at) => edge === edges[at])).toBe(true);
  });

  test("a change is told by the id; what is no task keeps its own", () => {
    const { graph } = named(TEXT);
    const name = namesOf(graph).nameOf("/do/4/last");
    expect(name).not.toContain("4");
    expect(ownChange(graph, { type: "select", id: name, selected: true })).toEqual({ type: "select", id: "/do/4/last", selected: true });
    expect(ownChange(graph, { type: "remove", id: "note/1-2" })).toEqual({ type: "remove", id: "note/1-2" });
  });
});
