/** One execution: how it stands, its steps, its timeline, what went in and came out of each task run. */
import { Badge, Grid, Group, Stack, Tabs, Text } from "@mantine/core";
import { useMemo, type ReactNode } from "react";
import { useSearchParams } from "wouter";
import { ApiProblem } from "../../../client/api";
import { useText } from "../../../language/language";
import { Empty, Go } from "../../../parts/Empty";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { Page } from "../../../parts/Page";
import { Actions } from "./Actions";
import { readLook, VIEWS, writeLook, type Look } from "./address";
import { Compare } from "./Compare";
import { useDefinition, useExecution, useLive, type ExecutionDetail } from "./data";
import { Facts } from "./Facts";
import { Lines } from "./Lines";
import { one } from "./messages";
import { Panel } from "./Panel";
import { Raw } from "./Raw";
import { Steps } from "./Steps";
import { Timeline } from "./Timeline";
import { Why } from "./Why";
import "./one.css";

export default function Execution({ id }: { id: string }): ReactNode {
  const say = useText(one);
  const { data, error, isPending, refetch } = useExecution(id);
  // Most often its steps are looked at: what they are is asked for beside how it stands.
  useDefinition(id);
  if (isPending) return <Loading lines={12} />;
  if (data) return <Known execution={data} />;
  if (error instanceof ApiProblem && error.status === 404) {
    return (
      <Empty page icon="search" title={say("unknown")} action={<Go to="/executions">{say("toList")}</Go>}>
        {say("unknownHint")}
      </Empty>
    );
  }
  return (
    <Page title={id}>
      <Failure error={error} onRetry={() => void refetch()} />
    </Page>
  );
}

export interface Seen {
  readonly look: Look;
  readonly setLook: (change: Partial<Look>) => void;
}

function useLook(): Seen {
  const [params, setParams] = useSearchParams();
  const address = params.toString();
  const look = useMemo(() => readLook(new URLSearchParams(address)), [address]);
  return { look, setLook: (change) => setParams((before) => writeLook({ ...readLook(before), ...change }), { replace: true }) };
}

function Known({ execution }: { execution: ExecutionDetail }): ReactNode {
  const say = useText(one);
  const { look, setLook } = useLook();
  const live = useLive(execution.id, execution.status);
  const { state: runs, complete, error } = live.history;
  const beside = look.view === "steps" || look.view === "timeline";
  const body = (() => {
    switch (look.view) {
      case "steps":
        return <Steps execution={execution} runs={runs} look={look} setLook={setLook} />;
      case "timeline":
        return <Timeline execution={execution} runs={runs} complete={complete} selected={look.run} onSelect={(run) => setLook({ run: run.run_id, task: run.task })} />;
      case "lines":
        return <Lines execution={execution} run={null} runs={runs} onLines={live.onLines} height="calc(100vh - var(--above) - 44px)" onRun={(run) => setLook({ view: "timeline", run })} />;
      case "compare":
        return <Compare execution={execution} other={look.other} onOther={(other) => setLook({ other })} onRun={(run) => setLook({ view: "steps", run, task: runs.byId.get(run)?.task ?? null })} />;
      case "raw":
        return <Raw execution={execution} />;
    }
  })();
  return (
    <Page title={say("title", { flow: execution.flow })} actions={<Actions execution={execution} />}>
      <Stack gap="sm" className={execution.status === "faulted" || execution.why.length > 0 ? "execution explained" : "execution"}>
        <Facts execution={execution} />
        {!live.connected && (
          <Text size="sm" c="dimmed" role="status">
            {say("notLive")}
          </Text>
        )}
        <Why execution={execution} runs={runs} onRun={(run) => setLook({ view: look.view === "timeline" ? "timeline" : "steps", run, task: runs.byId.get(run)?.task ?? null })} />
        {error !== null && <Failure error={error} onRetry={live.again} />}
        <Tabs value={look.view} onChange={(view) => setLook({ view: VIEWS.find((each) => each === view) ?? "steps" })} keepMounted={false}>
          <Group justify="space-between" gap="xs">
            <Tabs.List aria-label={say("views")}>
              {VIEWS.map((view) => (
                <Tabs.Tab key={view} value={view}>
                  {say(view)}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            <Group gap="xs">
              <Text size="sm" c="dimmed" role="status">
                {complete ? say("countRuns", { count: Math.max(0, runs.all.length - (runs.byId.has(0) ? 1 : 0)) }) : say("reading")}
              </Text>
              {execution.ended_at === null && live.connected && (
                <Badge variant="dot" color="green" tt="none">
                  {say("live")}
                </Badge>
              )}
            </Group>
          </Group>
          <Tabs.Panel value={look.view} pt="sm">
            {beside ? (
              <Grid gap="md">
                <Grid.Col span={{ base: 12, lg: 8 }}>{body}</Grid.Col>
                <Grid.Col span={{ base: 12, lg: 4 }}>
                  <Panel execution={execution} runs={runs} complete={complete} look={look} setLook={setLook} onLines={live.onLines} />
                </Grid.Col>
              </Grid>
            ) : (
              body
            )}
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Page>
  );
}
