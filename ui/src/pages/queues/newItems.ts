/** Items out of what somebody wrote. Pure. */

export type Reading = "one" | "lines" | "array";

export type NewPayload = { readonly data: unknown } | { readonly text: string };

export type Read = { readonly items: readonly NewPayload[]; readonly problem: null } | { readonly items: null; readonly problem: string };

/** The API takes so many items in one request. */
export const ITEMS_PER_CALL = 1000;

/**
 * Read a text as one item, as an item per line that is not empty, or as a JSON array with an item in each place.
 * What is JSON is data, anything else text; only an array has to be JSON.
 */
export function readItems(text: string, reading: Reading): Read {
  if (reading === "lines") {
    const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "");
    return { items: lines.map(payloadOf), problem: null };
  }
  if (reading === "one") return { items: text.trim() === "" ? [] : [payloadOf(text)], problem: null };
  if (text.trim() === "") return { items: [], problem: null };
  try {
    const data: unknown = JSON.parse(text);
    if (Array.isArray(data)) return { items: data.map((each: unknown) => ({ data: each })), problem: null };
    return { items: null, problem: "[ … ]" };
  } catch (error) {
    return { items: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

function payloadOf(text: string): NewPayload {
  try {
    return { data: JSON.parse(text) as unknown };
  } catch {
    return { text };
  }
}

/** Items in parts that one request takes. */
export function inParts<Item>(items: readonly Item[], size: number): readonly (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, part) => items.slice(part * size, (part + 1) * size));
}
