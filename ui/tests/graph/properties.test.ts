/** What holds for every document and every edit. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equal, isList, isMap, type Json } from "../../src/graph/json";
import { below, pointerOf, segments, split, valueAt } from "../../src/graph/pointer";
import { changedAt } from "../../src/graph/document/data";
import { drafted, typed } from "../../src/graph/document/draft";
import { difference, spliced } from "../../src/graph/document/lines";
import { EditError } from "../../src/graph/document/problem";
import { reopened } from "../../src/graph/document/reread";
import { open, opened } from "../../src/graph/document/source";
import { removeValue, setValue } from "../../src/graph/document/values";
import { json, name, written } from "./arbitrary";

const RUNS = { numRuns: 400 };

function pointersIn(data: Json, base = ""): string[] {
  const children = isMap(data) ? Object.entries(data) : isList(data) ? data.map((each, at) => [String(at), each] as const) : [];
  return children.flatMap(([key, value]) => [below(base, key), ...pointersIn(value, below(base, key))]);
}

function comments(text: string): string[] {
  return [...text.matchAll(/# comment \d+\./g)].map(([found]) => found).sort();
}

describe("a document", () => {
  test("is read as what was written", () => {
    fc.assert(fc.property(written, ({ text, data }) => {
      expect(opened(text).root.data).toEqual(data);
    }), RUNS);
  });

  test("says what was set, and keeps every comment, when a value is set to a scalar", () => {
    fc.assert(
      fc.property(written, fc.nat(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)), (document, at, value) => {
        const source = opened(document.text);
        const pointers = pointersIn(document.data).filter((each) => {
          const old = valueAt(document.data, each);
          return !isMap(old) && !isList(old);
        });
        const pointer = pointers[at % pointers.length];
        if (pointer === undefined) return;
        const result = setValue(source, pointer, value);
        expect(result.root.data).toEqual(changedAt(document.data, pointer, () => value));
        expect(comments(result.text)).toEqual(comments(document.text));
      }),
      RUNS,
    );
  });

  test("can be set to any other value anywhere, and lines of other values stay", () => {
    fc.assert(
      fc.property(written, fc.nat(), json, (document, at, value) => {
        const source = opened(document.text);
        const pointers = pointersIn(document.data);
        const pointer = pointers[at % pointers.length] ?? "/a";
        const result = setValue(source, pointer, value);
        expect(result.root.data).toEqual(changedAt(document.data, pointer, () => value));
        expect(result.root).toEqual(opened(result.text).root);
        const again = setValue(result, pointer, valueAt(document.data, pointer) as Json);
        expect(equal(again.root.data, document.data)).toBe(true);
      }),
      RUNS,
    );
  });

  test("takes a new entry anywhere, which leaves no trace when it goes again", () => {
    fc.assert(
      fc.property(written, fc.nat(), json, (document, at, value) => {
        const source = opened(document.text);
        const maps = ["", ...pointersIn(document.data)].filter((each) => {
          const old = valueAt(document.data, each);
          return isMap(old) && Object.keys(old).length > 0 && !Object.hasOwn(old, "added");
        });
        const pointer = below(maps[at % maps.length] ?? "", "added");
        const result = setValue(source, pointer, value);
        expect(result.root.data).toEqual(changedAt(document.data, pointer, () => value));
        expect(comments(result.text)).toEqual(comments(document.text));
        // Spaces between the last value and the bracket are the only thing that may stay behind.
        expect(removeValue(result, pointer).text).toBe(document.text);
      }),
      RUNS,
    );
  });

  test("loses what is removed and nothing else", () => {
    fc.assert(
      fc.property(written, fc.nat(), (document, at) => {
        const source = opened(document.text);
        const pointers = pointersIn(document.data);
        const pointer = pointers[at % pointers.length];
        if (pointer === undefined) return;
        const { parent, name: key } = split(pointer);
        const result = removeValue(source, pointer);
        const expected = changedAt(document.data, parent, (value) =>
          isList(value) ? value.toSpliced(Number(key), 1) : Object.fromEntries(Object.entries(value as object).filter(([each]) => each !== key)),
        );
        expect(result.root.data).toEqual(expected);
        expect(result.root).toEqual(opened(result.text).root);
      }),
      RUNS,
    );
  });

  test("read again in part is read as a whole, whatever is typed", () => {
    fc.assert(
      fc.property(
        written,
        fc.nat(),
        fc.nat(12),
        fc.oneof(fc.constantFrom("\n", "  ", "- a", "b: ", "\n  c: 1\n", "#", "'", "|", "&x ", "\n\n", "  - x: 1\n"), fc.string({ maxLength: 5 })),
        (document, at, length, text) => {
          const from = at % (document.text.length + 1);
          const splice = { from, to: Math.min(from + length, document.text.length), text };
          const source = opened(document.text);
          const part = reopened(source, [splice]);
          const whole = open(spliced(document.text, [splice]));
          expect(part.source?.root).toEqual(whole.source?.root);
          expect(part.problem).toEqual(whole.problem);
        },
      ),
      { numRuns: 1500 },
    );
  });
});

test("a key that is not there stands at its colon, however much is read", () => {
  // Found by the property above.
  const text = '"check": -1.25\r\n"no":\r\n  "a":\r\n    "then":\r\n      - true\r\n  "#1":\r\n    "check":\r\n    "#1": -100\r\n    "b": 0.5\r\n  "pay":';
  const from = text.indexOf('"check":\r\n    "#1": -100');
  for (let start = from; start < from + 24; start += 1) {
    for (let length = 0; length <= 12; length += 1) {
      const splice = { from: start, to: start + length, text: "" };
      expect(reopened(opened(text), [splice]).source?.root).toEqual(open(spliced(text, [splice])).source?.root);
    }
  }
});

test("a broken text keeps the last good picture, with the problem at its line", () => {
  const good = drafted("a: 1\nb: [1, 2]\n");
  const broken = typed(good, "a: 1\nb: [1, 2\nc: 3\n");
  expect(broken.picture).toBe(good.picture);
  expect(broken.problem).toMatchObject({ line: 3 });
  const mended = typed(broken, "a: 1\nb: [1, 2]\nc: 3\n");
  expect(mended.problem).toBeNull();
  expect(mended.picture?.root.data).toEqual({ a: 1, b: [1, 2], c: 3 });
});

test.each([
  ["", "empty"],
  ["a: 1\na: 2\n", "duplicate-key"],
  ["a: *b\n", "unknown-anchor"],
  ["? [a]\n: 1\n", "key"],
  ["a: 1\n---\nb: 2\n", "multiple-docs"],
  [`a: ${"[".repeat(500)}${"]".repeat(500)}`, "too-deep"],
  [`a: &a [1,1,1,1,1,1,1,1,1,1]\n${"bcdefg".split("").map((each, at) => `${each}: &${each} [${Array(10).fill(`*${"abcdef"[at] ?? ""}`).join(",")}]\n`).join("")}`, "too-large"],
])("%j is refused as %s", (text, code) => {
  expect(open(text).problem?.code).toBe(code);
});

test("the smallest difference makes one text of the other", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const splice = difference(before, after);
      expect(splice ? spliced(before, [splice]) : before).toBe(after);
    }),
  );
});

test("pointers name what they were made of", () => {
  fc.assert(fc.property(fc.array(fc.oneof(name, fc.string())), (names) => {
    expect(segments(pointerOf(names))).toEqual(names);
  }));
});

test("an edit that is refused says so with a code", () => {
  expect(() => removeValue(opened("a: 1\n"), "")).toThrow(EditError);
  expect(() => setValue(opened("a: 1\n"), "/a/b", 1)).toThrow(EditError);
});
