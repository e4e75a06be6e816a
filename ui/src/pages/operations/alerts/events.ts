/** What a notification tells of, as places to look at. Pure. */
import { queuePath } from "../../queues/address";

export interface Place {
  readonly text: string;
  readonly href: string;
}

/** The executions and queues of events, each once, in their order; events of anything else have no place. */
export function placesOf(events: readonly unknown[]): readonly Place[] {
  const found = new Map<string, Place>();
  for (const event of events) {
    if (typeof event !== "object" || event === null) continue;
    const { execution, queue } = event as Readonly<Record<string, unknown>>;
    const place =
      typeof execution === "string"
        ? { text: execution, href: `/executions/${encodeURIComponent(execution)}` }
        : typeof queue === "string"
          ? { text: queue, href: queuePath(queue) }
          : null;
    if (place) found.set(place.href, place);
  }
  return [...found.values()];
}
