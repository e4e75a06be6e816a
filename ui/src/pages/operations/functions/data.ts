/** The functions of the namespace, asked again every few seconds. */
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { answer, api, type Schemas } from "../../../client/api";
import { useNamespace } from "../../../namespace";

export type FunctionView = Schemas["FunctionView"];

const REFRESH_MS = 3_000;

export function useFunctions(): UseQueryResult<readonly FunctionView[]> {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["functions", namespace],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/namespaces/{namespace}/functions", { params: { path: { namespace } }, signal }))).items,
    refetchInterval: REFRESH_MS,
  });
}
