/** What was sent to webhooks, or is to be. */
import { Anchor, Badge, Stack, Table, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { answer, api } from "../../../client/api";
import { useFormat, useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { More } from "../../../parts/act/More";
import { Ago } from "../../../parts/Ago";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Wide } from "../../../parts/Wide";
import { Section } from "../Section";
import { placesOf } from "./events";
import { alerts } from "./messages";

const REFRESH_MS = 5_000;
const SHOWN = 50;
const LINKED = 3;
const STATUSES = { pending: "blue", delivered: "green", failed: "red", silenced: "gray" } as const;
const STATES = { firing: "red", resolved: "green" } as const;

export function Notifications(): ReactNode {
  const say = useText(alerts);
  const namespace = useNamespace();
  const sent = useInfiniteQuery({
    queryKey: ["notifications", namespace],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) =>
      answer(
        api.GET("/api/v1/namespaces/{namespace}/alerts/notifications", {
          params: { path: { namespace }, query: { limit: SHOWN, ...(pageParam ? { after: pageParam } : {}) } },
          signal,
        }),
      ),
    getNextPageParam: (page) => page.next ?? null,
    refetchInterval: REFRESH_MS,
  });
  const found = sent.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <Section title={say("notifications")}>
      {sent.isPending ? (
        <Loading lines={3} />
      ) : !sent.data ? (
        <Failure error={sent.error} onRetry={() => void sent.refetch()} />
      ) : found.length === 0 ? (
        <Text size="sm" c="dimmed">
          {say("noNotifications")}
        </Text>
      ) : (
        <Wide minWidth={720}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                {(["when", "rule", "state", "events", "status", "attempts", "error"] as const).map((each) => (
                  <Table.Th key={each}>{say(each)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map((each) => (
                <Table.Tr key={each.id}>
                  <Table.Td>
                    <Ago at={each.created_at} />
                  </Table.Td>
                  <Table.Td>{[each.flow, each.rule].filter(Boolean).join(" / ")}</Table.Td>
                  <Table.Td>
                    <Named value={each.state} colors={STATES} />
                  </Table.Td>
                  <Table.Td>
                    <Happened count={each.count} events={each.events} />
                  </Table.Td>
                  <Table.Td>
                    <Named value={each.status} colors={STATUSES} />
                  </Table.Td>
                  <Table.Td>{each.attempts}</Table.Td>
                  <Table.Td style={{ overflowWrap: "anywhere" }}>{each.error ?? "–"}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Wide>
      )}
      <More of={sent} />
    </Section>
  );
}

/** How many there were, and the way to the first of them: executions that failed, or queues. */
function Happened({ count, events }: { count: number; events: readonly unknown[] }): ReactNode {
  const say = useText(alerts);
  const { number } = useFormat();
  const places = placesOf(events);
  return (
    <Stack gap={0} align="flex-start">
      {(places.length === 0 || count > 1) && <Text size="sm">{number(count)}</Text>}
      {places.slice(0, LINKED).map(({ text, href }) => (
        <Anchor key={href} component={Link} href={href} size="sm" style={{ overflowWrap: "anywhere" }}>
          {text}
        </Anchor>
      ))}
      {places.length > LINKED && (
        <Text size="xs" c="dimmed">
          {say("andMore", { count: count - LINKED })}
        </Text>
      )}
    </Stack>
  );
}

function Named<Name extends keyof typeof alerts.en>({ value, colors }: { value: string; colors: Readonly<Record<Name, string>> }): ReactNode {
  const say = useText(alerts);
  const known = value in colors ? (value as Name) : null;
  const texts: Record<string, string> = { firing: say("firing"), resolved: say("resolved"), pending: say("pending"), delivered: say("delivered"), failed: say("failed"), silenced: say("silenced") };
  return (
    <Badge variant="light" tt="none" color={known ? colors[known] : "gray"}>
      {texts[value] ?? value}
    </Badge>
  );
}
