/** The log of changes, filtered. The filters are in the address. */
import { Accordion, Autocomplete, Checkbox, Group, SimpleGrid, Stack, Table, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { useSearchParams } from "wouter";
import { answer, api, type Schemas } from "../../../client/api";
import { useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { More } from "../../../parts/act/More";
import { Ago } from "../../../parts/Ago";
import { Empty } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Wide } from "../../../parts/Wide";
import { useMayEverywhere } from "../roles";
import { Section } from "../Section";
import { changesOf } from "./changes";
import { audit } from "./messages";

type Entry = Schemas["Entry"];

const TYPING_MS = 300;
const SHOWN = 50;
const REFRESH_MS = 5_000;
const SUGGESTED = 20;
const FIELDS = ["by", "action", "object", "since", "until"] as const;
const NONE: readonly Entry[] = [];
type Field = (typeof FIELDS)[number];
type Filters = Readonly<Record<Field, string>> & { readonly here: boolean };

export function Audit(): ReactNode {
  const say = useText(audit);
  const everywhere = useMayEverywhere("admin");
  const [search, setSearch] = useSearchParams();
  const [filters, setFilters] = useState<Filters>(() => ({
    by: search.get("by") ?? "",
    action: search.get("action") ?? "",
    object: search.get("object") ?? "",
    since: search.get("since") ?? "",
    until: search.get("until") ?? "",
    here: search.get("here") !== null || !everywhere,
  }));
  const [settled] = useDebouncedValue(filters, TYPING_MS);
  useEffect(() => {
    const kept = FIELDS.filter((name) => settled[name] !== "").map((name) => [name, settled[name]]);
    setSearch(new URLSearchParams([...kept, ...(settled.here ? [["here", ""]] : [])]), { replace: true });
  }, [settled, setSearch]);
  const pages = useEntries(settled);
  const seen = useSeen(pages.data?.pages.flatMap(({ items }) => items) ?? NONE);
  const text = (name: "by" | "action" | "object", placeholder: string) => (
    <Autocomplete size="xs" label={say(name)} placeholder={placeholder} limit={SUGGESTED} data={[...seen[name]]} value={filters[name]} onChange={(value) => setFilters({ ...filters, [name]: value })} />
  );
  const moment = (name: "since" | "until") => (
    <TextInput size="xs" type="datetime-local" label={say(name)} value={filters[name]} onChange={(event) => setFilters({ ...filters, [name]: event.currentTarget.value })} />
  );
  return (
    <Section about={say("about")}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="xs">
        {text("by", say("byHelp"))}
        {text("action", say("actionHelp"))}
        {text("object", say("objectHelp"))}
        {moment("since")}
        {moment("until")}
      </SimpleGrid>
      <Checkbox size="xs" label={say("here")} checked={filters.here} onChange={(event) => setFilters({ ...filters, here: event.currentTarget.checked })} />
      <Entries filters={settled} pages={pages} />
    </Section>
  );
}

/** What `<input type=datetime-local>` holds, in epoch seconds. */
function secondsOf(local: string): number | undefined {
  const at = new Date(local).getTime() / 1000;
  return Number.isFinite(at) ? at : undefined;
}

function useEntries(filters: Filters) {
  const namespace = useNamespace();
  return useInfiniteQuery({
    queryKey: ["audit", namespace, filters],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const since = secondsOf(filters.since);
      const until = secondsOf(filters.until);
      const query = {
        limit: SHOWN,
        ...(filters.here ? { namespace } : {}),
        ...(filters.by ? { by: filters.by } : {}),
        ...(filters.action ? { action: filters.action } : {}),
        ...(filters.object ? { object: filters.object } : {}),
        ...(since === undefined ? {} : { since }),
        ...(until === undefined ? {} : { until }),
        ...(pageParam ? { after: pageParam } : {}),
      };
      return answer(api.GET("/api/v1/audit", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next ?? null,
    // New entries come by themselves, but not to who reads on in old ones.
    refetchInterval: ({ state }) => ((state.data?.pages.length ?? 0) > 1 ? false : REFRESH_MS),
  });
}

/** What was seen of entries, to choose from. It stays while the list is filtered by it. */
function useSeen(entries: readonly Entry[]): Readonly<Record<"by" | "action" | "object", readonly string[]>> {
  const [seen, setSeen] = useState<ReadonlyMap<number, Entry>>(new Map());
  if (entries.some(({ sequence }) => !seen.has(sequence))) setSeen(new Map([...seen, ...entries.map((each) => [each.sequence, each] as const)]));
  const all = [...seen.values()];
  const sorted = (values: readonly string[]) => [...new Set(values)].filter(Boolean).sort();
  return {
    by: sorted(all.map(({ principal }) => principal)),
    action: sorted(all.flatMap(({ action }) => [action.split(".")[0] ?? action, action])),
    object: sorted(all.map(({ object }) => object)),
  };
}

function Entries({ filters, pages }: { filters: Filters; pages: ReturnType<typeof useEntries> }): ReactNode {
  const say = useText(audit);
  const { data, error, isPending, refetch } = pages;
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  const entries = data.pages.flatMap(({ items }) => items);
  if (entries.length === 0) {
    const filtered = FIELDS.some((name) => filters[name] !== "");
    return filtered ? (
      <Text size="sm" c="dimmed">
        {say("none")}
      </Text>
    ) : (
      <Empty icon="list" title={say("emptyTitle")}>
        {say("empty")}
      </Empty>
    );
  }
  return (
    <Stack gap="xs" align="stretch">
      <Accordion variant="contained" chevronPosition="left" multiple>
        {entries.map((entry) => (
          <One key={entry.sequence} entry={entry} />
        ))}
      </Accordion>
      <More of={pages} />
    </Stack>
  );
}

function One({ entry }: { entry: Entry }): ReactNode {
  const say = useText(audit);
  const changes = changesOf(entry.before, entry.after);
  return (
    <Accordion.Item value={String(entry.sequence)}>
      <Accordion.Control>
        <Group gap="md" wrap="wrap">
          <Text size="sm" w={110}>
            <Ago at={entry.at} />
          </Text>
          <Text size="sm" fw={600} w={170}>
            {entry.action}
          </Text>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {[entry.namespace, entry.object].filter(Boolean).join(" / ")}
          </Text>
          <Text size="sm" c="dimmed">
            {entry.name}
            {entry.address && ` · ${entry.address}`}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        {changes.length === 0 ? (
          <Text size="sm" c="dimmed">
            {say("noDetails")}
          </Text>
        ) : (
          <Wide minWidth={560}>
            <Table aria-label={say("details", { action: entry.action, object: entry.object })}>
              <Table.Thead>
                <Table.Tr>
                  {(["place", "before", "after"] as const).map((each) => (
                    <Table.Th key={each}>{say(each)}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {changes.map(({ pointer, before, after }) => (
                  <Table.Tr key={pointer}>
                    <Table.Td style={{ overflowWrap: "anywhere" }}>{pointer || say("whole")}</Table.Td>
                    <Side value={before} color="red" />
                    <Side value={after} color="green" />
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Wide>
        )}
        <Text size="xs" c="dimmed" mt="xs">
          {entry.principal}
          {entry.request_id && ` · ${say("request", { id: entry.request_id })}`}
        </Text>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function Side({ value, color }: { value: unknown; color: "red" | "green" }): ReactNode {
  const text = value === undefined ? "–" : typeof value === "string" ? value : JSON.stringify(value, null, 2);
  const marked = value === undefined ? {} : { bg: `var(--mantine-color-${color}-light)` };
  return (
    <Table.Td {...marked} fz={13} style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere", fontFamily: "var(--mantine-font-family-monospace)" }}>
      {text}
    </Table.Td>
  );
}
