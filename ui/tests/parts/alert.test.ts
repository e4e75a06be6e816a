import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { draftOf, isWhole, KINDS, NEW, ruleOf, type Draft } from "../../src/parts/alert/draft";
import { lengthOf, secondsOf, UNITS, written, type Unit } from "../../src/parts/alert/duration";

const length = fc.record({ count: fc.integer({ min: 1, max: 500 }), unit: fc.constantFrom(...(Object.keys(UNITS) as Unit[])) });
const word = fc.stringMatching(/^[a-z][a-z-]{0,12}$/);
const drafts: fc.Arbitrary<Draft> = fc.record({
  kind: fc.constantFrom(...KINDS),
  count: fc.integer({ min: 1, max: 10_000 }),
  time: length,
  queue: word,
  description: fc.oneof(fc.constant(""), word),
  group: fc.option(length),
  url: word.map((name) => `https://${name}.example.test/`),
  headers: fc.uniqueArray(fc.record({ name: word, value: word }), { selector: ({ name }) => name, maxLength: 3 }),
  body: fc.oneof(fc.constant(""), word),
  contentType: fc.oneof(fc.constant(""), word),
  signature: fc.oneof(fc.constant(""), word),
});

describe("a length of time", () => {
  test.each([
    ["PT10M", 600],
    ["PT1H30M", 5_400],
    ["P1DT12H", 129_600],
    ["PT0.5S", 0.5],
    [{ minutes: 5 }, 300],
    [{ hours: 1, milliseconds: 500 }, 3_600.5],
  ])("%j is read", (text, seconds) => expect(secondsOf(text)).toBe(seconds));
  test.each(["P1M", "P", "PT", "10m", "", null, 5, { months: 1 }, { minutes: "5" }, ["PT1M"]])("%j is none that it reads", (text) => expect(secondsOf(text)).toBeNull());
  test("is shown in its largest whole unit", () => {
    expect(lengthOf(600)).toEqual({ count: 10, unit: "minutes" });
    expect(lengthOf(5_400)).toEqual({ count: 90, unit: "minutes" });
    expect(lengthOf(86_400)).toEqual({ count: 1, unit: "days" });
    expect(lengthOf(0)).toEqual({ count: 0, unit: "seconds" });
  });
  test("is as long as it was, however it is written", () =>
    fc.assert(
      fc.property(length, (given) => {
        expect(secondsOf(written(given))).toBe(given.count * UNITS[given.unit]);
      }),
    ));
});

describe("a rule in fields", () => {
  test("says the same rule again", () =>
    fc.assert(
      fc.property(drafts, (draft) => {
        // Lengths are told in their largest unit, so the first reading may write them otherwise.
        const once = draftOf(ruleOf(draft));
        expect(once).not.toBeNull();
        const rule = ruleOf(once ?? NEW);
        expect(draftOf(rule)).toEqual(once);
        if ("slower" in rule) expect(secondsOf(rule["slower"])).toBe(draft.time.count * UNITS[draft.time.unit]);
        expect(rule["webhook"]).toEqual(ruleOf(draft)["webhook"]);
      }),
    ));
  test("keeps what it has no field for", () => {
    const rule = { slower: "PT1M", later: 1, webhook: { url: "https://a.example.test", retries: 3 } };
    const draft = draftOf(rule);
    expect(draft && ruleOf({ ...draft, kind: "stuck" }, rule)).toEqual({ stuck: "PT1M", later: 1, webhook: { url: "https://a.example.test", retries: 3 } });
  });
  test("leaves out what is empty", () => {
    expect(ruleOf({ ...NEW, url: " https://a.example.test ", headers: [{ name: " ", value: "x" }] })).toEqual({ faulted: true, webhook: { url: "https://a.example.test" } });
    expect(ruleOf({ ...NEW, kind: "deadLetter", url: "https://a.example.test" })["deadLetter"]).toBe(true);
  });
  test("is not shown where it would lose something", () => {
    expect(draftOf({ later: true })).toBeNull();
    expect(draftOf({ slower: "P1M", webhook: { url: "x" } })).toBeNull();
    expect(draftOf({ faulted: true, group: "soon", webhook: { url: "x" } })).toBeNull();
    expect(draftOf({ faulted: true, webhook: { url: "x", headers: { a: 1 } } })).toBeNull();
  });
  test("is whole when all is there that it needs", () => {
    expect(isWhole(NEW)).toBe(false);
    expect(isWhole({ ...NEW, url: "https://a.example.test" })).toBe(true);
    expect(isWhole({ ...NEW, url: "https://a.example.test", kind: "queueOlder" })).toBe(false);
    expect(isWhole({ ...NEW, url: "https://a.example.test", kind: "slower", time: { count: 0, unit: "hours" } })).toBe(false);
  });
});

test("what was not changed stays as it was written", () => {
  const rule = { queueOlder: { queue: "mail", than: { minutes: 90 } }, group: "PT120S", webhook: { url: " https://a.example.test", headers: { A: "b" } }, description: " x" };
  const draft = draftOf(rule) ?? NEW;
  expect(ruleOf(draft, rule)).toEqual(rule);
  expect(ruleOf({ ...draft, queue: "post" }, rule)).toEqual({ ...rule, queueOlder: { queue: "post", than: { minutes: 90 } } });
  expect(ruleOf({ ...draft, time: { count: 1, unit: "hours" } }, rule)["queueOlder"]).toEqual({ queue: "mail", than: "PT1H" });
});
