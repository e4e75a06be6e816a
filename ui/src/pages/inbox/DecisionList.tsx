/** What waits, in the order in which it was asked; and what was decided, the last first. */
import { Anchor, Badge, Button, Group, SegmentedControl, Select, Stack, Table, Text } from "@mantine/core";
import { useEffect, type ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { useMay } from "../../client/session";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Ago } from "../../parts/Ago";
import { Empty, Go } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { Wide } from "../../parts/Wide";
import { useFlowNames } from "../executions/data";
import { DueAt } from "./DueAt";
import { placeOf, useDecisions, VIEWS, type Summary, type View } from "./data";
import { inbox } from "./messages";
import { choiceOfName, whoMay } from "./words";

export function DecisionList(): ReactNode {
  const say = useText(inbox);
  // What is looked at is in the address: it can be shared, and is there again after a reload.
  const [address, change] = useSearchParams();
  const view = VIEWS.find((each) => each === address.get("show")) ?? "mine";
  const flow = address.get("flow");
  const flows = useFlowNames();
  const put = (name: string, value: string | null) => {
    change((old) => {
      const changed = new URLSearchParams(old);
      if (value === null) changed.delete(name);
      else changed.set(name, value);
      return changed;
    });
  };
  return (
    <Stack gap="md">
      <Group gap="sm">
        <SegmentedControl
          size="xs"
          aria-label={say("show")}
          value={view}
          onChange={(chosen) => put("show", chosen)}
          data={VIEWS.map((each) => ({ value: each, label: say(each) }))}
        />
        <Select
          size="xs"
          w={200}
          aria-label={say("flow")}
          placeholder={say("anyFlow")}
          data={[...new Set([...flows, ...(flow === null ? [] : [flow])])].sort()}
          value={flow}
          clearable
          searchable
          onChange={(chosen) => put("flow", chosen)}
        />
      </Group>
      <Rows view={view} flow={flow} />
    </Stack>
  );
}

function Rows({ view, flow }: { view: View; flow: string | null }): ReactNode {
  const say = useText(inbox);
  const mayEdit = useMay("editor", useNamespace());
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useDecisions(view, flow);
  // Where few of many fit, the server looks for a while and says where to go on.
  const nothingYet = data !== undefined && hasNextPage && data.pages.every(({ items }) => items.length === 0);
  useEffect(() => {
    if (nothingYet && !isFetchingNextPage) void fetchNextPage();
  }, [nothingYet, isFetchingNextPage, fetchNextPage]);
  if (isPending || nothingYet) return <Loading lines={5} />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  const rows = data.pages.flatMap(({ items }) => items);
  const ended = view === "ended";
  if (rows.length === 0 && !hasNextPage) {
    return (
      <Empty icon="inbox" title={say(ended ? "emptyEndedTitle" : "emptyTitle")} action={mayEdit && !ended && <Go to="/flows/new?from=template&template=ask-a-person">{say("template")}</Go>}>
        {say(ended ? "emptyEnded" : "empty")}
      </Empty>
    );
  }
  return (
    <>
      <Wide minWidth={560}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("decision")}</Table.Th>
              <Table.Th>{say("flow")}</Table.Th>
              <Table.Th>{say("asked")}</Table.Th>
              <Table.Th>{say(ended ? "state" : "due")}</Table.Th>
              {!ended && <Table.Th>{say("whoMay")}</Table.Th>}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((each) => (
              <Row key={`${each.execution_id}/${each.run_id}`} of={each} ended={ended} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      {hasNextPage && (
        <Group justify="center">
          <Button size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {say("more")}
          </Button>
        </Group>
      )}
    </>
  );
}

function Row({ of, ended }: { of: Summary; ended: boolean }): ReactNode {
  const say = useText(inbox);
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} href={placeOf(of)} size="sm" fw={of.may_answer ? 600 : 400} style={{ overflowWrap: "anywhere" }}>
          {of.title}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Text size="sm">{of.flow}</Text>
      </Table.Td>
      <Table.Td>
        <Ago at={of.asked_at} />
      </Table.Td>
      <Table.Td>{ended ? <Ended of={of} /> : <Due of={of} />}</Table.Td>
      {!ended && (
        <Table.Td>
          <Text size="sm">{whoMay(of, say)}</Text>
        </Table.Td>
      )}
    </Table.Tr>
  );
}

export function Due({ of }: { of: Summary }): ReactNode {
  const say = useText(inbox);
  if (of.due_at === null) return "–";
  return (
    <Group gap={6} wrap="nowrap">
      <DueAt at={of.due_at} />
      {of.overdue && (
        <Badge color="red" variant="light" size="sm" tt="none" leftSection={<Icon name="warning" size={12} />}>
          {say("overdueSince")}
        </Badge>
      )}
    </Group>
  );
}

function Ended({ of }: { of: Summary }): ReactNode {
  const say = useText(inbox);
  const by = of.decided_by === null ? "" : ` · ${of.decided_by}`;
  if (of.status === "decided") return <Text size="sm">{`${of.choice === null ? say("decided") : choiceOfName(of.choice, say)}${by}`}</Text>;
  return <Text size="sm" c="dimmed">{say(of.status === "overtaken" ? "overtaken" : "endedState")}</Text>;
}
