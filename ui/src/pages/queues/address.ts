/** Addresses of the pages about queues, and what is in them. */

export function queuePath(queue: string): string {
  return `/queues/${encodeURIComponent(queue)}`;
}

export function itemPath(queue: string, item: string): string {
  return `${queuePath(queue)}/items/${encodeURIComponent(item)}`;
}

/** A part of an address as it was before it was put there; what was never encoded stays. */
export function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? "");
  } catch {
    return part ?? "";
  }
}
