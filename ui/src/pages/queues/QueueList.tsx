/** The queues of a namespace: how deep, how old, how fast. */
import { Anchor, Badge, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText } from "../../language/language";
import { ALARM } from "../../parts/chart/alarm";
import { Empty } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { Wide } from "../../parts/Wide";
import { queuePath } from "./address";
import { useQueues, type SeenQueue } from "./data";
import { Depth } from "./Depth";
import { queues } from "./messages";
import { PutItems } from "./PutItems";
import { rate } from "./rates";

export const RATE_SECONDS = 10;

export function QueueList(): ReactNode {
  const say = useText(queues);
  const { data, error, isPending, refetch } = useQueues();
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) {
    return (
      <Empty icon="queue" title={say("emptyTitle")} action={<PutItems queue={null} />} takes="operator">
        {say("empty")}
      </Empty>
    );
  }
  return (
    <Wide minWidth={760}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("name")}</Table.Th>
            <Table.Th w={150}>
              <VisuallyHidden>{say("state")}</VisuallyHidden>
            </Table.Th>
            {(["ready", "leased", "delayed", "dead", "oldest", "rate", "completed"] as const).map((each) => (
              <Table.Th key={each} ta="right">
                {say(each)}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {data.map((seen) => (
            <Row key={seen.stats.name} seen={seen} />
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

function Row({ seen: { stats: queue, samples } }: { seen: SeenQueue }): ReactNode {
  const { number, duration } = useFormat();
  const speed = rate(samples, "completed", RATE_SECONDS);
  return (
    <Table.Tr style={{ fontVariantNumeric: "tabular-nums" }}>
      <Table.Td>
        <Group gap="xs" wrap="nowrap">
          <Anchor component={Link} href={queuePath(queue.name)} fw={600} size="sm" style={{ overflowWrap: "anywhere" }}>
            {queue.name}
          </Anchor>
          {queue.paused && <Paused />}
        </Group>
      </Table.Td>
      <Table.Td>
        <Depth queue={queue} />
      </Table.Td>
      <Table.Td ta="right">{number(queue.ready)}</Table.Td>
      <Table.Td ta="right">{number(queue.leased)}</Table.Td>
      <Table.Td ta="right">{number(queue.delayed)}</Table.Td>
      <Table.Td ta="right">
        {queue.dead > 0 ? (
          <Anchor component={Link} href={`${queuePath(queue.name)}?show=dead-letters`} size="sm" c={ALARM} fw={600}>
            {number(queue.dead)}
          </Anchor>
        ) : (
          0
        )}
      </Table.Td>
      <Table.Td ta="right">{queue.oldest_ready_seconds === null ? "–" : duration(queue.oldest_ready_seconds)}</Table.Td>
      <Table.Td ta="right">{speed === null ? <Text span c="dimmed">…</Text> : number(Math.round(speed * 10) / 10)}</Table.Td>
      <Table.Td ta="right">{number(queue.completed_total)}</Table.Td>
    </Table.Tr>
  );
}

export function Paused(): ReactNode {
  const say = useText(queues);
  return (
    <Badge variant="light" color="orange" tt="none" leftSection={<Icon name="pause" size={12} />}>
      {say("paused")}
    </Badge>
  );
}
