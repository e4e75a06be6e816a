/** What an address means is asked of the server before its page is drawn. */
import { noop, type QueryClient } from "@tanstack/react-query";
import { askFor } from "./executions/one/ahead";
import { flowOf } from "./flows/queries";

const ONE = /^\/n\/([\w.-]+)\/(executions|flows)\/([\w.-]+)$/;

/** Ask for what the page at an address shows first. What fails is asked for again by the page, which says so. */
export function askAhead(client: QueryClient, path: string): void {
  const [, namespace, section, one] = ONE.exec(path) ?? [];
  if (namespace === undefined || one === undefined) return;
  if (section === "executions") askFor(client, namespace, one);
  // This one is a page, not a flow.
  else if (one !== "new") client.query(flowOf(namespace, one)).catch(noop);
}
