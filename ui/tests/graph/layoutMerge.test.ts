/** Two layouts to one. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { NO_LAYOUT, type LayoutFile, type Note } from "../../src/graph/layout/file";
import { mergedLayout, overruled, yielded } from "../../src/graph/layout/merge";

const note = (id: string, text: string, x = 0): Note => ({ id, text, x, y: 0, width: 100, height: 50 });
const of = (nodes: LayoutFile["nodes"], notes: readonly Note[] = [], collapsed: readonly string[] = []): LayoutFile => ({ ...NO_LAYOUT, nodes, notes, collapsed });

test("who moved something keeps it; of what both moved, mine stays", () => {
  const base = of({ a: { x: 0, y: 0 }, b: { x: 0, y: 0 }, c: { x: 0, y: 0 }, gone: { x: 1, y: 1 } });
  const mine = of({ a: { x: 5, y: 0 }, b: { x: 0, y: 0 }, c: { x: 7, y: 0 }, gone: { x: 1, y: 1 } });
  const theirs = of({ a: { x: 0, y: 0 }, b: { x: 6, y: 0 }, c: { x: 8, y: 0 }, fresh: { x: 2, y: 2 } });
  expect(mergedLayout(base, mine, theirs).nodes).toEqual({ a: { x: 5, y: 0 }, b: { x: 6, y: 0 }, c: { x: 7, y: 0 }, fresh: { x: 2, y: 2 } });
});

test("what both put somewhere is told, with where the others put it, and can be given to them", () => {
  const base = of({ a: { x: 0, y: 0 }, b: { x: 0, y: 0 } }, [note("n1", "one"), note("n2", "two")]);
  const mine = of({ a: { x: 5, y: 0 }, b: { x: 9, y: 0 }, c: { x: 7, y: 0 } }, [note("n1", "one", 5), note("n2", "mine")]);
  const theirs = of({ a: { x: 6, y: 0 }, b: { x: 9.2, y: 0 }, c: { x: 8, y: 0 }, d: { x: 1, y: 1 } }, [note("n1", "one", 6), note("n2", "theirs")]);
  const told = overruled(base, mine, theirs);
  expect(told).toEqual({ nodes: { a: { x: 6, y: 0 }, c: { x: 8, y: 0 } }, notes: [note("n1", "one", 6)] });
  expect(overruled(base, mine, theirs, "joan")).toEqual({ ...told, by: "joan" });
  const merged = mergedLayout(base, mine, theirs);
  expect(merged.nodes).toMatchObject({ a: { x: 5, y: 0 }, c: { x: 7, y: 0 } });
  const given = told && yielded(merged, told);
  expect(given?.nodes).toEqual({ a: { x: 6, y: 0 }, b: { x: 9, y: 0 }, c: { x: 8, y: 0 }, d: { x: 1, y: 1 } });
  expect(given?.notes.map(({ text, x }) => [text, x])).toEqual([["one", 6], ["mine", 0], ["theirs", 24]]);
});

test("where only one did something there is nothing to tell", () => {
  const base = of({ a: { x: 0, y: 0 } }, [note("n1", "one")]);
  const moved = of({ a: { x: 5, y: 0 } }, [note("n1", "one", 5)]);
  expect(overruled(base, moved, base)).toBeNull();
  expect(overruled(base, base, moved)).toBeNull();
  expect(overruled(base, moved, moved)).toBeNull();
  expect(overruled(base, of({}), moved)).toBeNull();
});

test("a note that both wrote on is two notes; one that somebody took out goes only when nobody wrote on it", () => {
  const base = of({}, [note("n1", "one"), note("n2", "two"), note("n3", "three")]);
  const mine = of({}, [note("n1", "mine"), note("n2", "two")]);
  const theirs = of({}, [note("n1", "theirs"), note("n3", "three, and more")]);
  const { notes } = mergedLayout(base, mine, theirs);
  expect(notes.map(({ text }) => text)).toEqual(["mine", "theirs", "three, and more"]);
  expect(new Set(notes.map(({ id }) => id)).size).toBe(3);
});

test("what is folded follows both", () => {
  expect(mergedLayout(of({}, [], ["a", "b"]), of({}, [], ["a", "c"]), of({}, [], ["a", "b", "d"])).collapsed).toEqual(["a", "c", "d"]);
});

test("whatever only one did is as it is there, and every text that somebody wrote is kept", () => {
  const layouts = fc.record({
    nodes: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.record({ x: fc.integer(), y: fc.integer() })),
    collapsed: fc.uniqueArray(fc.constantFrom("a", "b", "c")),
    notes: fc.uniqueArray(fc.record({ id: fc.constantFrom("1", "2", "3"), text: fc.string(), x: fc.nat(9), y: fc.nat(9), width: fc.constant(9), height: fc.constant(9) }), { selector: ({ id }) => id }),
  });
  fc.assert(
    fc.property(layouts, layouts, layouts, (base, mine, theirs) => {
      const sorted = (layout: LayoutFile) => ({ ...layout, collapsed: [...layout.collapsed].sort(), notes: [...layout.notes].sort((a, b) => (a.id < b.id ? -1 : 1)) });
      expect(sorted(mergedLayout(base, mine, base))).toEqual(sorted(mine));
      expect(sorted(mergedLayout(base, base, theirs))).toEqual(sorted(theirs));
      const texts = mergedLayout(base, mine, theirs).notes.map(({ text }) => text);
      for (const each of [...mine.notes, ...theirs.notes]) {
        if (!base.notes.some(({ id, text }) => id === each.id && text === each.text)) expect(texts).toContain(each.text);
      }
    }),
  );
});
