"""What flows did of late, read from the indexes of names and of statuses.

No index has the completed executions of a flow: they are all of it without the others, which an index of
their own has. How many are counted is bounded: what has more is counted since a later time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from headrace.store.activity import FlowActivity
from headrace.store.sqlite.queries import QUERIES as STORE_QUERIES
from headrace.store.sqlite.queries import load
from headrace.store.sqlite.rows import execution_from_row

NOT_COMPLETED = ("pending", "running", "waiting", "suspended", "cancelled", "faulted")

_QUERIES = load("lists.sql")
_RECENT = f"""SELECT {STORE_QUERIES["execution_columns"]} FROM executions INDEXED BY executions_name
WHERE namespace = ? AND name = ? ORDER BY created_at DESC, id DESC LIMIT ?"""


def activity(
    connection: sqlite3.Connection,
    namespace: str,
    names: Sequence[str],
    since: float,
    recent: int,
    of_flow: int,
    of_status: int,
) -> dict[str, FlowActivity]:
    """Return what flows did; see `Lists.activity`. `of_flow` and `of_status` are how many are counted."""
    if not names:
        return {}
    # One snapshot: what is counted in two ways has to fit together.
    alone = not connection.in_transaction
    if alone:
        connection.execute("BEGIN")
    try:
        cut = since
        for status in NOT_COMPLETED:
            cut = _later(connection, "select_status_cut", (status, cut, of_status - 1), cut)
        found = {
            name: FlowActivity(
                recent=[
                    execution_from_row(row)
                    for row in connection.execute(_RECENT, (namespace, name, recent)).fetchall()
                ],
                since=_later(connection, "select_flow_cut", (namespace, name, cut, of_flow - 1), cut),
                counts={},
            )
            for name in dict.fromkeys(names)
        }
        _count(connection, namespace, found, cut)
    finally:
        if alone:
            connection.execute("COMMIT")
    return found


def newest(connection: sqlite3.Connection, namespace: str, names: Sequence[str]) -> dict[str, float]:
    """Return when the newest execution of flows was created; see `Lists.newest`."""
    found = {}
    for name in names:
        (at,) = connection.execute(_QUERIES["select_newest_of_flow"], (namespace, name)).fetchone()
        if at is not None:
            found[name] = at
    return found


def _later(
    connection: sqlite3.Connection, query: str, values: tuple[str | float | int, ...], since: float
) -> float:
    """Return when the last execution was created that is still to be counted; `since` where all are."""
    row = connection.execute(_QUERIES[query], values).fetchone()
    return since if row is None else float(row[0])


def _count(
    connection: sqlite3.Connection, namespace: str, found: Mapping[str, FlowActivity], cut: float
) -> None:
    for status in NOT_COMPLETED:
        # Each flow is counted since a time of its own, which a statement would look up for every row anew.
        for name, created_at in connection.execute(
            _QUERIES["select_of_status"], (status, cut, namespace)
        ).fetchall():
            each = found.get(name)
            if each is not None and created_at >= each.since:
                each.counts[status] = each.counts.get(status, 0) + 1
    for name, each in found.items():
        (total,) = connection.execute(_QUERIES["count_of_flow"], (namespace, name, each.since)).fetchone()
        completed = total - sum(each.counts.values())
        if completed:
            each.counts["completed"] = completed
