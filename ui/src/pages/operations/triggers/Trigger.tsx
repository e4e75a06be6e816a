/** One trigger: how it is, what it did, and a try by hand. */
import { Alert, Anchor, Code, Group, SimpleGrid, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { ApiProblem } from "../../../client/api";
import { useMay } from "../../../client/session";
import { useFormat, useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Copy } from "../../../parts/act/Copy";
import { More } from "../../../parts/act/More";
import { Ago } from "../../../parts/Ago";
import { Tile } from "../../../parts/chart/Tile";
import { Empty } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import { Loading } from "../../../parts/Loading";
import { Page } from "../../../parts/Page";
import { Wide } from "../../../parts/Wide";
import { Until } from "../../queues/Items";
import { Section } from "../Section";
import { Arrivals } from "./Arrivals";
import { useFirings, useTrigger, type Firing, type TriggerView } from "./data";
import { Fire } from "./Fire";
import { triggers } from "./messages";
import { Open } from "./Triggers";
import { Outcome, PauseTrigger, TriggerState, useOutcome } from "./TriggerState";

const OPEN = ["pending", "running", "waiting", "suspended"].map((status) => ["status", status]);

export function Trigger({ flow, name }: { flow: string; name: string }): ReactNode {
  const say = useText(triggers);
  const { data, error, isPending, refetch } = useTrigger(flow, name);
  const may = useMay("operator", useNamespace());
  const missing = error instanceof ApiProblem && error.status === 404;
  return (
    <Page
      title={name}
      actions={
        data && (
          <>
            <TriggerState trigger={data} />
            {may && <PauseTrigger trigger={data} small={false} />}
          </>
        )
      }
    >
      <Group gap="md">
        <Anchor component={Link} href="/operations/triggers" size="sm">
          {say("all")}
        </Anchor>
        <Anchor component={Link} href={`/flows/${encodeURIComponent(flow)}`} size="sm">
          {say("flow")}: {flow}
        </Anchor>
      </Group>
      {isPending && <Loading lines={8} />}
      {missing && (
        <Empty icon="listen" title={say("missingTitle")}>
          {say("missing")}
        </Empty>
      )}
      {!data && error && !missing && <Failure error={error} onRetry={() => void refetch()} />}
      {data && <Known trigger={data} />}
    </Page>
  );
}

function Known({ trigger }: { trigger: TriggerView }): ReactNode {
  const say = useText(triggers);
  const { duration, number } = useFormat();
  const words = useOutcome();
  const may = useMay("operator", useNamespace());
  const counts = Object.entries(trigger.counts).filter(([, count]) => count > 0);
  return (
    <>
      {trigger.error && (
        <Alert color="red" variant="light" icon={<Icon name="warning" />} title={say("broken")}>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {trigger.error}
          </Text>
        </Alert>
      )}
      {trigger.open !== null && trigger.max_open !== null && trigger.open >= trigger.max_open && (
        <Alert color="orange" variant="light" icon={<Icon name="pause" />} title={say("full")}>
          <Text size="sm">{say("fullWords", { max: trigger.max_open })}</Text>
          <Anchor component={Link} href={`/executions?${new URLSearchParams([...OPEN, ["flow", trigger.flow], ["trigger", trigger.name]]).toString()}`} size="sm">
            {say("fullSee")}
          </Anchor>
        </Alert>
      )}
      {trigger.url && (
        <Group gap="xs" wrap="nowrap">
          <Text size="sm" fw={600}>
            {say("url")}
          </Text>
          <Code fz="sm" style={{ overflowWrap: "anywhere" }}>
            {trigger.method} {trigger.url}
          </Code>
          <Copy text={trigger.url} label={say("copyUrl")} />
        </Group>
      )}
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="xs">
        <Tile name={say("kind")} value={trigger.kind} />
        <Tile name={say("last")} value={trigger.last ? <Ago at={trigger.last.at} /> : say("never")} more={trigger.last && words(trigger.last.outcome)} />
        <Tile name={say("next")} value={<Until at={trigger.next_at} />} />
        <Tile name={say("lag")} value={trigger.lag_seconds === null ? "–" : duration(trigger.lag_seconds)} />
        <Tile name={say("open")} value={<Open trigger={trigger} />} />
      </SimpleGrid>
      {counts.length > 0 && (
        <Group gap="md">
          <Text size="sm" c="dimmed">
            {say("counts")}:
          </Text>
          {counts.map(([outcome, count]) => (
            <Group key={outcome} gap={6}>
              <Outcome outcome={outcome} />
              <Text size="sm">{number(count)}</Text>
            </Group>
          ))}
        </Group>
      )}
      {may && <Fire trigger={trigger} />}
      <Arrivals trigger={trigger} />
      <Firings trigger={trigger} />
    </>
  );
}

function Firings({ trigger }: { trigger: TriggerView }): ReactNode {
  const say = useText(triggers);
  const pages = useFirings(trigger.flow, trigger.name);
  const { data, error, isPending, refetch } = pages;
  const firings = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section title={say("firings")}>
      {isPending ? (
        <Loading lines={4} />
      ) : !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : firings.length === 0 ? (
        <Text size="sm" c="dimmed">
          {say("noFirings")}
        </Text>
      ) : (
        <Wide minWidth={720}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                {(["when", "outcome", "execution", "due", "reason", "key"] as const).map((each) => (
                  <Table.Th key={each}>{say(each)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {firings.map((firing, place) => (
                <Row key={`${firing.at}/${firing.execution ?? firing.key ?? place}`} firing={firing} />
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
      <More of={pages} />
    </Section>
  );
}

function Row({ firing }: { firing: Firing }): ReactNode {
  const say = useText(triggers);
  return (
    <Table.Tr>
      <Table.Td>
        <Ago at={firing.at} />
      </Table.Td>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Outcome outcome={firing.outcome} />
          {firing.count > 1 && <Text size="sm">{say("times", { count: firing.count })}</Text>}
        </Group>
      </Table.Td>
      <Table.Td>
        {firing.execution ? (
          <Anchor component={Link} href={`/executions/${encodeURIComponent(firing.execution)}`} size="sm">
            {firing.execution}
          </Anchor>
        ) : (
          "–"
        )}
      </Table.Td>
      <Table.Td>
        <Ago at={firing.due_at} />
      </Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{firing.reason ?? "–"}</Table.Td>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{firing.key ?? "–"}</Table.Td>
    </Table.Tr>
  );
}
