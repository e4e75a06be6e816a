/** Fields of forms: from the schema, and back to an answer. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { answerOfMembers, fieldsOf, missingIn, startOfMembers, type Draft } from "../../src/parts/form/field";

const FORM = {
  type: "object",
  required: ["name", "agree", "lines", "home"],
  $defs: { place: { type: "object", title: "Place", required: ["city"], properties: { city: { type: "string" } } } },
  properties: {
    name: { type: "string" },
    fullText: { type: "string", maxLength: 500 },
    day: { type: "string", format: "date" },
    count: { type: "integer", minimum: 1, default: 2 },
    agree: { type: "boolean" },
    colour: { enum: ["red", 7, null] },
    size: { oneOf: [{ const: 1, title: "Small" }, { const: 2 }] },
    home: { $ref: "#/$defs/place" },
    lines: { type: "array", items: { type: "object", required: ["sku"], properties: { sku: { type: "string" }, n: { type: "number" } } } },
    rest: {},
  },
};
const members = fieldsOf(FORM);
const of = (name: string) => members.find((each) => each.name === name)?.field;

test("each schema has its kind of field", () => {
  expect(members.map(({ name, field }) => [name, field.kind])).toEqual([
    ["name", "text"],
    ["fullText", "text"],
    ["day", "text"],
    ["count", "number"],
    ["agree", "flag"],
    ["colour", "choice"],
    ["size", "choice"],
    ["home", "group"],
    ["lines", "list"],
    ["rest", "json"],
  ]);
  expect(of("fullText")).toMatchObject({ title: "Full Text", long: true });
  expect(of("day")).toMatchObject({ input: "date" });
  expect(of("count")).toMatchObject({ whole: true, least: 1 });
  expect(of("home")).toMatchObject({ title: "Place" });
  expect(of("size")).toMatchObject({ options: [{ value: 1, title: "Small" }, { value: 2, title: "2" }] });
});

test("what was left empty is left out, and defaults are there", () => {
  expect(answerOfMembers(members, startOfMembers(members))).toEqual({ count: 2, agree: false, home: {}, lines: [] });
});

test("what has to be there and is not is named by its place", () => {
  const draft = { ...startOfMembers(members), lines: [{ n: 1 }, { sku: "a" }] };
  expect(missingIn(members, answerOfMembers(members, draft))).toEqual(["/name", "/home/city", "/lines/0/sku"]);
  const odd = fieldsOf({ required: ["a/b"], properties: { "a/b": { type: "string" } } });
  expect(missingIn(odd, {})).toEqual(["/a~1b"]);
});

test("what is typed comes out as its type", () => {
  const draft: { readonly [name: string]: Draft } = { rest: '{"a": [1]}', count: 3, colour: null, day: "2026-03-01", home: { city: "Delft" } };
  expect(answerOfMembers(members, draft)).toMatchObject({ rest: { a: [1] }, count: 3, colour: null, day: "2026-03-01", home: { city: "Delft" } });
  expect(answerOfMembers(members, { rest: "{" })).toMatchObject({ rest: "{" });
});

test("a place in a list that was left empty keeps the places of the others", () => {
  const list = fieldsOf({ properties: { tags: { type: "array", items: { type: "string" } } } });
  expect(answerOfMembers(list, { tags: ["a", undefined, "b"] })).toEqual({ tags: ["a", "", "b"] });
});

describe("schemas that are odd", () => {
  test.each([[undefined], [null], [true], [[]], ["text"], [{}], [{ type: "string" }]])("%j has no fields", (form) => {
    expect(fieldsOf(form)).toEqual([]);
  });

  test("one that refers to itself has an end", () => {
    const tree = fieldsOf({ properties: { node: { $ref: "#" } } });
    expect(JSON.stringify(tree).length).toBeLessThan(10_000);
    expect(fieldsOf({ properties: { a: { $ref: "#/properties/a" }, b: { $ref: "elsewhere" } } }).map(({ field }) => field.kind)).toEqual(["json", "json"]);
  });

  test("whatever a schema is, its form can be begun and sent", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (properties) => {
        const any = fieldsOf({ properties });
        missingIn(any, answerOfMembers(any, startOfMembers(any)));
      }),
    );
  });
});
