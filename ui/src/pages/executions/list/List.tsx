/** The list of executions: filtered by what the address says, newest first, live. */
import { Alert, Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { useSearchParams } from "wouter";
import { useMay } from "../../../client/session";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { whenIdle } from "../../../parts/ahead";
import { Empty, Go } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import { Loading } from "../../../parts/Loading";
import { Page } from "../../../parts/Page";
import { executions } from "../messages";
import { Execution } from "../one/ahead";
import { Bulk } from "./Bulk";
import { countOf, NO_FILTER, readFilter, writeFilter, type Filter } from "./filter";
import { Filters } from "./Filters";
import { useLiveList } from "./live";
import { list } from "./messages";
import { Table } from "./Table";

export function List(): ReactNode {
  const say = useText(executions);
  const [params, setParams] = useSearchParams();
  const address = params.toString();
  const filter = useMemo(() => readFilter(new URLSearchParams(address)), [address]);
  // Most often one of them is looked at next; this one first.
  useEffect(() => whenIdle(() => void Execution.load().catch(() => undefined)), []);
  const setFilter = (next: Filter) => setParams(writeFilter(next), { replace: true });
  return (
    <Page title={say("title")}>
      <Filters filter={filter} onChange={setFilter} />
      <Found key={address} filter={filter} onClear={() => setFilter(NO_FILTER)} />
    </Page>
  );
}

function Found({ filter, onClear }: { filter: Filter; onClear: () => void }): ReactNode {
  const say = useText(list);
  const may = useMay("operator", useNamespace());
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [atTop, setAtTop] = useState(true);
  const found = useLiveList(filter, atTop);
  const toggle = useCallback((id: string, on: boolean) => {
    setAll(false);
    setChosen((before) => {
      const ids = new Set(before);
      if (on) ids.add(id);
      else ids.delete(id);
      return ids;
    });
  }, []);
  if (found.pending) return <Loading lines={12} height={32} />;
  if (found.error) return <Failure error={found.error} onRetry={found.again} />;
  // What is being done with some is reported, also where none of them fits any more.
  const busy = chosen.size > 0 || all;
  if (found.rows.length === 0 && !found.hasMore && !busy) return <Nothing filtered={countOf(filter) > 0} onClear={onClear} />;
  const choose = (ids: ReadonlySet<string>) => {
    setChosen(ids);
    setAll(false);
  };
  return (
    <Stack gap="xs">
      <Group justify="space-between" mih={36}>
        {may && busy ? (
          <Bulk filter={filter} chosen={chosen} rows={found.rows} all={all} onAll={setAll} onClear={() => choose(new Set())} onDone={found.again} />
        ) : (
          <Connection connected={found.connected} />
        )}
        {found.behind && (
          <Button size="xs" variant="light" onClick={found.catchUp}>
            {say("newer")}
          </Button>
        )}
      </Group>
      <Table found={found} chosen={may ? chosen : null} onChoose={choose} onToggle={toggle} onTop={setAtTop} />
    </Stack>
  );
}

function Connection({ connected }: { connected: boolean }): ReactNode {
  const say = useText(list);
  if (!connected) {
    return (
      <Text size="sm" c="dimmed" role="status">
        {say("notLive")}
      </Text>
    );
  }
  return (
    <Badge variant="dot" color="green" tt="none">
      {say("live")}
    </Badge>
  );
}

function Nothing({ filtered, onClear }: { filtered: boolean; onClear: () => void }): ReactNode {
  const say = useText(list);
  const sayFirst = useText(executions);
  if (!filtered) {
    return (
      <Empty icon="run" title={sayFirst("emptyTitle")} action={<Go to="/flows">{sayFirst("toFlows")}</Go>}>
        {sayFirst("empty")}
      </Empty>
    );
  }
  return (
    <Alert color="gray" variant="light" icon={<Icon name="search" />} title={say("noneFound")}>
      <Group justify="space-between">
        <Text size="sm">{say("noneFoundHint")}</Text>
        <Button size="xs" variant="default" onClick={onClear}>
          {say("clear")}
        </Button>
      </Group>
    </Alert>
  );
}
