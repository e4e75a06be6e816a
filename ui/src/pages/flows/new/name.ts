/** Names of flows and of namespaces, as the server takes them. */

const NAME = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;

export function isName(text: string): boolean {
  return NAME.test(text);
}

/** What somebody may have meant by a text that is no name: `Order pizza!` is `order-pizza`. Empty when nothing is left. */
export function nameLike(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
}
