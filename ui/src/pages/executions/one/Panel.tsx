/** What is selected: a task run with all that is known of it, or the execution itself. */
import { ActionIcon, Alert, Button, Group, Stack, Text, Title } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useMay } from "../../../client/session";
import { useFormat, useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Ago } from "../../../parts/Ago";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import { Loading } from "../../../parts/Loading";
import { Status } from "../../../parts/Status";
import { useRun, type ExecutionDetail, type LiveExecution, type RunRecord } from "./data";
import type { Seen } from "./Execution";
import { Lines } from "./Lines";
import { one } from "./messages";
import { Copy, Payload } from "./Payload";
import { Rerun } from "./Rerun";
import { choiceOf, runsOf, type Run, type Runs } from "./runs";
import { useTick } from "./tick";
import { stampOf } from "./Timeline";
import { briefError } from "./why";

interface Props extends Seen {
  readonly execution: ExecutionDetail;
  readonly runs: Runs;
  readonly complete: boolean;
  readonly onLines: LiveExecution["onLines"];
  /** What to do with a rerun, and on which version it is; else its page is opened, and the version is the same. */
  readonly onStarted?: (id: string) => void;
  readonly version?: string;
}

export function Panel({ execution, runs, complete, look, setLook, onLines, ...rerun }: Props): ReactNode {
  const say = useText(one);
  const run = look.run === null ? undefined : runs.byId.get(look.run);
  if (run) return <Selected key={run.run_id} execution={execution} runs={runs} run={run} look={look} setLook={setLook} onLines={onLines} rerun={rerun} />;
  if (look.run !== null && !complete) return <Loading />;
  if (look.task !== null) {
    return (
      <Alert color="gray" variant="light" title={say("notRun")} icon={<Icon name="skip" />}>
        {say("notRunHint")}
      </Alert>
    );
  }
  return (
    <Stack gap="md" component="section" aria-label={say("itself")} className="panel">
      <div>
        <Title order={2} size="h5">
          {say("itself")}
        </Title>
        <Text size="sm" c="dimmed">
          {say("itselfHint")}
        </Text>
      </div>
      {execution.error !== null && <Payload title={say("error")} value={execution.error} tone="error" />}
      <Payload title={say("input")} value={execution.input} />
      {execution.status === "completed" && <Payload title={say("output")} value={execution.output} />}
    </Stack>
  );
}

interface SelectedProps extends Seen {
  readonly execution: ExecutionDetail;
  readonly runs: Runs;
  readonly run: Run;
  readonly onLines: LiveExecution["onLines"];
  readonly rerun: Pick<Props, "onStarted" | "version">;
}

function Selected({ execution, runs, run, look, setLook, onLines, rerun }: SelectedProps): ReactNode {
  const say = useText(one);
  const may = useMay("operator", useNamespace());
  const [rerunning, setRerunning] = useState(false);
  const { data, error, refetch } = useRun(execution.id, run.run_id, stampOf(run));
  return (
    <Stack gap="md" component="section" aria-label={say("runs", { task: run.name })} className="panel">
      <Stack gap={6}>
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} size="h5" style={{ overflowWrap: "anywhere" }}>
            {run.name}
          </Title>
          <ActionIcon variant="subtle" color="gray" aria-label={say("close")} onClick={() => setLook({ run: null, task: null })}>
            <Icon name="cross" size={16} />
          </ActionIcon>
        </Group>
        <Siblings runs={runs} run={run} look={look} setLook={setLook} />
        <RunFacts run={run} worker={data?.worker ?? null} />
        {may && execution.ended_at !== null && (
          <Group>
            <Button size="xs" variant="light" disabled={!data} leftSection={<Icon name="again" size={14} />} onClick={() => setRerunning(true)}>
              {say("rerunFrom")}
            </Button>
          </Group>
        )}
      </Stack>
      {error && !data ? <Failure error={error} onRetry={() => void refetch()} /> : null}
      {!data && !error && <Loading lines={5} />}
      {data && <Payloads run={data} open={run.ended_at === null} />}
      <section aria-label={say("linesOf")}>
        <Title order={3} size="h6" mb={4}>
          {say("lines")}
        </Title>
        <Lines execution={execution} run={run.run_id} runs={runs} onLines={onLines} height="260px" />
      </section>
      {rerunning && data && <Rerun execution={execution} run={data} {...rerun} onClose={() => setRerunning(false)} />}
    </Stack>
  );
}

/** The other runs of the same task, one after the other. */
function Siblings({ runs, run, look, setLook }: Seen & { runs: Runs; run: Run }): ReactNode {
  const say = useText(one);
  const siblings = runsOf(runs, run.task, look.choice);
  const at = siblings.findIndex((each) => each.run_id === run.run_id);
  if (siblings.length < 2 || at < 0) return null;
  const go = (to: number) => {
    const next = siblings[to];
    // Where iterations are chosen the choice goes along, so that the canvas shows the same one.
    if (next) setLook({ run: next.run_id, task: next.task, ...(Object.keys(look.choice).length > 0 ? { choice: choiceOf(runs, next) } : {}) });
  };
  return (
    <Group gap={6}>
      <ActionIcon variant="default" size="sm" disabled={at === 0} aria-label={say("previous")} onClick={() => go(at - 1)}>
        <Icon name="left" size={14} />
      </ActionIcon>
      <Text size="sm">{say("runOf", { number: at + 1, total: siblings.length })}</Text>
      <ActionIcon variant="default" size="sm" disabled={at === siblings.length - 1} aria-label={say("next")} onClick={() => go(at + 1)}>
        <Icon name="right" size={14} />
      </ActionIcon>
    </Group>
  );
}

function RunFacts({ run, worker }: { run: Run; worker: string | null }): ReactNode {
  const say = useText(one);
  const format = useFormat();
  const now = useTick(run.ended_at === null);
  const fact = (name: string, value: ReactNode) => (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
  return (
    <>
      <Group component="dl" gap="md" m={0} className="facts">
        {fact(say("status"), <Status status={run.status} />)}
        {fact(say("kind"), run.kind)}
        {fact(say("started"), <Ago at={run.started_at} />)}
        {fact(say("duration"), format.duration(Math.max(0, (run.ended_at ?? now) - run.started_at)))}
        {run.attempt > 1 && fact(say("attempt"), run.attempt)}
        {run.iteration !== null && fact(say("iteration"), run.iteration)}
        {worker !== null && fact(say("worker"), worker)}
      </Group>
      <Group gap={4} wrap="nowrap">
        <Text size="xs" c="dimmed" ff="monospace" style={{ overflowWrap: "anywhere" }}>
          {run.task}
        </Text>
        <Copy text={run.task} />
      </Group>
      {run.carried && (
        <Text size="xs" c="dimmed">
          ↩ {say("carried")}
        </Text>
      )}
      {run.count > 1 && (
        <Text size="xs" c="dimmed">
          {say("summedUp", { count: run.count })}
        </Text>
      )}
    </>
  );
}

function Payloads({ run, open }: { run: RunRecord; open: boolean }): ReactNode {
  const say = useText(one);
  const { attempts: _attempts, worker: _worker, ...details } = (run.details ?? {}) as Record<string, unknown>;
  return (
    <>
      {run.error !== null && <Payload title={say("error")} value={run.error} tone="error" />}
      {run.attempts.length > 0 && <Attempts attempts={run.attempts} />}
      {open ? (
        <Text size="sm" c="dimmed">
          {say("openHint")}
        </Text>
      ) : (
        <>
          <Payload title={say("input")} value={run.input} />
          {run.error === null && <Payload title={say("output")} value={run.output} />}
          {hasContent(run.variables) && <Payload title={say("variables")} value={run.variables} />}
          {hasContent(run.context) && <Payload title={say("context")} value={run.context} />}
          {hasContent(details) && <Payload title={say("details")} value={details} />}
        </>
      )}
    </>
  );
}

function hasContent(value: unknown): boolean {
  return value !== null && value !== undefined && !(typeof value === "object" && Object.keys(value).length === 0);
}

function Attempts({ attempts }: { attempts: RunRecord["attempts"] }): ReactNode {
  const say = useText(one);
  const format = useFormat();
  return (
    <section aria-label={say("attempts")}>
      <Title order={3} size="h6" mb={4}>
        {say("attempts")}
      </Title>
      <Stack gap={4}>
        {attempts.map((each, index) => {
          const { attempt, at, error } = each;
          return (
            <Text size="sm" key={index}>
              <Text span fw={600} size="sm">
                {say("attemptOf", { attempt: typeof attempt === "number" ? attempt : index + 1 })}
              </Text>
              {typeof at === "number" && ` · ${format.time(at)}`}
              {" · "}
              {briefError(error)}
            </Text>
          );
        })}
      </Stack>
    </section>
  );
}
