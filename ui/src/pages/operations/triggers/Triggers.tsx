/** The triggers of a namespace. */
import { Anchor, Group, Table, Text } from "@mantine/core";
import { memo, type ReactNode } from "react";
import { Link } from "wouter";
import { useMay } from "../../../client/session";
import { useFormat, useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { ActionsHead } from "../../../parts/act/ActionsHead";
import { Copy } from "../../../parts/act/Copy";
import { Ago } from "../../../parts/Ago";
import { Empty, Go } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Wide } from "../../../parts/Wide";
import { Until } from "../../queues/Items";
import { operations } from "../messages";
import { Narrow, useNarrowing } from "../Narrow";
import { says } from "../words";
import { Section } from "../Section";
import { triggerPath, useTriggers, type TriggerView } from "./data";
import { stateOf, TRIGGER_STATES } from "./state";
import { triggers } from "./messages";
import { Outcome, PauseTrigger, TriggerState } from "./TriggerState";

export function Triggers(): ReactNode {
  const say = useText(triggers);
  const sayAll = useText(operations);
  const by = useNarrowing();
  const { data, error, isPending, refetch } = useTriggers();
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) {
    return (
      <Empty icon="listen" title={say("emptyTitle")} action={<Go to="/flows/new">{sayAll("newFlow")}</Go>} takes="editor">
        {say("empty")}
      </Empty>
    );
  }
  const shown = data.filter((each) => (by.state === null || stateOf(each) === by.state) && says(by.words, each.name, each.flow, each.kind, each.url, each.error));
  return (
    <Section about={say("about")}>
      <Narrow by={by} states={TRIGGER_STATES.map((value) => ({ value, label: say(value) }))} shown={shown.length} all={data.length} />
      {shown.length === 0 && (
        <Text size="sm" c="dimmed">
          {sayAll("noneFit")}
        </Text>
      )}
      <Wide minWidth={880}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {(["name", "flow", "kind", "state", "last", "next", "lag", "open"] as const).map((each) => (
                <Table.Th key={each}>{say(each)}</Table.Th>
              ))}
              <ActionsHead />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((trigger) => (
              <Row key={`${trigger.flow}/${trigger.name}`} trigger={trigger} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
    </Section>
  );
}

/** Drawn anew only when something about it changed: there may be hundreds. */
const Row = memo(function Row({ trigger }: { trigger: TriggerView }): ReactNode {
  const say = useText(triggers);
  const { duration } = useFormat();
  const may = useMay("operator", useNamespace());
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} href={triggerPath(trigger.flow, trigger.name)} fw={600} size="sm">
          {trigger.name}
        </Anchor>
        {trigger.url && (
          <Group gap={2} wrap="nowrap">
            <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {trigger.method} {new URL(trigger.url).pathname}
            </Text>
            <Copy text={trigger.url} label={say("copyUrl")} />
          </Group>
        )}
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} href={`/flows/${encodeURIComponent(trigger.flow)}`} size="sm">
          {trigger.flow}
        </Anchor>
      </Table.Td>
      <Table.Td>{trigger.kind}</Table.Td>
      <Table.Td>
        <TriggerState trigger={trigger} />
      </Table.Td>
      <Table.Td>
        {trigger.last ? (
          <Group gap="xs" wrap="nowrap">
            <Ago at={trigger.last.at} />
            <Outcome outcome={trigger.last.outcome} />
          </Group>
        ) : (
          say("never")
        )}
      </Table.Td>
      <Table.Td>
        <Until at={trigger.next_at} />
      </Table.Td>
      <Table.Td>{trigger.lag_seconds === null ? "–" : duration(trigger.lag_seconds)}</Table.Td>
      <Table.Td>
        <Open trigger={trigger} />
      </Table.Td>
      <Table.Td>{may && <PauseTrigger trigger={trigger} small />}</Table.Td>
    </Table.Tr>
  );
});

export function Open({ trigger: { open, max_open } }: { trigger: TriggerView }): ReactNode {
  const say = useText(triggers);
  const { number } = useFormat();
  if (open === null) return "–";
  return max_open === null ? number(open) : say("openOf", { open, max: max_open });
}
