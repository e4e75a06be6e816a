"""Reading: plain functions from a connection to the port's structs, one statement (one snapshot) each."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from headrace.store.port import (
    DefinitionRow,
    ExecutionQuery,
    ExecutionRow,
    LogLine,
    StoredEvent,
    StoredState,
    TaskRun,
)
from headrace.store.sqlite.queries import QUERIES
from headrace.store.sqlite.rows import execution_from_row, log_from_row, run_from_row


def state(connection: sqlite3.Connection, execution_id: str) -> StoredState | None:
    # A row per large payload, or one without: in one statement, because a commit between two could
    # take away the payloads of the state that the first one read.
    rows = connection.execute(QUERIES["select_state"], (execution_id,)).fetchall()
    if not rows:
        return None
    _, version, definition_digest, data, _, _ = rows[0]
    return StoredState(
        execution_id=execution_id,
        version=version,
        definition_digest=definition_digest,
        data=data,
        large={row[4]: row[5] for row in rows if row[4] is not None},
    )


def due(connection: sqlite3.Connection, until: float, limit: int) -> tuple[list[str], float | None]:
    # One more than asked for: the first that is not returned tells the next due time.
    rows = connection.execute(QUERIES["select_due"], (limit + 1,)).fetchall()
    ids = [execution_id for execution_id, next_due in rows[:limit] if next_due <= until]
    return ids, rows[len(ids)][1] if len(rows) > len(ids) else None


def in_flight(connection: sqlite3.Connection, after: str, limit: int) -> list[str]:
    return [row[0] for row in connection.execute(QUERIES["select_in_flight"], (after, limit)).fetchall()]


def subscribers(connection: sqlite3.Connection, event_type: str, namespace: str | None) -> list[str]:
    if namespace is None:
        rows = connection.execute(QUERIES["select_subscribers"], (event_type,)).fetchall()
    else:
        rows = connection.execute(QUERIES["select_namespace_subscribers"], (event_type, namespace)).fetchall()
    return [row[0] for row in rows]


def undelivered(connection: sqlite3.Connection, limit: int, after: int) -> list[StoredEvent]:
    rows = connection.execute(QUERIES["select_undelivered"], (after, limit)).fetchall()
    return [StoredEvent(sequence=sequence, event=event) for sequence, event in rows]


def definitions(
    connection: sqlite3.Connection, namespace: str | None, name: str | None, digest: str | None
) -> list[DefinitionRow]:
    if digest is None:
        rows = connection.execute(QUERIES["select_definitions"], (namespace, name)).fetchall()
    else:
        rows = connection.execute(
            QUERIES["select_definitions_by_digest"], (namespace, name, digest)
        ).fetchall()
    return [definition_from_row(row) for row in rows]


def definition_from_row(row: tuple[str, str, str, str, str, float]) -> DefinitionRow:
    digest, namespace, name, version, source, created_at = row
    return DefinitionRow(
        digest=digest, namespace=namespace, name=name, version=version, source=source, created_at=created_at
    )


def execution(connection: sqlite3.Connection, execution_id: str) -> ExecutionRow | None:
    columns = QUERIES["execution_columns"] + ", " + QUERIES["execution_payload_columns"]
    row = connection.execute(f"SELECT {columns} FROM executions WHERE id = ?", (execution_id,)).fetchone()
    return None if row is None else execution_from_row(row)


def executions(connection: sqlite3.Connection, query: ExecutionQuery) -> list[ExecutionRow]:
    where: list[str] = []
    values: list[object] = []
    by = _index_columns(query)

    def also(column: str, test: str, *given: object) -> None:
        # A unary + keeps SQLite from choosing an index for this column: without statistics it would take
        # one that it then has to sort, or to search for the few rows that match.
        where.append(f"{column} {test}" if column in by else f"+{column} {test}")
        values.extend(given)

    if query.namespace is not None:
        also("namespace", "= ?", query.namespace)
    if query.name is not None:
        also("name", "= ?", query.name)
    if query.status:
        also("status", f"IN ({', '.join('?' * len(query.status))})", *query.status)
    if "status" in by:
        # Said in the words of the partial index executions_status, so that it is used.
        where.append("status <> 'completed'")
    if query.key is not None:
        also('"key"', "= ?", query.key)
    if query.parent_id is not None:
        also("parent_id", "= ?", query.parent_id)
    if query.rerun_of is not None:
        also("rerun_of", "= ?", query.rerun_of)
    if query.started_by is not None:
        also("started_by", "= ?", query.started_by)
    if query.created_from is not None:
        also("created_at", ">= ?", query.created_from)
    if query.created_to is not None:
        also("created_at", "<= ?", query.created_to)
    if query.before is not None:
        found = connection.execute(QUERIES["select_created"], (query.before,)).fetchone()
        if found is None:
            # The last row of the page before was pruned meanwhile; ids are ordered by time as well.
            also("id", "< ?", query.before)
        else:
            where.append("(created_at, id) < (?, ?)")
            values += [found[0], query.before]
    columns = QUERIES["execution_columns"]
    if query.key is not None:
        columns += ", " + QUERIES["execution_payload_columns"]
    conditions = " AND ".join(where) or "1"
    rows = connection.execute(
        f"SELECT {columns} FROM executions WHERE {conditions} ORDER BY created_at DESC, id DESC LIMIT ?",
        (*values, query.limit),
    ).fetchall()
    return [execution_from_row(row) for row in rows]


def _index_columns(query: ExecutionQuery) -> set[str]:
    """Return the columns of the one index that a list is read from, the most selective that there is."""
    if query.key is not None:
        return {"namespace", "name", '"key"'}
    if query.parent_id is not None:
        return {"parent_id", "created_at"}
    if query.rerun_of is not None:
        return {"rerun_of", "created_at"}
    if query.status and "completed" not in query.status:
        return {"status", "created_at"}
    if query.started_by is not None and query.namespace is not None:
        return {"namespace", "started_by", "created_at"}
    if query.namespace is not None and query.name is not None:
        return {"namespace", "name", "created_at"}
    return {"created_at"}


def history(connection: sqlite3.Connection, execution_id: str, after: int, limit: int) -> list[TaskRun]:
    rows = connection.execute(QUERIES["select_history"], (execution_id, after, limit)).fetchall()
    return [run_from_row(row) for row in rows]


def logs(connection: sqlite3.Connection, execution_id: str, run_id: int | None) -> list[LogLine]:
    if run_id is None:
        rows = connection.execute(QUERIES["select_logs"], (execution_id,)).fetchall()
    else:
        rows = connection.execute(QUERIES["select_run_logs"], (execution_id, run_id)).fetchall()
    return [log_from_row(row) for row in rows]


def names(
    connection: sqlite3.Connection, namespace: str | None, name: str | None
) -> Sequence[tuple[str, str]]:
    """Return the (namespace, name) pairs that have executions."""
    return connection.execute(QUERIES["select_names"], (namespace, name)).fetchall()


def prunable(
    connection: sqlite3.Connection,
    namespace: str,
    name: str,
    ended_before: float | None,
    keep: int | None,
    limit: int,
) -> list[str]:
    """Return ids of up to `limit` finished executions to delete: too old, or more than `keep`."""
    ids: list[str] = []
    if ended_before is not None:
        values = (namespace, name, ended_before, limit)
        rows = connection.execute(QUERIES["select_prunable_by_age"], values).fetchall()
        ids = [row[0] for row in rows]
    if keep is not None and len(ids) < limit:
        values = (namespace, name, keep, limit)
        rows = connection.execute(QUERIES["select_prunable_by_count"], values).fetchall()
        ids += [row[0] for row in rows]
    return list(dict.fromkeys(ids))[:limit]
