/** The lines that functions wrote, as they come. */
import { Anchor, Group, Stack, Text, TextInput } from "@mantine/core";
import { useEffect, useMemo, useRef, useState, type ReactNode } from "react";
import { useText } from "../../../language/language";
import { Failure } from "../../../parts/Failure";
import { Icon } from "../../../parts/icons";
import { Loading } from "../../../parts/Loading";
import { useRows } from "../rows";
import { LINES_MAX, useLines, type ExecutionDetail, type LiveExecution, type LogEntry } from "./data";
import { one } from "./messages";
import type { Runs } from "./runs";

const LINE_HEIGHT = 20;

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
      <Rows lines={found} runs={runs} height={height} {...(onRun ? { onRun } : {})} />
    </Stack>
  );
}

function Rows({ lines, runs, height, onRun }: { lines: readonly LogEntry[]; runs: Runs; height: string; onRun?: (run: number) => void }): ReactNode {
  const say = useText(one);
  const scroller = useRef<HTMLDivElement>(null);
  const { viewport, first, end, atEnd } = useRows(lines.length, LINE_HEIGHT);
  const following = useRef(true);
  useEffect(() => {
    following.current = atEnd;
  }, [atEnd]);
  // Who looks at the last line goes on looking at the last line.
  useEffect(() => {
    const element = scroller.current;
    if (element && following.current && element.scrollTop > 0) element.scrollTop = element.scrollHeight;
  }, [lines.length]);
  return (
    <div
      className="lines"
      tabIndex={0}
      role="log"
      aria-label={say("lines")}
      style={{ maxHeight: height }}
      ref={(element) => {
        scroller.current = element;
        viewport(element);
      }}
    >
      <div style={{ height: lines.length * LINE_HEIGHT, position: "relative", minWidth: "max-content" }}>
        {lines.slice(first, end).map((line, index) => (
          <div key={line.number} className="lines__row" data-stream={line.stream} style={{ top: (first + index) * LINE_HEIGHT }}>
            <span className="lines__time">{timeOf(line.at)}</span>
            {onRun && (
              <Anchor component="button" type="button" size="xs" ff="monospace" onClick={() => onRun(line.run_id)}>
                {runs.byId.get(line.run_id)?.name ?? `#${line.run_id}`}
              </Anchor>
            )}
            <span className="lines__text">{line.text}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

/** The time of day with milliseconds, in the browser's time zone. */
function timeOf(at: number): string {
  const moment = new Date(at * 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}.${String(moment.getMilliseconds()).padStart(3, "0")}`;
}
