"""What flows did of late, against what looking at every row gives."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from contract.store.backend import ClosableStore
from headrace.store.lists import Lists
from headrace.store.port import ExecutionRow, Transition
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.activity import activity
from headrace.store.watched import WatchedStore

NAMES = ("x", "y", "z")


def _rows() -> list[ExecutionRow]:
    choose = random.Random(5)
    statuses = ["completed"] * 4 + ["faulted", "cancelled", "running", "waiting", "suspended", "pending"]
    rows = []
    for number in range(400):
        status = choose.choice(statuses)
        ended = status in ("completed", "faulted", "cancelled")
        created_at = float(choose.randrange(100))  # many at the same time
        rows.append(
            ExecutionRow(
                id=f"e{number:04d}",
                namespace=choose.choice(["a", "a", "b"]),
                name=choose.choice(NAMES[:2]),
                workflow_version="1.0.0",
                definition_digest="sha256:0",
                status=status,
                created_at=created_at,
                started_at=created_at,
                ended_at=created_at + 1 if ended else None,
            )
        )
    return rows


@pytest.fixture
async def rows(store: ClosableStore) -> list[ExecutionRow]:
    rows = _rows()
    for row in rows:
        await store.commit(
            Transition(
                execution_id=row.id,
                expected_version=0,
                create=row,
                state=None if row.ended_at is not None else b"{}",
                ended_at=row.ended_at,
            )
        )
    return rows


def _of(rows: list[ExecutionRow], name: str) -> list[ExecutionRow]:
    """Return the executions of a flow of namespace `a`, newest first."""
    found = [row for row in rows if (row.namespace, row.name) == ("a", name)]
    return sorted(found, key=lambda row: (row.created_at, row.id), reverse=True)


@pytest.mark.parametrize("since", [-1.0, 50.0, 99.0, 1000.0])
@pytest.mark.parametrize("recent", [0, 7])
async def test_last_executions_and_counts(
    lists: Lists, rows: list[ExecutionRow], since: float, recent: int
) -> None:
    found = await lists.activity("a", NAMES, since=since, recent=recent)
    assert set(found) == set(NAMES)
    for name in NAMES:
        expected = _of(rows, name)
        assert [row.id for row in found[name].recent] == [row.id for row in expected[:recent]]
        assert found[name].counts == Counter(row.status for row in expected if row.created_at >= since)
        assert found[name].since == since
    assert all(row.input is None for row in found["x"].recent)
    assert await lists.activity("a", [], since=since, recent=recent) == {}


async def test_when_the_newest_was_created(lists: Lists, rows: list[ExecutionRow]) -> None:
    expected = {name: _of(rows, name)[0].created_at for name in NAMES[:2]}
    assert await lists.newest("a", NAMES) == expected
    assert await lists.newest("nowhere", NAMES) == {}


@pytest.mark.parametrize(("of_flow", "of_status"), [(10, 10_000), (10_000, 5), (20, 20), (1, 1)])
async def test_where_too_many_are_there_the_newest_are_counted(
    store: ClosableStore, rows: list[ExecutionRow], of_flow: int, of_status: int
) -> None:
    """Whatever is left out, what is counted is all that there was since a time which is told."""
    inner = store.store if isinstance(store, WatchedStore) else store
    assert isinstance(inner, SqliteStore)
    found = await inner.read(activity, "a", NAMES, 10.0, 3, of_flow, of_status)
    assert found["x"].since > 10.0
    for name in NAMES:
        counted = [row for row in _of(rows, name) if row.created_at >= found[name].since]
        assert found[name].counts == Counter(row.status for row in counted)
        assert len(_of(rows, name)) == 0 or counted or of_status < 10_000
        # No more of one flow than are to be counted, but for those of the very same time.
        assert len({row.created_at for row in counted}) <= of_flow
