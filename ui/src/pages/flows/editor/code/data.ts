/** The code of functions as the server has it. */
import { useQueries, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { answer, api, fullAnswer, type Schemas } from "../../../../client/api";
import { useNamespace } from "../../../../namespace";

export interface LoadedCode {
  readonly code: Schemas["FunctionCode"];
  /** Names what was read; `null` while there is no file. */
  readonly etag: string | null;
}

const STARTING_MS = 500;

export async function readCode(namespace: string, flow: string, name: string, signal?: AbortSignal): Promise<LoadedCode> {
  const params = { path: { namespace, flow, function: name } };
  const { data, etag } = await fullAnswer(
    api.GET("/api/v1/namespaces/{namespace}/flowapps/{flow}/functions/{function}/code", { params, ...(signal ? { signal } : {}) }),
  );
  return { code: data, etag };
}

function queryOf(namespace: string, flow: string, name: string) {
  return {
    queryKey: ["function-code", namespace, flow, name],
    queryFn: ({ signal }: { signal: AbortSignal }) => readCode(namespace, flow, name, signal),
    // Files change outside of this page: looked at anew whenever somebody comes back to it.
    staleTime: 1_000,
  };
}

/** The code of a function that is deployed. */
export function useCode(flow: string, name: string): UseQueryResult<LoadedCode> {
  return useQuery(queryOf(useNamespace(), flow, name));
}

/** Of functions that are deployed, those without code. */
export function useMissing(flow: string, names: readonly string[]): readonly string[] {
  const namespace = useNamespace();
  return useQueries({
    queries: names.map((name) => queryOf(namespace, flow, name)),
    combine: (results) => results.flatMap(({ data }) => (data && data.code.file != null && !data.code.exists ? [data.code.function] : [])),
  });
}

/** How a function is since a moment: what was known before says nothing of code that was saved then. */
export function useFunction(flow: string, name: string, since: number): Schemas["FunctionView"] | undefined {
  const namespace = useNamespace();
  const { data } = useQuery({
    queryKey: ["functions", namespace, "of", flow, since],
    gcTime: 0,
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/v1/namespaces/{namespace}/functions", { params: { path: { namespace }, query: { flow } }, signal }))).items,
    refetchInterval: ({ state }) => (state.data?.some((each) => each.name === name && each.state === "starting") ? STARTING_MS : 2_000),
  });
  return data?.find((each) => each.name === name);
}

/** Write the code of a function. Throws `ApiProblem` 412 when the file is another one than `etag` names. */
export async function writeCode(namespace: string, flow: string, name: string, text: string, etag: string | null | undefined): Promise<LoadedCode> {
  const headers: Record<string, string> = etag === undefined ? {} : etag === null ? { "if-none-match": "*" } : { "if-match": etag };
  const { data, etag: now } = await fullAnswer(
    api.PUT("/api/v1/namespaces/{namespace}/flowapps/{flow}/functions/{function}/code", {
      params: { path: { namespace, flow, function: name } },
      body: { text },
      headers,
    }),
  );
  return { code: data, etag: now };
}
