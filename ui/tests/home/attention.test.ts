import { expect, test } from "vitest";
import { attention, isWrong, type Known } from "../../src/pages/home/attention";

const NONE = { count: 0, more: false };
const CALM: Known = { faulted: NONE, long: NONE, suspended: NONE, queues: [], triggers: [], functions: [], flows: [] };

test("nothing needs attention where all is well", () => {
  const well: Known = {
    ...CALM,
    queues: [{ name: "letters", dead: 0, paused: false, ready: 9 }],
    triggers: [{ flow: "shop", name: "api", error: null, paused: false }],
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
    faulted: { count: 3, more: false },
    long: { count: 1, more: false },
    suspended: { count: 100, more: true },
    queues: [
      { name: "letters", dead: 2, paused: false, ready: 0 },
      { name: "reports", dead: 0, paused: true, ready: 12 },
    ],
    triggers: [
      { flow: "shop", name: "api", error: "port taken", paused: true },
      { flow: "shop", name: "nightly", error: null, paused: true },
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
