import { expect, test } from "vitest";
import { attention, isWrong, type Known } from "../../src/pages/home/attention";

const NONE = { count: 0, more: false };
const CALM: Known = {
  faulted: NONE,
  long: NONE,
  suspended: NONE,
  queues: [],
  triggers: [],
  functions: [],
  flows: [],
  notifications: [],
  decisions: { mine: 0, overdue: 0, more: false },
};
const WELL = { dead: 0, paused: false, ready: 0, oldest_ready_seconds: null };
const IN_TIME = { error: null, paused: false, lag_seconds: 0.2 };

test("nothing needs attention where all is well", () => {
  const well: Known = {
    ...CALM,
    queues: [{ ...WELL, name: "letters", ready: 9, oldest_ready_seconds: 3 }],
    triggers: [{ ...IN_TIME, flow: "shop", name: "api" }],
    functions: [
      { flow: "shop", name: "charge", state: "ready", last_error: "once upon a time" },
      { flow: "shop", name: "ship", state: "stopped" },
      { flow: "shop", name: "legacy", state: null },
    ],
    flows: [{ name: "shop", paused: false }],
  };
  expect(attention(well)).toEqual([]);
});

test("what is wrong comes before what stands still", () => {
  const concerns = attention({
    ...CALM,
    faulted: { count: 3, more: false },
    long: { count: 1, more: false },
    suspended: { count: 100, more: true },
    queues: [
      { ...WELL, name: "letters", dead: 2 },
      { ...WELL, name: "reports", paused: true, ready: 12, oldest_ready_seconds: 9_000 },
    ],
    triggers: [
      { flow: "shop", name: "api", error: "port taken", paused: true, lag_seconds: 900 },
      { flow: "shop", name: "nightly", error: null, paused: true, lag_seconds: null },
    ],
    functions: [
      { flow: "shop", name: "charge", state: "backoff", last_error: "no module" },
      { flow: "shop", name: "ship", state: "starting", last_error: "no module" },
    ],
    flows: [{ name: "old", paused: true }],
  });
  expect(concerns.map(({ kind }) => kind)).toEqual([
    "faulted",
    "function",
    "function",
    "trigger",
    "deadLetters",
    "long",
    "suspended",
    "flowPaused",
    "triggerPaused",
    "queuePaused",
  ]);
  expect(concerns.filter(isWrong)).toHaveLength(5);
  expect(concerns).toContainEqual({ kind: "suspended", count: 100, more: true });
});

test("what is behind is said, each once", () => {
  const concerns = attention({
    ...CALM,
    queues: [{ ...WELL, name: "letters", ready: 5, oldest_ready_seconds: 3_600 }],
    triggers: [
      { ...IN_TIME, flow: "shop", name: "orders", lag_seconds: 300 },
      { ...IN_TIME, flow: "shop", name: "nightly", lag_seconds: 59 },
    ],
  });
  expect(concerns).toEqual([
    { kind: "triggerLate", flow: "shop", trigger: "orders", seconds: 300 },
    { kind: "queueOld", queue: "letters", seconds: 3_600 },
  ]);
  expect(concerns.every(isWrong)).toBe(true);
});

test("of each alert the last word counts", () => {
  const told = { flow: null, state: "firing", status: "delivered", count: 1, error: null };
  const concerns = attention({
    ...CALM,
    notifications: [
      { ...told, rule: "over", state: "resolved" },
      { ...told, rule: "over" },
      { ...told, rule: "fires", count: 7 },
      { ...told, rule: "fires", flow: "shop" },
      { ...told, rule: "quiet", status: "silenced" },
      { ...told, rule: "unheard", status: "failed", error: "no route" },
      { ...told, rule: "tried again", status: "pending", error: "timed out" },
      { ...told, rule: "on its way", status: "pending" },
    ],
  });
  expect(concerns.map((each) => ("rule" in each ? [each.kind, each.flow, each.rule] : []))).toEqual([
    ["alert", null, "fires"],
    ["alert", "shop", "fires"],
    ["webhook", null, "unheard"],
    ["webhook", null, "tried again"],
    ["alert", null, "on its way"],
  ]);
});

test("decisions wait for who looks, and are wrong only when they are late", () => {
  const [waiting] = attention({ ...CALM, decisions: { mine: 3, overdue: 0, more: false } });
  expect(waiting).toEqual({ kind: "decisions", count: 3, overdue: 0, more: false });
  expect(waiting && isWrong(waiting)).toBe(false);
  const [late] = attention({ ...CALM, decisions: { mine: 0, overdue: 1, more: false } });
  expect(late && isWrong(late)).toBe(true);
});
