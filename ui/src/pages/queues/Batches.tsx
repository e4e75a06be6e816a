/** Batches under way: how far, how fast, how long still. */
import { Anchor, Card, Group, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText } from "../../language/language";
import { queuePath } from "./address";
import { useBatches, type Batch } from "./data";
import { queues } from "./messages";
import { partDone } from "./progress";

/** Those of a namespace, or of one queue; nothing where there are none. */
export function Batches({ queue }: { queue?: string }): ReactNode {
  const say = useText(queues);
  const batches = useBatches(queue);
  if (batches.length === 0) return null;
  return (
    <Stack gap="xs" component="section" aria-label={say("batches")}>
      <Title order={2} size="h4">
        {say("batches")}
      </Title>
      <SimpleGrid cols={{ base: 1, lg: batches.length > 1 ? 2 : 1 }}>
        {batches.map((batch) => (
          <One key={`${batch.execution}/${batch.run_id}/${batch.attempt}`} batch={batch} linked={queue === undefined} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function One({ batch, linked }: { batch: Batch; linked: boolean }): ReactNode {
  const say = useText(queues);
  const { number, percent, duration } = useFormat();
  const done = batch.completed + batch.failed;
  const part = partDone(batch);
  const share = (count: number) => (batch.total ? (count / batch.total) * 100 : 0);
  return (
    <Card withBorder p="sm">
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Text fw={600} size="sm">
            {say("batchOf", { task: batch.task, flow: batch.flow })}
          </Text>
          <Text size="sm" fw={600}>
            {part === null ? "–" : percent(part)}
          </Text>
        </Group>
        <Progress.Root size="lg">
          <Progress.Section value={share(batch.completed)} color="green" aria-label={say("progress", { task: batch.task })} />
          <Progress.Section value={share(batch.failed)} color="red" aria-label={say("failed")} />
        </Progress.Root>
        <Group gap="md">
          <Text size="sm">
            {batch.total === null
              ? say("batchCountsOpen", { done, failed: batch.failed })
              : say("batchCounts", { done, total: batch.total, failed: batch.failed })}
          </Text>
          {batch.reused > 0 && <Text size="sm">{say("batchReused", { count: batch.reused })}</Text>}
          {batch.rate_per_second !== null && <Text size="sm">{say("perSecond", { rate: number(Math.round(batch.rate_per_second)) })}</Text>}
          {batch.seconds_left !== null && (
            <Text size="sm" fw={600}>
              {say("left", { time: duration(batch.seconds_left) })}
            </Text>
          )}
        </Group>
        <Group gap="md">
          <Anchor component={Link} href={`/executions/${encodeURIComponent(batch.execution)}`} size="sm">
            {say("execution")} {batch.execution}
          </Anchor>
          {linked && (
            <Text size="sm" c="dimmed" style={{ overflowWrap: "anywhere" }}>
              {say("onQueue", { count: batch.put })}{" "}
              <Anchor component={Link} href={queuePath(batch.queue)} size="sm">
                {batch.queue}
              </Anchor>
            </Text>
          )}
        </Group>
      </Stack>
    </Card>
  );
}
