/** The flows of a namespace: what starts them, how they went of late. */
import { Badge, Button, Group, NativeSelect, Table, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { useMay } from "../../client/session";
import { useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Empty } from "../../parts/Empty";
import { Failure } from "../../parts/Failure";
import { Icon } from "../../parts/icons";
import { Loading } from "../../parts/Loading";
import { Page } from "../../parts/Page";
import { Wide } from "../../parts/Wide";
import { ORDERS, readFlowFilter, SEARCH_LENGTH_MAX, writeFlowFilter, type FlowFilter, type Order } from "./list/activity";
import { useFlowList, useTags } from "./list/data";
import { list } from "./list/messages";
import { Row } from "./list/Row";
import { flows } from "./messages";

const TYPING_MS = 200;

export default function Flows(): ReactNode {
  const say = useText(flows);
  const sayList = useText(list);
  const mayEdit = useMay("editor", useNamespace());
  const [params, setParams] = useSearchParams();
  const address = params.toString();
  const filter = useMemo(() => readFlowFilter(new URLSearchParams(address)), [address]);
  const [search, setSearch] = useState(filter.search);
  const [settled] = useDebouncedValue(search.trim(), TYPING_MS);
  // A link or the way back brings another search than the one that is typed.
  const [known, setKnown] = useState(filter.search);
  if (known !== filter.search) {
    setKnown(filter.search);
    if (filter.search !== search.trim()) setSearch(filter.search);
  }
  const latest = useRef(filter);
  useEffect(() => {
    latest.current = filter;
  }, [filter]);
  const change = useCallback((part: Partial<FlowFilter>) => setParams(writeFlowFilter({ ...latest.current, ...part }), { replace: true }), [setParams]);
  useEffect(() => {
    if (settled !== latest.current.search) change({ search: settled });
  }, [settled, change]);
  const addTag = useCallback((tag: string) => change({ tags: [...new Set([...latest.current.tags, tag])] }), [change]);
  const words: Record<Order, string> = { name: sayList("byName"), changed: sayList("byChange"), executed: sayList("byExecution") };
  return (
    <Page title={say("title")} actions={mayEdit && <NewFlow />}>
      <Group align="flex-end">
        <TextInput
          type="search"
          aria-label={say("search")}
          placeholder={say("search")}
          leftSection={<Icon name="search" size={16} />}
          value={search}
          maxLength={SEARCH_LENGTH_MAX}
          onChange={(event) => setSearch(event.currentTarget.value)}
          w={300}
        />
        <NativeSelect
          aria-label={sayList("order")}
          data={ORDERS.map((value) => ({ value, label: words[value] }))}
          value={filter.order}
          onChange={(event) => change({ order: event.currentTarget.value as Order })}
        />
        <TagChoice chosen={filter.tags} onChange={(tags) => change({ tags })} />
      </Group>
      <List filter={filter} onTag={addTag} />
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

/** The tags that there are, to filter by one or more of them. */
function TagChoice({ chosen, onChange }: { chosen: readonly string[]; onChange: (tags: string[]) => void }): ReactNode {
  const say = useText(list);
  const { data } = useTags();
  const known = (data?.items ?? []).map(({ key, value }) => `${key}=${value}`);
  const all = [...new Set([...chosen, ...known])];
  if (all.length === 0) return null;
  return (
    <Group gap={4} role="group" aria-label={say("tags")}>
      {all.map((tag) => {
        const on = chosen.includes(tag);
        return (
          <UnstyledButton key={tag} aria-pressed={on} aria-label={say(on ? "noFilter" : "filterBy", { tag })} onClick={() => onChange(on ? chosen.filter((each) => each !== tag) : [...chosen, tag])}>
            <Badge variant={on ? "filled" : "default"} tt="none" style={{ cursor: "pointer" }} leftSection={on ? <Icon name="check" size={11} /> : null}>
              {tag}
            </Badge>
          </UnstyledButton>
        );
      })}
    </Group>
  );
}

function List({ filter, onTag }: { filter: FlowFilter; onTag: (tag: string) => void }): ReactNode {
  const say = useText(flows);
  const sayList = useText(list);
  const mayRun = useMay("operator", useNamespace());
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage, refetch } = useFlowList(filter);
  if (isPending) return <Loading lines={10} height={44} />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  const found = data.pages.flatMap((page) => page.items);
  if (found.length === 0) {
    return filter.search || filter.tags.length > 0 ? (
      <Text c="dimmed">{say("noneFound", { search: [filter.search, ...filter.tags].filter(Boolean).join(" ") })}</Text>
    ) : (
      <Empty icon="flow" title={say("emptyTitle")} action={<NewFlow />} takes="editor">
        {say("empty")}
      </Empty>
    );
  }
  return (
    <>
      <Wide minWidth={980}>
        <Table highlightOnHover verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("name")}</Table.Th>
              <Table.Th>{say("state")}</Table.Th>
              <Table.Th>{sayList("triggers")}</Table.Th>
              <Table.Th>{sayList("recentColumn")}</Table.Th>
              <Table.Th>{sayList("rate")}</Table.Th>
              <Table.Th>{say("changed")}</Table.Th>
              <Table.Th ta="right">{sayList("actions")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map((flow) => (
              <Row key={flow.name} flow={flow} mayRun={mayRun} onTag={onTag} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {say("more")}
        </Button>
      )}
    </>
  );
}
