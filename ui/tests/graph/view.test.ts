/** Which part of the canvas is shown first, and what is looked at when a flow grows. */
import { describe, expect, test } from "vitest";
import { firstView, isWithin, lookingAfter, lookingAt, seenIn } from "../../src/canvas/view";
import { opened } from "../../src/graph/document/source";
import { arranged } from "../../src/graph/layout/arrange";
import { NO_LAYOUT } from "../../src/graph/layout/file";
import { boundsOf, placesOf } from "../../src/graph/layout/places";
import { graphOf } from "../../src/graph/model/build";

const EXTENT = { width: 600, height: 560 };

function there<T>(found: T | null | undefined): T {
  if (found === null || found === undefined) throw new Error("it is not there");
  return found;
}

function flow(steps: number, kind = "set: {a: 1}") {
  const lines = Array.from({ length: steps }, (_, index) => `    - step${index + 1}: {${kind}}\n`);
  const graph = graphOf(opened(`kind: FlowApp\nmetadata: {name: a}\nspec:\n  steps:\n${lines.join("")}`).root.data);
  const places = placesOf(graph, arranged(graph, NO_LAYOUT).boxes);
  return { graph, places, bounds: there(boundsOf(places.values())) };
}

describe("first", () => {
  test("a small flow is seen whole, a long one from its beginning, where it can be read", () => {
    const small = flow(3);
    expect(isWithin(small.bounds, seenIn(firstView(small.graph, small.places, EXTENT), EXTENT))).toBe(true);
    const long = flow(60);
    const view = firstView(long.graph, long.places, EXTENT);
    const seen = seenIn(view, EXTENT);
    expect(view.zoom).toBeGreaterThanOrEqual(0.6);
    expect(seen.y).toBeLessThan(long.bounds.y);
    expect(seen.x).toBeLessThan(long.bounds.x);
    expect(seen.x + seen.width).toBeGreaterThan(long.bounds.x + long.bounds.width);
  });

  test("a flow of some width is shown in its whole width, one that is too wide around its beginning", () => {
    const fork = (branches: number) => `fork: {branches: [${Array.from({ length: branches }, (_, index) => `{b${index}: {set: {a: 1}}}`).join(", ")}]}`;
    const some = flow(9, fork(3));
    const seen = seenIn(firstView(some.graph, some.places, { width: 640, height: 560 }), { width: 640, height: 560 });
    expect(seen.x).toBeLessThan(some.bounds.x);
    expect(seen.x + seen.width).toBeGreaterThan(some.bounds.x + some.bounds.width);
    const wide = flow(9, fork(30));
    const view = firstView(wide.graph, wide.places, EXTENT);
    const start = there(wide.places.get(there(wide.graph.nodes[0]).id));
    expect(view.zoom).toBeGreaterThanOrEqual(0.6);
    expect(isWithin(start, seenIn(view, EXTENT))).toBe(true);
  });
});

describe("when nodes are added", () => {
  test("all of a flow that was seen whole is seen whole again, as long as it can be read", () => {
    const [before, after] = [flow(3), flow(4)];
    const view = firstView(before.graph, before.places, EXTENT);
    const next = lookingAfter(before.places, after.places, undefined, view, EXTENT);
    expect(next).not.toBeNull();
    expect(isWithin(after.bounds, seenIn(there(next), EXTENT))).toBe(true);
  });

  test("else what was added comes into sight, no nearer and no further", () => {
    const [before, after] = [flow(40), flow(41)];
    const view = firstView(before.graph, before.places, EXTENT);
    const added = there([...after.places.keys()].find((id) => !before.places.has(id)));
    const next = there(lookingAfter(before.places, after.places, added, view, EXTENT));
    expect(next.zoom).toBe(view.zoom);
    expect(isWithin(there(after.places.get(added)), seenIn(next, EXTENT))).toBe(true);
  });

  test("nothing moves while all is in sight, when nodes go, or when what is selected was there before", () => {
    const [small, larger, long, longer] = [flow(2), flow(3), flow(40), flow(41)];
    const wide = { width: 900, height: 900 };
    expect(lookingAfter(small.places, larger.places, undefined, firstView(small.graph, small.places, wide), wide)).toBeNull();
    const view = firstView(long.graph, long.places, EXTENT);
    expect(lookingAfter(longer.places, long.places, undefined, view, EXTENT)).toBeNull();
    const old = there([...long.places.keys()].at(-2));
    expect(lookingAfter(long.places, longer.places, old, view, EXTENT)).toBeNull();
  });
});

describe("when nothing is left in sight", () => {
  test("a flow that can be read whole is seen whole, after an undo or when it was arranged anew", () => {
    const [long, short] = [flow(40), flow(2)];
    const end = there([...long.places.values()].at(-1));
    const view = { x: EXTENT.width / 2 - end.x, y: EXTENT.height / 2 - end.y, zoom: 1 };
    const next = there(lookingAfter(long.places, short.places, undefined, view, EXTENT));
    expect(isWithin(short.bounds, seenIn(next, EXTENT))).toBe(true);
  });

  test("of a larger one what is selected comes into sight, else where it begins; who looked at nothing goes on so", () => {
    const { places } = flow(40);
    const moved = new Map([...places].map(([id, place]) => [id, { ...place, x: place.x + 5_000 }]));
    const view = { x: 0, y: 0, zoom: 1 };
    const ids = [...places.keys()];
    for (const [selected, shown] of [[ids[20], ids[20]], [undefined, ids[0]]] as const) {
      const next = there(lookingAfter(places, moved, selected, view, EXTENT));
      expect(next.zoom).toBe(1);
      expect(isWithin(there(moved.get(shown ?? "")), seenIn(next, EXTENT))).toBe(true);
    }
    expect(lookingAfter(places, moved, undefined, { x: -20_000, y: 0, zoom: 1 }, EXTENT)).toBeNull();
  });
});

describe("at a part", () => {
  const viewport = { x: -100, y: 40, zoom: 2 };

  test("that is wholly in sight nothing moves", () => {
    expect(lookingAt({ x: 70, y: 0, width: 100, height: 50 }, viewport, EXTENT)).toBeNull();
  });

  test("that is half out of sight it comes in, and no farther", () => {
    const cases = [{ x: 300, y: 220 }, { x: -40, y: -90 }, { x: 300, y: 0 }];
    for (const corner of cases) {
      const part = { ...corner, width: 100, height: 50 };
      const next = there(lookingAt(part, viewport, EXTENT));
      expect(next.zoom).toBe(2);
      const seen = seenIn(next, EXTENT);
      expect(isWithin(part, seen)).toBe(true);
      const room = [part.x - seen.x, part.y - seen.y, seen.x + seen.width - part.x - 100, seen.y + seen.height - part.y - 50];
      expect(Math.min(...room)).toBe(16);
    }
    expect(lookingAt({ x: 300, y: 0, width: 100, height: 50 }, viewport, EXTENT)?.y).toBe(viewport.y);
  });

  test("that is larger than what is seen its beginning is seen", () => {
    const next = there(lookingAt({ x: 500, y: 500, width: 2000, height: 2000 }, viewport, EXTENT));
    expect(seenIn(next, EXTENT)).toMatchObject({ x: 500 - 16, y: 500 - 16 });
  });
});
