"""Each stream of a search is a range of its index, in order: nothing is sorted, nothing scanned whole."""

from __future__ import annotations

import sqlite3

import pytest

from headrace.store.lists import ExecutionFilter, Position
from headrace.store.sqlite import schema
from headrace.store.sqlite.search import search

LAST = Position(5.0, "e")


@pytest.fixture
def connection() -> sqlite3.Connection:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    schema.migrate(opened, ":memory:", 1.0)
    for number, (namespace, name) in enumerate((("n", "a"), ("n", "b"), ("m", "a"))):
        opened.execute(
            "INSERT INTO executions (id, namespace, name, workflow_version, definition_digest, status, "
            "created_at) VALUES (?, ?, ?, '1', 'd', 'completed', ?)",
            (f"e{number}", namespace, name, float(number)),
        )
    return opened


def _plans(connection: sqlite3.Connection, wanted: ExecutionFilter, after: Position | None) -> list[str]:
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    search(connection, wanted, 9.0, after, 10, 5.0)
    connection.set_trace_callback(None)
    return [
        " | ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall())
        for statement in statements
        if "ORDER BY created_at DESC" in statement
    ]


@pytest.mark.parametrize("after", [None, LAST])
@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (ExecutionFilter(), "executions_created"),
        (ExecutionFilter(namespace="n"), "executions_name (namespace=? AND name=?"),
        (ExecutionFilter(namespace="n", name="a"), "executions_name (namespace=? AND name=?"),
        (ExecutionFilter(namespace="n", name="a", version="1"), "executions_name (namespace=? AND name=?"),
        (ExecutionFilter(namespace="n", text="x"), "executions_name (namespace=? AND name=?"),
        (ExecutionFilter(namespace="n", created_from=1.0, created_to=4.0), "executions_name (namespace=?"),
        (ExecutionFilter(namespace="n", status=["faulted"]), "executions_status (status=?"),
        (ExecutionFilter(namespace="n", status=["faulted", "waiting"]), "executions_status (status=?"),
        (
            ExecutionFilter(namespace="n", trigger="t"),
            "executions_trigger (namespace=? AND name=?",
        ),
        (ExecutionFilter(namespace="n", started_by="user:ada"), "executions_started_by (namespace=? AND"),
        (
            ExecutionFilter(namespace="n", name="a", started_by="user:ada"),
            "executions_started_by (namespace=?",
        ),
        (ExecutionFilter(namespace="n", parent_id="p", status=["faulted"]), "executions_parent (parent_id=?"),
        (ExecutionFilter(namespace="n", rerun_of="p"), "executions_rerun (rerun_of=?"),
    ],
)
def test_a_search_reads_ranges_of_its_index_in_order(
    connection: sqlite3.Connection, wanted: ExecutionFilter, index: str, after: Position | None
) -> None:
    plans = _plans(connection, wanted, after)
    assert plans
    for plan in plans:
        assert index in plan, plan
        assert "TEMP B-TREE" not in plan, plan
        if after is not None:
            assert "(created_at,id)<(?,?)" in plan, plan


def test_what_the_index_says_is_not_looked_up(connection: sqlite3.Connection) -> None:
    [end, *_] = _plans(connection, ExecutionFilter(namespace="n", name="a", version="1"), None)
    assert "COVERING INDEX" in end
