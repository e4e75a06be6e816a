/** How fast a queue was in the last hour, and is: what the server saw before the page was opened, and what came since. */
import { Card, Group, SegmentedControl, SimpleGrid, Text, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useFormat, useText } from "../../language/language";
import { Chart } from "../../parts/chart/Chart";
import { PAST_SECONDS, PAST_STEP_SECONDS } from "./data";
import { queues } from "./messages";
import { knownSince } from "./past";
import { lately, throughput, type Sample } from "./rates";

const SMOOTH_SECONDS = 3;
const CLOSE_SECONDS = 600;
const SPANS = ["hour", "minutes"] as const;

type Span = (typeof SPANS)[number];

interface Props {
  readonly samples: readonly Sample[];
  /** Whether what the server saw is in them: until then nobody knows since when there is a record. */
  readonly hasPast: boolean;
}

export function Throughput({ samples, hasPast }: Props): ReactNode {
  const say = useText(queues);
  const { number, time } = useFormat();
  const [span, setSpan] = useState<Span>("hour");
  const since = knownSince(samples, PAST_SECONDS - 2 * PAST_STEP_SECONDS);
  const isLong = knownSince(samples, CLOSE_SECONDS) === null && samples.length > 0;
  const all = throughput(samples, SMOOTH_SECONDS);
  const { times, enqueued, completed, waiting } = isLong && span === "minutes" ? lately(all, CLOSE_SECONDS) : all;
  const last = (values: readonly (number | null)[]) => number(Math.round(values.at(-1) ?? 0));
  return (
    <Card withBorder p="sm" component="section" aria-label={say("throughput")}>
      <Group justify="space-between" gap="xs" mb={4} mih={30}>
        <Group gap="sm" align="baseline">
          <Title order={2} size="h5">
            {say("throughput")}
          </Title>
          {hasPast && since !== null && (
            <Text size="xs" c="dimmed">
              {say("recordedSince", { time: time(since) })}
            </Text>
          )}
        </Group>
        {isLong && (
          <SegmentedControl
            aria-label={say("span")}
            data={SPANS.map((each) => ({ value: each, label: say(each) }))}
            value={span}
            onChange={setSpan}
            size="xs"
          />
        )}
      </Group>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Chart
          label={say("throughputWords", { put: last(enqueued), done: last(completed), waiting: last(waiting) })}
          times={times}
          height={150}
          lines={[
            { name: `${say("putRate")} (/s)`, color: "blue", values: enqueued },
            { name: `${say("doneRate")} (/s)`, color: "green", values: completed },
          ]}
        />
        <Chart label={`${say("waiting")}: ${last(waiting)}`} times={times} height={150} lines={[{ name: say("waiting"), color: "violet", values: waiting }]} />
      </SimpleGrid>
    </Card>
  );
}
