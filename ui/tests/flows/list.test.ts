/** The list of flows: what it is filtered by, how they went, how high the bars are. */
import { describe, expect, test } from "vitest";
import { barAfter, barHeights, readFlowFilter, shareOf, writeFlowFilter, type ExecutionBrief } from "../../src/pages/flows/list/activity";

test("what it is filtered by is in the address, and only what is set", () => {
  const filter = { search: "order", tags: ["team=shop", "beta"], order: "executed" as const };
  expect(writeFlowFilter(filter).toString()).toBe("search=order&tag=team%3Dshop&tag=beta&order=executed");
  expect(readFlowFilter(writeFlowFilter(filter))).toEqual(filter);
  expect(writeFlowFilter(readFlowFilter(new URLSearchParams("order=nonsense&tag="))).toString()).toBe("");
});

describe("how they went", () => {
  test("a rate is of the time that was counted, a share of those that ended", () => {
    const share = shareOf({ counts: { completed: 6, faulted: 2, running: 4 }, counted_from: 0 }, 3600);
    expect(share).toEqual({ total: 12, perHour: 12, failed: 0.25 });
  });

  test("nothing that ended has no share; one just now is not thousands an hour", () => {
    expect(shareOf({ counts: { waiting: 1 }, counted_from: 100 }, 101)).toEqual({ total: 1, perHour: 60, failed: null });
    expect(shareOf({ counts: {}, counted_from: 0 }, 3600)).toEqual({ total: 0, perHour: 0, failed: null });
  });
});

test("bars go from the oldest to the newest, and the shortest can be seen", () => {
  const brief = (id: string, duration_seconds: number): ExecutionBrief => ({ id, duration_seconds, version: "1", status: "completed", created_at: 0, ended_at: 1 });
  const bars = barHeights([brief("new", 0), brief("long", 100), brief("old", 25)]);
  expect(bars.map(({ execution, height }) => [execution.id, height])).toEqual([["old", 0.5], ["long", 1], ["new", 0.12]]);
  expect(barHeights([brief("a", 0)]).map(({ height }) => height)).toEqual([0.12]);
  expect(barHeights([])).toEqual([]);
});

test("arrows lead from bar to bar, and not beyond the last", () => {
  expect(["ArrowLeft", "ArrowRight", "Home", "End"].map((key) => barAfter(key, 1, 4))).toEqual([0, 2, 0, 3]);
  expect(barAfter("ArrowLeft", 0, 4)).toBe(0);
  expect(barAfter("ArrowRight", 3, 4)).toBe(3);
  expect(barAfter("Tab", 1, 4)).toBeNull();
});
