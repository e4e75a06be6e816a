"""The statements for triggers stay short however many executions there are."""

from __future__ import annotations

import sqlite3

import pytest

from headrace.store.sqlite import schema
from headrace.store.sqlite.triggers import QUERIES


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("select_firings", 6),
        ("select_open_executions", 3),
        ("select_started", 3),
        ("select_fired", 1),
        ("select_gathered", 3),
        ("select_events_after", 2),
        ("select_last_event", 0),
        ("select_settled_event", 0),
        ("trim_firings", 4),
    ],
)
def test_statement_uses_an_index(name: str, values: int) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(connection, ":memory:", 1.0)
    rows = connection.execute(f"EXPLAIN QUERY PLAN {QUERIES[name]}", (None,) * values).fetchall()
    plan = [row[3] for row in rows]
    tables = ("executions", "firings", "gathered_events", "events")
    scanned = [step for step in plan if step.startswith("SCAN") and step.split()[1] in tables]
    assert [step for step in scanned if "USING" not in step] == [], plan
    searched = [step for step in plan if step.split()[1] in tables]
    assert searched, plan
    if name in ("select_firings", "select_open_executions"):
        # Not by the name of the flow, which would pass over all its executions.
        executions = [step for step in searched if "executions" in step.split()[1]]
        assert all("executions_trigger" in step or "executions_status" in step for step in executions), plan
