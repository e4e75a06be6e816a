/** Where the pages of a flow are. */

/** The address that makes a new flow; a flow of this name has its pages one level below. */
export const NEW = "new";

/** The page of a flow, or one of its pages (`versions`). */
export function flowPath(name: string, page?: "versions"): string {
  const path = `/flows/${encodeURIComponent(name)}`;
  if (page) return `${path}/${page}`;
  return name === NEW ? `${path}/editor` : path;
}

/** The same from another namespace. */
export function flowAddress(namespace: string, name: string): string {
  return `~/n/${encodeURIComponent(namespace)}${flowPath(name)}`;
}
