"""`SqliteTriggers`: the port for triggers, on the store's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from headrace.store.port import StoredEvent, StoreError
from headrace.store.sqlite.queries import load
from headrace.store.sqlite.tables import Tables
from headrace.store.triggers import (
    FIRINGS_KEPT,
    Fired,
    Firing,
    Gathered,
    TriggerName,
    TriggerState,
    TriggerStore,
)

QUERIES = load("triggers.sql")

# Sorts behind every id, and every time before it: the first page.
_FIRST = (float("inf"), "")


class SqliteTriggers(TriggerStore):
    """Triggers in the tables of a store."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def states(self, namespace: str | None = None, flow: str | None = None) -> list[TriggerState]:
        """Return what is kept of triggers."""
        return await self._tables.read(_states, namespace, flow)

    async def keep(self, state: TriggerState) -> None:
        """Keep a state, in place of an earlier one."""
        values = (*_identity(state.name), state.fingerprint, state.paused, state.cursor, state.note)

        def job(cursor: sqlite3.Cursor) -> None:
            cursor.execute(QUERIES["put_trigger"], values)

        await self._tables.write(job)

    async def set_paused(self, name: TriggerName, paused: bool) -> bool:
        """Note that a trigger is paused, or not."""

        def job(cursor: sqlite3.Cursor) -> bool:
            return cursor.execute(QUERIES["pause_trigger"], (*_identity(name), paused)).rowcount > 0

        return await self._tables.write(job)

    async def advance(self, name: TriggerName, cursor: float | None, note: bytes | None) -> None:
        """Note how far a trigger got."""

        def job(writing: sqlite3.Cursor) -> None:
            writing.execute(QUERIES["advance_trigger"], (*_identity(name), cursor, note))

        await self._tables.write(job)

    async def remove(self, namespace: str, flow: str, triggers: Sequence[str] | None = None) -> None:
        """Forget triggers with all that they own."""
        names: Sequence[str | None] = (None,) if triggers is None else triggers

        def job(cursor: sqlite3.Cursor) -> None:
            for statement in ("delete_triggers", "delete_firings", "delete_gathered"):
                cursor.executemany(QUERIES[statement], [(namespace, flow, name) for name in names])

        await self._tables.write(job)

    async def record(self, firings: Sequence[tuple[TriggerName, Firing]]) -> None:
        """Keep firings that started nothing, as many of each trigger as are to be kept."""
        rows = [
            (
                *_identity(name),
                firing.at,
                firing.outcome,
                firing.key,
                firing.execution_id,
                firing.reason,
                firing.due_at,
                firing.count,
            )
            for name, firing in firings
        ]
        names = {_identity(name) for name, _ in firings}

        def job(cursor: sqlite3.Cursor) -> None:
            cursor.executemany(QUERIES["insert_firing"], rows)
            for identity in names:
                cursor.execute(QUERIES["trim_firings"], (*identity, FIRINGS_KEPT))

        await self._tables.write(job)

    async def firings(self, name: TriggerName, before: str | None, limit: int) -> list[Firing]:
        """Return a page of firings, newest first."""
        return await self._tables.read(_firings, name, _position(before), limit)

    async def open_executions(self, name: TriggerName) -> list[str]:
        """Return ids of open executions that a trigger started."""
        return await self._tables.read(_ids, name)

    async def started(self, namespace: str, flow: str, key: str) -> Fired | None:
        """Return the execution that was started under a key."""
        return await self._tables.read(_fired, "select_started", (namespace, flow, key))

    async def execution(self, execution_id: str) -> Fired | None:
        """Return an execution with its output and error."""
        return await self._tables.read(_fired, "select_fired", (execution_id,))

    async def gathered(self, name: TriggerName) -> list[Gathered]:
        """Return what waits for more events."""
        return await self._tables.read(_gathered, name)

    async def gather(
        self, name: TriggerName, cursor: float, kept: Sequence[Gathered], dropped: Sequence[str] = ()
    ) -> None:
        """Keep or drop gathered events, and note which event did it."""
        identity = _identity(name)

        def job(writing: sqlite3.Cursor) -> None:
            writing.executemany(QUERIES["drop_gathered"], [(*identity, one) for one in dropped])
            writing.executemany(
                QUERIES["put_gathered"], [(*identity, one.id, one.since, one.data) for one in kept]
            )
            writing.execute(QUERIES["advance_trigger_cursor"], (*identity, cursor))

        await self._tables.write(job)

    async def last_event(self) -> int:
        """Return the number of the last event."""
        return await self._tables.read(_last_event)

    async def settled_event(self) -> int:
        """Return the number of the last event before the first that is not delivered yet."""
        return await self._tables.read(_settled_event)

    async def events_after(self, sequence: int, limit: int) -> list[StoredEvent]:
        """Return published events with a greater number."""
        return await self._tables.read(_events_after, sequence, limit)


def _identity(name: TriggerName) -> tuple[str, str, str]:
    return (name.namespace, name.flow, name.trigger)


def _position(before: str | None) -> tuple[float, str]:
    if before is None:
        return _FIRST
    at, _, firing_id = before.partition(" ")
    try:
        return float(at), firing_id
    except ValueError as problem:
        raise StoreError(
            f"{before!r} is no position in a list of firings; give that of the last firing seen"
        ) from problem


def _states(connection: sqlite3.Connection, namespace: str | None, flow: str | None) -> list[TriggerState]:
    return [
        TriggerState(
            name=TriggerName(*row[:3]), fingerprint=row[3], paused=row[4] != 0, cursor=row[5], note=row[6]
        )
        for row in connection.execute(QUERIES["select_triggers"], (namespace, flow)).fetchall()
    ]


def _firings(
    connection: sqlite3.Connection, name: TriggerName, position: tuple[float, str], limit: int
) -> list[Firing]:
    rows = connection.execute(QUERIES["select_firings"], (*_identity(name), *position, limit)).fetchall()
    fields = ("at", "outcome", "id", "key", "execution_id", "status", "reason", "due_at", "count")
    return [Firing(**dict(zip(fields, row, strict=True))) for row in rows]


def _ids(connection: sqlite3.Connection, name: TriggerName) -> list[str]:
    return [
        row[0] for row in connection.execute(QUERIES["select_open_executions"], _identity(name)).fetchall()
    ]


def _fired(connection: sqlite3.Connection, statement: str, values: tuple[str, ...]) -> Fired | None:
    row = connection.execute(QUERIES[statement], values).fetchone()
    if row is None:
        return None
    fields = ("execution_id", "status", "created_at", "ended_at", "output", "error")
    return Fired(**dict(zip(fields, row, strict=True)))


def _gathered(connection: sqlite3.Connection, name: TriggerName) -> list[Gathered]:
    rows = connection.execute(QUERIES["select_gathered"], _identity(name)).fetchall()
    return [Gathered(id=row[0], since=row[1], data=row[2]) for row in rows]


def _last_event(connection: sqlite3.Connection) -> int:
    (sequence,) = connection.execute(QUERIES["select_last_event"]).fetchone()
    return int(sequence)


def _settled_event(connection: sqlite3.Connection) -> int:
    (sequence,) = connection.execute(QUERIES["select_settled_event"]).fetchone()
    return int(sequence)


def _events_after(connection: sqlite3.Connection, sequence: int, limit: int) -> list[StoredEvent]:
    rows = connection.execute(QUERIES["select_events_after"], (sequence, limit)).fetchall()
    return [StoredEvent(sequence=row[0], event=row[1]) for row in rows]
