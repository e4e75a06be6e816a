/** JSON that somebody writes. Pure. */

export interface ReadJson {
  /** Undefined where nothing is written. */
  readonly value: unknown;
  readonly problem: string | null;
}

export function readJson(text: string): ReadJson {
  if (text.trim() === "") return { value: undefined, problem: null };
  try {
    return { value: JSON.parse(text) as unknown, problem: null };
  } catch (error) {
    return { value: undefined, problem: error instanceof Error ? error.message : String(error) };
  }
}
