/** What the alert pages read: the rules, names to choose from, and what a rule would send. */
import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useDebouncedValue } from "@mantine/hooks";
import { answer, api, type Schemas } from "../../../client/api";
import { useNamespace } from "../../../namespace";
import type { Rule } from "../../../parts/alert/condition";

const PAUSE_MS = 400;

export function useFlowNames(): readonly string[] {
  const namespace = useNamespace();
  const { data } = useQuery({
    queryKey: ["flow-names", namespace],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/api/v1/namespaces/{namespace}/flowapps", { params: { path: { namespace }, query: { limit: 500 } }, signal }))).items.map(({ name }) => name),
  });
  return data ?? [];
}

export function useRules(): UseQueryResult<readonly Schemas["AlertRule"][]> {
  const namespace = useNamespace();
  return useQuery({
    queryKey: ["alert-rules", namespace],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/namespaces/{namespace}/alerts/rules", { params: { path: { namespace } }, signal }))).items,
  });
}

/** What a rule would send, a moment after it was written; null: nothing is asked for. */
export function usePreview(name: string, rule: Rule | null): UseQueryResult<Schemas["Preview"]> {
  const namespace = useNamespace();
  const [settled] = useDebouncedValue(rule === null ? null : JSON.stringify(rule), PAUSE_MS);
  return useQuery({
    queryKey: ["alert-preview", namespace, name, settled],
    enabled: settled !== null,
    queryFn: ({ signal }) =>
      answer(
        api.POST("/api/v1/namespaces/{namespace}/alerts/rules/{name}/preview", {
          params: { path: { namespace, name: name || "example" } },
          body: JSON.parse(settled ?? "{}") as Record<string, unknown>,
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });
}
