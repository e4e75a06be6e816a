"""How many executions are open, for metrics."""

from __future__ import annotations

import sqlite3

from headrace.store.sqlite.tables import Tables

OPEN_STATUSES = ("pending", "running", "waiting", "suspended")

# `status <> 'completed'` is what the index of the open ones and of failures demands.
_COUNT = """SELECT status, count(*) FROM executions
WHERE status IN ('pending', 'running', 'waiting', 'suspended') AND status <> 'completed'
GROUP BY status"""


async def open_executions(tables: Tables) -> dict[str, int]:
    """Return the number of open executions by status, those that are 0 too; reads nothing but an index."""
    return await tables.read(_open_executions)


def _open_executions(connection: sqlite3.Connection) -> dict[str, int]:
    return dict.fromkeys(OPEN_STATUSES, 0) | dict(connection.execute(_COUNT))
