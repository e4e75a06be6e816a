/** What a secret holds, out of what somebody wrote: a JSON object as one, anything else as it is. Pure. */
export function secretValue(text: string): string | Record<string, unknown> {
  if (!text.trimStart().startsWith("{")) return text;
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === "object" && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : text;
  } catch {
    return text;
  }
}
