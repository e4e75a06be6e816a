/** The page of an execution, and what it asks for first: asked for at once, before anything is drawn. */
import { noop, type QueryClient } from "@tanstack/react-query";
import { ahead } from "../../../parts/ahead";
import { definitionOf, executionOf, firstHistoryOf } from "./queries";

export const Execution = ahead(() => import("./Execution"));

/** Ask for what the page of an execution shows first. What fails is asked for again by the page, which says so. */
export function askFor(client: QueryClient, namespace: string, id: string): void {
  client.query(executionOf(namespace, id)).catch(noop);
  client.query(definitionOf(namespace, id)).catch(noop);
  client.query(firstHistoryOf(namespace, id)).catch(noop);
}
