/** All that is known of an item: whose it is, what is in it, what came of it, who had it when. */
import { Anchor, Badge, Drawer, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { answer, api } from "../../client/api";
import { useMay } from "../../client/session";
import { useFormat, useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Action } from "../../parts/act/Action";
import { act } from "../../parts/act/messages";
import { written } from "../../parts/act/payload";
import { Shown } from "../../parts/act/Shown";
import { Ago } from "../../parts/Ago";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { keys, useItem, type Item } from "./data";
import { headersOf } from "./headers";
import { Until } from "./Items";
import { queues } from "./messages";

const EVENTS = {
  enqueued: "enqueued",
  leased: "leasedEvent",
  extended: "extended",
  completed: "completedEvent",
  released: "released",
  failed: "failed",
  expired: "expired",
  dead: "deadEvent",
  redriven: "redrivenEvent",
} as const;
const STATES = { ready: "blue", leased: "green", delayed: "gray", dead: "red", completed: "green" } as const;

export function ItemDrawer({ queue, item, onClose }: { queue: string; item: string | null; onClose: () => void }): ReactNode {
  const say = useText(queues);
  const sayAct = useText(act);
  return (
    <Drawer opened={item !== null} onClose={onClose} position="right" size="lg" title={say("item")} closeButtonProps={{ "aria-label": sayAct("close") }}>
      {item !== null && <Known queue={queue} id={item} onGone={onClose} />}
    </Drawer>
  );
}

function Known({ queue, id, onGone }: { queue: string; id: string; onGone: () => void }): ReactNode {
  const [leaving, setLeaving] = useState(false);
  const { data, error, isPending, refetch } = useItem(queue, id, leaving);
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  return (
    <Details item={data}>
      <Deeds queue={queue} item={data} onLeaving={setLeaving} onGone={onGone} />
    </Details>
  );
}

/** What can be done about an item that nobody has leased. */
function Deeds({ queue, item, onLeaving, onGone }: { queue: string; item: Item; onLeaving: (leaving: boolean) => void; onGone: () => void }): ReactNode {
  const say = useText(queues);
  const namespace = useNamespace();
  const may = useMay("operator", namespace);
  const queries = useQueryClient();
  const params = { path: { namespace, queue } };
  const { state } = item;
  // What is deleted is not asked for again while it goes from the page.
  const gone = () => {
    onGone();
    void queries.invalidateQueries({ queryKey: keys.items(namespace, queue), predicate: ({ queryKey }) => queryKey[3] !== "one" });
  };
  if (!may || (state !== "ready" && state !== "delayed" && state !== "dead")) return null;
  return (
    <Group gap="xs">
      {state === "dead" && (
        <Action
          label={say("redriveThis")}
          icon="again"
          refresh={keys.all(namespace, queue)}
          act={() => answer(api.POST("/api/v1/namespaces/{namespace}/queues/{queue}/redrive", { params, body: { ids: [item.id], limit: 1 } }))}
        />
      )}
      <Action
        danger
        label={say("deleteThis")}
        icon="trash"
        refresh={[keys.list(namespace), keys.one(namespace, queue), keys.letters(namespace, queue)]}
        act={async () => {
          onLeaving(true);
          await queries.cancelQueries({ queryKey: keys.item(namespace, queue, item.id) });
          try {
            return await answer(api.POST("/api/v1/namespaces/{namespace}/queues/{queue}/purge", { params, body: { what: state, ids: [item.id] } }));
          } catch (error) {
            onLeaving(false);
            throw error;
          }
        }}
        question={{ text: say("deleteAsk", { count: 1 }), confirm: say("deleteYes") }}
        onDone={gone}
      />
    </Group>
  );
}

function Details({ item, children }: { item: Item; children: ReactNode }): ReactNode {
  const say = useText(queues);
  const payload = written(item);
  const headers = headersOf(item);
  const result = written(item.result);
  const state = item.state as keyof typeof STATES;
  return (
    <Stack>
      <Group gap="xs">
        <Text fw={600} style={{ overflowWrap: "anywhere" }}>
          {item.id}
        </Text>
        <Badge variant="light" tt="none" color={STATES[state]}>
          {say(state === "dead" ? "deadOne" : state)}
        </Badge>
      </Group>
      {children}
      <Table layout="fixed" variant="vertical">
        <Table.Tbody>
          <Fact name={say("enqueuedAt")}>
            <Ago at={item.enqueued_at} />
          </Fact>
          {item.put_by != null && (
            <Fact name={say("putBy")}>
              {item.put_by_name} <Text span size="sm" c="dimmed">{item.put_by}</Text>
            </Fact>
          )}
          {item.execution != null && (
            <Fact name={say("execution")}>
              <Anchor component={Link} href={`/executions/${encodeURIComponent(item.execution)}`} size="sm">
                {item.execution}
              </Anchor>
            </Fact>
          )}
          <Fact name={say("attempts")}>{item.attempts}</Fact>
          <Fact name={say("priority")}>{item.priority}</Fact>
          {item.state === "leased" && <Fact name={say("leasedBy")}>{item.leased_by || say("someone")}</Fact>}
          {item.state === "leased" && (
            <Fact name={say("until")}>
              <Until at={item.expires_at} over={say("over")} />
            </Fact>
          )}
          {item.state === "delayed" && (
            <Fact name={say("readyAt")}>
              <Until at={item.run_at} />
            </Fact>
          )}
        </Table.Tbody>
      </Table>
      {item.error && <Shown label={say("error")} text={item.error} height={200} />}
      {payload === null ? (
        <Text size="sm" c="dimmed">
          {say("payload")}: {say("notKept")}
        </Text>
      ) : (
        <Shown label={say("payload")} text={payload} />
      )}
      {result !== null && <Shown label={say("result")} text={result} />}
      {headers && <Shown label={say("headers")} text={headers} height={200} />}
      <History item={item} />
    </Stack>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <Table.Tr>
      <Table.Th w={140}>{name}</Table.Th>
      <Table.Td style={{ overflowWrap: "anywhere" }}>{children}</Table.Td>
    </Table.Tr>
  );
}

function History({ item }: { item: Item }): ReactNode {
  const say = useText(queues);
  const { time } = useFormat();
  const events = item.history ?? [];
  if (events.length === 0) return null;
  return (
    <section>
      <Title order={3} size="h6" mb={4}>
        {say("history")}
      </Title>
      <Table>
        <Table.Tbody>
          {events.map((event, place) => (
            <Table.Tr key={place}>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{time(event.at)}</Table.Td>
              <Table.Td style={{ whiteSpace: "nowrap" }}>{event.what in EVENTS ? say(EVENTS[event.what as keyof typeof EVENTS]) : event.what}</Table.Td>
              <Table.Td style={{ overflowWrap: "anywhere" }}>
                {[event.worker, event.attempt ? say("attempt", { number: event.attempt }) : null, event.detail].filter(Boolean).join(" · ")}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
