"""Every statement of the access ports is answered from an index; no page of the log reads the whole log."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from headrace.store.access import AuditQuery
from headrace.store.sqlite import schema
from headrace.store.sqlite.access import ACCESS, audit_statement

# Read whole on purpose: once at a start, or by an administrator who asks for all.
WHOLE = {"select_secrets", "delete_sessions"}


@pytest.fixture
def connection() -> sqlite3.Connection:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(opened, ":memory:", 1.0)
    return opened


def plan(connection: sqlite3.Connection, sql: str, values: int) -> list[str]:
    rows = connection.execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * values).fetchall()
    return [row[3] for row in rows]


@pytest.mark.parametrize("name", sorted(set(ACCESS) - WHOLE))
def test_statement_uses_an_index(connection: sqlite3.Connection, name: str) -> None:
    sql = ACCESS[name]
    numbered = max((number for number in range(1, 12) if f"?{number}" in sql), default=0)
    steps = plan(connection, sql, numbered or sql.count("?"))
    # `SCAN ... USING INDEX` of a partial index is a look at its few rows.
    scans = [step for step in steps if step.startswith("SCAN") and "USING" not in step]
    assert [step for step in scans if step != "SCAN CONSTANT ROW"] == [], steps
    assert not any("TEMP B-TREE" in step for step in steps), steps


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({}, "SCAN audit"),
        ({"before": 9}, "INTEGER PRIMARY KEY"),
        ({"namespaces": ["shop"]}, "audit_namespace"),
        ({"principal": "user:ada", "before": 9}, "audit_principal"),
        ({"object": "orders"}, "audit_object"),
        ({"action": "flowapp.apply"}, "audit_action"),
        ({"request_id": "r1"}, "audit_request"),
    ],
)
def test_a_page_of_the_log(connection: sqlite3.Connection, query: dict[str, Any], index: str) -> None:
    sql, values = audit_statement(AuditQuery(**query))
    steps = plan(connection, sql, len(values))
    assert index in steps[0], steps
    assert not any("TEMP B-TREE" in step for step in steps), steps
