/** What travels with an item. Pure. */

/** The headers that say who put it, over the API. */
const OF_WHO = "headrace-put-by";

/** The headers of an item as text, without those that the page says in words; null where there are no others. */
export function headersOf({ headers }: { readonly headers?: Readonly<Record<string, string>> | null }): string | null {
  const others = Object.entries(headers ?? {}).filter(([name]) => !name.startsWith(OF_WHO));
  return others.length > 0 ? JSON.stringify(Object.fromEntries(others), null, 2) : null;
}
