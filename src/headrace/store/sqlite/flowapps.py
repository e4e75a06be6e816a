"""`SqliteFlowApps`: the port of what is deployed, on the store's file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from headrace.store.flowapps import FlowAppChange, FlowAppRow, FlowApps, FlowAppVersion
from headrace.store.sqlite.queries import load
from headrace.store.sqlite.tables import Tables

QUERIES = load("flowapps.sql")

_LISTED = """SELECT namespace, name, generation, digest, version, paused, '', project, NULL, NULL, NULL,
  created_at, updated_at, updated_by FROM flowapps"""


class SqliteFlowApps(FlowApps):
    """FlowApps in the tables of a store."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def put(self, change: FlowAppChange) -> FlowAppRow | None:
        """Make a content the current one."""
        identity = (change.namespace, change.name)

        def job(cursor: sqlite3.Cursor) -> FlowAppRow | None:
            known = _found(cursor.execute(QUERIES["select_flowapp"], identity).fetchone())
            generation = 0 if known is None else known.generation
            if change.expected_generation not in (None, generation):
                return None
            if known is not None and (known.digest, known.text) == (change.digest, change.text):
                if change.project is not None and change.project != known.project:
                    cursor.execute(QUERIES["put_flowapp_project"], (*identity, change.project))
                    known.project = change.project
                return known
            content = (generation + 1, change.digest, change.version)
            cursor.execute(
                QUERIES["upsert_flowapp"], (*identity, *content, change.project, change.at, change.by)
            )
            cursor.execute(
                QUERIES["insert_flowapp_version"],
                (*identity, *content, change.text, change.message, change.at, change.by),
            )
            return _found(cursor.execute(QUERIES["select_flowapp"], identity).fetchone())

        return await self._tables.write(job)

    async def get(self, namespace: str, name: str) -> FlowAppRow | None:
        """Return one FlowApp."""
        return await self._tables.read(_get, namespace, name)

    async def page(
        self,
        namespaces: Sequence[str] | None = None,
        *,
        search: str = "",
        after: tuple[str, str] | None = None,
        limit: int = 100,
    ) -> list[FlowAppRow]:
        """Return FlowApps by (namespace, name)."""
        return await self._tables.read(_list, namespaces, search, after, limit)

    async def versions(
        self, namespace: str, name: str, *, before: int | None = None, limit: int = 50
    ) -> list[FlowAppVersion]:
        """Return the contents that a FlowApp had, newest first."""
        return await self._tables.read(_versions, namespace, name, before, limit)

    async def version(self, namespace: str, name: str, generation: int) -> FlowAppVersion | None:
        """Return one content with its text."""
        return await self._tables.read(_version, namespace, name, generation)

    async def pause(self, namespace: str, name: str, paused: bool, at: float, by: str) -> FlowAppRow | None:
        """Let a FlowApp start nothing more, or start again."""

        def job(cursor: sqlite3.Cursor) -> FlowAppRow | None:
            cursor.execute(QUERIES["pause_flowapp"], (namespace, name, paused, at, by))
            return _found(cursor.execute(QUERIES["select_flowapp"], (namespace, name)).fetchone())

        return await self._tables.write(job)

    async def put_layout(self, namespace: str, name: str, layout: bytes, at: float, by: str) -> bool:
        """Keep where nodes stand."""

        def job(cursor: sqlite3.Cursor) -> bool:
            values = (namespace, name, layout, at, by)
            return cursor.execute(QUERIES["put_flowapp_layout"], values).rowcount > 0

        return await self._tables.write(job)

    async def remove(self, namespace: str, name: str) -> bool:
        """Forget a FlowApp and its versions."""

        def job(cursor: sqlite3.Cursor) -> bool:
            cursor.execute(QUERIES["delete_flowapp_versions"], (namespace, name))
            return cursor.execute(QUERIES["delete_flowapp"], (namespace, name)).rowcount > 0

        return await self._tables.write(job)

    async def namespaces(self) -> Sequence[str]:
        """Return the namespaces that have a FlowApp."""
        return await self._tables.read(_namespaces)


def _found(row: tuple[Any, ...] | None) -> FlowAppRow | None:
    return None if row is None else _row(row)


def _row(row: tuple[Any, ...]) -> FlowAppRow:
    namespace, name, generation, digest, version, paused, text, project, *rest = row
    layout, layout_saved_at, layout_saved_by, created, updated, by = rest
    return FlowAppRow(
        namespace=namespace,
        name=name,
        generation=generation,
        digest=digest,
        version=version,
        paused=bool(paused),
        text=text,
        project=project,
        layout=layout,
        layout_saved_at=layout_saved_at,
        layout_saved_by=layout_saved_by,
        created_at=created,
        updated_at=updated,
        updated_by=by,
    )


def _get(connection: sqlite3.Connection, namespace: str, name: str) -> FlowAppRow | None:
    return _found(connection.execute(QUERIES["select_flowapp"], (namespace, name)).fetchone())


def _list(
    connection: sqlite3.Connection,
    namespaces: Sequence[str] | None,
    search: str,
    after: tuple[str, str] | None,
    limit: int,
) -> list[FlowAppRow]:
    where, values = ["1"], list[Any]()
    if namespaces is not None:
        where.append(f"namespace IN ({', '.join('?' * len(namespaces))})")
        values += namespaces
    if search:
        # instr, not LIKE: what is searched for is text, not a pattern.
        where.append("instr(lower(name), ?)")
        values.append(search.lower())
    if after is not None:
        where.append("(namespace, name) > (?, ?)")
        values += after
    statement = f"{_LISTED} WHERE {' AND '.join(where)} ORDER BY namespace, name LIMIT ?"
    return [_row(row) for row in connection.execute(statement, (*values, limit))]


def _versions(
    connection: sqlite3.Connection, namespace: str, name: str, before: int | None, limit: int
) -> list[FlowAppVersion]:
    rows = connection.execute(QUERIES["select_flowapp_versions"], (namespace, name, before, limit))
    return [_version_row(row) for row in rows]


def _version(
    connection: sqlite3.Connection, namespace: str, name: str, generation: int
) -> FlowAppVersion | None:
    row = connection.execute(QUERIES["select_flowapp_version"], (namespace, name, generation)).fetchone()
    return None if row is None else _version_row(row)


def _version_row(row: tuple[Any, ...]) -> FlowAppVersion:
    return FlowAppVersion(**dict(zip(FlowAppVersion.__struct_fields__, row, strict=True)))


def _namespaces(connection: sqlite3.Connection) -> list[str]:
    return [name for (name,) in connection.execute(QUERIES["select_flowapp_namespaces"])]
