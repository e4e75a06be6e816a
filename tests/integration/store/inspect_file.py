"""Looking into a store file from outside, to check what the port does not show."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

_PAYLOADS = {
    "executions": ("input", "output", "error"),
    "states": ("data",),
    "task_runs": ("input", "output", "error", "variables", "context", "details"),
    "events": ("event",),
    "state_payloads": ("hash",),
}


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


def blob_uses(path: Path) -> dict[str, int]:
    return {str(marker): int(str(uses)) for marker, uses in query(path, "SELECT hash, uses FROM blob_uses")}


def check_file(path: Path) -> None:
    """Assert that the file is sound, and that blobs are counted exactly by the markers that are there."""
    assert query(path, "PRAGMA integrity_check") == [("ok",)]
    markers: Counter[str] = Counter()
    for table, columns in _PAYLOADS.items():
        for column in columns:
            rows = query(path, f"SELECT {column} FROM {table} WHERE typeof({column}) = 'text'")
            markers.update(str(row[0]) for row in rows)
    assert blob_uses(path) == dict(markers)
    kept = {str(row[0]) for row in query(path, "SELECT hash FROM blobs")}
    assert kept == set(markers)
    finished_with_rest = query(
        path,
        "SELECT execution_id FROM subscriptions EXCEPT SELECT execution_id FROM states "
        "UNION ALL SELECT execution_id FROM (SELECT execution_id FROM task_runs "
        "UNION SELECT execution_id FROM states EXCEPT SELECT id FROM executions) "
        "UNION ALL SELECT execution_id FROM (SELECT execution_id FROM state_payloads "
        "EXCEPT SELECT execution_id FROM states)",
    )
    assert finished_with_rest == []
