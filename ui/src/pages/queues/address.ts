/** Addresses of the pages about queues, and what is in them. */

export function queuePath(queue: string): string {
  return `/queues/${encodeURIComponent(queue)}`;
}

export function itemPath(queue: string, item: string): string {
  return `${queuePath(queue)}/items/${encodeURIComponent(item)}`;
}

const OF_BATCH = /^(.+)\.([^.]+)\.batch-[0-9a-z][0-9a-z.-]*$/;

/** The flow and function of a queue that a batch made for itself; null for any other. */
export function batchOf(queue: string): { readonly flow: string; readonly function: string } | null {
  const [, flow, name] = OF_BATCH.exec(queue) ?? [];
  return flow === undefined || name === undefined ? null : { flow, function: name };
}
