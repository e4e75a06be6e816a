/** The rules that stand in flows: to be seen beside those of the namespace, and silenced like them. */
import { Anchor, Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../client/api";
import { useMay } from "../../../client/session";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { ActionsHead } from "../../../parts/act/ActionsHead";
import { webhookOf } from "../../../parts/alert/condition";
import { Failure } from "../../../parts/Failure";
import { Section } from "../Section";
import { alerts } from "./messages";
import { ConditionWords } from "./Rules";
import { Silence } from "./Silences";
import { Wide } from "../../../parts/Wide";

/** Nothing where there are none. */
export function FlowRules(): ReactNode {
  const say = useText(alerts);
  const namespace = useNamespace();
  const may = useMay("operator", namespace);
  const { data, error, refetch } = useQuery({
    queryKey: ["flow-alert-rules", namespace],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/namespaces/{namespace}/alerts/flow-rules", { params: { path: { namespace } }, signal }))).items,
  });
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : null;
  if (data.length === 0) return null;
  return (
    <Section title={say("flowRules")} about={say("flowRulesAbout")}>
      <Wide minWidth={640}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {(["flow", "name", "condition", "webhook"] as const).map((each) => (
                <Table.Th key={each}>{say(each)}</Table.Th>
              ))}
              {may && <ActionsHead />}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.map(({ flow, name, rule }) => (
              <Table.Tr key={`${flow}/${name}`}>
                <Table.Td>
                  <Anchor component={Link} href={`/flows/${encodeURIComponent(flow)}`} size="sm">
                    {flow}
                  </Anchor>
                </Table.Td>
                <Table.Td fw={600}>{name}</Table.Td>
                <Table.Td>
                  <ConditionWords rule={rule} />
                </Table.Td>
                <Table.Td maw={320} style={{ overflowWrap: "anywhere" }}>{webhookOf(rule)}</Table.Td>
                {may && (
                  <Table.Td ta="right">
                    <Silence of={name} ofFlow={flow} />
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </Section>
  );
}
