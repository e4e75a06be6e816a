/** What a new flow asks of the server: whether its name is free, and to be kept. */
import { useQuery } from "@tanstack/react-query";
import { answer, api, fullAnswer } from "../../../client/api";
import { freeName } from "../../../graph/document/flow";
import { asText, YAML } from "../editor/data";
import type { FlowDetail } from "../data";
import { isName } from "./name";

const PAGE_SIZE = 500;

/** Whether a namespace has a flow of this name. */
export function useTaken(namespace: string, name: string) {
  return useQuery({
    queryKey: ["flows", namespace, "taken", name],
    enabled: isName(name) && isName(namespace),
    queryFn: ({ signal }) => isTaken(namespace, name, signal),
  });
}

export async function isTaken(namespace: string, name: string, signal?: AbortSignal): Promise<boolean> {
  return (await namesLike(namespace, name, signal)).includes(name);
}

/** A name that no flow of a namespace has: the one that is wanted, else the same with a number behind it. */
export async function freeFlowName(namespace: string, wanted: string, signal?: AbortSignal): Promise<string> {
  const taken = await namesLike(namespace, wanted, signal);
  return taken.includes(wanted) ? freeName(`${wanted}-`, [`${wanted}-`, ...taken]) : wanted;
}

/** The names with a text in them. */
async function namesLike(namespace: string, part: string, signal?: AbortSignal): Promise<string[]> {
  const found: string[] = [];
  let after: string | null | undefined = null;
  do {
    const page: { items: { name: string }[]; next?: string | null } = await answer(
      api.GET("/api/v1/namespaces/{namespace}/flowapps", {
        params: { path: { namespace }, query: { search: part, limit: PAGE_SIZE, ...(after ? { after } : {}) } },
        ...(signal ? { signal } : {}),
      }),
    );
    found.push(...page.items.map(({ name }) => name));
    after = page.next;
  } while (after);
  return found;
}

/** Keep a new flow. Throws `ApiProblem` 412 when there is one of this name, 422 with all that is wrong. */
export async function createFlow(namespace: string, name: string, text: string, message: string): Promise<FlowDetail> {
  const made = await fullAnswer(
    api.PUT("/api/v1/namespaces/{namespace}/flowapps/{name}", {
      params: { path: { namespace, name }, query: message ? { message } : {} },
      body: text,
      bodySerializer: asText,
      headers: { ...YAML, "if-none-match": "*" },
    }),
  );
  return made.data;
}
