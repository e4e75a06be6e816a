import { describe, expect, it } from "vitest";
import { keysOf, keyText, typedAt } from "../../../src/pages/flows/editor/form/jq/place";

/** What is typed at the `|`-marked cursor (`¦`) of a text. */
function at(text: string, bare = true) {
  const cursor = text.indexOf("¦");
  return typedAt(text.replace("¦", ""), cursor, bare);
}

describe("what is typed at a cursor", () => {
  it.each([
    [".¦", "."],
    [".or¦", "."],
    [".order.¦", ".order"],
    [".order.lines[].¦", ".order.lines[]"],
    [".order.lines[0].sk¦", ".order.lines[0]"],
    ['."odd key".¦', '."odd key"'],
    ["$line.¦", "$line"],
    ["$context.lines[].¦", "$context.lines[]"],
    [".lines | .¦", ".lines"],
    [".lines[] | select(.¦", ".lines[]"],
    [".lines | map(.¦", ".lines | .[]"],
    [".lines | map(.price.¦", ".lines | .[] | .price"],
    [".lines | map(select(.paid)) | .[0].¦", ".lines | map(select(.paid)) | .[0]"],
    [".a + .b.¦", ".b"],
    ["{total: .order.¦", ".order"],
    ["[.lines[] | {sku, n: .¦", ".lines[]"],
    [".x as $x | .y.¦", ".y"],
    ["reduce .lines[] as $l (0; . + $l.¦", "$l"],
    ['if .a == "}|" then .b.¦', ".b"],
    ["map(.a).¦", "map(.a)"],
    ["(.a | .b).¦", "(.a | .b)"],
  ])("in %s the keys are those of %s", (text, base) => {
    expect(at(text)).toMatchObject({ of: "key", base });
  });

  it("is a variable behind a dollar", () => {
    expect(at("$¦")).toEqual({ of: "variable", from: 0, word: "" });
    expect(at(".a + $con¦")).toEqual({ of: "variable", from: 5, word: "con" });
  });

  it("is a function's name in a word, and none in a number", () => {
    expect(at(".lines | ma¦")).toEqual({ of: "word", from: 9, word: "ma" });
    expect(at("1.¦")).toMatchObject({ of: "word" });
  });

  it("is text in strings, comments, and outside of `${ }`", () => {
    for (const text of ['"a.¦', ".a # so .¦", '"\\(.a) .¦']) expect(at(text).of).toBe("text");
    expect(at("so .¦ ${ .a }", false).of).toBe("text");
    expect(at("so ${ .a.¦ }", false)).toMatchObject({ of: "key", base: ".a" });
    expect(at("${ .a } and ${ {b: .c}.¦ }", false)).toMatchObject({ of: "key", base: "{b: .c}" });
    expect(at("plain .¦", false).of).toBe("text");
  });
});

describe("keys", () => {
  it("are those of all values, each once, with a value in few characters", () => {
    expect(keysOf([{ a: 1, b: [1, 2] }, { b: null, c: { d: 1 } }, [1], null])).toEqual([
      { name: "a", detail: "1" },
      { name: "b", detail: "[2]" },
      { name: "c", detail: "{…}" },
    ]);
  });

  it("are quoted where they are no names", () => {
    expect(["sku", "odd key", "2nd"].map(keyText)).toEqual(["sku", '"odd key"', '"2nd"']);
  });
});
