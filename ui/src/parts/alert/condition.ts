/** What an alert's rule is about. Pure. */

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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function words(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value ?? null);
}
