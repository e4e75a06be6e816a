/** The run that the canvas shows: how it stands, why it waits or failed, and the step that is selected. */
import { Alert, Anchor, Button, Group, Stack, Text, Tooltip } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { ApiProblem } from "../../../../client/api";
import { useFormat, useText } from "../../../../language/language";
import { useNamespace } from "../../../../namespace";
import { Empty } from "../../../../parts/Empty";
import { Failure } from "../../../../parts/Failure";
import { Icon } from "../../../../parts/icons";
import { Loading } from "../../../../parts/Loading";
import { Status } from "../../../../parts/Status";
import { placeOf } from "../../../executions/data";
import { Iterations } from "../../../executions/one/Iterations";
import { Panel } from "../../../executions/one/Panel";
import { useTick } from "../../../executions/one/tick";
import { Why } from "../../../executions/one/Why";
import { CodeNeeded } from "../code/CodeNeeded";
import { CodeOf } from "../code/CodeOf";
import { useGraph } from "../context";
import { again, cancel } from "./data";
import { run } from "./messages";
import { useLook, type Chosen, type Shown, type ShownRun } from "./shown";

interface Props {
  readonly shown: Shown | null;
  readonly which: ShownRun;
  readonly error: unknown;
  readonly flow: string;
  /** The version that is deployed. */
  readonly version: string;
  readonly onRun: () => void;
  readonly chosen: Chosen;
}

export function RunPanel({ shown, which, error, flow, version, onRun, chosen }: Props): ReactNode {
  const say = useText(run);
  const { id, show } = which;
  if (id === null) {
    return (
      <Empty icon="run" title={say("notRun")} action={<Button size="xs" onClick={onRun}>{say("run")}</Button>}>
        {say("notRunHint")}
      </Empty>
    );
  }
  if (shown?.execution.id === id) return <Running key={id} shown={shown} show={show} flow={flow} version={version} chosen={chosen} />;
  if (error === null) return <Loading lines={8} />;
  if (error instanceof ApiProblem && error.status === 404) {
    return (
      <Empty icon="search" title={say("gone")} action={<Button size="xs" variant="default" onClick={() => show(null)}>{say("close")}</Button>}>
        {""}
      </Empty>
    );
  }
  return <Failure error={error} />;
}

type RunningProps = Pick<Props, "flow" | "version" | "chosen"> & { readonly shown: Shown; readonly show: ShownRun["show"] };

function Running({ shown, show, flow, version, chosen }: RunningProps): ReactNode {
  const say = useText(run);
  const { execution, runs, complete, live, executed, own, places } = shown;
  const { look, setLook } = useLook(shown, chosen);
  const drawn = useGraph();
  const older = execution.version !== version;
  return (
    <Stack gap="sm">
      <Head shown={shown} show={show} />
      {!live.connected && (
        <Text size="sm" c="dimmed" role="status">
          {say("notLive")}
        </Text>
      )}
      {live.history.error !== null && <Failure error={live.history.error} onRetry={live.again} />}
      <Why execution={execution} runs={runs} onRun={(id) => setLook({ run: id })} />
      {(older || !places.same) && (
        <Alert variant="light" color="gray" py="xs">
          {older && say("itWas", { version: execution.version })} {!places.same && say("changedSince")}
        </Alert>
      )}
      <Iterations picture={own} graph={executed} choice={look.choice} onChoose={(choice) => setLook({ choice })} />
      {look.task === null ? execution.status === "faulted" && <CodeNeeded flow={flow} /> : <CodeOf flow={flow} graph={drawn} />}
      <Panel
        execution={execution}
        runs={runs}
        complete={complete}
        look={look}
        setLook={setLook}
        onLines={live.onLines}
        onStarted={show}
        {...(older ? { version: "latest" } : {})}
      />
    </Stack>
  );
}

function Head({ shown: { execution }, show }: { shown: Shown; show: ShownRun["show"] }): ReactNode {
  const say = useText(run);
  const format = useFormat();
  const namespace = useNamespace();
  const ended = execution.ended_at !== null;
  const now = useTick(!ended);
  const rerun = useMutation({ mutationFn: () => again(namespace, execution.id), onSuccess: show });
  const stop = useMutation({ mutationFn: () => cancel(namespace, execution.id) });
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Group gap="xs" role="status">
          <Status status={execution.status} />
          <Text size="sm" c="dimmed">
            {format.duration(Math.max(0, (execution.ended_at ?? now) - (execution.started_at ?? execution.created_at)))}
          </Text>
        </Group>
        <Anchor component={Link} href={placeOf(execution.id)} size="sm">
          {say("openPage")}
        </Anchor>
      </Group>
      <Group gap="xs">
        {ended ? (
          <Tooltip label={say("againHint")}>
            <Button size="xs" variant="light" leftSection={<Icon name="again" size={14} />} loading={rerun.isPending} onClick={() => rerun.mutate()}>
              {say("again")}
            </Button>
          </Tooltip>
        ) : (
          <Button size="xs" variant="light" color="red" leftSection={<Icon name="stop" size={14} />} loading={stop.isPending} onClick={() => stop.mutate()}>
            {say("cancel")}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => show(null)}>
          {say("close")}
        </Button>
      </Group>
      {(rerun.error ?? stop.error) !== null && <Failure error={rerun.error ?? stop.error} />}
    </Stack>
  );
}
