/** Lines, sight, walking, alignment, finding: what the drawing is made of, without a page. */
import { describe, expect, test } from "vitest";
import { canvasEdges, canvasNodes } from "../../src/canvas/picture";
import { opened } from "../../src/graph/document/source";
import { alignedTo, canAlign } from "../../src/graph/layout/align";
import { arranged, type Box } from "../../src/graph/layout/arrange";
import { NO_LAYOUT, readLayout, withNote, withoutNotes, writeLayout } from "../../src/graph/layout/file";
import { freeCorner, overlaps, placesOf } from "../../src/graph/layout/places";
import { pathOf, routesOf } from "../../src/graph/layout/routes";
import { drawnIn, isSpent, sightAround } from "../../src/graph/layout/sight";
import { neighbourOf } from "../../src/graph/layout/walk";
import { graphOf } from "../../src/graph/model/build";
import { nodesWith } from "../../src/graph/model/find";
import { examples } from "../corpus";

const WORDS = { skip: "skipped", otherwise: "otherwise", end: "End" };

const TEXT = `kind: FlowApp
metadata: {name: a}
spec:
  triggers:
    - name: api
      http: {path: /a}
  steps:
    - size:
        switch:
          - large: {when: .total > 1000, then: review}
          - refused: {when: .total < 0, then: refuse}
          - other: {then: pay}
    - review: {call: ask, then: pay}
    - refuse: {raise: {error: {type: about:blank, status: 422}}}
    - pay:
        try:
          - charge: {call: charge, then: end}
        catch: {errors: {with: {status: 402}}, do: [{unbook: {set: {a: 1}}}]}
    - keep: {if: .keep, set: {a: 1}}
    - last: {call: send}
`;

function pictureOf(text: string) {
  const graph = graphOf(opened(text).root.data);
  const picture = arranged(graph, NO_LAYOUT);
  const places = placesOf(graph, picture.boxes);
  return { graph, picture, places, edges: canvasEdges(graph, picture, WORDS), nodes: canvasNodes(graph, picture, null) };
}

/** Whether a line runs through a box, its border aside. */
function crosses(points: readonly { x: number; y: number }[], box: Box): boolean {
  const inside = { x: box.x + 1, y: box.y + 1, width: box.width - 2, height: box.height - 2 };
  return points.slice(1).some((to, at) => {
    const from = points[at] ?? to;
    const line = { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(to.x - from.x) + 0.1, height: Math.abs(to.y - from.y) + 0.1 };
    return overlaps(line, inside);
  });
}

describe("lines", () => {
  test("run around what stands between their ends, and are told apart where they begin", () => {
    const { graph, places, edges } = pictureOf(TEXT);
    for (const edge of edges) {
      const parent = graph.byId.get(edge.source)?.parent ?? null;
      for (const [id, box] of places) {
        if (id === edge.target || graph.byId.get(id)?.parent !== parent) continue;
        expect(crosses(edge.data?.points ?? [], box), `${edge.id} runs through ${id}`).toBe(false);
      }
    }
    const begins = edges.filter(({ source }) => source === "/do/0/size").map(({ data }) => data?.points[0]?.x);
    expect(new Set(begins).size).toBe(3);
  });

  test("in every example almost none runs through a step", () => {
    let lines = 0;
    let through = 0;
    for (const { text } of examples) {
      const { graph, places, edges } = pictureOf(text);
      for (const edge of edges) {
        lines += 1;
        const parent = graph.byId.get(edge.source)?.parent ?? null;
        const others = [...places].filter(([id]) => id !== edge.target && id !== edge.source && graph.byId.get(id)?.parent === parent && graph.byId.get(edge.source)?.kind !== "lane");
        if (others.some(([, box]) => crosses(edge.data?.points ?? [], box))) through += 1;
      }
    }
    expect(through / lines).toBeLessThan(0.01);
  });

  test("the end of the workflow from inside of something is a stub, errors go from lane to lane", () => {
    const { edges } = pictureOf(TEXT);
    const stub = edges.find(({ source }) => source === "/do/3/pay/try/0/charge");
    expect(stub).toMatchObject({ label: "End", data: { stub: true }, reconnectable: false });
    const error = edges.find(({ source }) => source === "/do/3/pay/try");
    expect(error?.data?.points).toHaveLength(2);
    expect(error?.data?.points[0]?.y).toBe(error?.data?.points[1]?.y);
  });

  test.each([2, 3])("what is written at %s lines between the same two steps can be read", (count) => {
    const cases = Array.from({ length: count }, (_, at) => `{case${at}: {when: .a == ${at}, then: continue}}`).join(", ");
    const { places, edges } = pictureOf(`do:\n  - choose: {switch: [${cases}, {end: {then: end}}]}\n  - next: {set: {}}\n`);
    const [above, below] = [places.get("/do/0/choose"), places.get("/do/1/next")];
    const texts = edges.filter(({ target }) => target === "/do/1/next").map(({ data }) => data?.labelAt.y ?? 0).sort((one, other) => one - other);
    expect(texts).toHaveLength(count);
    texts.slice(1).forEach((y, at) => expect(y - (texts[at] ?? 0)).toBeGreaterThanOrEqual(20));
    // Between both, at half the height of a text from each.
    expect(Math.min(...texts) - 10).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0));
    expect(Math.max(...texts) + 10).toBeLessThanOrEqual(below?.y ?? 0);
  });

  test("a line up goes around, its corners are right angles, and its path is round", () => {
    const box = (x: number, y: number): Box => ({ x, y, width: 100, height: 40 });
    const [up, down, middle] = [box(0, 0), box(0, 200), box(0, 100)];
    const route = routesOf([{ id: "back", source: down, target: up, to: "box", around: [up, down, middle] }]).get("back");
    const points = route?.points ?? [];
    expect(points.at(-1)).toEqual({ x: 50, y: 0 });
    expect([up, middle, down].some((each) => crosses(points, each))).toBe(false);
    for (let at = 1; at < points.length; at += 1) expect(points[at]?.x === points[at - 1]?.x || points[at]?.y === points[at - 1]?.y).toBe(true);
    expect(pathOf(points)).toMatch(/^M50 240L.*Q.*L50 0$/);
  });
});

describe("sight", () => {
  test("only what is seen is drawn, with what it is in and where its lines lead", () => {
    const steps = Array.from({ length: 300 }, (_, at) => `    - step${at}: {call: f}`).join("\n");
    const { graph, places, edges } = pictureOf(`kind: FlowApp\nmetadata: {name: a}\nspec:\n  steps:\n${steps}\n`);
    const sight = sightAround({ x: 0, y: 0, width: 400, height: 500 });
    const { nodes, edges: lines } = drawnIn(graph, places, edges, sight, ["/do/299/step299"]);
    expect(nodes.has("/do/0/step0")).toBe(true);
    expect(nodes.has("/do/200/step200")).toBe(false);
    expect(nodes.has("/do/299/step299")).toBe(true);
    expect(nodes.size).toBeLessThan(20);
    for (const id of lines) {
      const edge = edges.find((each) => each.id === id);
      expect(nodes.has(edge?.source ?? "") && nodes.has(edge?.target ?? "")).toBe(true);
    }
  });

  test("it is chosen anew when what is seen comes near its end, or is a small part of it", () => {
    const sight = sightAround({ x: 0, y: 0, width: 400, height: 400 });
    expect(isSpent(sight, { x: 50, y: 50, width: 400, height: 400 })).toBe(false);
    expect(isSpent(sight, { x: 150, y: 0, width: 400, height: 400 })).toBe(true);
    expect(isSpent(sight, { x: 100, y: 100, width: 100, height: 100 })).toBe(true);
  });
});

describe("walking, aligning, finding", () => {
  const { graph, places, nodes } = pictureOf(TEXT);

  test("arrows go to the nearest step, into containers and out of them", () => {
    expect(neighbourOf(graph, places, "trigger/api", "down")).toBe("/do/0/size");
    expect(neighbourOf(graph, places, "/do/3/pay", "down")).toBe("/do/3/pay/try/0/charge");
    expect(neighbourOf(graph, places, "/do/0/size", "up")).toBe("trigger/api");
    expect(neighbourOf(graph, places, "/do/3/pay/try/0/charge", "right")).toBe("/do/3/pay/catch/do/0/unbook");
    expect(neighbourOf(graph, places, "trigger/api", "up")).toBeNull();
  });

  test("sides, middles and gaps come into line; one node alone has nothing to be in line with", () => {
    const boxes = new Map<string, Box>([
      ["a", { x: 0, y: 0, width: 100, height: 40 }],
      ["b", { x: 30, y: 100, width: 60, height: 40 }],
      ["c", { x: 10, y: 300, width: 40, height: 40 }],
    ]);
    expect([...alignedTo(boxes, "left").values()].map(({ x }) => x)).toEqual([0, 0, 0]);
    expect([...alignedTo(boxes, "right").values()].map(({ x }) => x)).toEqual([0, 40, 60]);
    expect([...alignedTo(boxes, "centre").values()].map(({ x }) => x)).toEqual([0, 20, 30]);
    expect([...alignedTo(boxes, "bottom").values()].map(({ y }) => y)).toEqual([300, 300, 300]);
    expect(alignedTo(boxes, "down").get("b")).toEqual({ x: 30, y: 150 });
    expect(canAlign("down", 2)).toBe(false);
    expect(alignedTo(new Map([["a", { x: 0, y: 0, width: 1, height: 1 }]]), "left").size).toBe(0);
  });

  test("steps are found by name, kind and what is written at them, not by what stands in them", () => {
    expect(nodesWith(graph, "PAY")).toContain("/do/3/pay");
    expect(nodesWith(graph, "raise")).toEqual(["/do/2/refuse"]);
    expect(nodesWith(graph, "1000")).toEqual(["/do/0/size"]);
    expect(nodesWith(graph, "unbook")).toEqual(["/do/3/pay/catch/do/0/unbook"]);
    expect(nodesWith(graph, " ")).toEqual([]);
  });

  test("nodes are drawn as large as they were arranged, with their ends", () => {
    for (const node of nodes) {
      expect(node.measured).toEqual({ width: node.width, height: node.height });
      expect(node.handles?.every(({ x, y }) => x >= -4 && y >= -4)).toBe(true);
    }
  });
});

test("a new note covers nothing", () => {
  const places = new Map([["a", { x: 0, y: 0, width: 200, height: 60 }]]);
  expect(freeCorner(places, { x: 20, y: 10, width: 100, height: 40 })).toEqual({ x: 200, y: 10 });
  expect(freeCorner(places, { x: 300, y: 10, width: 100, height: 40 })).toEqual({ x: 300, y: 10 });
});

test("notes are kept, replaced, removed, and survive the file", () => {
  const note = { id: "n", x: 1, y: 2, width: 220, height: 100, text: "why" };
  const layout = withNote(withNote(NO_LAYOUT, note), { ...note, text: "because" });
  expect(readLayout(writeLayout(layout)).notes).toEqual([{ ...note, text: "because" }]);
  expect(withoutNotes(layout, new Set(["n"])).notes).toEqual([]);
});
