/** A rule as a form shows it, and back. What the form has no field for stays as it was. Pure. */
import { lengthOf, secondsOf, written, type Length } from "./duration";
import { conditionOf, type Rule } from "./condition";

export const KINDS = ["faulted", "faultedMany", "slower", "stuck", "deadLetter", "queueOlder"] as const;
export type Kind = (typeof KINDS)[number];

export interface Header {
  readonly name: string;
  readonly value: string;
}

export interface Draft {
  readonly kind: Kind;
  /** Of `faultedMany`: so many within `time`. */
  readonly count: number;
  readonly time: Length;
  /** Of `deadLetter` (empty: all) and `queueOlder`. */
  readonly queue: string;
  readonly description: string;
  /** How long what happens after a notification is gathered; null: as the server does. */
  readonly group: Length | null;
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: string;
  readonly contentType: string;
  /** The secret that messages are signed with; empty: none. */
  readonly signature: string;
}

const OWN = ["name", "faulted", "slower", "stuck", "deadLetter", "queueOlder", "group", "webhook", "description"];
const OWN_OF_WEBHOOK = ["url", "headers", "body", "contentType", "signature"];

export const NEW: Draft = {
  kind: "faulted",
  count: 10,
  time: { count: 10, unit: "minutes" },
  queue: "",
  description: "",
  group: null,
  url: "",
  headers: [],
  body: "",
  contentType: "",
  signature: "",
};

/** A rule as a draft; null where the form cannot show it (another condition, a length that it cannot read). */
export function draftOf(rule: Rule): Draft | null {
  const kind = kindOf(rule);
  const webhook = isObject(rule["webhook"]) ? rule["webhook"] : {};
  if (kind === null || !isStrings(webhook["headers"] ?? {})) return null;
  const time = timeOf(rule, kind);
  const group = rule["group"] === undefined ? null : secondsOf(rule["group"]);
  if (time === null || (rule["group"] !== undefined && group === null)) return null;
  const many = isObject(rule["faulted"]) ? rule["faulted"] : {};
  const about = isObject(rule["queueOlder"]) ? rule["queueOlder"] : isObject(rule["deadLetter"]) ? rule["deadLetter"] : {};
  return {
    kind,
    count: typeof many["count"] === "number" ? many["count"] : NEW.count,
    time: time === undefined ? NEW.time : lengthOf(time),
    queue: text(about["queue"]),
    description: text(rule["description"]),
    group: group === null ? null : lengthOf(group),
    url: text(webhook["url"]),
    headers: Object.entries((webhook["headers"] ?? {}) as Record<string, string>).map(([name, value]) => ({ name, value })),
    body: text(webhook["body"]),
    contentType: text(webhook["contentType"]),
    signature: text(webhook["signature"]),
  };
}

/** The rule that a draft says, on what an earlier one said: what was not changed stays as it was written. */
export function ruleOf(draft: Draft, before: Rule = {}): Rule {
  const was = draftOf(before);
  const kept = (name: keyof Draft) => was !== null && same(was[name], draft[name]);
  const webhook = isObject(before["webhook"]) ? before["webhook"] : {};
  const headers = draft.headers.filter(({ name }) => name.trim() !== "");
  const { group } = draft;
  const put = (from: Rule, name: "description" | "body" | "contentType" | "signature", value: string): Rule => (kept(name) ? only(from, [name]) : value.trim() === "" ? {} : { [name]: value });
  return {
    ...without(before, OWN),
    ...condition(draft, before, was),
    ...put(before, "description", draft.description.trim()),
    ...(kept("group") ? only(before, ["group"]) : group === null ? {} : { group: written(group) }),
    webhook: {
      ...without(webhook, OWN_OF_WEBHOOK),
      url: kept("url") ? webhook["url"] : draft.url.trim(),
      ...(kept("headers") ? only(webhook, ["headers"]) : headers.length === 0 ? {} : { headers: Object.fromEntries(headers.map(({ name, value }) => [name.trim(), value])) }),
      ...put(webhook, "body", draft.body),
      ...put(webhook, "contentType", draft.contentType.trim()),
      ...put(webhook, "signature", draft.signature),
    },
  };
}

/** Whether a change was chosen, not typed: it is whole as it is. */
export function isChosen(before: Draft, after: Draft): boolean {
  const unit = (length: Length | null) => length?.unit;
  return before.kind !== after.kind || before.signature !== after.signature || unit(before.time) !== unit(after.time) || unit(before.group) !== unit(after.group) || after.headers.length < before.headers.length;
}

/** Whether all is there that a rule needs. */
export function isWhole(draft: Draft): boolean {
  const needsTime = draft.kind !== "faulted" && draft.kind !== "deadLetter";
  return (
    draft.url.trim() !== "" &&
    (!needsTime || draft.time.count > 0) &&
    (draft.kind !== "faultedMany" || draft.count >= 1) &&
    (draft.kind !== "queueOlder" || draft.queue.trim() !== "")
  );
}

function condition({ kind, count, time, queue }: Draft, before: Rule, was: Draft | null): Rule {
  const about = was?.kind === kind ? before : {};
  // A length may be written in many ways.
  const length = was?.kind === kind && same(was.time, time) ? timeWritten(before, kind) : written(time);
  const inside = (name: string) => (isObject(about[name]) ? about[name] : {});
  switch (kind) {
    case "faulted":
      return { faulted: true };
    case "faultedMany":
      return { faulted: { ...inside("faulted"), count, within: length } };
    case "slower":
    case "stuck":
      return { [kind]: length };
    case "deadLetter":
      return { deadLetter: queue.trim() === "" ? true : { ...inside("deadLetter"), queue: queue.trim() } };
    case "queueOlder":
      return { queueOlder: { ...inside("queueOlder"), queue: queue.trim(), than: length } };
  }
}

function kindOf(rule: Rule): Kind | null {
  const { kind } = conditionOf(rule);
  if (kind === "other") return null;
  return kind === "deadLetterOf" ? "deadLetter" : kind;
}

/** Seconds of a condition that has a length; undefined for one without, null where it cannot be read. */
function timeOf(rule: Rule, kind: Kind): number | null | undefined {
  return kind === "faulted" || kind === "deadLetter" ? undefined : secondsOf(timeWritten(rule, kind));
}

function timeWritten(rule: Rule, kind: Kind): unknown {
  const inside = (value: unknown, name: string) => (isObject(value) ? value[name] : undefined);
  switch (kind) {
    case "faultedMany":
      return inside(rule["faulted"], "within");
    case "queueOlder":
      return inside(rule["queueOlder"], "than");
    default:
      return rule[kind];
  }
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function only(rule: Rule, names: readonly string[]): Rule {
  return Object.fromEntries(Object.entries(rule).filter(([name]) => names.includes(name)));
}

function without(rule: Rule, names: readonly string[]): Rule {
  return Object.fromEntries(Object.entries(rule).filter(([name]) => !names.includes(name)));
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function isObject(value: unknown): value is Rule {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStrings(value: unknown): boolean {
  return isObject(value) && Object.values(value).every((each) => typeof each === "string");
}
