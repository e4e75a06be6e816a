/** One queue, live: how it is, what is in it, and what can be done about it. */
import { Anchor, Badge, SimpleGrid, Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { answer, api, ApiProblem } from "../../client/api";
import { useMay } from "../../client/session";
import { useFormat, useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Action } from "../../parts/act/Action";
import { Tile } from "../../parts/chart/Tile";
import { Empty } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { queuePath } from "./address";
import { Batches } from "./Batches";
import { keys, useQueue, type QueueDetail } from "./data";
import { DeadLetters } from "./DeadLetters";
import { ItemDrawer } from "./Item";
import { Items } from "./Items";
import { queues } from "./messages";
import { Purge } from "./Purge";
import { PutItems } from "./PutItems";
import { Paused, RATE_SECONDS } from "./QueueList";
import { rate, type Sample } from "./rates";
import { Throughput } from "./Throughput";

export function Queue({ name, item }: { name: string; item: string | null }): ReactNode {
  const say = useText(queues);
  const [, go] = useLocation();
  const [search] = useSearchParams();
  const { data, error, isPending, refetch, samples, hasPast } = useQueue(name);
  const back = (
    <Anchor component={Link} href="/queues" size="sm">
      {say("all")}
    </Anchor>
  );
  if (!data) {
    return (
      <Page title={name}>
        {back}
        {isPending ? <Loading lines={10} /> : <Absent name={name} error={error} onRetry={() => void refetch()} />}
      </Page>
    );
  }
  const here = queuePath(name);
  const shown = search.get("show") ?? "items";
  const asked = search.size > 0 ? `?${search.toString()}` : "";
  return (
    <Page title={name} actions={<Deeds queue={data} />}>
      {back}
      <Counts queue={data} samples={samples} />
      <Throughput samples={samples} hasPast={hasPast} />
      <Batches queue={name} />
      <Tabs value={shown} onChange={(tab) => go(tab === "items" ? here : `${here}?show=${tab ?? ""}`, { replace: true })} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="items">{say("items")}</Tabs.Tab>
          <Tabs.Tab value="dead-letters" rightSection={data.dead > 0 ? <Badge size="xs" color="red" variant="filled">{data.dead > 99 ? "99+" : data.dead}</Badge> : null}>
            {say("dead")}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="items">
          <Items queue={name} />
        </Tabs.Panel>
        <Tabs.Panel value="dead-letters">
          <DeadLetters queue={name} count={data.dead} />
        </Tabs.Panel>
      </Tabs>
      <ItemDrawer queue={name} item={item} onClose={() => go(here + asked)} />
    </Page>
  );
}

function Absent({ name, error, onRetry }: { name: string; error: unknown; onRetry: () => void }): ReactNode {
  const say = useText(queues);
  if (!(error instanceof ApiProblem) || error.status !== 404) return <Failure error={error} onRetry={onRetry} />;
  return (
    <Empty icon="queue" title={say("missingTitle")} action={<PutItems queue={name} />} takes="operator">
      {say("missing")}
    </Empty>
  );
}

function Deeds({ queue }: { queue: QueueDetail }): ReactNode {
  const say = useText(queues);
  const namespace = useNamespace();
  const may = useMay("operator", namespace);
  const params = { path: { namespace, queue: queue.name } };
  const refresh = [keys.list(namespace), keys.one(namespace, queue.name)];
  return (
    <>
      {queue.paused && <Paused />}
      {queue.drained && (
        <Badge variant="light" color="green" tt="none" leftSection={<Icon name="check" size={12} />}>
          {say("drained")}
        </Badge>
      )}
      {may && (
        <>
          <PutItems queue={queue.name} />
          {queue.paused ? (
            <Action label={say("resume")} icon="run" refresh={refresh} act={() => answer(api.POST("/api/v1/namespaces/{namespace}/queues/{queue}/resume", { params }))} />
          ) : (
            <Action
              label={say("pause")}
              icon="pause"
              refresh={refresh}
              act={() => answer(api.POST("/api/v1/namespaces/{namespace}/queues/{queue}/pause", { params }))}
              question={{ text: say("pauseAsk", { queue: queue.name }), confirm: say("pauseYes") }}
            />
          )}
          <Purge queue={queue} />
        </>
      )}
    </>
  );
}

function Counts({ queue, samples }: { queue: QueueDetail; samples: readonly Sample[] }): ReactNode {
  const say = useText(queues);
  const { number, duration } = useFormat();
  const speed = (of: "enqueued" | "completed") => {
    const value = rate(samples, of, RATE_SECONDS);
    return value === null ? "…" : say("perSecond", { rate: number(Math.round(value * 10) / 10) });
  };
  return (
    <SimpleGrid cols={{ base: 2, sm: 4, lg: 8 }} spacing="xs">
      <Tile name={say("ready")} value={number(queue.ready)} />
      <Tile name={say("leased")} value={number(queue.leased)} />
      <Tile name={say("delayed")} value={number(queue.delayed)} />
      <Tile name={say("dead")} value={number(queue.dead)} alarming={queue.dead > 0} />
      <Tile name={say("oldest")} value={queue.oldest_ready_seconds === null ? "–" : duration(queue.oldest_ready_seconds)} />
      <Tile name={say("putRate")} value={speed("enqueued")} />
      <Tile name={say("doneRate")} value={speed("completed")} />
      <Tile
        name={say("completed")}
        value={number(queue.completed_total)}
        more={say("retried", { count: queue.retried_total, expired: queue.expired_total })}
      />
    </SimpleGrid>
  );
}
