/** Batches that were: how they ended, how long they took, where to look closer. */
import { Anchor, Button, Stack, Table, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText } from "../../language/language";
import { Ago } from "../../parts/Ago";
import { ALARM } from "../../parts/chart/alarm";
import { Failure } from "../../parts/Failure";
import { Status } from "../../parts/Status";
import { Wide } from "../../parts/Wide";
import { queuePath } from "./address";
import { usePastBatches, type Batch } from "./data";
import { queues } from "./messages";
import { speedOf } from "./progress";

/** Those of the namespace whose executions are kept; nothing where there are none. */
export function PastBatches(): ReactNode {
  const say = useText(queues);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = usePastBatches();
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : null;
  const batches = data.pages.flatMap(({ items }) => items);
  if (batches.length === 0 && !hasNextPage) return null;
  return (
    <Stack gap="xs" component="section" aria-label={say("pastBatches")}>
      <Title order={2} size="h4">
        {say("pastBatches")}
      </Title>
      <Wide minWidth={860}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("batch")}</Table.Th>
              <Table.Th>{say("state")}</Table.Th>
              <Table.Th ta="right">{say("itemsDone")}</Table.Th>
              <Table.Th ta="right">{say("itemsFailed")}</Table.Th>
              <Table.Th ta="right">{say("batchDuration")}</Table.Th>
              <Table.Th ta="right">{say("batchSpeed")}</Table.Th>
              <Table.Th>{say("batchEnded")}</Table.Th>
              <Table.Th>{say("name")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {batches.map((batch) => (
              <Row key={`${batch.execution}/${batch.run_id}/${batch.attempt}`} batch={batch} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      {hasNextPage && (
        <Button variant="default" size="xs" style={{ alignSelf: "start" }} loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {say("moreBatches")}
        </Button>
      )}
    </Stack>
  );
}

function Row({ batch }: { batch: Batch }): ReactNode {
  const say = useText(queues);
  const { number, duration } = useFormat();
  const done = batch.completed + batch.failed;
  const speed = speedOf({ ...batch, seconds: batch.duration_seconds });
  return (
    <Table.Tr style={{ fontVariantNumeric: "tabular-nums" }}>
      <Table.Td>
        <Anchor component={Link} href={`/executions/${encodeURIComponent(batch.execution)}`} size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
          {say("batchOf", { task: batch.task, flow: batch.flow })}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Status status={batch.status} />
      </Table.Td>
      <Table.Td ta="right">{batch.total === null ? number(done) : say("doneOf", { done, total: batch.total })}</Table.Td>
      <Table.Td ta="right">
        {batch.failed > 0 ? (
          <Text span size="sm" c={ALARM} fw={600}>
            {number(batch.failed)}
          </Text>
        ) : (
          0
        )}
      </Table.Td>
      <Table.Td ta="right">{duration(batch.duration_seconds)}</Table.Td>
      <Table.Td ta="right">{speed === null ? "–" : number(speed < 10 ? Math.round(speed * 10) / 10 : Math.round(speed))}</Table.Td>
      <Table.Td style={{ whiteSpace: "nowrap" }}>
        <Ago at={batch.ended_at} />
      </Table.Td>
      <Table.Td maw={280}>
        <Anchor component={Link} href={queuePath(batch.queue)} size="sm" style={{ overflowWrap: "anywhere" }}>
          {batch.queue}
        </Anchor>
      </Table.Td>
    </Table.Tr>
  );
}
