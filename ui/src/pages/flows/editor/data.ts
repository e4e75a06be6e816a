/** What the editor asks of the server: checking, saving. */
import { useQuery } from "@tanstack/react-query";
import { answer, api, fullAnswer } from "../../../client/api";
import type { Source } from "../../../graph/document/source";
import { writeLayout, type LayoutFile } from "../../../graph/layout/file";
import { useNamespace } from "../../../namespace";
import type { FlowDetail } from "../data";

/** Something that the server found, with its place in the text. */
export interface Problem {
  readonly severity: "error" | "warning";
  readonly line: number;
  readonly column: number;
  /** In the text. */
  readonly pointer: string;
  readonly message: string;
  readonly remedy: string | null;
  readonly code: string;
}

export const YAML = { "content-type": "application/yaml" };
// The text is sent as it is written; the client would make JSON of it.
export const asText = (body: unknown): string => String(body);

/** What the server says about a text. */
export function useProblems(text: string) {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["problems", namespace, text],
    queryFn: async ({ signal }) => {
      const result = await answer(
        api.POST("/api/v1/namespaces/{namespace}/flowapps/validate", {
          params: { path: { namespace } },
          body: text,
          bodySerializer: asText,
          headers: YAML,
          signal,
        }),
      );
      return result.problems as unknown as readonly Problem[];
    },
    placeholderData: (before) => before,
    staleTime: Infinity,
    gcTime: 10_000,
  });
}

/** Save a text as the next version. Throws `ApiProblem` 412 when the server has another than `etag` names. */
export async function saveText(
  namespace: string,
  name: string,
  text: string,
  message: string,
  etag: string | null,
): Promise<{ data: FlowDetail; etag: string | null }> {
  return fullAnswer(
    api.PUT("/api/v1/namespaces/{namespace}/flowapps/{name}", {
      params: { path: { namespace, name }, query: message ? { message } : {} },
      body: text,
      bodySerializer: asText,
      headers: { ...YAML, ...(etag ? { "if-match": etag } : {}) },
    }),
  );
}

/** Save where things stand. Throws `ApiProblem` 412 when the server has another layout than `etag` names. */
export async function saveLayout(namespace: string, name: string, layout: LayoutFile, etag: string | null): Promise<void> {
  await answer(
    api.PUT("/api/v1/namespaces/{namespace}/flowapps/{name}/layout", {
      params: { path: { namespace, name } },
      body: writeLayout(layout) as Record<string, unknown>,
      ...(etag ? { headers: { "if-match": etag } } : {}),
    }),
  );
}

/** Where a problem is in the text, as offsets. */
export function offsetsOf(source: Pick<Source, "text">, problem: Problem): { from: number; to: number } {
  let from = 0;
  for (let line = 1; line < problem.line; line += 1) {
    const next = source.text.indexOf("\n", from);
    if (next < 0) break;
    from = next + 1;
  }
  from = Math.min(from + problem.column - 1, source.text.length);
  const end = source.text.indexOf("\n", from);
  return { from, to: end < 0 ? source.text.length : end };
}
