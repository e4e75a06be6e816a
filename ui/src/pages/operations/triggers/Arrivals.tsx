/** What came to a trigger last, and what was refused last with its reason: who debugs a webhook begins here. */
import { Alert, Anchor, Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useText } from "../../../language/language";
import { Shown } from "../../../parts/act/Shown";
import { Ago } from "../../../parts/Ago";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import { Loading } from "../../../parts/Loading";
import { Section } from "../Section";
import { useArrivals, type Arrival, type TriggerView } from "./data";
import { triggers } from "./messages";
import { isSame } from "./same";
import { Outcome } from "./TriggerState";

export function Arrivals({ trigger: { flow, name } }: { trigger: TriggerView }): ReactNode {
  const say = useText(triggers);
  const { data, error, isPending, refetch } = useArrivals(flow, name, true);
  const last = data?.last;
  const refused = data?.refused && !isSame(data.refused, last) ? data.refused : null;
  const filtered = data?.filtered;
  return (
    <Section title={say("arrivals")} about={say("arrivalsAbout")}>
      {isPending ? (
        <Loading lines={4} />
      ) : !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : last || refused || filtered ? (
        <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
          {last && <One title={say("arrivedLast")} arrival={last} />}
          {refused && <One title={say("arrivedRefused")} arrival={refused} />}
          {filtered && <One title={say("arrivedFiltered")} arrival={filtered} />}
        </SimpleGrid>
      ) : (
        <Text size="sm" c="dimmed">
          {say("noArrivals")}
        </Text>
      )}
    </Section>
  );
}

function One({ title, arrival }: { title: string; arrival: Arrival }): ReactNode {
  const say = useText(triggers);
  const { at, outcome, cause, detail, execution, omitted, hidden = [] } = arrival;
  return (
    <Paper withBorder p="sm" component="section" aria-label={title} miw={0}>
      <Stack gap="xs">
        <Group justify="space-between" gap="xs">
          <Title order={3} size="h6">
            {title}
          </Title>
          <Group gap="xs">
            <Ago at={at} />
            <Outcome outcome={outcome} />
          </Group>
        </Group>
        {cause && (
          <Alert color={outcome === "filtered" ? "gray" : "red"} variant="light" p="xs" icon={<Icon name={outcome === "filtered" ? "listen" : "warning"} size={16} />} title={say(`cause-${cause}`)}>
            {detail && (
              <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                {detail}
              </Text>
            )}
          </Alert>
        )}
        {execution && (
          <Anchor component={Link} href={`/executions/${encodeURIComponent(execution)}`} size="sm">
            {say("see")} {execution}
          </Anchor>
        )}
        {omitted ? (
          <Text size="sm" c="dimmed">
            {say("tooLarge")}
          </Text>
        ) : (
          <Shown label={say("arrived")} text={JSON.stringify(arrival.payload ?? null, null, 2)} height={260} />
        )}
        {hidden.length > 0 && (
          <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
            {say("hidden", { names: hidden.join(", ") })}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}
