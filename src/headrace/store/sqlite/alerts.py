"""`SqliteAlerts`: the port for alerts, on the store's file."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Sequence
from typing import Any

import orjson

from headrace.store.alerts import (
    EVENTS_LISTED_MAX,
    AlertStore,
    Attempted,
    Changes,
    Ended,
    Happening,
    Notification,
    Ongoing,
    Open,
    RuleName,
    RuleRow,
    Silence,
)
from headrace.store.sqlite.queries import load
from headrace.store.sqlite.tables import Tables

QUERIES = load("alerts.sql")

_LAST = (1 << 63) - 1
_LOOKED_AT = ("running", "waiting", "pending")


class SqliteAlerts(AlertStore):
    """Alerts in the tables of a store."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    # ------------------------------------------------------------ rules and silences

    async def rules(self, namespace: str | None = None) -> list[RuleRow]:
        """Return the rules of a namespace, or of all."""
        return await self._tables.read(_rules, namespace)

    async def put_rule(self, rule: RuleRow) -> None:
        """Keep a rule."""
        values = (rule.namespace, rule.name, rule.rule.decode(), rule.updated_at, rule.updated_by)
        await self._tables.write(lambda cursor: _execute(cursor, "put_rule", values))

    async def delete_rule(self, namespace: str, name: str) -> bool:
        """Forget a rule."""
        return await self._tables.write(lambda cursor: _execute(cursor, "delete_rule", (namespace, name))) > 0

    async def silences(self, now: float, namespace: str | None = None) -> list[Silence]:
        """Return the silences that last beyond `now`."""
        return await self._tables.read(_silences, now, namespace)

    async def put_silence(self, silence: Silence) -> None:
        """Keep a silence."""
        values = (silence.id, silence.namespace, silence.rule, silence.flow, silence.until)
        values += (silence.reason, silence.created_at, silence.created_by)  # type: ignore[assignment]
        await self._tables.write(lambda cursor: _execute(cursor, "put_silence", values))

    async def delete_silence(self, namespace: str, silence_id: str) -> bool:
        """End a silence."""
        identity = (namespace, silence_id)
        return await self._tables.write(lambda cursor: _execute(cursor, "delete_silence", identity)) > 0

    # ------------------------------------------------------------ what happens

    async def record(self, changes: Changes) -> int:
        """Keep all of it, or nothing."""

        def job(cursor: sqlite3.Cursor) -> int:
            new = _tell(cursor, changes.happenings)
            for name, key, at in changes.counted:
                cursor.execute(QUERIES["insert_seen"], (*_identity(name), key, at))
            for each in changes.begun:
                values = (*_identity(each.name), each.subject, each.since, each.value, each.firing)
                cursor.execute(QUERIES["put_ongoing"], values)
            for name, subject in changes.over:
                cursor.execute(QUERIES["delete_ongoing"], (*_identity(name), subject))
            if changes.cursor is not None:
                cursor.execute(QUERIES["put_cursor"], (changes.cursor,))
            if changes.forget_before is not None:
                for query in ("forget_seen", "forget_notifications", "forget_silences"):
                    cursor.execute(QUERIES[query], (changes.forget_before,))
            return new

        return await self._tables.write(job)

    async def ongoing(self) -> tuple[list[Ongoing], float | None]:
        """Return what is going on, and the cursor."""
        return await self._tables.read(_ongoing)

    async def told(self, name: RuleName, since: float) -> list[tuple[str, float]]:
        """Return what a rule told of since then."""
        return await self._tables.read(_told, name, since)

    # ------------------------------------------------------------ notifications

    async def due(self, now: float, limit: int) -> tuple[list[Notification], float | None]:
        """Return notifications to send, and when the next one will be due."""
        return await self._tables.read(_due, now, limit)

    async def attempted(self, outcome: Attempted) -> None:
        """Note what came of sending a notification."""
        ended_at = None if outcome.status == "pending" else outcome.at
        values = (outcome.id, outcome.status, outcome.attempts, outcome.send_at, outcome.error, ended_at)
        await self._tables.write(lambda cursor: _execute(cursor, "put_attempt", values))

    async def notifications(self, namespace: str, before: int | None, limit: int) -> list[Notification]:
        """Return a page of notifications, newest first."""
        return await self._tables.read(_notifications, namespace, before, limit)

    # ------------------------------------------------------------ executions

    async def faulted(self, after: tuple[float, str], limit: int) -> list[Ended]:
        """Return executions that faulted."""
        return await self._tables.read(_faulted, after, limit)

    async def open(self, after: tuple[float, str], before: float, limit: int) -> list[Open]:
        """Return open executions by time of creation."""
        return await self._tables.read(_open, after, before, limit)

    async def look(self, execution_ids: Sequence[str]) -> list[Open]:
        """Return those of these executions that are open."""
        return await self._tables.read(_look, execution_ids)


def _execute(cursor: sqlite3.Cursor, query: str, values: Sequence[Any]) -> int:
    return cursor.execute(QUERIES[query], values).rowcount


def _identity(name: RuleName) -> tuple[str, str, str]:
    return (name.namespace, name.flow, name.rule)


def _tell(cursor: sqlite3.Cursor, happenings: Sequence[Happening]) -> int:
    """Put what happened into notifications: one look per rule and state, however many happenings."""
    gathered: dict[tuple[str, ...], list[Happening]] = {}
    new = 0
    for happening in happenings:
        identity = _identity(happening.name)
        if happening.key is not None:
            cursor.execute(QUERIES["insert_seen"], (*identity, happening.key, happening.at))
            if cursor.rowcount == 0:
                continue
        new += 1
        gathered.setdefault((*identity, happening.state), []).append(happening)
    # What fires comes before what is over, as in the words: it may have to wait for it.
    for key in sorted(gathered, key=lambda key: key[3]):
        _notify(cursor, key, gathered[key])
    return new


def _notify(cursor: sqlite3.Cursor, key: tuple[str, ...], happenings: list[Happening]) -> None:
    last = cursor.execute(QUERIES["select_last_notification"], key).fetchone()
    first, *rest = happenings
    if last is not None:
        sequence, count, events, send_at, window_until, status, attempts = last
        if status == "pending" and attempts == 0 and send_at > first.at:
            listed = [*orjson.loads(events), *_events(happenings, count)]
            cursor.execute(
                QUERIES["extend_notification"],
                (sequence, count + len(happenings), orjson.dumps(listed).decode()),
            )
            return
    begin = first.at if last is None else max(first.at, window_until)
    at_once = begin <= first.at
    if first.state == "resolved":
        firing = cursor.execute(QUERIES["select_last_notification"], (*key[:3], "firing")).fetchone()
        if firing is not None and firing[5] == "pending" and firing[3] > begin:
            begin = firing[3]
    # The first one is told at once, by itself; those with it wait for the group to be full.
    told = [first] if at_once and rest and first.group_seconds > 0 else happenings
    listed = _events(told, 0)
    values = (first.id, *key, len(told), orjson.dumps(listed).decode(), first.alert.decode())
    cursor.execute(
        QUERIES["insert_notification"], (*values, first.at, begin, begin + max(0.0, first.group_seconds))
    )
    if len(told) < len(happenings):
        _notify(cursor, key, rest)


def _events(happenings: Sequence[Happening], listed: int) -> list[Any]:
    room = max(0, EVENTS_LISTED_MAX - listed)
    return [orjson.loads(happening.event) for happening in happenings[:room]]


def _rules(connection: sqlite3.Connection, namespace: str | None) -> list[RuleRow]:
    return [
        RuleRow(namespace=row[0], name=row[1], rule=row[2].encode(), updated_at=row[3], updated_by=row[4])
        for row in connection.execute(QUERIES["select_rules"], (namespace,))
    ]


def _silences(connection: sqlite3.Connection, now: float, namespace: str | None) -> list[Silence]:
    names = ("id", "namespace", "rule", "flow", "until", "reason", "created_at", "created_by")
    rows = connection.execute(QUERIES["select_silences"], (now, namespace))
    return [Silence(**dict(zip(names, row, strict=True))) for row in rows]


def _ongoing(connection: sqlite3.Connection) -> tuple[list[Ongoing], float | None]:
    rows = connection.execute(QUERIES["select_ongoing"]).fetchall()
    cursor = connection.execute(QUERIES["select_cursor"]).fetchone()
    return [
        Ongoing(name=RuleName(*row[:3]), subject=row[3], since=row[4], value=row[5], firing=bool(row[6]))
        for row in rows
    ], (None if cursor is None else cursor[0])


def _told(connection: sqlite3.Connection, name: RuleName, since: float) -> list[tuple[str, float]]:
    return connection.execute(QUERIES["select_seen"], (*_identity(name), since)).fetchall()


def _notification(row: Sequence[Any]) -> Notification:
    return Notification(
        sequence=row[0],
        id=row[1],
        name=RuleName(*row[2:5]),
        state=row[5],
        count=row[6],
        events=row[7].encode(),
        alert=row[8].encode(),
        created_at=row[9],
        send_at=row[10],
        status=row[11],
        attempts=row[12],
        error=row[13],
        ended_at=row[14],
    )


def _due(connection: sqlite3.Connection, now: float, limit: int) -> tuple[list[Notification], float | None]:
    rows = connection.execute(QUERIES["select_due"], (now, limit)).fetchall()
    following = connection.execute(QUERIES["select_next_due"], (now,)).fetchone()
    return [_notification(row) for row in rows], following[0]


def _notifications(
    connection: sqlite3.Connection, namespace: str, before: int | None, limit: int
) -> list[Notification]:
    values = (namespace, _LAST if before is None else before, limit)
    return [_notification(row) for row in connection.execute(QUERIES["select_notifications"], values)]


def _faulted(connection: sqlite3.Connection, after: tuple[float, str], limit: int) -> list[Ended]:
    rows = connection.execute(QUERIES["select_faulted"], (*after, limit)).fetchall()
    # An error that is a blob of its own stays there: it is not told in a message.
    return [
        Ended(row[0], row[1], row[2], row[3], row[4], row[5] if isinstance(row[5], bytes) else None)
        for row in rows
    ]


def _open_row(row: Sequence[Any]) -> Open:
    return Open(row[0], row[1], row[2], row[3], row[4], row[5], bool(row[6]))


def _open(connection: sqlite3.Connection, after: tuple[float, str], before: float, limit: int) -> list[Open]:
    # One status after the other, each in the order of its index, then merged.
    parts = [
        connection.execute(QUERIES["select_open"], (status, *after, before, limit)).fetchall()
        for status in _LOOKED_AT
    ]
    merged = heapq.merge(*parts, key=lambda row: (row[4], row[0]))
    return [_open_row(row) for row, _ in zip(merged, range(limit), strict=False)]


def _look(connection: sqlite3.Connection, execution_ids: Sequence[str]) -> list[Open]:
    found = []
    for execution_id in execution_ids:
        row = connection.execute(QUERIES["select_open_one"], (execution_id,)).fetchone()
        if row is not None:
            found.append(_open_row(row))
    return found
