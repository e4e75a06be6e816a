"""Lists of executions against what looking at every row gives."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest

from contract.store.backend import ClosableStore
from headrace.store.lists import ExecutionFilter, Lists, Position
from headrace.store.port import ExecutionRow, Transition

NOW = 10_000.0
LARGE = b'"' + b"x" * 70_000 + b' far away"'


def _rows() -> list[ExecutionRow]:
    choose = random.Random(11)
    rows = []
    for number in range(300):
        status = choose.choice(["completed"] * 6 + ["faulted", "cancelled", "running", "waiting"])
        ended = status not in ("running", "waiting")
        created_at = float(choose.randrange(100))  # many at the same time
        rows.append(
            ExecutionRow(
                id=f"e{number:04d}",
                namespace=choose.choice(["a", "a", "b"]),
                name=choose.choice(["x", "y", "z"]),
                workflow_version=choose.choice(["1.0.0", "1.1.0"]),
                definition_digest="sha256:0",
                status=status,
                created_at=created_at,
                key=f"k{number}" if number % 3 == 0 else None,
                started_at=created_at + 1 if number % 7 else None,
                ended_at=created_at + 1 + choose.choice([0.5, 5.0, 50.0]) if ended else None,
                parent_id=f"e{number - 1:04d}" if number % 10 == 1 else None,
                rerun_of=f"e{number - 2:04d}" if number % 10 == 2 else None,
                trigger=choose.choice([None, "t", "u"]),
                started_by="user:ada" if number % 4 == 1 else "user:bob" if number % 40 == 3 else None,
                started_by_name="Ada" if number % 4 == 1 else "Bob" if number % 40 == 3 else None,
                input=LARGE if number == 17 else b'{"tier": "%s"}' % choose.choice([b"gold", b"silver"]),
                output=b'"said \\"so\\""' if number % 20 == 0 else None,
                error=b'{"title": "card refused"}' if status == "faulted" else None,
            )
        )
    return rows


@pytest.fixture
async def rows(store: ClosableStore) -> list[ExecutionRow]:
    rows = _rows()
    # At the same time: a store on disk syncs them together.
    await asyncio.gather(
        *[
            store.commit(
                Transition(
                    execution_id=row.id,
                    expected_version=0,
                    create=row,
                    state=None if row.ended_at is not None else b"{}",
                    ended_at=row.ended_at,
                    output=row.output,
                    error=row.error,
                )
            )
            for row in rows
        ]
    )
    return rows


def _lasted(row: ExecutionRow) -> float:
    began = row.created_at if row.started_at is None else row.started_at
    return (NOW if row.ended_at is None else row.ended_at) - began


def _says(row: ExecutionRow, text: bytes) -> bool:
    return any(text in (payload or b"") for payload in (row.input, row.output, row.error))


TESTS: list[tuple[dict[str, Any], Callable[[ExecutionRow], bool]]] = [
    ({}, lambda row: True),
    ({"namespace": "a"}, lambda row: row.namespace == "a"),
    ({"namespace": "nobody's"}, lambda row: False),
    ({"name": "x"}, lambda row: row.name == "x"),
    ({"version": "1.1.0"}, lambda row: row.workflow_version == "1.1.0"),
    ({"status": ["faulted"]}, lambda row: row.status == "faulted"),
    ({"status": ["faulted", "running", "faulted"]}, lambda row: row.status in ("faulted", "running")),
    ({"status": ["completed", "waiting"]}, lambda row: row.status in ("completed", "waiting")),
    ({"trigger": "t"}, lambda row: row.trigger == "t"),
    ({"started_by": "user:ada"}, lambda row: row.started_by == "user:ada" and row.started_by_name == "Ada"),
    ({"created_from": 30.0}, lambda row: row.created_at >= 30),
    ({"created_to": 60.0}, lambda row: row.created_at <= 60),
    ({"duration_min_seconds": 5.0}, lambda row: _lasted(row) >= 5),
    ({"duration_max_seconds": 5.0}, lambda row: _lasted(row) <= 5),
    ({"key": "k30"}, lambda row: row.key == "k30"),
    ({"parent_id": "e0010"}, lambda row: row.parent_id == "e0010"),
    ({"rerun_of": "e0030"}, lambda row: row.rerun_of == "e0030"),
    ({"text": "gold"}, lambda row: _says(row, b"gold")),
    ({"text": '"tier": "gold"'}, lambda row: _says(row, b'"tier": "gold"')),
    ({"text": 'said "so"'}, lambda row: _says(row, b'said \\"so\\"')),
    ({"text": "far away"}, lambda row: row.id == "e0017"),
    ({"text": "refused"}, lambda row: row.status == "faulted"),
]


def _expected(rows: list[ExecutionRow], *tests: Callable[[ExecutionRow], bool]) -> list[str]:
    found = [row for row in rows if all(test(row) for test in tests)]
    return [row.id for row in sorted(found, key=lambda row: (row.created_at, row.id), reverse=True)]


async def _all(lists: Lists, wanted: ExecutionFilter, limit: int, seconds: float) -> list[str]:
    """Return the ids of all pages; a page that is short says how far it came."""
    ids: list[str] = []
    after: Position | None = None
    while True:
        found = await lists.search(wanted, now=NOW, after=after, limit=limit, seconds=seconds)
        assert len(found.rows) <= limit
        assert all(row.input is None and row.output is None and row.error is None for row in found.rows)
        ids += [row.id for row in found.rows]
        if found.next is None:
            assert found.searched_to is None
            return ids
        assert found.searched_to is not None or len(found.rows) == limit
        if found.searched_to is not None:
            assert found.searched_to == found.next.created_at
        after = found.next


@pytest.mark.parametrize(("given", "test"), TESTS, ids=[str(given) for given, _ in TESTS])
@pytest.mark.parametrize(("limit", "seconds"), [(7, 5.0), (3, 0.0), (500, 5.0)])
async def test_each_filter_finds_what_it_says(
    lists: Lists,
    rows: list[ExecutionRow],
    given: dict[str, Any],
    test: Callable[[ExecutionRow], bool],
    limit: int,
    seconds: float,
) -> None:
    assert await _all(lists, ExecutionFilter(**given), limit, seconds) == _expected(rows, test)


@pytest.mark.parametrize("seed", range(5))
async def test_filters_together_find_what_all_say(lists: Lists, rows: list[ExecutionRow], seed: int) -> None:
    choose = random.Random(seed)
    found_some = 0
    for _ in range(40):
        chosen = choose.sample(TESTS, choose.choice([2, 3, 4]))
        given = {name: value for each, _ in chosen for name, value in each.items()}
        tests = [test for each, test in chosen if all(given[name] == value for name, value in each.items())]
        limit, seconds = choose.choice([2, 50]), choose.choice([0.0, 5.0])
        expected = _expected(rows, *tests)
        assert await _all(lists, ExecutionFilter(**given), limit, seconds) == expected, given
        found_some += bool(expected)
    assert found_some > 5


async def test_a_page_is_stable_while_executions_are_added(
    lists: Lists, store: ClosableStore, rows: list[ExecutionRow]
) -> None:
    first = await lists.search(ExecutionFilter(namespace="a"), now=NOW, limit=10)
    newer = ExecutionRow(
        id="f0000", namespace="a", name="x", workflow_version="1", definition_digest="d", status="running",
        created_at=500.0,
    )  # fmt: skip
    await store.commit(Transition(execution_id="f0000", expected_version=0, create=newer, state=b"{}"))
    assert await lists.delete([first.rows[-1].id]) in (
        {first.rows[-1].id: "deleted"},
        {first.rows[-1].id: "open"},
    )
    rest = await lists.search(ExecutionFilter(namespace="a"), now=NOW, after=first.next, limit=500)
    ids = [row.id for row in (*first.rows, *rest.rows)]
    assert ids == _expected(rows, lambda row: row.namespace == "a")
