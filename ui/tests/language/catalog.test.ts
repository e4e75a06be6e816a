/** The texts of all pages: each language says the same with the same values. */
import { describe, expect, test } from "vitest";
import { catalog, filled, placesOf, type Catalog } from "../../src/language/catalog";

const modules = import.meta.glob<Record<string, Catalog<Record<string, string>>>>("../../src/**/messages.ts", { eager: true });
const catalogs = Object.entries(modules).flatMap(([file, exports]) =>
  Object.entries(exports).map(([name, texts]) => [`${file.replace("../../src/", "")} ${name}`, texts] as const),
);

test("there are catalogs", () => {
  expect(catalogs.length).toBeGreaterThan(5);
});

describe.each(catalogs)("%s", (_name, { en, zh }) => {
  test.each(Object.keys(en))("%s", (key) => {
    const english = en[key] ?? "";
    const chinese = zh[key] ?? "";
    expect(english.trim()).not.toBe("");
    expect(chinese.trim()).not.toBe("");
    expect(placesOf(chinese)).toEqual(placesOf(english));
  });
});

test("values are put in, with the form that the number takes", () => {
  expect(filled("{count} {count|flow|flows} of {who}", { count: 1, who: "us" }, "en")).toBe("1 flow of us");
  expect(filled("{count} {count|flow|flows} of {who}", { count: 1200, who: "us" }, "en")).toBe("1,200 flows of us");
  expect(filled("{count} 个流程", { count: 1200 }, "zh")).toBe("1,200 个流程");
});

test("a language that lacks a text, or has one too many, is no type", () => {
  // The type check of the tests fails when these lines are none.
  // @ts-expect-error -- `b` is missing
  const less = catalog({ en: { a: "A", b: "B" }, zh: { a: "甲" } });
  // @ts-expect-error -- `c` is no text of English
  const more = catalog({ en: { a: "A" }, zh: { a: "甲", c: "丙" } });
  expect([less.zh.a, more.zh.a]).toEqual(["甲", "甲"]);
});
