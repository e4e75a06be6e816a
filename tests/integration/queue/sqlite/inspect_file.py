"""What every queue file must hold, whatever was done to it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

STATES = ("ready", "delayed", "leased", "completed", "dead")


def check_file(path: Path) -> None:
    """Hold that the file is whole, the counts are those of the rows, and no payload is left over."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        queues = connection.execute("SELECT queue, ready, delayed, leased, dead FROM queues").fetchall()
        for queue, *counted in queues:
            rows = connection.execute(
                "SELECT state, count(*) FROM items WHERE queue = ? GROUP BY state", (queue,)
            )
            found = {STATES[state]: count for state, count in rows}
            assert counted == [found.get(state, 0) for state in ("ready", "delayed", "leased", "dead")]
        large = connection.execute("SELECT seq FROM items WHERE large AND state <> 3 ORDER BY seq").fetchall()
        assert connection.execute("SELECT seq FROM bodies ORDER BY seq").fetchall() == large


def execute(path: Path, statement: str, *values: object) -> None:
    """Change the file behind the queue's back."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement, values)
