import { describe, expect, test } from "vitest";
import { placesOf } from "../../src/pages/operations/alerts/events";
import { stateOf } from "../../src/pages/operations/triggers/state";
import { says } from "../../src/pages/operations/words";

describe("a long list", () => {
  test("is narrowed to what has each of the words, wherever, in any case", () => {
    expect(says("", "nightly", null)).toBe(true);
    expect(says("  SHOP night ", "nightly", "shop", undefined)).toBe(true);
    expect(says("shop daily", "nightly", "shop")).toBe(false);
    expect(says("夜间", "夜间结算", "商店")).toBe(true);
  });
});

describe("a trigger", () => {
  const fine = { error: null, lag_seconds: null, paused: false, flow_paused: false };
  test("is what is worst about it", () => {
    expect(stateOf(fine)).toBe("active");
    expect(stateOf({ ...fine, lag_seconds: 59 })).toBe("active");
    expect(stateOf({ ...fine, lag_seconds: 60 })).toBe("late");
    expect(stateOf({ ...fine, flow_paused: true })).toBe("paused");
    expect(stateOf({ ...fine, paused: true, error: "no route" })).toBe("broken");
  });
});

test("what a notification tells of are places to look at, each once", () => {
  const failed = { execution: "01a", flow: "shop", error: { status: 400 } };
  expect(placesOf([failed, failed, { queue: "出库/通知" }, { at: "2027-01-15" }, null])).toEqual([
    { text: "01a", href: "/executions/01a" },
    { text: "出库/通知", href: "/queues/%E5%87%BA%E5%BA%93%2F%E9%80%9A%E7%9F%A5" },
  ]);
});
