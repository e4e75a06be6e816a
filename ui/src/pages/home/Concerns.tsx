/** What needs attention, each with the way there. */
import { Alert, Anchor, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText, type Format, type Say } from "../../language/language";
import { ALARM, STILL } from "../../parts/chart/alarm";
import { Icon } from "../../parts/icons";
import { triggerPath } from "../operations/triggers/data";
import { batchOf, queuePath } from "../queues/address";
import { isWrong, type Concern } from "./attention";
import { home } from "./messages";

const SHOWN = 8;

export function Concerns({ concerns }: { concerns: readonly Concern[] }): ReactNode {
  const say = useText(home);
  const [whole, setWhole] = useState(false);
  if (concerns.length === 0) {
    return (
      <Alert color="green" variant="light" icon={<Icon name="check" />} title={say("calm")}>
        {say("calmWords")}
      </Alert>
    );
  }
  const shown = whole ? concerns : concerns.slice(0, SHOWN);
  return (
    <Card withBorder component="section" aria-label={say("attention")} p="sm">
      <Title order={2} size="h4" mb="xs">
        {say("attention")}
      </Title>
      <Stack gap={6} component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {shown.map((concern) => (
          <One key={keyOf(concern)} concern={concern} />
        ))}
      </Stack>
      {shown.length < concerns.length && (
        <Anchor component="button" type="button" size="sm" mt="xs" onClick={() => setWhole(true)}>
          {say("more", { count: concerns.length - shown.length })}
        </Anchor>
      )}
    </Card>
  );
}

function One({ concern }: { concern: Concern }): ReactNode {
  const say = useText(home);
  const { duration } = useFormat();
  const wrong = isWrong(concern);
  const error = "error" in concern ? concern.error : null;
  return (
    <Group component="li" gap="xs" wrap="nowrap" align="flex-start">
      <Text span c={wrong ? ALARM : STILL} lh={1} mt={2}>
        <Icon name={wrong ? "warning" : "pause"} size={18} />
      </Text>
      <Stack gap={0}>
        <Anchor component={Link} href={whereTo(concern)} size="sm">
          {words(concern, say, duration)}
        </Anchor>
        {error && (
          <Text size="xs" c="dimmed" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
            {error}
          </Text>
        )}
      </Stack>
    </Group>
  );
}

/** What it is about, however long or many by now: a link that has the focus keeps it. */
function keyOf(concern: Concern): string {
  return `${concern.kind} ${whereTo(concern)} ${"rule" in concern ? ruleName(concern) : ""}`;
}

function whereTo(concern: Concern): string {
  switch (concern.kind) {
    case "faulted":
      return "/executions?status=faulted&within=86400";
    case "long":
      return "/executions?status=running";
    case "suspended":
      return "/executions?status=suspended";
    case "deadLetters":
      return `${queuePath(concern.queue)}?show=dead-letters`;
    case "queuePaused":
      return queuePath(concern.queue);
    case "queueOld":
      return queuePath(concern.queue);
    case "trigger":
    case "triggerLate":
    case "triggerPaused":
      return triggerPath(concern.flow, concern.trigger);
    case "alert":
    case "webhook":
      return "/operations/alerts";
    case "decisions":
      return concern.overdue > 0 ? "/inbox?show=overdue" : "/inbox";
    case "function":
      return `/operations/functions?flow=${encodeURIComponent(concern.flow)}&function=${encodeURIComponent(concern.name)}`;
    case "flowPaused":
      return `/flows/${encodeURIComponent(concern.flow)}`;
  }
}

function ruleName({ flow, rule }: { readonly flow: string | null; readonly rule: string }): string {
  return flow === null ? rule : `${flow} / ${rule}`;
}

function words(concern: Concern, say: Say<typeof home.en>, duration: Format["duration"]): string {
  switch (concern.kind) {
    case "faulted":
      return say(concern.more ? "faultedMore" : "faulted", { count: concern.count });
    case "long":
      return say(concern.more ? "longMore" : "long", { count: concern.count });
    case "suspended":
      return say(concern.more ? "suspendedMore" : "suspended", { count: concern.count });
    case "deadLetters": {
      const batch = batchOf(concern.queue);
      return batch ? say("batchLetters", { ...batch, count: concern.count }) : say("deadLetters", { queue: concern.queue, count: concern.count });
    }
    case "queuePaused":
      return say("queuePaused", { queue: concern.queue, count: concern.count });
    case "queueOld":
      return say("queueOld", { queue: concern.queue, time: duration(concern.seconds) });
    case "trigger":
    case "triggerPaused":
      return say(concern.kind, { flow: concern.flow, trigger: concern.trigger });
    case "triggerLate":
      return say("triggerLate", { flow: concern.flow, trigger: concern.trigger, time: duration(concern.seconds) });
    case "alert":
      return say("alert", { rule: ruleName(concern), count: concern.count });
    case "webhook":
      return say("webhook", { rule: ruleName(concern) });
    case "decisions": {
      const { count, overdue, more } = concern;
      if (count === 0) return say("overdueOthers", { count: overdue });
      const waiting = say(more ? "decisionsMore" : "decisions", { count });
      return overdue > 0 ? `${waiting} · ${say("overdue", { count: overdue })}` : waiting;
    }
    case "function":
      return say("function", { flow: concern.flow, name: concern.name });
    case "flowPaused":
      return say("flowPaused", { flow: concern.flow });
  }
}
