/** The rules of a namespace. */
import { Group, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { answer, api, type Schemas } from "../../../client/api";
import { useMay } from "../../../client/session";
import { useFormat, useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Action } from "../../../parts/act/Action";
import { ActionsHead } from "../../../parts/act/ActionsHead";
import { Ago } from "../../../parts/Ago";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Wide } from "../../../parts/Wide";
import { Section } from "../Section";
import { conditionOf, webhookOf } from "../../../parts/alert/condition";
import { useRules } from "./data";
import { secondsOf } from "../../../parts/alert/duration";
import { alerts } from "./messages";
import { RuleForm } from "./RuleForm";
import { Silence } from "./Silences";

type AlertRule = Schemas["AlertRule"];

export function Rules(): ReactNode {
  const say = useText(alerts);
  const may = useMay("editor", useNamespace());
  const { data, error, isPending, refetch } = useRules();
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
        <Wide minWidth={640}>
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
        </Wide>
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
      <Table.Td maw={320} style={{ overflowWrap: "anywhere" }}>{webhookOf(rule.rule)}</Table.Td>
      <Table.Td>
        <Ago at={rule.updated_at} /> · {rule.updated_by}
      </Table.Td>
      {may && (
        <Table.Td>
          <Group gap="xs" justify="flex-end" wrap="nowrap">
            <RuleForm rule={rule} />
            <Silence of={rule.name} />
            <Action
              small
              danger
              label={say("delete", { name: rule.name })}
              icon="trash"
              refresh={[["alert-rules", namespace]]}
              act={() => answer(api.DELETE("/api/v1/namespaces/{namespace}/alerts/rules/{name}", { params: { path: { namespace, name: rule.name }, header: { "If-Match": rule.etag } } }))}
              question={{ text: say("deleteAsk", { name: rule.name }), confirm: say("deleteYes") }}
            />
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

export function ConditionWords({ rule }: { rule: AlertRule["rule"] }): ReactNode {
  const say = useText(alerts);
  const { duration } = useFormat();
  const condition = conditionOf(rule);
  const words = (time: string) => {
    const seconds = secondsOf(time.startsWith("{") ? JSON.parse(time) : time);
    return seconds === null ? time : duration(seconds);
  };
  switch (condition.kind) {
    case "faultedMany":
      return say("faultedMany", { count: condition.count, within: words(condition.within) });
    case "slower":
    case "stuck":
      return say(condition.kind, { time: words(condition.time) });
    case "deadLetterOf":
      return say("deadLetterOf", { queue: condition.queue });
    case "queueOlder":
      return say("queueOlder", { queue: condition.queue, time: words(condition.time) });
    default:
      return say(condition.kind);
  }
}
