/** What needs attention, and a calm overview of how it goes. */
import { Anchor, Button, Card, Group, SimpleGrid, Stack, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText } from "../../language/language";
import { Ago } from "../../parts/Ago";
import { Bars } from "../../parts/chart/Bars";
import { Tile } from "../../parts/chart/Tile";
import { Empty } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { parts } from "../../parts/messages";
import { Page } from "../../parts/Page";
import { Status, STATUS_COLORS } from "../../parts/Status";
import { Until } from "../queues/Items";
import { attention } from "./attention";
import { Concerns } from "./Concerns";
import { useOverview, type Execution, type Overview } from "./data";
import { home } from "./messages";

const ROWS = 6;

export default function Home(): ReactNode {
  const say = useText(home);
  const { data, error, isPending, refetch } = useOverview();
  return (
    <Page title={say("title")}>
      {isPending ? <Loading lines={8} /> : data ? <Known overview={data} /> : <Failure error={error} onRetry={() => void refetch()} />}
    </Page>
  );
}

function Known({ overview }: { overview: Overview }): ReactNode {
  const say = useText(home);
  const concerns = attention(overview.known);
  if (overview.lately.length === 0 && concerns.length === 0) {
    return (
      <Empty
        icon="flow"
        title={say("welcome")}
        action={
          <Button component={Link} href="/flows" size="xs">
            {say("toFlows")}
          </Button>
        }
      >
        {say("welcomeWords")}
      </Empty>
    );
  }
  return (
    <>
      <Concerns concerns={concerns} />
      <Figures overview={overview} />
      {overview.lately.length > 0 && <Lately executions={overview.lately} />}
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Few title={say("open")} executions={overview.open} none={say("noneOpen")} href="/executions?status=running&status=waiting" />
        {overview.failed.length > 0 && <Few title={say("failed")} executions={overview.failed} none="" href="/executions?status=faulted" />}
      </SimpleGrid>
    </>
  );
}

function Figures({ overview }: { overview: Overview }): ReactNode {
  const say = useText(home);
  const { number, percent } = useFormat();
  const { lately, open } = overview;
  const ended = lately.filter(({ ended_at }) => ended_at !== null);
  const failed = ended.filter(({ status }) => status === "faulted").length;
  const link = (href: string, text: string) => (
    <Anchor component={Link} href={href} inherit c="inherit" underline="hover">
      {text}
    </Anchor>
  );
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="xs">
      <Tile name={say("flows")} value={link("/flows", `${number(overview.flowCount)}${overview.moreFlows ? "+" : ""}`)} />
      <Tile name={say("under")} value={link("/executions?status=running&status=waiting", `${number(open.length)}${open.length >= 100 ? "+" : ""}`)} />
      <Tile name={say("failedShare", { count: ended.length })} value={ended.length === 0 ? "–" : percent(failed / ended.length)} />
      <Tile name={say("queued")} value={link("/queues", number(overview.queued))} />
      <Tile name={say("nextFiring")} value={overview.nextAt === null ? say("none") : <Until at={overview.nextAt} />} />
    </SimpleGrid>
  );
}

function Lately({ executions }: { executions: readonly Execution[] }): ReactNode {
  const say = useText(home);
  const sayStatus = useText(parts);
  const { duration } = useFormat();
  const failed = executions.filter(({ status }) => status === "faulted").length;
  const open = executions.filter(({ ended_at }) => ended_at === null).length;
  // The API gives the newest first; a picture goes from left to right.
  const bars = executions.toReversed().map((each) => ({
    key: each.id,
    // Few that took long would make all others flat.
    value: Math.log1p(each.duration_seconds * 1000),
    color: STATUS_COLORS[each.status],
    title: `${each.flow} · ${sayStatus(each.status)} · ${duration(each.duration_seconds)}`,
  }));
  return (
    <Card withBorder component="section" p="sm" aria-label={say("lately", { count: executions.length })}>
      <Title order={2} size="h4" mb="xs">
        {say("lately", { count: executions.length })}
      </Title>
      <Bars label={say("latelyWords", { count: executions.length, failed, open })} bars={bars} height={64} />
      <Group justify="space-between" aria-hidden="true">
        <Text size="xs" c="dimmed">
          {say("oldestLeft")}
        </Text>
        <Text size="xs" c="dimmed">
          {say("newestRight")}
        </Text>
      </Group>
    </Card>
  );
}

function Few({ title, executions, none, href }: { title: string; executions: readonly Execution[]; none: string; href: string }): ReactNode {
  const say = useText(home);
  return (
    <Card withBorder component="section" p="sm" aria-label={title}>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {title}
          </Title>
          {executions.length > 0 && (
            <Anchor component={Link} href={href} size="sm">
              {say("all")}
            </Anchor>
          )}
        </Group>
        {executions.length === 0 ? (
          <Text size="sm" c="dimmed">
            {none}
          </Text>
        ) : (
          <Table>
            <Table.Tbody>
              {executions.slice(0, ROWS).map((each) => (
                <Table.Tr key={each.id}>
                  <Table.Td>
                    <Anchor component={Link} href={`/executions/${encodeURIComponent(each.id)}`} size="sm">
                      {each.flow}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <Status status={each.status} />
                  </Table.Td>
                  <Table.Td ta="right">
                    <Text size="sm" span>
                      <Ago at={each.started_at ?? each.created_at} />
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Stack>
    </Card>
  );
}
