/** The timeline: a row for each task run, a bar for how long it took, marks for attempts that failed. */
import { Badge, Group, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useEffect, useMemo, useState, type KeyboardEvent, type ReactNode } from "react";
import { useFormat, useText } from "../../../language/language";
import { Icon } from "../../../parts/icons";
import { parts } from "../../../parts/messages";
import { STATUS_ICONS } from "../../../parts/Status";
import { useRows } from "../../../parts/rows";
import { useRun, type ExecutionDetail } from "./data";
import { one } from "./messages";
import type { Run, Runs } from "./runs";
import { useTick } from "./tick";
import { barOf, spanOf, ticksOf, timelineRows, type Row, type Showing, type Span } from "./timeline";

const ROW_HEIGHT = 28;
const INDENT_PX = 14;
const DEPTH_MAX = 8;

interface Props {
  readonly execution: ExecutionDetail;
  readonly runs: Runs;
  readonly complete: boolean;
  readonly selected: number | null;
  readonly onSelect: (run: Run) => void;
}

export function Timeline({ execution, runs, complete, selected, onSelect }: Props): ReactNode {
  const say = useText(one);
  const [showing, setShowing] = useState<Showing>("all");
  const [search, setSearch] = useState("");
  const open = execution.ended_at === null;
  const now = useTick(open);
  const rows = useMemo(() => timelineRows(runs, showing, search), [runs, showing, search]);
  const span = spanOf(execution.started_at ?? execution.created_at, execution.ended_at ?? now, runs.all);
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <TextInput
          type="search"
          size="xs"
          aria-label={say("searchTasks")}
          placeholder={say("searchTasks")}
          leftSection={<Icon name="search" size={14} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <SegmentedControl
          size="xs"
          aria-label={say("task")}
          value={showing}
          onChange={(value) => setShowing(value)}
          data={[
            { value: "all", label: say("all") },
            { value: "failed", label: say("onlyFailed") },
            { value: "open", label: say("onlyOpen") },
          ]}
        />
        <Text size="xs" c="dimmed" role="status">
          {say("countRuns", { count: rows.length })}
        </Text>
      </Group>
      {rows.length > 0 ? (
        <Chart id={execution.id} rows={rows} span={span} now={now} selected={selected} onSelect={onSelect} />
      ) : (
        <Text size="sm" c="dimmed">
          {!complete ? say("reading") : runs.all.length === 0 ? say("notYet") : say("noRuns")}
        </Text>
      )}
    </Stack>
  );
}

interface ChartProps {
  readonly id: string;
  readonly rows: readonly Row[];
  readonly span: Span;
  readonly now: number;
  readonly selected: number | null;
  readonly onSelect: (run: Run) => void;
}

function Chart({ id, rows, span, now, selected, onSelect }: ChartProps): ReactNode {
  const say = useText(one);
  const { viewport, first, end, show } = useRows(rows.length, ROW_HEIGHT);
  const at = selected === null ? -1 : rows.findIndex(({ run }) => run.run_id === selected);
  useEffect(() => {
    if (at >= 0) show(at);
  }, [at, show]);
  const go = (event: KeyboardEvent) => {
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1, PageDown: at + 15, PageUp: at - 15 };
    const wanted = steps[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    const row = rows[Math.min(Math.max(wanted, 0), rows.length - 1)];
    if (row) onSelect(row.run);
  };
  return (
    <div className="timeline" ref={viewport}>
      <Axis span={span} />
      <div
        role="listbox"
        tabIndex={0}
        aria-label={say("timeline")}
        aria-activedescendant={at >= first && at < end ? `run-${selected ?? 0}` : undefined}
        onKeyDown={go}
        style={{ height: rows.length * ROW_HEIGHT, position: "relative" }}
      >
        {rows.slice(first, end).map((row, index) => (
          <Line
            key={row.run.run_id}
            id={id}
            row={row}
            top={(first + index) * ROW_HEIGHT}
            number={first + index + 1}
            count={rows.length}
            span={span}
            now={now}
            selected={row.run.run_id === selected}
            onSelect={onSelect}
          />
        ))}
      </div>
    </div>
  );
}

function Axis({ span }: { span: Span }): ReactNode {
  const format = useFormat();
  const length = span.to - span.from;
  return (
    <div className="timeline__axis" aria-hidden="true">
      <span className="timeline__name" />
      <span className="timeline__track">
        {ticksOf(length, 6).map((tick) => (
          <span key={tick} className="timeline__tick" style={{ left: `${(tick / length) * 100}%` }}>
            {tick === 0 ? "0" : format.duration(tick)}
          </span>
        ))}
      </span>
    </div>
  );
}

interface LineProps {
  readonly id: string;
  readonly row: Row;
  readonly top: number;
  readonly number: number;
  readonly count: number;
  readonly span: Span;
  readonly now: number;
  readonly selected: boolean;
  readonly onSelect: (run: Run) => void;
}

function Line({ id, row: { run, depth }, top, number, count, span, now, selected, onSelect }: LineProps): ReactNode {
  const say = useText(one);
  const sayStatus = useText(parts);
  const format = useFormat();
  const bar = barOf(run, span, now);
  const seconds = Math.max(0, (run.ended_at ?? now) - run.started_at);
  const iteration = run.iteration === null ? "" : ` #${run.iteration}`;
  return (
    <div
      id={`run-${run.run_id}`}
      role="option"
      aria-selected={selected}
      aria-setsize={count}
      aria-posinset={number}
      aria-label={`${run.name}${iteration}: ${sayStatus(run.status)}, ${format.duration(seconds)}`}
      className="timeline__row"
      data-status={run.status}
      style={{ top, height: ROW_HEIGHT }}
      onClick={() => onSelect(run)}
    >
      <span className="timeline__name" style={{ paddingLeft: 8 + Math.min(depth, DEPTH_MAX) * INDENT_PX }} title={run.task}>
        <span className="timeline__icon">
          <Icon name={STATUS_ICONS[run.status]} size={12} />
        </span>
        <span className="timeline__text">
          {run.name}
          <span className="timeline__iteration">{iteration}</span>
        </span>
        {run.count > 1 && (
          <Badge size="xs" variant="default" tt="none" title={say("summedUp", { count: run.count })}>
            × {format.number(run.count)}
          </Badge>
        )}
        {run.attempt > 1 && (
          <Badge size="xs" variant="default" tt="none" title={say("attemptOf", { attempt: run.attempt })} leftSection={<Icon name="again" size={9} />}>
            {run.attempt}
          </Badge>
        )}
      </span>
      <span className="timeline__track">
        {bar && <span className="timeline__bar" style={{ left: `${bar.left * 100}%`, width: `${bar.width * 100}%` }} />}
        {run.attempt > 1 && <Attempts id={id} run={run} span={span} now={now} />}
        <span className="timeline__time" style={timePlace(bar)}>
          {run.carried ? "↩" : format.duration(seconds)}
        </span>
      </span>
    </div>
  );
}

/** The time stands behind its bar, before it where there is no room. */
function timePlace(bar: { left: number; width: number } | null): { left?: string; right?: string } {
  const right = bar ? bar.left + bar.width : 0;
  return right < 0.85 || !bar ? { left: `calc(${right * 100}% + 6px)` } : { right: `calc(${(1 - bar.left) * 100}% + 6px)` };
}

/** Where attempts failed, asked for as their row comes into sight. */
function Attempts({ id, run, span, now }: { id: string; run: Run; span: Span; now: number }): ReactNode {
  const say = useText(one);
  const { data } = useRun(id, run.run_id, stampOf(run));
  const marks = (data?.attempts ?? []).flatMap((each, index) => {
    const at = each["at"];
    const place = typeof at === "number" ? barOf({ started_at: at, ended_at: at }, span, now) : null;
    return place ? [{ index, left: place.left }] : [];
  });
  return marks.map(({ index, left }) => <span key={index} className="timeline__attempt" style={{ left: `${left * 100}%` }} title={say("attemptOf", { attempt: index + 1 })} />);
}

/** Another one when there is news of a run. */
export function stampOf(run: Run): string {
  return `${run.status} ${run.attempt}`;
}
