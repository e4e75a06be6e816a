import { describe, expect, it } from "vitest";
import { cameOf, seenAt, type Arrival } from "../../../src/pages/flows/editor/form/check/arrived";

const arrival = (more: Partial<Arrival>): Arrival => ({ at: 1, outcome: "started", cause: "", detail: null, execution: null, omitted: null, hidden: [], ...more });

describe("what came to a trigger", () => {
  it("is there once where the last that came is the last refusal", () => {
    const failed = arrival({ at: 2, outcome: "failed", cause: "mapping", payload: { body: 1 } });
    expect(cameOf({ last: failed, refused: { ...failed }, filtered: null })).toEqual([{ sort: "last", arrival: failed, payload: { body: 1 } }]);
  });
  it("begins with what came last, then what was refused, then what was filtered", () => {
    const found = cameOf({
      filtered: arrival({ at: 9, outcome: "filtered", payload: 3 }),
      refused: arrival({ outcome: "refused", payload: 2 }),
      last: arrival({ at: 5, payload: null }),
    });
    expect(found.map(({ sort, payload }) => [sort, payload])).toEqual([
      ["last", null],
      ["refused", 2],
      ["filtered", 3],
    ]);
  });
  it("is not tried on where it was too large, or nothing came", () => {
    expect(cameOf({ last: arrival({ omitted: "too-large" }), refused: null, filtered: null })).toEqual([]);
    expect(cameOf(undefined)).toEqual([]);
  });
});

describe("what an expression of a trigger sees", () => {
  const event = { type: "paid", data: { order: { total: 5 } } };
  const request = { method: "POST", body: { a: 1 } };
  it("is all that came, for its input and key", () => {
    expect(seenAt("http", {}, ["input"], request, undefined)).toBe(request);
    expect(seenAt("event", {}, ["dedupe"], event, undefined)).toBe(event);
    expect(seenAt("queue", {}, ["input", "total"], [1], undefined)).toEqual([1]);
  });
  it("is the attribute that a filter stands for", () => {
    expect(seenAt("event", {}, ["with", "data", "order", "total"], event, undefined)).toBe(5);
    expect(seenAt("event", {}, ["any", "0", "with", "type"], event, undefined)).toBe("paid");
    // Of what an event does not have it sees nothing, as the server does.
    expect(seenAt("event", {}, ["one", "with", "subject"], event, undefined)).toBeNull();
    expect(seenAt("event", {}, ["all", "1", "with", "data"], [event, {}], undefined)).toBe(event.data);
  });
  it("is the event for a correlation, and what was gathered for `until`", () => {
    expect(seenAt("event", {}, ["all", "0", "correlate", "order", "from"], event, undefined)).toBe(event);
    expect(seenAt("event", {}, ["all", "0", "correlate", "order", "expect"], event, undefined)).toBeUndefined();
    expect(seenAt("event", { any: [] }, ["until"], event, undefined)).toEqual([event.data]);
    expect(seenAt("event", { read: "envelope" }, ["until"], [event, event], undefined)).toEqual([event, event]);
  });
  it("is the output for the answer to a request", () => {
    expect(seenAt("http", {}, ["response", "body"], request, { id: 7 })).toEqual({ id: 7 });
    expect(seenAt("http", {}, ["response"], request, undefined)).toBeUndefined();
  });
});
