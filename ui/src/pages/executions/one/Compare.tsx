/** What differs between this execution and another one, most often one and its rerun. */
import { Anchor, Autocomplete, Group, Stack, Table, Text, Title } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { answer, api, type Schemas } from "../../../client/api";
import { useFormat, useText } from "../../../language/language";
import { useNamespace } from "../../../namespace";
import { Failure } from "../../../parts/Failure";
import { Loading } from "../../../parts/Loading";
import { STATUSES, Status } from "../../../parts/Status";
import { Wide } from "../../../parts/Wide";
import { placeOf, useExecutions } from "../data";
import type { ExecutionDetail } from "./data";
import { one } from "./messages";

const TYPING_MS = 400;
const CHOICES = 20;
const SHOWN_CHARACTERS = 300;

interface Props {
  readonly execution: ExecutionDetail;
  readonly other: string | null;
  readonly onOther: (id: string | null) => void;
  readonly onRun: (run: number) => void;
}

export function Compare({ execution, other, onOther, onRun }: Props): ReactNode {
  const say = useText(one);
  const choices = useChoices(execution);
  const [typed, setTyped] = useState(other ?? execution.rerun_of ?? "");
  const [settled] = useDebouncedValue(typed.trim(), TYPING_MS);
  // What is typed counts when it is the id of one; the address keeps it.
  const wanted = other ?? (settled !== "" ? settled : null);
  return (
    <Stack gap="md">
      <Autocomplete
        size="sm"
        maw={420}
        label={say("compareWith")}
        placeholder={say("otherId")}
        data={choices}
        value={typed}
        onChange={(value) => {
          setTyped(value);
          onOther(choices.includes(value) ? value : null);
        }}
        clearable
      />
      {wanted === null ? (
        <Text size="sm" c="dimmed">
          {say("otherHint")}
        </Text>
      ) : (
        <Difference execution={execution} other={wanted} onRun={onRun} />
      )}
    </Stack>
  );
}

/** Executions to compare with: what it reruns, its reruns, and others of its flow. */
function useChoices(execution: ExecutionDetail): string[] {
  const { data: reruns } = useExecutions({ rerun_of: execution.id, limit: CHOICES });
  const { data: others } = useExecutions({ flow: execution.flow, limit: CHOICES });
  return useMemo(() => {
    const ids = [execution.rerun_of, ...(reruns ?? []).map(({ id }) => id), ...(others ?? []).map(({ id }) => id)];
    return [...new Set(ids)].filter((id): id is string => id !== null && id !== execution.id);
  }, [execution.rerun_of, execution.id, reruns, others]);
}

function Difference({ execution, other, onRun }: { execution: ExecutionDetail; other: string; onRun: (run: number) => void }): ReactNode {
  const say = useText(one);
  const namespace = useNamespace();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["execution-diff", namespace, execution.id, other, execution.status],
    queryFn: ({ signal }) =>
      answer(
        api.GET("/api/v1/namespaces/{namespace}/executions/{execution_id}/diff", {
          params: { path: { namespace, execution_id: execution.id }, query: { with: other } },
          signal,
        }),
      ),
  });
  if (isPending) return <Loading />;
  if (!data) return <Failure error={error} onRetry={() => void refetch()} />;
  const same = data.changes.length === 0 && data.runs.length === 0;
  return (
    <Stack gap="md">
      <Group gap="xs">
        <Anchor component={Link} href={placeOf(other)} size="sm" ff="monospace">
          {other}
        </Anchor>
        <Text size="sm" c="dimmed">
          {same ? say("same") : data.same_path ? say("samePath") : say("otherPath")}
        </Text>
        {!data.whole && (
          <Text size="sm" c="dimmed">
            {say("notWhole")}
          </Text>
        )}
      </Group>
      {data.changes.length > 0 && (
        <section aria-label={say("facts")}>
          <Title order={2} size="h5" mb="xs">
            {say("facts")}
          </Title>
          <Changes changes={data.changes} />
        </section>
      )}
      {data.runs.length > 0 && (
        <section aria-label={say("tasksThatDiffer")}>
          <Title order={2} size="h5" mb="xs">
            {say("tasksThatDiffer")}
          </Title>
          <Tasks runs={data.runs} onRun={onRun} />
        </section>
      )}
    </Stack>
  );
}

function Changes({ changes }: { changes: readonly Schemas["Change"][] }): ReactNode {
  const say = useText(one);
  return (
    <Wide minWidth={520}>
      <Table withTableBorder verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("place")}</Table.Th>
            <Table.Th>{say("there")}</Table.Th>
            <Table.Th>{say("here")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map((change) => (
            <Table.Tr key={`${change.op} ${change.pointer}`}>
              <Table.Td className="change">{change.pointer || "/"}</Table.Td>
              <Table.Td className="change">{change.op === "added" ? "–" : brief(change.before)}</Table.Td>
              <Table.Td className="change">{change.op === "removed" ? "–" : brief(change.after)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

function brief(value: unknown): string {
  const text = value === undefined ? "null" : JSON.stringify(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

const TASKS_SHOWN = 200;

function Tasks({ runs, onRun }: { runs: readonly Schemas["RunComparison"][]; onRun: (run: number) => void }): ReactNode {
  const say = useText(one);
  return (
    <Wide minWidth={620}>
      <Table withTableBorder verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{say("task")}</Table.Th>
            <Table.Th>{say("there")}</Table.Th>
            <Table.Th>{say("here")}</Table.Th>
            <Table.Th>{say("differs")}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.slice(0, TASKS_SHOWN).map((run) => (
            <Table.Tr key={`${run.task} ${run.number}`}>
              <Table.Td className="change">
                {run.run_id === null ? (
                  run.task
                ) : (
                  <Anchor component="button" type="button" size="xs" ff="monospace" ta="left" onClick={() => onRun(run.run_id ?? 0)}>
                    {run.task}
                  </Anchor>
                )}
                {run.number > 1 && ` (${run.number})`}
              </Table.Td>
              <Table.Td>
                <Side status={run.other_status} seconds={run.other_duration_seconds} />
              </Table.Td>
              <Table.Td>
                <Side status={run.status} seconds={run.duration_seconds} />
              </Table.Td>
              <Table.Td className="change">{run.changes.map((change) => `${change.pointer || "/"}: ${brief(change.before)} → ${brief(change.after)}`).join("\n")}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Wide>
  );
}

function Side({ status, seconds }: { status: string | null; seconds: number | null }): ReactNode {
  const say = useText(one);
  const format = useFormat();
  const known = STATUSES.find((each) => each === status);
  if (!known) {
    return (
      <Text size="sm" c="dimmed">
        {say("notHere")}
      </Text>
    );
  }
  return (
    <Group gap={6} wrap="nowrap">
      <Status status={known} />
      {seconds !== null && <Text size="xs">{format.duration(seconds)}</Text>}
    </Group>
  );
}
