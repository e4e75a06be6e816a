/** What is said before a flow is deleted: what is open of it, and which functions stop. */
import { expect, test } from "vitest";
import { countsOf, hostedFunctions } from "../../src/pages/flows/open";

test("open executions are counted by their state, in the order of a life", () => {
  const items = (["waiting", "running", "waiting", "suspended"] as const).map((status) => ({ status }));
  expect(countsOf({ items, next: null })).toEqual({
    total: 4,
    more: false,
    counts: [
      { status: "running", count: 1 },
      { status: "waiting", count: 2 },
      { status: "suspended", count: 1 },
    ],
  });
  expect(countsOf({ items: [], next: null })).toEqual({ total: 0, more: false, counts: [] });
  expect(countsOf({ items, next: "cursor" }).more).toBe(true);
});

test("functions with an address of their own do not stop", () => {
  const functions = { price: { source: "cmd/price" }, legacy: { url: "https://a.example.test" }, bare: null };
  expect(hostedFunctions({ spec: { functions } })).toEqual(["price", "bare"]);
  expect(hostedFunctions({ spec: {} })).toEqual([]);
  expect(hostedFunctions({ document: {}, do: [] })).toEqual([]);
});
