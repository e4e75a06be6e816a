"""Searching executions newest first, within a time that is given.

The filters choose *streams*: ranges of one index that each come in the order of the list, and that SQLite
merges. What the streams do not say is tested row by row. Where there is such a rest the search goes through
the streams window by window and looks at the clock in between; a window is as long as its time allows.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import orjson

from headrace.store.lists import ExecutionFilter, Found, Position
from headrace.store.sqlite.queries import QUERIES, load
from headrace.store.sqlite.rows import execution_from_row

# Executions in the first window, and how long a window should take once it is known how long they take.
WINDOW_FIRST = 256
WINDOW_FIRST_TEXT = 32
WINDOW_MAX = 200_000
WINDOW_SECONDS = 0.008
WINDOW_GROWTH = 4.0
# Flows of a namespace whose streams are merged; beyond, one index over all namespaces is searched.
NAMES_MERGED = 64

# ... and flows that a key is looked for in, where it is not said in which.
NAMES_WITH_KEY = 5_000

LISTS = load("lists.sql")
_COLUMNS = QUERIES["execution_columns"]
_PAYLOADS = ("input", "output", "error")


class Stream(NamedTuple):
    """A range of an index (None: of whichever, for a single row), in the order of the list."""

    by: str | None
    equal: tuple[tuple[str, Any], ...]


class Condition(NamedTuple):
    """SQL that a row has to fulfil, with its values."""

    sql: str
    values: tuple[Any, ...] = ()


def search(
    connection: sqlite3.Connection,
    wanted: ExecutionFilter,
    now: float,
    after: Position | None,
    limit: int,
    seconds: float,
    clock: Callable[[], float] = time.monotonic,
) -> Found:
    """Return a page; see `Lists.search`."""
    until = clock() + seconds
    streams = _streams(connection, wanted)
    if not streams:
        return Found(rows=[])
    rest = list(_rest(wanted, now, streams[0]))
    rows: list[Any] = []
    begin = after
    end: Position | None = None
    size = WINDOW_FIRST if wanted.text is None else WINDOW_FIRST_TEXT
    while True:
        began = clock()
        # Without a rest every row of the streams is one of the page: there is nothing to pass over.
        end = _window_end(connection, wanted, streams, begin, size) if rest else None
        rows += _window(connection, wanted, streams, rest, begin, end, limit + 1 - len(rows))
        if len(rows) > limit:
            found = [execution_from_row(row) for row in rows[:limit]]
            return Found(rows=found, next=Position(found[-1].created_at, found[-1].id))
        if end is None:
            return Found(rows=[execution_from_row(row) for row in rows])
        begin = end
        took = clock() - began
        size = _next_size(size, took)
        if clock() + min(took, WINDOW_SECONDS) > until:
            found = [execution_from_row(row) for row in rows]
            return Found(rows=found, next=end, searched_to=end.created_at)


def _next_size(size: int, took: float) -> int:
    factor = min(max(WINDOW_SECONDS / max(took, 1e-6), 0.25), WINDOW_GROWTH)
    return min(max(int(size * factor), 1), WINDOW_MAX)


def _streams(connection: sqlite3.Connection, wanted: ExecutionFilter) -> list[Stream]:
    """Return the streams that have all rows of the list, and as few others as an index can tell."""
    if wanted.parent_id is not None:
        return [Stream("executions_parent", (("parent_id", wanted.parent_id),))]
    if wanted.rerun_of is not None:
        return [Stream("executions_rerun", (("rerun_of", wanted.rerun_of),))]
    names = None if wanted.namespace is None else _names(connection, wanted)
    if names == []:
        return []
    if wanted.key is not None and names is not None:
        return _of_key(connection, wanted, names)
    if wanted.status and "completed" not in wanted.status:
        return [Stream("executions_status", (("status", status),)) for status in dict.fromkeys(wanted.status)]
    if wanted.started_by is not None and wanted.namespace is not None:
        said = (("namespace", wanted.namespace), ("started_by", wanted.started_by))
        return [Stream("executions_started_by", said)]
    if names is None or len(names) > NAMES_MERGED:
        return [Stream("executions_created", ())]
    of_names = [(("namespace", wanted.namespace), ("name", name)) for name in names]
    if wanted.trigger is not None:
        return [Stream("executions_trigger", (*each, ('"trigger"', wanted.trigger))) for each in of_names]
    return [Stream("executions_name", each) for each in of_names]


def _names(connection: sqlite3.Connection, wanted: ExecutionFilter) -> list[str]:
    if wanted.name is not None:
        return [wanted.name]
    limit = NAMES_MERGED + 1 if wanted.key is None else NAMES_WITH_KEY
    return [row[0] for row in connection.execute(LISTS["select_flow_names"], (wanted.namespace, limit))]


def _of_key(connection: sqlite3.Connection, wanted: ExecutionFilter, names: Sequence[str]) -> list[Stream]:
    """Return a stream for each execution with a key: one per flow at most."""
    found = []
    for name in names:
        row = connection.execute(LISTS["select_id_by_key"], (wanted.namespace, name, wanted.key)).fetchone()
        if row is not None:
            found.append(Stream(None, (("id", row[0]),)))
    return found[:NAMES_MERGED]


def _rest(wanted: ExecutionFilter, now: float, stream: Stream) -> Iterator[Condition]:
    """Yield what the streams do not say by themselves."""
    said = {column for column, _ in stream.equal}
    for column, value in (
        ("namespace", wanted.namespace),
        ("name", wanted.name),
        ("workflow_version", wanted.version),
        ('"trigger"', wanted.trigger),
        ("started_by", wanted.started_by),
        ('"key"', wanted.key),
        ("parent_id", wanted.parent_id),
        ("rerun_of", wanted.rerun_of),
    ):
        if value is not None and column not in said:
            yield Condition(f"{column} = ?", (value,))
    if wanted.status and "status" not in said:
        yield Condition(f"status IN ({_places(wanted.status)})", tuple(wanted.status))
    lasted = "coalesce(ended_at, ?) - coalesce(started_at, created_at)"
    if wanted.duration_min_seconds is not None:
        yield Condition(f"{lasted} >= ?", (now, wanted.duration_min_seconds))
    if wanted.duration_max_seconds is not None:
        yield Condition(f"{lasted} <= ?", (now, wanted.duration_max_seconds))
    if wanted.text is not None:
        yield _text(wanted.text)


def _text(text: str) -> Condition:
    # As it is, for those who search JSON, and as it stands within a JSON string.
    forms = dict.fromkeys((text.encode(), orjson.dumps(text)[1:-1]))
    tests = [
        f"instr(CASE typeof({name}) WHEN 'text' THEN (SELECT data FROM blobs WHERE hash = {name}) "
        f"ELSE {name} END, ?)"
        for name in _PAYLOADS
        for _ in forms
    ]
    return Condition(f"({' OR '.join(tests)})", tuple(forms) * len(_PAYLOADS))


def _places(values: Sequence[Any]) -> str:
    return ", ".join("?" * len(values))


def _window_end(
    connection: sqlite3.Connection,
    wanted: ExecutionFilter,
    streams: Sequence[Stream],
    begin: Position | None,
    size: int,
) -> Position | None:
    """Return where the window of `size` executions ends; None: it has the last ones."""
    sql, values = _merged("created_at, id", wanted, streams, (), begin, None)
    row = connection.execute(f"{sql} LIMIT 1 OFFSET ?", (*values, size - 1)).fetchone()
    return None if row is None else Position(*row)


def _window(
    connection: sqlite3.Connection,
    wanted: ExecutionFilter,
    streams: Sequence[Stream],
    rest: Sequence[Condition],
    begin: Position | None,
    end: Position | None,
    limit: int,
) -> list[Any]:
    sql, values = _merged(_COLUMNS, wanted, streams, rest, begin, end)
    return connection.execute(f"{sql} LIMIT ?", (*values, limit)).fetchall()


def _merged(
    columns: str,
    wanted: ExecutionFilter,
    streams: Sequence[Stream],
    rest: Sequence[Condition],
    begin: Position | None,
    end: Position | None,
) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    for stream in streams:
        conditions = [
            *(Condition(f"{column} = ?", (value,)) for column, value in stream.equal),
            *_bounds(wanted, begin, end),
            *rest,
        ]
        if stream.by == "executions_status":
            # Said in the words of the partial index, so that it may be used.
            conditions.append(Condition("status <> 'completed'"))
        if stream.by == "executions_trigger":
            conditions.append(Condition('"trigger" IS NOT NULL'))
        if stream.by == "executions_started_by":
            conditions.append(Condition("started_by IS NOT NULL"))
        where = " AND ".join(condition.sql for condition in conditions) or "1"
        by = "" if stream.by is None else f" INDEXED BY {stream.by}"
        parts.append(f"SELECT {columns} FROM executions{by} WHERE {where}")
        values += [value for condition in conditions for value in condition.values]
    return f"{' UNION ALL '.join(parts)} ORDER BY created_at DESC, id DESC", values


def _bounds(wanted: ExecutionFilter, begin: Position | None, end: Position | None) -> Iterator[Condition]:
    # One bound on each side: of two SQLite would take either for the range of the index.
    if begin is not None:
        yield Condition("(created_at, id) < (?, ?)", begin)
    elif wanted.created_to is not None:
        yield Condition("created_at <= ?", (wanted.created_to,))
    if end is not None:
        yield Condition("(created_at, id) >= (?, ?)", end)
    elif wanted.created_from is not None:
        yield Condition("created_at >= ?", (wanted.created_from,))
