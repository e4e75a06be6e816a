/** The rules of a namespace. */
import { Group, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { answer, api, type Schemas } from "../../../client/api";
import { useMay } from "../../../client/session";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Action } from "../../../parts/act/Action";
import { ActionsHead } from "../../../parts/act/ActionsHead";
import { Ago } from "../../../parts/Ago";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Section } from "../Section";
import { conditionOf, webhookOf } from "./condition";
import { alerts } from "./messages";
import { RuleForm } from "./RuleForm";

type AlertRule = Schemas["AlertRule"];

export function Rules(): ReactNode {
  const say = useText(alerts);
  const namespace = useNamespace();
  const may = useMay("editor", namespace);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["alert-rules", namespace],
    queryFn: async ({ signal }) => (await answer(api.GET("/api/v1/namespaces/{namespace}/alerts/rules", { params: { path: { namespace } }, signal }))).items,
  });
  return (
    <Section title={say("rules")} about={say("rulesAbout")} actions={may && <RuleForm rule={null} />}>
      {isPending ? (
        <Loading lines={3} />
      ) : !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data.length === 0 ? (
        <Text size="sm" c="dimmed">
          {say("noRules")}
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={640}>
          <Table highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                {(["name", "condition", "webhook", "changed"] as const).map((each) => (
                  <Table.Th key={each}>{say(each)}</Table.Th>
                ))}
                {may && <ActionsHead />}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.map((rule) => (
                <Row key={rule.name} rule={rule} may={may} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}

function Row({ rule, may }: { rule: AlertRule; may: boolean }): ReactNode {
  const say = useText(alerts);
  const namespace = useNamespace();
  return (
    <Table.Tr>
      <Table.Td fw={600}>{rule.name}</Table.Td>
      <Table.Td>
        <ConditionWords rule={rule.rule} />
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{webhookOf(rule.rule)}</Table.Td>
      <Table.Td>
        <Ago at={rule.updated_at} /> · {rule.updated_by}
      </Table.Td>
      {may && (
        <Table.Td>
          <Group gap="xs" justify="flex-end" wrap="nowrap">
            <RuleForm rule={rule} />
            <Action
              small
              danger
              label={say("delete", { name: rule.name })}
              icon="trash"
              refresh={[["alert-rules", namespace]]}
              act={() => answer(api.DELETE("/api/v1/namespaces/{namespace}/alerts/rules/{name}", { params: { path: { namespace, name: rule.name } } }))}
              question={{ text: say("deleteAsk", { name: rule.name }), confirm: say("deleteYes") }}
            />
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

function ConditionWords({ rule }: { rule: AlertRule["rule"] }): ReactNode {
  const say = useText(alerts);
  const condition = conditionOf(rule);
  switch (condition.kind) {
    case "faultedMany":
      return say("faultedMany", { count: condition.count, within: condition.within });
    case "slower":
    case "stuck":
      return say(condition.kind, { time: condition.time });
    case "deadLetterOf":
      return say("deadLetterOf", { queue: condition.queue });
    case "queueOlder":
      return say("queueOlder", { queue: condition.queue, time: condition.time });
    default:
      return say(condition.kind);
  }
}
