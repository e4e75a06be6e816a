/** The list of executions: its filters in the address, its pages while it changes, its rows in sight. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ExecutionSummary } from "../../src/pages/executions/data";
import { changed, countOf, EXECUTION_STATUSES, NO_FILTER, queryOf, readFilter, whichOf, writeFilter, type Filter } from "../../src/pages/executions/list/filter";
import { secondsOf, withEvents, withNewest, type ExecutionPage } from "../../src/pages/executions/list/pages";
import { rowsInSight } from "../../src/parts/rows";

const word = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => text.trim() === text && text !== "");
const filters: fc.Arbitrary<Filter> = fc
  .record(
    {
      status: fc.subarray([...EXECUTION_STATUSES]),
      flow: word,
      version: word,
      trigger: word,
      started_by: word,
      text: word,
      key: word,
      parent: word,
      rerun_of: word,
      within: fc.nat(1_000_000),
      duration_min: fc.nat(1_000),
      duration_max: fc.nat(1_000),
      created_from: fc.nat(2_000_000_000),
      created_to: fc.nat(2_000_000_000),
    },
    { requiredKeys: ["status"] },
  )
  .map((filter) => filter as Filter);

describe("filters", () => {
  test("what is written in an address is read from it", () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(readFilter(new URLSearchParams(writeFilter(filter).toString()))).toEqual(filter);
      }),
    );
  });

  test("what is no filter counts as absent", () => {
    const read = readFilter(new URLSearchParams("status=odd&status=faulted&within=-1&duration_min=x&created_from=soon&flow=%20&other=1"));
    expect(read).toEqual({ status: ["faulted"] });
    expect(countOf(read)).toBe(1);
  });

  test("a part that is taken off is gone", () => {
    const filter = changed(changed(NO_FILTER, { flow: "orders", text: "bean" }), { flow: undefined, text: "" });
    expect(filter).toEqual(NO_FILTER);
    expect(countOf(filter)).toBe(0);
  });

  test("the last hour is counted from now, and an earlier beginning does not stretch it", () => {
    expect(queryOf({ status: [], within: 3600 }, 10_000)).toEqual({ created_from: "6400" });
    expect(whichOf({ status: ["running"], within: 3600, created_from: 9_000, flow: "orders" }, 10_000)).toEqual({
      flow: "orders",
      status: ["running"],
      created_from: 9_000,
    });
  });
});

function row(id: string, created_at: number, more: Partial<ExecutionSummary> = {}): ExecutionSummary {
  return {
    id,
    namespace: "default",
    flow: "orders",
    version: "1.0.0",
    digest: "d",
    status: "running",
    created_at,
    started_at: created_at,
    ended_at: null,
    duration_seconds: 0,
    key: null,
    trigger: null,
    started_by: null,
    started_by_name: null,
    parent_id: null,
    parent_run_id: null,
    rerun_of: null,
    rerun_run_id: null,
    ...more,
  };
}

function page(ids: readonly number[], next: string | null = "next"): ExecutionPage {
  return { items: ids.map((at) => row(`e${at}`, at)), next };
}

const idsOf = (pages: readonly ExecutionPage[] | null) => pages?.flatMap(({ items }) => items.map(({ created_at }) => created_at));

describe("pages", () => {
  test("new rows come on top, and what is older stays", () => {
    expect(idsOf(withNewest([page([5, 4, 3]), page([2, 1], null)], page([7, 6, 5])))).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  test("rows that do not fit any more go where the newest page covers them", () => {
    expect(idsOf(withNewest([page([5, 4, 3]), page([2, 1], null)], page([6, 5, 3])))).toEqual([6, 5, 3, 2, 1]);
  });

  test("a gap is no list: it begins anew", () => {
    expect(withNewest([page([3, 2, 1])], page([9, 8, 7]))).toBeNull();
  });

  test("a newest page that is the whole list is the list", () => {
    expect(idsOf(withNewest([page([3, 2]), page([1], null)], page([4, 2], null)))).toEqual([4, 2]);
    expect(idsOf(withNewest([page([3, 2])], page([], null)))).toEqual([]);
  });

  test("a search that stopped before it found anything says nothing of the rows", () => {
    const pages = [page([3, 2])];
    expect(withNewest(pages, { items: [], next: "on", searched_to: 2.5 })).toBe(pages);
  });

  test("no row is there twice and none is lost, whatever came in between", () => {
    const ids = fc.uniqueArray(fc.nat(200), { minLength: 5, maxLength: 40 }).map((found) => found.sort((one, other) => other - one));
    fc.assert(
      fc.property(ids, fc.nat(10), fc.nat(10), (all, extra, split) => {
        const known = all.slice(Math.min(extra, all.length - 1));
        const pages = [page(known.slice(0, split + 1)), page(known.slice(split + 1))];
        const merged = withNewest(pages, page(all.slice(0, extra + 1)));
        expect(idsOf(merged)).toEqual(all);
      }),
    );
  });

  test("events change the rows that they are about, and nothing else", () => {
    const pages = [page([2, 1])];
    expect(withEvents(pages, [{ id: "other", phase: "completed", at: 5 }])).toBe(pages);
    const after = withEvents(pages, [
      { id: "e1", phase: "suspended", at: 3 },
      { id: "e1", phase: "completed", at: 5 },
      { id: "e1", phase: "resumed", at: 4 },
    ]);
    expect(after[0]?.items[0]).toBe(pages[0]?.items[0]);
    expect(after[0]?.items[1]).toMatchObject({ status: "completed", ended_at: 5, duration_seconds: 4 });
  });

  test("how long it took: from the start to the end, or to now", () => {
    expect(secondsOf(row("a", 10, { started_at: 12, ended_at: 15 }), 99)).toBe(3);
    expect(secondsOf(row("a", 10, { started_at: null }), 14)).toBe(4);
  });
});

test("rows that are drawn cover what is in sight, and are few", () => {
  fc.assert(
    fc.property(fc.nat(100_000), fc.nat(4_000_000), fc.integer({ min: 1, max: 2_000 }), (count, top, seen) => {
      const { first, end } = rowsInSight(count, 38, top, seen);
      expect(first).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(count);
      expect(end - first).toBeLessThan(seen / 38 + 30);
      const inSight = Math.min(count, Math.ceil((top + seen) / 38));
      if (Math.floor(top / 38) < count) expect(first <= top / 38 && end >= inSight).toBe(true);
    }),
  );
});
