"""`SqliteDecisions`: the port of what people are asked to decide, on the store's file."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from headrace.store.access import AuditEntry
from headrace.store.decisions import (
    COUNTED_MAX,
    LOOKED_AT_MAX,
    Answered,
    DecisionAnswer,
    DecisionCounts,
    DecisionFilter,
    DecisionPage,
    DecisionPosition,
    DecisionRow,
    Decisions,
    LinkRow,
    May,
    WhyNot,
)
from headrace.store.sqlite.access import write_entry
from headrace.store.sqlite.apply import publish_event
from headrace.store.sqlite.queries import load
from headrace.store.sqlite.tables import Tables

QUERIES = load("decisions.sql")

_FIRST = DecisionPosition(-math.inf, "", -1)
# U+10FFFF sorts behind every character.
_LAST = DecisionPosition(math.inf, "\U0010ffff", 2**62)


class SqliteDecisions(Decisions):
    """Decisions in the tables of a store."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def page(
        self, wanted: DecisionFilter, *, after: DecisionPosition | None = None, limit: int = 50
    ) -> DecisionPage:
        """Return decisions, open ones in the order in which they were asked."""
        return await self._tables.read(_open if wanted.open else _ended, wanted, after, limit)

    async def counts(self, namespace: str, may: May, now: float) -> DecisionCounts:
        """Count what is open."""
        return await self._tables.read(_counts, namespace, may, now)

    async def get(self, execution_id: str, run_id: int) -> DecisionRow | None:
        """Return one."""
        return await self._tables.read(_get, execution_id, run_id)

    async def answer(self, given: DecisionAnswer) -> Answered | None:
        """Take an answer, once."""

        def job(cursor: sqlite3.Cursor) -> Answered | None:
            identity = (given.execution_id, given.run_id)
            row = _get(cursor.connection, *identity)
            if row is None:
                return None
            why_not = _why_not(cursor, row, given)
            if why_not is not None:
                return Answered(None, why_not, row)
            values = (*identity, given.at, given.by, given.via, given.choice, given.answer)
            cursor.execute(QUERIES["decide"], values)
            if given.link is not None:
                cursor.execute(QUERIES["use_link"], (given.link, given.at))
            sequence, _ = publish_event(cursor, given.event, given.at)
            write_entry(cursor, given.entry)
            decided = _get(cursor.connection, *identity)
            assert decided is not None
            return Answered(sequence, None, decided)

        return await self._tables.write(job)

    async def add_link(self, link: LinkRow, entry: AuditEntry) -> bool:
        """Keep a link."""

        def job(cursor: sqlite3.Cursor) -> bool:
            row = _get(cursor.connection, link.execution_id, link.run_id)
            if row is None or row.status != "open":
                return False
            identity = (link.id, link.execution_id, link.run_id)
            made = (link.label, link.created_at, link.created_by, link.expires_at)
            cursor.execute(QUERIES["insert_link"], (*identity, *made))
            write_entry(cursor, entry)
            return True

        return await self._tables.write(job)

    async def link(self, link_id: str) -> LinkRow | None:
        """Return a link."""
        return await self._tables.read(_link, link_id)

    async def links(self, execution_id: str, run_id: int) -> list[LinkRow]:
        """Return the links to a decision."""
        return await self._tables.read(_links, execution_id, run_id)

    async def revoke_link(self, link_id: str, at: float, entry: AuditEntry) -> bool:
        """Let a link answer no more."""

        def job(cursor: sqlite3.Cursor) -> bool:
            revoked = cursor.execute(QUERIES["revoke_link"], (link_id, at)).rowcount > 0
            if revoked:
                write_entry(cursor, entry)
            return revoked

        return await self._tables.write(job)


def _why_not(cursor: sqlite3.Cursor, row: DecisionRow, given: DecisionAnswer) -> WhyNot | None:
    if row.status != "open":
        return "not-open"
    if given.link is None:
        return None
    link = _link(cursor.connection, given.link)
    if link is None or link.revoked_at is not None:
        return "link-revoked"
    if link.used_at is not None:
        return "link-used"
    return "link-expired" if link.expires_at <= given.at else None


def _open(
    connection: sqlite3.Connection, wanted: DecisionFilter, after: DecisionPosition | None, limit: int
) -> DecisionPage:
    name, flow = ("scan_open", ()) if wanted.flow is None else ("scan_open_of_flow", (wanted.flow,))
    values = (wanted.namespace, *(after or _FIRST), LOOKED_AT_MAX, *flow)
    found: list[DecisionPosition] = []
    position, looked_at = None, 0
    for at, execution_id, run_id, due_at, role, users in connection.execute(QUERIES[name], values):
        looked_at += 1
        if (wanted.due_before is None or (due_at is not None and due_at < wanted.due_before)) and (
            wanted.may is None or wanted.may(role, _users(users))
        ):
            if len(found) == limit:
                return DecisionPage(_rows(connection, found), found[-1])
            found.append(DecisionPosition(at, execution_id, run_id))
        position = DecisionPosition(at, execution_id, run_id)
    return DecisionPage(_rows(connection, found), position if looked_at == LOOKED_AT_MAX else None)


def _ended(
    connection: sqlite3.Connection, wanted: DecisionFilter, after: DecisionPosition | None, limit: int
) -> DecisionPage:
    values = (wanted.namespace, *(after or _LAST), LOOKED_AT_MAX)
    found: list[DecisionPosition] = []
    position, looked_at = None, 0
    for at, execution_id, run_id, flow in connection.execute(QUERIES["scan_ended"], values):
        looked_at += 1
        if wanted.flow in (None, flow):
            if len(found) == limit:
                return DecisionPage(_rows(connection, found), found[-1])
            found.append(DecisionPosition(at, execution_id, run_id))
        position = DecisionPosition(at, execution_id, run_id)
    return DecisionPage(_rows(connection, found), position if looked_at == LOOKED_AT_MAX else None)


def _rows(connection: sqlite3.Connection, found: Sequence[DecisionPosition]) -> list[DecisionRow]:
    statement = QUERIES["select_decision_in_list"]
    rows = (connection.execute(statement, each[1:]).fetchone() for each in found)
    return [_row(row) for row in rows if row is not None]


def _counts(connection: sqlite3.Connection, namespace: str, may: May, now: float) -> DecisionCounts:
    count = late = mine = 0
    values = (namespace, *_FIRST, COUNTED_MAX + 1)
    for _, _, _, due_at, role, users in connection.execute(QUERIES["scan_open"], values):
        if count == COUNTED_MAX:
            return DecisionCounts(count, late, mine, True)
        count += 1
        late += due_at is not None and due_at < now
        mine += may(role, _users(users))
    return DecisionCounts(count, late, mine, False)


def _get(connection: sqlite3.Connection, execution_id: str, run_id: int) -> DecisionRow | None:
    row = connection.execute(QUERIES["select_decision"], (execution_id, run_id)).fetchone()
    return None if row is None else _row(row)


def _link(connection: sqlite3.Connection, link_id: str) -> LinkRow | None:
    row = connection.execute(QUERIES["select_link"], (link_id,)).fetchone()
    return None if row is None else _link_row(row)


def _links(connection: sqlite3.Connection, execution_id: str, run_id: int) -> list[LinkRow]:
    return [_link_row(row) for row in connection.execute(QUERIES["select_links"], (execution_id, run_id))]


def _users(text: str | None) -> Sequence[str]:
    return () if text is None else msgspec.json.decode(text)


def _row(row: tuple[Any, ...]) -> DecisionRow:
    named = dict(zip(DecisionRow.__struct_fields__, row, strict=True))
    return DecisionRow(**{**named, "users": _users(named["users"])})


def _link_row(row: tuple[Any, ...]) -> LinkRow:
    return LinkRow(**dict(zip(LinkRow.__struct_fields__, row, strict=True)))
