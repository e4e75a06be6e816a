/** One function: its process, the version that calls it, and what it writes, as it writes it. */
import { Badge, Drawer, Group, SegmentedControl, Stack, Table, Text, TextInput } from "@mantine/core";
import { useEffect, useMemo, useState, type ReactNode } from "react";
import { follow } from "../../../client/stream";
import { useFormat, useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { act } from "../../../parts/act/messages";
import { Icon } from "../../../parts/icons";
import { LineList } from "./LineList";
import { linesFor, withLine, type FunctionLine, type Stream } from "./lines";
import { functions } from "./messages";
import type { FunctionView } from "./data";

interface Props {
  readonly view: FunctionView | null;
  readonly onClose: () => void;
}

export function FunctionDrawer({ view, onClose }: Props): ReactNode {
  const sayAct = useText(act);
  return (
    <Drawer opened={view !== null} onClose={onClose} position="right" size="xl" title={view?.name ?? ""} closeButtonProps={{ "aria-label": sayAct("close") }}>
      {view && (
        <Stack>
          <Facts view={view} />
          {view.kind === "process" ? <Lines key={`${view.flow}/${view.name}`} view={view} /> : <NoLines />}
        </Stack>
      )}
    </Drawer>
  );
}

function Facts({ view }: { view: FunctionView }): ReactNode {
  const say = useText(functions);
  const { number } = useFormat();
  const facts = [
    [say("flow"), `${view.flow} ${view.flow_version}`],
    [say("code"), view.url ?? view.source ?? "–"],
    ...(view.language ? [[say("language"), view.language]] : []),
    [say("instance"), view.pid ? say("instanceAt", { pid: String(view.pid), address: view.address ?? "–" }) : say("noInstance")],
    [say("parallelism"), view.parallelism ? number(view.parallelism) : "–"],
    [say("restarts"), view.kind === "process" ? number(view.restarts) : "–"],
  ];
  return (
    <Table variant="vertical" layout="fixed">
      <Table.Tbody>
        {facts.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th w={150}>{name}</Table.Th>
            <Table.Td style={{ overflowWrap: "anywhere" }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function NoLines(): ReactNode {
  const say = useText(functions);
  return (
    <Text size="sm" c="dimmed">
      {say("linesElsewhere")}
    </Text>
  );
}

/** What the server keeps of the lines, and what comes; gone on after where a connection breaks. */
function useFollowed(view: FunctionView): { lines: readonly FunctionLine[]; connected: boolean; begun: boolean } {
  const namespace = useNamespace();
  const [lines, setLines] = useState<readonly FunctionLine[]>([]);
  const [connected, setConnected] = useState(true);
  const [begun, setBegun] = useState(false);
  const { flow, name } = view;
  useEffect(() => {
    const path = ["namespaces", namespace, "flowapps", flow, "functions", name, "stream"].map(encodeURIComponent).join("/");
    return follow(`/api/v1/${path}`, ["log"], {
      event: (_kind, data) => setLines((before) => withLine(before, data as unknown as FunctionLine)),
      reset: () => {
        setLines([]);
        setBegun(true);
      },
      connected: setConnected,
    });
  }, [namespace, flow, name]);
  return { lines, connected, begun };
}

function Lines({ view }: { view: FunctionView }): ReactNode {
  const say = useText(functions);
  const { lines, connected, begun } = useFollowed(view);
  const [search, setSearch] = useState("");
  const [stream, setStream] = useState<Stream>("all");
  const shown = useMemo(() => linesFor(lines, search, stream), [lines, search, stream]);
  return (
    <Stack gap="xs" component="section" aria-label={say("lines")}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <TextInput
            type="search"
            size="xs"
            w={220}
            aria-label={say("searchLines")}
            placeholder={say("searchLines")}
            leftSection={<Icon name="search" size={14} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          <SegmentedControl
            size="xs"
            aria-label={say("linesOf")}
            value={stream}
            onChange={(value) => setStream(value)}
            data={[
              { value: "all", label: say("allLines") },
              { value: "errors", label: say("errorLines") },
              { value: "host", label: say("hostLines") },
            ]}
          />
        </Group>
        <Badge variant="dot" color={connected ? "green" : "gray"} tt="none">
          {connected ? say("live") : say("notLive")}
        </Badge>
      </Group>
      {shown.length > 0 ? (
        <LineList lines={shown} label={say("lines")} />
      ) : (
        <Text size="sm" c="dimmed" role="status">
          {!begun ? say("reading") : lines.length === 0 ? say("noLines") : say("noLinesFit")}
        </Text>
      )}
    </Stack>
  );
}
