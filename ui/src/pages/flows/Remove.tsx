/** Deleting a flow says first what goes with it, and what becomes of its executions that are open. */
import { Anchor, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { answer, api } from "../../client/api";
import { useFormat, useText } from "../../language/language";
import { useNamespace } from "../../namespace";
import { Action } from "../../parts/act/Action";
import { Failure } from "../../parts/Failure";
import { Loading } from "../../parts/Loading";
import { Status } from "../../parts/Status";
import { writeFilter } from "../executions/list/filter";
import type { FlowDetail } from "./data";
import { flows } from "./messages";
import { countsOf, hostedFunctions, OPEN, type Open } from "./open";

/** So many are counted; of more it is said that there are more. */
const COUNTED_MAX = 500;
/** What begins or ends while the question stands is seen so soon. */
const REFRESH_MS = 2_000;

export function Remove({ flow }: { flow: FlowDetail }): ReactNode {
  const say = useText(flows);
  const namespace = useNamespace();
  const [, go] = useLocation();
  const { name } = flow;
  return (
    <Action
      small
      danger
      label={say("remove", { name })}
      icon="trash"
      act={() => answer(api.DELETE("/api/v1/namespaces/{namespace}/flowapps/{name}", { params: { path: { namespace, name } } }))}
      refresh={[["flows", namespace]]}
      question={{ text: <Consequences flow={flow} />, confirm: say("removeIt") }}
      onDone={() => go("/flows")}
    />
  );
}

function Consequences({ flow }: { flow: FlowDetail }): ReactNode {
  const say = useText(flows);
  const namespace = useNamespace();
  const hosted = hostedFunctions(flow.definition);
  const listed = (names: readonly string[]) => names.join(", ") || say("noneOfThem");
  const { data, error, refetch } = useQuery({
    queryKey: ["executions", namespace, "open", flow.name],
    // Asked each time that the question is put: what was counted before says nothing.
    gcTime: 0,
    refetchInterval: REFRESH_MS,
    queryFn: async ({ signal }) => {
      const query = { flow: flow.name, status: [...OPEN], limit: COUNTED_MAX };
      return countsOf(await answer(api.GET("/api/v1/namespaces/{namespace}/executions", { params: { path: { namespace }, query }, signal })));
    },
  });
  return (
    <Stack gap="sm">
      <Text size="sm">{say("removeQuestion", { triggers: listed(flow.triggers.map((each) => each.name)), functions: listed(hosted) })}</Text>
      {data ? <Opened name={flow.name} open={data} functions={hosted} /> : error ? <Failure error={error} onRetry={() => void refetch()} /> : <Loading lines={1} />}
    </Stack>
  );
}

function Opened({ name, open, functions }: { name: string; open: Open; functions: readonly string[] }): ReactNode {
  const say = useText(flows);
  const format = useFormat();
  if (open.total === 0) return <Text size="sm">{say("openNone")}</Text>;
  const shown = `/executions?${writeFilter({ flow: name, status: OPEN }).toString()}`;
  return (
    <Stack gap="xs" role="group" aria-label={say("openTitle")}>
      <Text size="sm" fw={600}>
        {say(open.more ? "openMore" : "openSome", { count: open.total })}
      </Text>
      <Group gap="md">
        {open.counts.map(({ status, count }) => (
          <Group key={status} gap={6} wrap="nowrap">
            <Text size="sm" fw={600}>
              {format.number(count)}
            </Text>
            <Status status={status} />
          </Group>
        ))}
        <Anchor component={Link} href={shown} size="sm">
          {say("openShow")}
        </Anchor>
      </Group>
      <Text size="sm">{functions.length > 0 ? say("openServed", { functions: functions.join(", ") }) : say("openGoOn")}</Text>
    </Stack>
  );
}
