/** JSON that somebody writes. */

/** The value of a text, or what is wrong with it. Nothing is null. */
export function jsonOf(text: string): { value: unknown } | { problem: string } {
  if (text.trim() === "") return { value: null };
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
