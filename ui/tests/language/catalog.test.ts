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

/** What a word must not be called, and what it is called on every page. */
const CALLED: Readonly<Record<string, string>> = {
  仪表板: "控制台 (dashboard)",
  收件箱: "待办 (inbox)",
  操作者: "操作员 (the role) or 操作人 (who did it)",
  创建者: "创建人 (who made it)",
  工作者: "工作进程 (worker)",
  读取者: "读取端 (reader)",
  标头: "请求头 (of HTTP) or 消息头 (of an item)",
  账号: "账户 (account)",
  个执行: "次执行 (executions are counted by times)",
  重新运行: "重跑 (rerun)",
};

test("one thing has one name in Chinese, whichever page speaks of it", () => {
  const other = catalogs.flatMap(([name, { zh }]) =>
    Object.entries(zh).flatMap(([key, text]) => Object.entries(CALLED).flatMap(([word, right]) => (text.includes(word) ? [`${name} ${key}: ${word} is ${right}`] : []))),
  );
  expect(other).toEqual([]);
});
