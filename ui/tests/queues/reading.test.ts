import { describe, expect, test } from "vitest";
import { batchOf, itemPath, queuePath } from "../../src/pages/queues/address";
import { decoded } from "../../src/parts/address";
import { headersOf } from "../../src/pages/queues/headers";
import { inParts, readItems } from "../../src/pages/queues/newItems";
import { partDone, speedOf } from "../../src/pages/queues/progress";
import { lately, rate, throughput, withSample, type Sample } from "../../src/pages/queues/rates";

const sample = (at: number, enqueued: number, completed: number): Sample => ({ at, enqueued, completed, dead: 0, waiting: enqueued - completed });

describe("rates", () => {
  test("count what happened in the window, over the time in which it did", () => {
    const samples = [sample(0, 0, 0), sample(90, 900, 10), sample(100, 1000, 60)];
    expect(rate(samples, "completed", 10)).toBe(5);
    expect(rate(samples, "enqueued", 1000)).toBe(10);
  });
  test("are not known from one look", () => {
    expect(rate([], "completed", 10)).toBeNull();
    expect(rate([sample(1, 5, 5)], "completed", 10)).toBeNull();
    expect(rate([sample(1, 5, 5), sample(100, 5, 5)], "completed", 10)).toBeNull();
  });
  test("samples are kept for a time, in order, and begin again with another queue of the name", () => {
    const kept = withSample([sample(0, 1, 0), sample(50, 2, 0)], sample(100, 3, 1), 60);
    expect(kept.map(({ at }) => at)).toEqual([50, 100]);
    expect(withSample(kept, sample(100, 4, 1), 60)).toBe(kept);
    expect(withSample(kept, sample(101, 0, 0), 60).map(({ at }) => at)).toEqual([101]);
  });
  test("a chart's lines have a value for each moment, smoothed", () => {
    const { times, enqueued, completed, waiting } = throughput([sample(0, 0, 0), sample(1, 10, 0), sample(2, 10, 4), sample(3, 10, 6)], 2);
    expect(times).toEqual([0, 1, 2, 3]);
    expect(enqueued).toEqual([null, 10, 5, 0]);
    expect(completed).toEqual([null, 0, 2, 3]);
    expect(waiting).toEqual([0, 10, 6, 4]);
  });
  test("the last of them are what they were in the whole", () => {
    const all = throughput([sample(0, 0, 0), sample(10, 10, 0), sample(20, 40, 20)], 2);
    expect(lately(all, 10)).toEqual({ times: [10, 20], enqueued: [1, 3], completed: [0, 2], waiting: [10, 20] });
    expect(lately(all, 100)).toEqual(all);
    expect(lately(throughput([], 2), 10).times).toEqual([]);
  });
});

describe("items that somebody wrote", () => {
  test("are one per line: JSON as data, the rest as text", () => {
    expect(readItems('{"a": 1}\n\n  \r\nhello {\n3', "lines").items).toEqual([{ data: { a: 1 } }, { text: "hello {" }, { data: 3 }]);
  });
  test("are the whole text as one", () => {
    expect(readItems("[1,\n2]", "one").items).toEqual([{ data: [1, 2] }]);
    expect(readItems("two\nlines", "one").items).toEqual([{ text: "two\nlines" }]);
    expect(readItems(" \n", "one").items).toEqual([]);
  });
  test("are the members of an array, which has to be one", () => {
    expect(readItems('[{"a": 1}, null]', "array").items).toEqual([{ data: { a: 1 } }, { data: null }]);
    expect(readItems('{"a": 1}', "array").problem).not.toBeNull();
    expect(readItems("[1,", "array").problem).not.toBeNull();
    expect(readItems("", "array")).toEqual({ items: [], problem: null });
  });
  test("go in parts that one request takes", () => {
    expect(inParts([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
    expect(inParts([], 2)).toEqual([]);
  });
});

describe("a batch", () => {
  test("tells how far it is, where the whole is known", () => {
    expect(partDone({ completed: 30, failed: 10, total: 80 })).toBe(0.5);
    expect(partDone({ completed: 3, failed: 0, total: null })).toBeNull();
    expect(partDone({ completed: 0, failed: 0, total: 0 })).toBe(1);
  });
  test("tells how fast it was: what it took over was no work", () => {
    expect(speedOf({ completed: 90, failed: 10, reused: 50, seconds: 10 })).toBe(5);
    expect(speedOf({ completed: 50, failed: 0, reused: 50, seconds: 10 })).toBeNull();
    expect(speedOf({ completed: 1, failed: 0, reused: 0, seconds: 0 })).toBeNull();
  });
});

test.each(["letters", "a/b", "50%", "%zz", "ü ?#", "x.batch-01.2.1:7"])("the address of the item %s leads back to it", (name) => {
  expect(decoded(queuePath(name).split("/")[2])).toBe(name);
  expect(decoded(itemPath("q", name).split("/")[4])).toBe(name);
});

describe("the queue of a batch", () => {
  test("says whose it is", () => {
    expect(batchOf("newsletter.send-letter.batch-01m8aeyw5m7v06n1rzkrf1s6zf.1.1")).toEqual({ flow: "newsletter", function: "send-letter" });
    expect(batchOf("restock.purchase")).toBeNull();
    expect(batchOf("parcels")).toBeNull();
  });
});

test("the headers of an item are shown without those that are said in words", () => {
  const signed = { "headrace-put-by": "user:ada", "headrace-put-by-name": "Ada" };
  expect(headersOf({})).toBeNull();
  expect(headersOf({ headers: signed })).toBeNull();
  expect(headersOf({ headers: { ...signed, traceparent: "00-1" } })).toBe('{\n  "traceparent": "00-1"\n}');
});
