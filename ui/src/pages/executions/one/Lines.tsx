/** The lines that functions wrote, as they come. */
import { Anchor, Group, Stack, Text, TextInput } from "@mantine/core";
import { useMemo, useState, type ReactNode } from "react";
import { useText } from "../../../language/language";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import { LineLog } from "../../../parts/lines/LineLog";
import { Loading } from "../../../parts/Loading";
import { LINES_MAX, useLines, type ExecutionDetail, type LiveExecution, type LogEntry } from "./data";
import { one } from "./messages";
import type { Runs } from "./runs";

interface Props {
  readonly execution: ExecutionDetail;
  /** Of this task run alone; `null` for those of all. */
  readonly run: number | null;
  readonly runs: Runs;
  readonly onLines: LiveExecution["onLines"];
  readonly height: string;
  readonly onRun?: (run: number) => void;
}

export function Lines({ execution, run, runs, onLines, height, onRun }: Props): ReactNode {
  const say = useText(one);
  const { state: lines, complete, error } = useLines(execution.id, run, onLines, execution.ended_at !== null);
  const [search, setSearch] = useState("");
  const found = useMemo(() => (search ? lines.filter(({ text }) => text.toLowerCase().includes(search.toLowerCase())) : lines), [lines, search]);
  if (error !== null) return <Failure error={error} />;
  if (!complete && lines.length === 0) return <Loading lines={3} height={16} />;
  if (lines.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {say("noLines")} {run === null && say("noLinesHint")}
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      {run === null && (
        <Group gap="xs">
          <TextInput
            type="search"
            size="xs"
            w={260}
            aria-label={say("searchLines")}
            placeholder={say("searchLines")}
            leftSection={<Icon name="search" size={14} />}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
          />
          {lines.length >= LINES_MAX && (
            <Text size="xs" c="dimmed">
              {say("moreLines", { count: lines.length })}
            </Text>
          )}
        </Group>
      )}
      <LineLog
        lines={found}
        label={say("lines")}
        style={{ maxHeight: height }}
        {...(onRun
          ? {
              before: ({ run_id }: LogEntry) => (
                <Anchor component="button" type="button" size="xs" ff="monospace" onClick={() => onRun(run_id)}>
                  {runs.byId.get(run_id)?.name ?? `#${run_id}`}
                </Anchor>
              ),
            }
          : {})}
      />
    </Stack>
  );
}
