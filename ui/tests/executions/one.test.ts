/** One execution: its history as it grows, its timeline, its address, why it waits. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { filled, type Language } from "../../src/language/catalog";
import type { Format, Say } from "../../src/language/language";
import { readLook, VIEWS, writeLook, type Look } from "../../src/pages/executions/one/address";
import { why } from "../../src/pages/executions/one/messages";
import { Reading } from "../../src/pages/executions/one/reading";
import { choiceOf, NO_RUNS, runsOf, tellingRun, withIteration, withPage, type HistoryPage, type Run } from "../../src/pages/executions/one/runs";
import { jsonOf } from "../../src/pages/executions/one/text";
import { barOf, spanOf, ticksOf, timelineRows } from "../../src/pages/executions/one/timeline";
import { briefError, whoWaits, whyWords, type Waiting } from "../../src/pages/executions/one/why";

function run(run_id: number, task: string, more: Partial<Run> = {}): Run {
  return {
    run_id,
    parent_id: 0,
    task,
    name: task.split("/").at(-1) ?? "",
    kind: "call",
    status: "completed",
    started_at: run_id,
    ended_at: run_id + 1,
    duration_seconds: 1,
    sequence: run_id,
    attempt: 1,
    iteration: null,
    count: 1,
    carried: false,
    worker: null,
    ...more,
  };
}

const openRun = (run_id: number, task: string, more: Partial<Run> = {}) => run(run_id, task, { status: "running", ended_at: null, sequence: null, ...more });

function history(items: Run[], open: Run[] = [], next: string | null = null): HistoryPage {
  return { items, open, next };
}

describe("history", () => {
  test("what was open and has ended is there once, in the order in which it started", () => {
    const before = withPage(NO_RUNS, history([run(1, "/do/0/a")], [openRun(2, "/do/1/b"), openRun(3, "/do/2/c")]));
    const after = withPage(before, history([run(3, "/do/2/c")], [openRun(2, "/do/1/b")]));
    expect(after.all.map(({ run_id, status }) => [run_id, status])).toEqual([
      [1, "completed"],
      [2, "running"],
      [3, "completed"],
    ]);
  });

  test("what is open no more, and not in history yet, is not shown as open", () => {
    const before = withPage(NO_RUNS, history([], [openRun(1, "/do/0/a")]));
    expect(withPage(before, history([], [])).all).toEqual([]);
  });

  const loop = run(1, "/do/0/each", { kind: "for" });
  const runs = withPage(
    NO_RUNS,
    history([
      run(0, "", { kind: "workflow" }),
      loop,
      run(2, "/do/0/each/do/0/pay", { parent_id: 1, iteration: 0 }),
      run(3, "/do/0/each/do/0/pay", { parent_id: 1, iteration: 1, status: "faulted" }),
      run(4, "/do/0/each/do/0/pay", { parent_id: 1, iteration: 2 }),
    ]),
  );

  test("the runs of a task are those in the iterations that are chosen", () => {
    const pay = "/do/0/each/do/0/pay";
    expect(runsOf(runs, pay, {}).map(({ run_id }) => run_id)).toEqual([2, 3, 4]);
    expect(runsOf(runs, pay, { "/do/0/each": 2 }).map(({ run_id }) => run_id)).toEqual([4]);
    expect(choiceOf(runs, runs.byId.get(3) as Run)).toEqual({ "/do/0/each": 1 });
    expect(tellingRun(runsOf(runs, pay, {}))?.run_id).toBe(3);
  });

  test("another iteration of a loop forgets what was chosen inside of it", () => {
    expect(withIteration({ "/do/0/each": 1, "/do/0/each/do/0/inner": 4, "/do/1/other": 2 }, "/do/0/each", 3)).toEqual({ "/do/1/other": 2, "/do/0/each": 3 });
    expect(withIteration({ "/do/0/each": 1 }, "/do/0/each", null)).toEqual({});
  });

  test("the timeline has a row for each run but the workflow's, with its depth, and can be searched", () => {
    expect(timelineRows(runs, "all", "").map(({ run: { run_id }, depth }) => [run_id, depth])).toEqual([
      [1, 0],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
    expect(timelineRows(runs, "failed", "").map(({ run: { run_id } }) => run_id)).toEqual([3]);
    expect(timelineRows(runs, "all", "PAY").length).toBe(3);
    expect(timelineRows(runs, "open", "")).toEqual([]);
  });
});

describe("reading", () => {
  const wait = { pause: () => Promise.resolve() };

  async function settled(reading: { snapshot: () => { complete: boolean; error: unknown }; subscribe: (listener: () => void) => () => void }): Promise<void> {
    await new Promise<void>((resolve) => {
      const look = () => {
        const { complete, error } = reading.snapshot();
        if (complete || error !== null) resolve();
      };
      reading.subscribe(look);
      look();
    });
  }

  test("reads page after page to the end, and shows the first one at once", async () => {
    const asked: (string | null)[] = [];
    const shown: number[] = [];
    const reading = new Reading<readonly number[], { items: number[]; next: string | null }>([], {
      ...wait,
      full: 2,
      ask: (after) => {
        asked.push(after);
        const from = Number(after ?? 0);
        return Promise.resolve({ items: [from, from + 1].filter((each) => each < 5), next: String(from + 2) });
      },
      add: (state, page) => [...state, ...page.items],
    });
    reading.subscribe(() => shown.push(reading.snapshot().state.length));
    reading.more();
    await settled(reading);
    expect(reading.snapshot().state).toEqual([0, 1, 2, 3, 4]);
    expect(asked).toEqual([null, "2", "4"]);
    expect(shown).toEqual([2, 5]);
  });

  test("goes on where it came to when there is more, also when that is told while it reads", async () => {
    let there = 1;
    const asked: (string | null)[] = [];
    const reading = new Reading<readonly string[], { items: string[]; next: string }>([], {
      ...wait,
      full: 10,
      ask: async (after) => {
        asked.push(after);
        await Promise.resolve();
        const items = Array.from({ length: there - Number(after ?? 0) }, (_, index) => `line ${Number(after ?? 0) + index}`);
        return { items, next: String(there) };
      },
      add: (state, page) => [...state, ...page.items],
    });
    reading.more();
    there = 2;
    reading.more();
    await settled(reading);
    there = 3;
    reading.more();
    await new Promise<void>((resolve) => {
      if (reading.snapshot().state.length === 3) resolve();
      reading.subscribe(() => reading.snapshot().state.length === 3 && resolve());
    });
    expect(reading.snapshot().state).toEqual(["line 0", "line 1", "line 2"]);
    expect(new Set(asked).size).toBeLessThanOrEqual(3);
  });

  test("an error is told, and the next news of it is another try", async () => {
    let broken = true;
    const reading = new Reading<number, { items: number[] }>(0, {
      ...wait,
      full: 10,
      ask: () => (broken ? Promise.reject(new Error("away")) : Promise.resolve({ items: [1] })),
      add: (state, page) => state + page.items.length,
    });
    reading.more();
    await settled(reading);
    expect(reading.snapshot()).toMatchObject({ state: 0, complete: false, error: new Error("away") });
    broken = false;
    reading.more();
    await new Promise<void>((resolve) => reading.subscribe(() => reading.snapshot().complete && resolve()));
    expect(reading.snapshot()).toEqual({ state: 1, complete: true, error: null });
  });
});

describe("time", () => {
  test("bars are within the span, and what is open ends now", () => {
    const span = spanOf(100, 110, [run(1, "/do/0/a", { ended_at: 112 }), run(2, "/do/0/b", { ended_at: 500, carried: true })]);
    expect(span).toEqual({ from: 100, to: 112 });
    expect(barOf({ started_at: 103, ended_at: null }, span, 106)).toEqual({ left: 0.25, width: 0.25 });
    expect(barOf({ started_at: 90, ended_at: 95 }, span, 106)).toBeNull();
    const moments = fc.record({ started_at: fc.double({ min: 0, max: 200, noNaN: true }), ended_at: fc.option(fc.double({ min: 0, max: 200, noNaN: true })) });
    fc.assert(
      fc.property(moments, (each) => {
        const bar = barOf(each, span, 150);
        if (bar) expect(bar.left >= 0 && bar.width >= 0 && bar.left + bar.width <= 1 + 1e-9).toBe(true);
      }),
    );
  });

  test("the axis has a few round times", () => {
    expect(ticksOf(0.045, 6)).toHaveLength(5);
    expect(ticksOf(100, 6)).toEqual([0, 20, 40, 60, 80, 100]);
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e9, noNaN: true }), (seconds) => {
        const ticks = ticksOf(seconds, 8);
        expect(ticks.length).toBeGreaterThan(1);
        expect(ticks.length).toBeLessThanOrEqual(9);
        expect(ticks.at(-1)).toBeLessThanOrEqual(seconds * (1 + 1e-6));
      }),
    );
  });
});

test("what is looked at is in the address, and read from it", () => {
  const looks: fc.Arbitrary<Look> = fc.record({
    view: fc.constantFrom(...VIEWS),
    task: fc.option(fc.constantFrom("/do/0/a", "/do/1/b~1c")),
    run: fc.option(fc.nat(1e9)),
    choice: fc.dictionary(fc.constantFrom("/do/0/a", "/do/0/a/do/1/b:c", "/do/2/ü"), fc.nat(1e6)).map((each) => ({ ...each })),
    other: fc.option(fc.constantFrom("01abc", "x y")),
  });
  fc.assert(
    fc.property(looks, (look) => {
      expect(readLook(new URLSearchParams(writeLook(look).toString()))).toEqual(look);
    }),
  );
  expect(readLook(new URLSearchParams("view=odd&run=-3&at=nothing&at=/do/0/a:x"))).toEqual({ view: "steps", task: null, run: null, choice: {}, other: null });
});

describe("why it waits", () => {
  const say =
    (language: Language): Say<(typeof why)["en"]> =>
    (key, ...[values]) =>
      filled(why[language][key], values ?? {}, language);
  const format = {
    number: String,
    duration: (seconds: number) => `${seconds}s`,
    time: (at: number) => `@${at}`,
    ago: (at: number, now: number) => `${at - now}s`,
  } as unknown as Format;
  const waiting = (more: Partial<Waiting>): Waiting => ({ run_id: 3, pointer: "/do/0/pay", task: "pay", reason: "call", queued: false, ...more });
  const words = (more: Partial<Waiting>, language: Language = "en") => whyWords(waiting(more), 100, say(language), format);

  test.each<[string, Partial<Waiting>, string]>([
    ["a call", { target: "charge", attempt: 2, since: 90 }, "waits for the answer of charge (attempt 2), since 10s"],
    ["a retry", { reason: "retry", until: 105, attempt: 3, last_error: { status: 503, detail: "busy" } }, "is tried again at @105 (5s) (attempt 3), the last attempt failed: 503 busy"],
    ["a timer", { reason: "timer", until: 160 }, "waits for the time: it goes on at @160 (60s)"],
    ["an event", { reason: "event", events: [{ with: { type: "a.b", source: "x" } }, {}], timeout_at: 130 }, 'waits for an event: a.b {"source":"x"} or any, its timeout ends it 30s'],
    ["a child", { reason: "child", child_id: "c1" }, "waits for the execution c1 that it started"],
    ["a lease", { item: { state: "leased", queue: "q", attempt: 1, leased_by: "w1", until: 120 } }, "is worked on by w1, leased from the queue q until @120 (20s) (attempt 1)"],
    ["a reader", { item: { state: "ready", queue: "q", attempt: 0 } }, "waits for a reader of the queue q (attempt 1)"],
    ["a dead letter", { item: { state: "dead", queue: "q", error: "no" } }, "was given up on: it is a dead letter of the queue q, the last attempt failed: no"],
    [
      "a batch",
      { kind: "batch", item: { queue: "q", completed: 40, failed: 2, total: 100, rate_per_second: 9.6, seconds_left: 6, at: 100 } },
      "has done 42 of 100 items, 2 failed, 10 per second, 6s left, on the queue q",
    ],
    ["a beginning", { reason: "starting", pointer: "" }, "is about to start"],
  ])("%s", (_name, more, expected) => {
    expect(words(more)).toBe(expected);
    expect(words(more, "zh")).not.toBe(expected);
  });

  test("who waits, and errors in a few words", () => {
    expect(whoWaits(waiting({ iteration: 4 }), say("en"))).toBe("pay (iteration 4)");
    expect(whoWaits(waiting({ pointer: "" }), say("en"))).toBe("");
    expect(briefError({ type: "https://x/errors/timeout", status: 408 })).toBe("408 timeout");
    expect(briefError("odd")).toBe("odd");
  });
});

test("a text that is no JSON says where; an empty one is null", () => {
  expect(jsonOf(' {"a": 1} ')).toEqual({ value: { a: 1 } });
  expect(jsonOf("  ")).toEqual({ value: null });
  expect(jsonOf("{")).toHaveProperty("problem");
});
