/** The names that the fields of a rule offer. */
import { useQuery } from "@tanstack/react-query";
import { answer, api } from "../../client/api";
import { useNamespace } from "../../namespace";

export function useQueueNames(): readonly string[] {
  const namespace = useNamespace();
  const { data } = useQuery({
    queryKey: ["queue-names", namespace],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/v1/namespaces/{namespace}/queues", { params: { path: { namespace } }, signal }))).items.map(({ name }) => name),
  });
  return data ?? [];
}

export function useSecretNames(): readonly string[] {
  const namespace = useNamespace();
  const { data } = useQuery({
    queryKey: ["secret-names", namespace],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/v1/namespaces/{namespace}/secrets", { params: { path: { namespace } }, signal }))).items.map(({ name }) => name),
  });
  return data ?? [];
}
