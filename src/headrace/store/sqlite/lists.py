"""`SqliteLists`: the port for looking through a store, on the store's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from headrace.store.activity import COUNTED_OF_FLOW, COUNTED_OF_STATUS, FlowActivity
from headrace.store.lists import (
    SEARCH_SECONDS,
    Deletion,
    EventRow,
    ExecutionFilter,
    Found,
    Lists,
    NumberedLine,
    Position,
)
from headrace.store.port import TaskRun
from headrace.store.sqlite import prune
from headrace.store.sqlite.activity import activity, newest
from headrace.store.sqlite.queries import QUERIES as STORE_QUERIES
from headrace.store.sqlite.queries import load
from headrace.store.sqlite.rows import log_from_row, run_from_row
from headrace.store.sqlite.search import search
from headrace.store.sqlite.store import SqliteStore

QUERIES = load("lists.sql")

# How far back a page of events is looked for: namespaces share the numbers.
EVENTS_SEARCHED = 20_000


class SqliteLists(Lists):
    """Lists of a store."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    async def search(
        self,
        wanted: ExecutionFilter,
        *,
        now: float,
        after: Position | None = None,
        limit: int = 50,
        seconds: float = SEARCH_SECONDS,
    ) -> Found:
        """Return a page of executions."""
        return await self._store.read(search, wanted, now, after, limit, seconds)

    async def activity(
        self, namespace: str, names: Sequence[str], *, since: float, recent: int
    ) -> dict[str, FlowActivity]:
        """Return what flows did of late."""
        return await self._store.read(
            activity, namespace, names, since, recent, COUNTED_OF_FLOW, COUNTED_OF_STATUS
        )

    async def newest(self, namespace: str, names: Sequence[str]) -> dict[str, float]:
        """Return when the newest execution of each flow was created."""
        return await self._store.read(newest, namespace, names)

    async def history(
        self, execution_id: str, *, after: int = -1, limit: int = 100, payloads: bool = True
    ) -> list[TaskRun]:
        """Return task runs that ended."""
        return await self._store.read(_history, execution_id, after, limit, payloads)

    async def run(self, execution_id: str, run_id: int) -> TaskRun | None:
        """Return one task run that ended."""
        return await self._store.read(_run, execution_id, run_id)

    async def lines(
        self, execution_id: str, *, run_id: int | None = None, after: int = 0, limit: int = 1000
    ) -> list[NumberedLine]:
        """Return log lines."""
        await self._store.write_lines()
        return await self._store.read(_lines, execution_id, run_id, after, limit)

    async def delete(self, execution_ids: Sequence[str]) -> dict[str, Deletion]:
        """Delete executions that are final, in steps that commits pass between."""
        outcomes = await self._store.read(_deletions, list(dict.fromkeys(execution_ids)))
        # What is final stays so, and so does a parent's end: what was read still holds.
        ids = [execution_id for execution_id, outcome in outcomes.items() if outcome == "deleted"]
        for step in prune.in_steps(ids):
            while not await self._store.write(step):
                pass
        return outcomes

    async def events(self, namespace: str, *, before: int | None = None, limit: int = 50) -> list[EventRow]:
        """Return published events of a namespace."""
        return await self._store.read(_events, namespace, before, limit)


def _history(
    connection: sqlite3.Connection, execution_id: str, after: int, limit: int, payloads: bool
) -> list[TaskRun]:
    statement = STORE_QUERIES["select_history"] if payloads else QUERIES["select_brief_history"]
    return [run_from_row(row) for row in connection.execute(statement, (execution_id, after, limit))]


def _run(connection: sqlite3.Connection, execution_id: str, run_id: int) -> TaskRun | None:
    row = connection.execute(QUERIES["select_run"], (execution_id, run_id)).fetchone()
    return None if row is None else run_from_row(row)


def _lines(
    connection: sqlite3.Connection, execution_id: str, run_id: int | None, after: int, limit: int
) -> list[NumberedLine]:
    if run_id is None:
        rows = connection.execute(QUERIES["select_line_page"], (execution_id, after, limit))
    else:
        rows = connection.execute(QUERIES["select_run_line_page"], (execution_id, after, limit, run_id))
    return [NumberedLine(number=row[0], line=log_from_row(row[1:])) for row in rows]


def _deletions(connection: sqlite3.Connection, execution_ids: Sequence[str]) -> dict[str, Deletion]:
    outcomes: dict[str, Deletion] = {}
    for execution_id in execution_ids:
        row = connection.execute(QUERIES["select_deletable"], (execution_id,)).fetchone()
        if row is None:
            outcomes[execution_id] = "unknown"
        elif not row[0]:
            outcomes[execution_id] = "open"
        else:
            outcomes[execution_id] = "awaited" if row[1] else "deleted"
    return outcomes


def _events(connection: sqlite3.Connection, namespace: str, before: int | None, limit: int) -> list[EventRow]:
    if before is None:
        (last,) = connection.execute(QUERIES["select_last_event"]).fetchone()
        before = (last or 0) + 1
    rows = connection.execute(QUERIES["select_events"], (namespace, before, before - EVENTS_SEARCHED, limit))
    return [
        EventRow(sequence=sequence, published_at=at, delivered=bool(delivered), event=event)
        for sequence, at, delivered, event in rows
    ]
