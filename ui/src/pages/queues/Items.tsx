/** The items of a queue, by state. */
import { ActionIcon, Anchor, Button, Code, Group, SegmentedControl, Stack, Table, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode, type SubmitEvent } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { useFormat, useText } from "../../language/language";
import { act } from "../../parts/act/messages";
import { inBrief } from "../../parts/act/payload";
import { Ago, useNow } from "../../parts/Ago";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { Wide } from "../../parts/Wide";
import { itemPath } from "./address";
import { ITEMS_SHOWN, ITEMS_SHOWN_MAX, useItems, type Item, type ItemState } from "./data";
import { queues } from "./messages";

const STATES = ["ready", "leased", "delayed", "completed"] as const satisfies readonly ItemState[];
const BRIEF_CHARACTERS = 90;

export function Items({ queue }: { queue: string }): ReactNode {
  const say = useText(queues);
  // In the address: it is there again after a reload, and when an item that was opened is closed.
  const [address, change] = useSearchParams();
  const state = STATES.find((each) => each === address.get("state")) ?? STATES[0];
  const [limit, setLimit] = useState(ITEMS_SHOWN);
  const { data, error, isPending, refetch } = useItems(queue, state, limit);
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <SegmentedControl
          aria-label={say("state")}
          data={STATES.map((each) => ({ value: each, label: say(each) }))}
          value={state}
          onChange={(value) => change(value === STATES[0] ? {} : { state: value }, { replace: true })}
          size="xs"
        />
        <Find queue={queue} />
      </Group>
      {isPending ? (
        <Loading />
      ) : !data ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : (
        <Rows queue={queue} state={state} items={data} limit={limit} onMore={() => setLimit(ITEMS_SHOWN_MAX)} />
      )}
    </Stack>
  );
}

function Find({ queue }: { queue: string }): ReactNode {
  const say = useText(queues);
  const [, go] = useLocation();
  const [id, setId] = useState("");
  const open = (event: SubmitEvent) => {
    event.preventDefault();
    if (id.trim() !== "") go(itemPath(queue, id.trim()));
  };
  return (
    <form onSubmit={open} role="search">
      <TextInput
        size="xs"
        w={260}
        aria-label={say("find")}
        placeholder={say("find")}
        value={id}
        onChange={(event) => setId(event.currentTarget.value)}
        rightSection={
          <ActionIcon type="submit" size="sm" variant="subtle" color="gray" aria-label={say("findButton")} disabled={id.trim() === ""}>
            <Icon name="search" size={14} />
          </ActionIcon>
        }
      />
    </form>
  );
}

interface RowsProps {
  readonly queue: string;
  readonly state: ItemState;
  readonly items: readonly Item[];
  readonly limit: number;
  readonly onMore: () => void;
}

function Rows({ queue, state, items, limit, onMore }: RowsProps): ReactNode {
  const say = useText(queues);
  const sayAct = useText(act);
  const here = state === STATES[0] ? "" : `?state=${state}`;
  if (items.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {say("noItems", { state: say(state).toLowerCase() })} {state === "completed" && say("completedKept")}
      </Text>
    );
  }
  return (
    <>
      <Wide minWidth={680}>
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
                  <Anchor component={Link} href={itemPath(queue, item.id) + here} size="sm" style={{ overflowWrap: "anywhere" }}>
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
                    <Until at={item.expires_at} over={say("over")} />
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
      </Wide>
      {items.length >= limit && (
        <Group gap="md">
          <Text size="sm" c="dimmed">
            {say(limit < ITEMS_SHOWN_MAX ? "firstItems" : "firstItemsMost", { count: items.length })}
          </Text>
          {limit < ITEMS_SHOWN_MAX && (
            <Button variant="default" size="xs" onClick={onMore}>
              {sayAct("more")}
            </Button>
          )}
        </Group>
      )}
    </>
  );
}

/** A moment to come: how long still; what is said when it has come is `over`, or that it is now. */
export function Until({ at, over }: { at: number | null | undefined; over?: string }): ReactNode {
  const say = useText(queues);
  const { duration, time } = useFormat();
  const now = useNow();
  if (at === null || at === undefined) return "–";
  return (
    <time dateTime={new Date(at * 1000).toISOString()} title={time(at)} style={{ whiteSpace: "nowrap" }}>
      {at > now ? say("inTime", { time: duration(Math.max(1, Math.round(at - now))) }) : (over ?? say("dueNow"))}
    </time>
  );
}
