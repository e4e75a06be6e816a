import { describe, expect, test } from "vitest";
import { joined, knownSince, pastOf } from "../../src/pages/queues/past";
import { throughput, type Sample } from "../../src/pages/queues/rates";

const sample = (at: number, enqueued: number, completed: number): Sample => ({ at, enqueued, completed, dead: 0, waiting: enqueued - completed });

const told = (at: number, enqueued: number, completed: number) => ({
  at,
  ready: enqueued - completed - 2,
  delayed: 1,
  leased: 1,
  dead: 0,
  enqueued_total: enqueued,
  completed_total: completed,
  retried_total: 0,
  expired_total: 0,
  dead_total: 0,
});

const answer = (items: readonly ReturnType<typeof told>[], now: number) => ({ since: items[0]?.at ?? null, now, step_seconds: 10, kept_seconds: 3600, items: [...items] });

const times = (samples: readonly Sample[]) => samples.map(({ at }) => at);

describe("the past of a queue", () => {
  test("is told by this machine's clock, whatever the server's says", () => {
    expect(pastOf(answer([told(1000, 9, 2)], 1004), 64)).toEqual([{ at: 60, enqueued: 9, completed: 2, dead: 0, waiting: 7 }]);
    expect(pastOf(answer([], 1000), 0)).toEqual([]);
  });
  test("has a rest as a rest, and not as a slow decline", () => {
    const past = pastOf(answer([told(0, 0, 0), told(10, 50, 0), told(600, 50, 0), told(610, 50, 20)], 610), 610);
    expect(times(past)).toEqual([0, 10, 20, 600, 610]);
    const { enqueued, completed } = throughput(past, 3);
    expect(enqueued).toEqual([null, 5, 0, 0, 0]);
    expect(completed).toEqual([null, 0, 0, 0, 2]);
  });
  test("has what happened in a gap as the mean over it", () => {
    const past = pastOf(answer([told(0, 4, 0), told(100, 104, 0)], 100), 100);
    expect(throughput(past, 3).enqueued).toEqual([null, 1]);
  });
});

describe("past and present", () => {
  test("are one line, in which what was seen here counts where there is both", () => {
    const past = [sample(0, 1, 0), sample(10, 2, 0), sample(20, 3, 0), sample(30, 4, 0)];
    const seen = [sample(9.5, 2, 0), sample(12, 2, 1), sample(29, 4, 1), sample(30.5, 4, 1), sample(31.5, 5, 1)];
    expect(times(joined(past, seen, 3600))).toEqual([0, 9.5, 12, 29, 30.5, 31.5]);
    expect(times(joined(past, [], 3600))).toEqual([0, 10, 20, 30]);
    expect(joined([], seen, 3600)).toEqual(seen);
  });
  test("fill a time in which the page was not open", () => {
    const past = [sample(0, 1, 0), sample(10, 2, 0), sample(20, 3, 1)];
    expect(times(joined(past, [sample(1, 1, 0), sample(2, 1, 0), sample(25, 4, 1)], 3600))).toEqual([0, 1, 2, 10, 20, 25]);
  });
  test("are of one queue: another one of the name has no past", () => {
    expect(times(joined([sample(0, 50, 50), sample(10, 60, 50)], [sample(12, 1, 0)], 3600))).toEqual([12]);
  });
  test("go back as far as they are wanted", () => {
    expect(times(joined([sample(0, 1, 0), sample(10, 2, 0)], [sample(65, 4, 1)], 60))).toEqual([10, 65]);
  });
  test("say since when, where that is less", () => {
    expect(knownSince([], 60)).toBeNull();
    expect(knownSince([sample(5, 1, 0), sample(50, 1, 0)], 60)).toBe(5);
    expect(knownSince([sample(5, 1, 0), sample(65, 1, 0)], 60)).toBeNull();
  });
});
