/** The items of a queue, by state. */
import { Anchor, Code, SegmentedControl, Stack, Table, Text } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText } from "../../language/language";
import { inBrief } from "../../parts/act/payload";
import { Ago, useNow } from "../../parts/Ago";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { itemPath } from "./address";
import { ITEMS_SHOWN, useItems, type Item, type ItemState } from "./data";
import { queues } from "./messages";

const STATES = ["ready", "leased", "delayed", "completed"] as const satisfies readonly ItemState[];
const BRIEF_CHARACTERS = 90;

export function Items({ queue }: { queue: string }): ReactNode {
  const say = useText(queues);
  const [state, setState] = useState<ItemState>("ready");
  const { data, error, isPending, refetch } = useItems(queue, state);
  return (
    <Stack gap="xs">
      <SegmentedControl
        aria-label={say("state")}
        data={STATES.map((each) => ({ value: each, label: say(each) }))}
        value={state}
        onChange={(value) => setState(value)}
        style={{ alignSelf: "flex-start" }}
        size="xs"
      />
      {isPending ? <Loading /> : !data ? <Failure error={error} onRetry={() => void refetch()} /> : <Rows queue={queue} state={state} items={data} />}
    </Stack>
  );
}

function Rows({ queue, state, items }: { queue: string; state: ItemState; items: readonly Item[] }): ReactNode {
  const say = useText(queues);
  if (items.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {say("noItems", { state: say(state).toLowerCase() })} {state === "completed" && say("completedKept")}
      </Text>
    );
  }
  return (
    <>
      <Table.ScrollContainer minWidth={680}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("item")}</Table.Th>
              <Table.Th>{state === "completed" ? say("result") : say("payload")}</Table.Th>
              <Table.Th ta="right">{say("attempts")}</Table.Th>
              <Table.Th>{say("enqueuedAt")}</Table.Th>
              {state === "leased" && <Table.Th>{say("leasedBy")}</Table.Th>}
              {state === "leased" && <Table.Th>{say("until")}</Table.Th>}
              {state === "delayed" && <Table.Th>{say("readyAt")}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {items.map((item) => (
              <Table.Tr key={item.id}>
                <Table.Td maw={240}>
                  <Anchor component={Link} href={itemPath(queue, item.id)} size="sm" style={{ overflowWrap: "anywhere" }}>
                    {item.id}
                  </Anchor>
                </Table.Td>
                <Table.Td>
                  <Code style={{ overflowWrap: "anywhere" }}>{inBrief(state === "completed" ? (item.result ?? {}) : item, BRIEF_CHARACTERS)}</Code>
                </Table.Td>
                <Table.Td ta="right">{item.attempts}</Table.Td>
                <Table.Td>
                  <Ago at={item.enqueued_at} />
                </Table.Td>
                {state === "leased" && <Table.Td style={{ overflowWrap: "anywhere" }}>{item.leased_by || say("someone")}</Table.Td>}
                {state === "leased" && (
                  <Table.Td>
                    <Until at={item.expires_at} />
                  </Table.Td>
                )}
                {state === "delayed" && (
                  <Table.Td>
                    <Until at={item.run_at} />
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {items.length >= ITEMS_SHOWN && (
        <Text size="sm" c="dimmed">
          {say("firstItems", { count: items.length })}
        </Text>
      )}
    </>
  );
}

/** A moment to come: how long still. */
export function Until({ at }: { at: number | null | undefined }): ReactNode {
  const say = useText(queues);
  const { duration, time } = useFormat();
  const now = useNow();
  if (at === null || at === undefined) return "–";
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={time(at)}>
      {at > now ? say("inTime", { time: duration(Math.max(1, Math.round(at - now))) }) : say("over")}
    </time>
  );
}
