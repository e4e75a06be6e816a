"""Every read that a page or the runtime makes often is answered from an index, in order, without a scan."""

from __future__ import annotations

import sqlite3

import pytest

from headrace.store.port import ExecutionQuery
from headrace.store.sqlite import read, schema
from headrace.store.sqlite.queries import QUERIES


@pytest.fixture
def connection() -> sqlite3.Connection:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(opened, ":memory:", 1.0)
    return opened


def _plan(connection: sqlite3.Connection, sql: str, values: int) -> str:
    return " | ".join(
        row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", (None,) * values).fetchall()
    )


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("select_state", 1),
        ("select_due", 1),
        ("select_in_flight", 2),
        ("select_undelivered", 2),
        ("select_history", 3),
        ("find_taken", 4),
        ("find_event", 3),
        ("select_run_logs", 2),
        ("select_prunable_by_age", 4),
        ("select_prunable_by_count", 4),
        ("prune_runs", 2),
        ("prune_logs", 2),
        ("prune_events", 2),
        ("select_definitions_by_digest", 3),
    ],
)
def test_statement_uses_an_index(connection: sqlite3.Connection, name: str, values: int) -> None:
    plan = _plan(connection, QUERIES[name], values)
    whole_tables = [part for part in plan.split(" | ") if part.startswith("SCAN") and "USING" not in part]
    assert whole_tables == [], plan
    if name != "select_definitions_by_digest":
        assert "TEMP B-TREE" not in plan, plan


@pytest.mark.parametrize(
    ("query", "index"),
    [
        (ExecutionQuery(), "executions_created"),
        (ExecutionQuery(before="a", created_from=1.0), "executions_created"),
        (ExecutionQuery(namespace="n", name="m", before="a"), "executions_name"),
        (ExecutionQuery(namespace="n", name="m", status=["completed"]), "executions_name"),
        (ExecutionQuery(namespace="n"), "executions_created"),
        (ExecutionQuery(name="m", created_to=1.0), "executions_created"),
        (ExecutionQuery(status=["completed", "running"]), "executions_created"),
        (ExecutionQuery(status=["running"]), "executions_status"),
        (ExecutionQuery(namespace="n", name="m", status=["running"], before="a"), "executions_status"),
        (ExecutionQuery(namespace="n", name="m", parent_id="p", status=["running"]), "executions_parent"),
        (ExecutionQuery(parent_id="p"), "executions_parent"),
        (ExecutionQuery(rerun_of="p"), "executions_rerun"),
        (ExecutionQuery(namespace="n", started_by="user:ada"), "executions_started_by"),
        (ExecutionQuery(namespace="n", name="m", started_by="user:ada", before="a"), "executions_started_by"),
        (ExecutionQuery(namespace="n", name="m", key="k"), "executions_key"),
    ],
)
def test_list_uses_its_index(connection: sqlite3.Connection, query: ExecutionQuery, index: str) -> None:
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    read.executions(connection, query)
    connection.set_trace_callback(None)
    plan = _plan(connection, statements[-1], 0)
    assert index in plan, plan
    if query.key is None:
        assert "TEMP B-TREE" not in plan, plan
