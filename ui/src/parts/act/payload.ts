/** Payloads as the API shows them: `data` where they are JSON, else `text`, else `data_base64`. */

export interface Payload {
  readonly data?: unknown;
  readonly text?: string;
  readonly data_base64?: string;
}

/** A payload as text that somebody reads; null where it is not kept. */
export function written(payload: Payload | null | undefined): string | null {
  if (!payload) return null;
  if ("data" in payload) return JSON.stringify(payload.data, null, 2);
  return payload.text ?? payload.data_base64 ?? null;
}

/** The beginning of a payload in one line. */
export function inBrief(payload: Payload, characters: number): string {
  const whole = "data" in payload ? JSON.stringify(payload.data) : (payload.text ?? payload.data_base64 ?? "–").replace(/\s+/g, " ");
  return whole.length > characters ? `${whole.slice(0, characters - 1)}…` : whole;
}
