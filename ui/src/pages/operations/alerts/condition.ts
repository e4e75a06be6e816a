/** What an alert's rule is about, and rules to begin with. Pure. */

export type Rule = Readonly<Record<string, unknown>>;

export type Condition =
  | { readonly kind: "faulted" | "deadLetter" | "other" }
  | { readonly kind: "faultedMany"; readonly count: number; readonly within: string }
  | { readonly kind: "slower" | "stuck"; readonly time: string }
  | { readonly kind: "deadLetterOf"; readonly queue: string }
  | { readonly kind: "queueOlder"; readonly queue: string; readonly time: string };

/** Read the one condition of a rule; what this page does not know is `other`. */
export function conditionOf(rule: Rule): Condition {
  const { faulted, slower, stuck, deadLetter, queueOlder } = rule;
  if (faulted === true) return { kind: "faulted" };
  if (isObject(faulted)) return { kind: "faultedMany", count: Number(faulted["count"]), within: words(faulted["within"]) };
  if (slower !== undefined) return { kind: "slower", time: words(slower) };
  if (stuck !== undefined) return { kind: "stuck", time: words(stuck) };
  if (deadLetter === true) return { kind: "deadLetter" };
  if (isObject(deadLetter)) return { kind: "deadLetterOf", queue: words(deadLetter["queue"]) };
  if (isObject(queueOlder)) return { kind: "queueOlder", queue: words(queueOlder["queue"]), time: words(queueOlder["than"]) };
  return { kind: "other" };
}

export function webhookOf(rule: Rule): string {
  const webhook = rule["webhook"];
  return isObject(webhook) && typeof webhook["url"] === "string" ? webhook["url"] : "";
}

export const BEGINNINGS = {
  kindFaulted: { faulted: true },
  kindFaultedMany: { faulted: { count: 10, within: "PT5M" } },
  kindSlower: { slower: "PT10M" },
  kindStuck: { stuck: "PT1H" },
  kindDeadLetter: { deadLetter: true },
  kindQueueOlder: { queueOlder: { queue: "name", than: "PT10M" } },
} as const;
export type Beginning = keyof typeof BEGINNINGS;

/** A rule of a kind, to be finished by whoever writes it. */
export function beginning(kind: Beginning): string {
  return JSON.stringify({ ...BEGINNINGS[kind], webhook: { url: "https://" } }, null, 2);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function words(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
