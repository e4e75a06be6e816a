/** Why an execution has not ended, in the words of the language spoken. */
import type { Schemas } from "../../../client/api";
import { property } from "../../../graph/json";
import type { Format, Say } from "../../../language/language";
import type { why } from "./messages";

export type Waiting = Schemas["Waiting"];

type SayWhy = Say<(typeof why)["en"]>;

/** A sentence about one open task: what it waits for, since when, until when. `now` is in epoch seconds. */
export function whyWords(waiting: Waiting, now: number, say: SayWhy, format: Format): string {
  const parts = [reasonOf(waiting, now, say, format)];
  if (waiting.since != null) parts.push(say("since", { duration: format.duration(Math.max(0, now - waiting.since)) }));
  if (waiting.timeout_at != null) parts.push(say("timeout", { when: format.ago(waiting.timeout_at, now) }));
  if (waiting.last_error != null) parts.push(say("lastError", { error: briefError(waiting.last_error) }));
  return parts.join(say("comma"));
}

/** The task that waits, with its iteration; nothing where the execution as a whole does. */
export function whoWaits(waiting: Waiting, say: SayWhy): string {
  if (!waiting.pointer) return "";
  return waiting.iteration == null ? waiting.task : say("inIteration", { task: waiting.task, iteration: waiting.iteration });
}

function reasonOf(waiting: Waiting, now: number, say: SayWhy, format: Format): string {
  const moment = (at: number) => `${format.time(at)} (${format.ago(at, now)})`;
  const until = waiting.until == null ? "" : moment(waiting.until);
  switch (waiting.reason) {
    case "call":
      if (waiting.item != null) return waiting.kind === "batch" ? batchWords(waiting.item, now, say, format) : itemWords(waiting.item, say, moment);
      return say("call", { target: waiting.target ?? "", attempt: waiting.attempt ?? 1 });
    case "retry":
      return say("retry", { until, attempt: waiting.attempt ?? 1 });
    case "timer":
      return say("timer", { until });
    case "event": {
      const events = (waiting.events ?? []).map((each) => eventText(each) || say("anyEvent")).join(say("or"));
      return say("event", { events: events || say("anyEvent") });
    }
    case "child":
      return say("child", { id: waiting.child_id ?? "" });
    case "suspended":
      return say("suspended");
    default:
      return say("starting");
  }
}

type Facts = { readonly [name: string]: unknown };

function numberOf(facts: Facts, name: string): number | null {
  const value = facts[name];
  return typeof value === "number" ? value : null;
}

function textOf(facts: Facts, name: string): string {
  const value = facts[name];
  return typeof value === "string" ? value : "";
}

/** How far a batch is (`delivery.batch.Progress`). */
export function batchWords(progress: Facts, now: number, say: SayWhy, format: Format): string {
  const of = (name: string) => numberOf(progress, name) ?? 0;
  const total = numberOf(progress, "total");
  const done = of("completed") + of("failed");
  const parts = [total === null ? say("batchOpen", { done }) : say("batch", { done, total })];
  if (of("failed") > 0) parts.push(say("batchFailed", { failed: of("failed") }));
  const rate = numberOf(progress, "rate_per_second");
  if (rate) parts.push(say("batchRate", { rate: format.number(Math.round(rate)) }));
  const left = numberOf(progress, "seconds_left");
  if (left !== null) parts.push(say("batchLeft", { duration: format.duration(left) }));
  parts.push(say("batchQueue", { queue: textOf(progress, "queue") }));
  const age = now - (numberOf(progress, "at") ?? now);
  if (age > 5) parts.push(say("batchAge", { duration: format.duration(age) }));
  return parts.join(say("comma"));
}

/** Where the item of a queued call is. */
function itemWords(item: Facts, say: SayWhy, moment: (at: number) => string): string {
  const queue = textOf(item, "queue");
  const attempt = numberOf(item, "attempt") ?? 0;
  const error = textOf(item, "error");
  const words = (() => {
    switch (textOf(item, "state")) {
      case "leased":
        return say("leased", { queue, attempt, who: textOf(item, "leased_by") || say("aReader"), until: moment(numberOf(item, "until") ?? 0) });
      case "ready":
        return say("ready", { queue, attempt: attempt + 1 });
      case "delayed":
        return say("delayed", { queue, attempt: attempt + 1, until: moment(numberOf(item, "run_at") ?? 0) });
      case "dead":
        return say("dead", { queue });
      case "completed":
        return say("answered", { queue });
      default:
        return say("notThere", { queue });
    }
  })();
  return error ? words + say("comma") + say("lastError", { error }) : words;
}

function eventText(filter: unknown): string {
  const wanted = property(filter, "with");
  const type = property(wanted, "type");
  const others = Object.entries(wanted ?? {}).filter(([name]) => name !== "type");
  const more = others.length > 0 ? ` ${JSON.stringify(Object.fromEntries(others))}` : "";
  return (typeof type === "string" ? type : "") + more;
}

/** An error in a few words: `503 no room in stock`. */
export function briefError(error: unknown): string {
  const of = (name: string) => {
    const value = property(error, name);
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  };
  const text = of("detail") || of("title") || (of("type").split("/").at(-1) ?? "");
  return [of("status"), text].filter(Boolean).join(" ") || (typeof error === "string" ? error : JSON.stringify(error));
}
