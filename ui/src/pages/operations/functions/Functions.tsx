/** The functions of a namespace: where they run, and how they are. */
import { Anchor, Badge, Table, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { Link, useSearchParams } from "wouter";
import { answer, api } from "../../../client/api";
import { useMay } from "../../../client/session";
import { useFormat, useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Action } from "../../../parts/act/Action";
import { ActionsHead } from "../../../parts/act/ActionsHead";
import { LongText } from "../../../parts/act/LongText";
import { Empty, Go } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Icon, type IconName } from "../../../parts/icons";
import { Loading } from "../../../parts/Loading";
import { operations } from "../messages";
import { Narrow, useNarrowing } from "../Narrow";
import { says } from "../words";
import { Wide } from "../../../parts/Wide";
import { Section } from "../Section";
import { useFunctions, type FunctionView } from "./data";
import { FunctionDrawer } from "./FunctionDrawer";
import { functions } from "./messages";

const STATES = {
  ready: ["green", "check"],
  starting: ["blue", "clock"],
  stopped: ["gray", "stop"],
  backoff: ["red", "warning"],
} as const satisfies Record<string, readonly [string, IconName]>;
const STATE_NAMES = ["backoff", "starting", "ready", "stopped"] as const;
const KINDS = { process: "here", url: "elsewhere", python: "python" } as const;

export function Functions(): ReactNode {
  const say = useText(functions);
  const { data, error, isPending, refetch } = useFunctions();
  // In the address, so that what somebody sees can be shown to others.
  const [params, setParams] = useSearchParams();
  const opened = data?.find(({ flow, name }) => flow === params.get("flow") && name === params.get("function")) ?? null;
  const open = (view: FunctionView | null) => {
    setParams(
      (old) => {
        const changed = new URLSearchParams(old);
        if (view) {
          changed.set("flow", view.flow);
          changed.set("function", view.name);
        } else {
          changed.delete("flow");
          changed.delete("function");
        }
        return changed;
      },
      { replace: view === null },
    );
  };
  const sayAll = useText(operations);
  const by = useNarrowing();
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  if (data.length === 0) {
    return (
      <Empty icon="function" title={say("emptyTitle")} action={<Go to="/flows/new">{sayAll("newFlow")}</Go>} takes="editor">
        {say("empty")}
      </Empty>
    );
  }
  const shown = data.filter(
    (each) => (by.state === null || each.state === by.state) && says(by.words, each.name, each.flow, each.source, each.url, each.description, each.last_error),
  );
  return (
    <Section about={say("about")}>
      <Narrow by={by} states={STATE_NAMES.map((value) => ({ value, label: say(value) }))} shown={shown.length} all={data.length} />
      {shown.length === 0 && (
        <Text size="sm" c="dimmed">
          {sayAll("noneFit")}
        </Text>
      )}
      <Wide minWidth={820}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{say("name")}</Table.Th>
              <Table.Th>{say("flow")}</Table.Th>
              <Table.Th>{say("state")}</Table.Th>
              <Table.Th>{say("runs")}</Table.Th>
              <Table.Th ta="right">{say("restarts")}</Table.Th>
              <Table.Th>{say("lastError")}</Table.Th>
              <ActionsHead />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {shown.map((each) => (
              <Row key={`${each.flow}/${each.name}`} view={each} onOpen={() => open(each)} />
            ))}
          </Table.Tbody>
        </Table>
      </Wide>
      <FunctionDrawer view={opened} onClose={() => open(null)} />
    </Section>
  );
}

function Row({ view, onOpen }: { view: FunctionView; onOpen: () => void }): ReactNode {
  const say = useText(functions);
  const { number } = useFormat();
  const namespace = useNamespace();
  const may = useMay("operator", namespace);
  const kind = view.kind in KINDS ? say(KINDS[view.kind as keyof typeof KINDS]) : view.kind;
  const how = [view.kind === "process" && view.pid ? say("pid", { pid: String(view.pid) }) : kind, view.language, view.delivery === "queue" ? say("byQueue") : null];
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor component="button" type="button" size="sm" fw={600} ta="left" onClick={onOpen} aria-label={say("open", { name: view.name })}>
          {view.name}
        </Anchor>
        <Text size="xs" c="dimmed" style={{ overflowWrap: "anywhere" }}>
          {view.description ?? view.url ?? view.source}
        </Text>
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} href={`/flows/${encodeURIComponent(view.flow)}`} size="sm" style={{ whiteSpace: "nowrap" }}>
          {view.flow}
        </Anchor>
        <Text size="xs" c="dimmed">
          {view.flow_version}
        </Text>
      </Table.Td>
      <Table.Td>
        <FunctionState state={view.state} />
      </Table.Td>
      <Table.Td>{how.filter(Boolean).join(" · ")}</Table.Td>
      <Table.Td ta="right">{view.kind === "process" ? number(view.restarts) : "–"}</Table.Td>
      <Table.Td maw={320}>{view.last_error ? <LongText label={`${view.name}: ${say("lastError")}`} text={view.last_error} lines={2} /> : "–"}</Table.Td>
      <Table.Td>
        {may && view.kind === "process" && (
          <Action
            small
            label={say("restart", { name: view.name })}
            icon="again"
            refresh={[["functions", namespace]]}
            act={() =>
              answer(
                api.POST("/api/v1/namespaces/{namespace}/flowapps/{flow}/functions/{function}/restart", {
                  params: { path: { namespace, flow: view.flow, function: view.name } },
                }),
              )
            }
            question={{ text: say("restartAsk", { name: view.name }), confirm: say("restartYes") }}
          />
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function FunctionState({ state }: { state: string | null | undefined }): ReactNode {
  const say = useText(functions);
  if (!state) return "–";
  const known = state in STATES ? (state as keyof typeof STATES) : null;
  const [color, icon] = known ? STATES[known] : (["gray", "minus"] as const);
  return (
    <Badge variant="light" tt="none" color={color} leftSection={<Icon name={icon} size={12} />}>
      {known ? say(known) : state}
    </Badge>
  );
}
