/** The flows of a namespace. */
import { Anchor, Badge, Button, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useMay } from "../../client/session";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Ago } from "../../parts/Ago";
import { Empty } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { flowPath } from "./address";
import { useFlows, type FlowSummary } from "./data";
import { flows } from "./messages";

const TYPING_MS = 200;

export default function Flows(): ReactNode {
  const say = useText(flows);
  const [search, setSearch] = useState("");
  const [settled] = useDebouncedValue(search.trim(), TYPING_MS);
  const mayEdit = useMay("editor", useNamespace());
  return (
    <Page title={say("title")} actions={mayEdit && <NewFlow />}>
      <TextInput
        type="search"
        aria-label={say("search")}
        placeholder={say("search")}
        leftSection={<Icon name="search" size={16} />}
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={360}
      />
      <List search={settled} />
    </Page>
  );
}

function NewFlow(): ReactNode {
  const say = useText(flows);
  return (
    <Button component={Link} href="/flows/new" size="xs" leftSection={<Icon name="plus" size={14} />}>
      {say("newFlow")}
    </Button>
  );
}

function List({ search }: { search: string }): ReactNode {
  const say = useText(flows);
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useFlows(search);
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  const found = data.pages.flatMap((page) => page.items);
  if (found.length === 0) {
    return search ? (
      <Text c="dimmed">{say("noneFound", { search })}</Text>
    ) : (
      <Empty icon="flow" title={say("emptyTitle")}>
        {say("empty")}
      </Empty>
    );
  }
  return (
    <>
      <Table.ScrollContainer minWidth={480}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("name")}</Table.Th>
              <Table.Th>{say("state")}</Table.Th>
              <Table.Th>{say("version")}</Table.Th>
              <Table.Th>{say("changed")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map((flow) => (
              <Row key={flow.name} flow={flow} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {say("more")}
        </Button>
      )}
    </>
  );
}

function Row({ flow }: { flow: FlowSummary }): ReactNode {
  const say = useText(flows);
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component={Link} href={flowPath(flow.name)} fw={600}>
          {flow.name}
        </Anchor>
      </Table.Td>
      <Table.Td>
        <Badge variant="light" tt="none" color={flow.paused ? "orange" : "green"} leftSection={<Icon name={flow.paused ? "pause" : "run"} size={12} />}>
          {flow.paused ? say("paused") : say("active")}
        </Badge>
      </Table.Td>
      <Table.Td>{flow.version}</Table.Td>
      <Table.Td>
        <Ago at={flow.updated_at} /> {say("by", { who: flow.updated_by })}
      </Table.Td>
    </Table.Tr>
  );
}
