/** The rows of the list. Those in sight are drawn; nearing the end brings more. */
import { Anchor, Badge, Button, Checkbox, Group, Text } from "@mantine/core";
import { memo, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from "react";
import { Link } from "wouter";
import { useFormat, useText } from "../../../language/language";
import { Ago, useNow } from "../../../parts/Ago";
import { Status } from "../../../parts/Status";
import { placeOf, type ExecutionSummary } from "../data";
import { useRows } from "../../../parts/rows";
import "./list.css";
import type { LiveList } from "./live";
import { list } from "./messages";
import { secondsOf } from "./pages";

export const ROW_HEIGHT = 38;

/** A search that finds nothing goes on by itself for so many pages; then somebody has to want it. */
const FRUITLESS_PAGES_MAX = 30;

interface Props {
  readonly found: LiveList;
  /** The ids that are selected; `null` where nothing can be done with them. */
  readonly chosen: ReadonlySet<string> | null;
  readonly onChoose: (ids: ReadonlySet<string>) => void;
  readonly onToggle: (id: string, on: boolean) => void;
  /** Hears whether the newest rows are in sight. */
  readonly onTop: (atTop: boolean) => void;
}

export function Table({ found, chosen, onChoose, onToggle, onTop }: Props): ReactNode {
  const say = useText(list);
  const now = useNow();
  const { rows } = found;
  const { viewport, first, end, atTop, atEnd, shift } = useRows(rows.length, ROW_HEIGHT);
  useEffect(() => onTop(atTop), [atTop, onTop]);
  const top = useRef<string | null>(null);
  useLayoutEffect(() => {
    const before = top.current;
    const at = before === null ? 0 : rows.findIndex(({ id }) => id === before);
    if (at > 0) shift(at);
    top.current = rows[0]?.id ?? null;
  }, [rows, shift]);
  const shown = rows.slice(first, end);
  const columns = chosen ? 8 : 7;
  return (
    <div className="executions" ref={viewport} tabIndex={-1}>
      <table aria-rowcount={found.hasMore ? -1 : rows.length + 1}>
        <thead>
          <tr>
            {chosen && (
              <th className="executions__check">
                <Checkbox
                  size="xs"
                  aria-label={say("selectAll")}
                  checked={chosen.size > 0 && chosen.size >= rows.length}
                  indeterminate={chosen.size > 0 && chosen.size < rows.length}
                  onChange={(event) => onChoose(event.currentTarget.checked ? new Set(rows.map(({ id }) => id)) : new Set())}
                />
              </th>
            )}
            <th className="executions__status">{say("status")}</th>
            <th className="executions__id">{say("id")}</th>
            <th>{say("flow")}</th>
            <th className="executions__version">{say("version")}</th>
            <th className="executions__trigger">{say("trigger")}</th>
            <th className="executions__time">{say("started")}</th>
            <th className="executions__duration">{say("duration")}</th>
          </tr>
        </thead>
        <tbody>
          <Gap height={first * ROW_HEIGHT} columns={columns} />
          {shown.map((row, index) => (
            <Row key={row.id} row={row} number={first + index} now={row.ended_at === null ? now : 0} chosen={chosen?.has(row.id) ?? null} onToggle={onToggle} />
          ))}
          <Gap height={(rows.length - end) * ROW_HEIGHT} columns={columns} />
        </tbody>
      </table>
      <End found={found} inSight={atEnd} />
    </div>
  );
}

function Gap({ height, columns }: { height: number; columns: number }): ReactNode {
  return height > 0 ? (
    <tr aria-hidden="true" style={{ height }}>
      <td colSpan={columns} />
    </tr>
  ) : null;
}

interface RowProps {
  readonly row: ExecutionSummary;
  readonly number: number;
  readonly now: number;
  readonly chosen: boolean | null;
  readonly onToggle: (id: string, on: boolean) => void;
}

// Those that did not change are not drawn again: scrolling draws the new ones alone.
const Row = memo(DrawnRow);

function DrawnRow({ row, number, now, chosen, onToggle }: RowProps): ReactNode {
  const say = useText(list);
  const format = useFormat();
  return (
    <tr aria-rowindex={number + 2} data-chosen={chosen ?? undefined}>
      {chosen !== null && (
        <td>
          <Checkbox size="xs" aria-label={say("select", { id: row.id })} checked={chosen} onChange={(event) => onToggle(row.id, event.currentTarget.checked)} />
        </td>
      )}
      <td>
        <Status status={row.status} />
      </td>
      <td>
        <Group gap={6} wrap="nowrap">
          <Anchor component={Link} href={placeOf(row.id)} size="xs" ff="monospace" title={row.id} truncate>
            {row.id}
          </Anchor>
          {row.rerun_of !== null && (
            <Badge size="xs" variant="default" tt="none" title={say("rerunOf", { id: row.rerun_of })} style={{ flex: "none" }}>
              {say("rerunMark")}
            </Badge>
          )}
        </Group>
      </td>
      <td title={row.flow}>
        <Anchor component={Link} href={`/flows/${encodeURIComponent(row.flow)}`} size="sm" c="inherit">
          {row.flow}
        </Anchor>
      </td>
      <td title={row.version}>{row.version}</td>
      <td title={row.trigger ?? undefined}>{row.trigger ?? "–"}</td>
      <td>
        <Ago at={row.started_at ?? row.created_at} />
      </td>
      <td className="executions__duration">{format.duration(secondsOf(row, now))}</td>
    </tr>
  );
}

/** What stands below the last row: more that comes, how far a search has come, or that this is all. */
function End({ found, inSight }: { found: LiveList; inSight: boolean }): ReactNode {
  const say = useText(list);
  const format = useFormat();
  const { rows, hasMore, loadingMore, searchedTo, fruitless, more } = found;
  const [allowed, setAllowed] = useState(FRUITLESS_PAGES_MAX);
  const tired = fruitless >= allowed;
  const goesOn = inSight && hasMore && !loadingMore && !tired;
  useEffect(() => {
    if (goesOn) more();
  }, [goesOn, more]);
  if (!hasMore) return rows.length > 0 ? <Quiet>{say("theEnd", { count: rows.length })}</Quiet> : null;
  if (searchedTo === null) return <Quiet>{say("loadingMore")}</Quiet>;
  if (!tired) return <Quiet>{say("searching", { time: format.time(searchedTo) })}</Quiet>;
  return (
    <Group justify="center" p="xs">
      <Text size="sm" c="dimmed" role="status">
        {say("searchedTo", { time: format.time(searchedTo) })}
      </Text>
      <Button size="xs" variant="default" onClick={() => setAllowed(fruitless + FRUITLESS_PAGES_MAX)}>
        {say("searchOn")}
      </Button>
    </Group>
  );
}

function Quiet({ children }: { children: ReactNode }): ReactNode {
  return (
    <Text size="sm" c="dimmed" ta="center" p="xs" role="status">
      {children}
    </Text>
  );
}
