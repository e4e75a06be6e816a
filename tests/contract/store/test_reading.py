"""Reading: timers, recovery, history, lists."""

from __future__ import annotations

import pytest

from contract.store.backend import ClosableStore
from contract.store.sample import a_run, a_start, a_step, an_end, an_execution
from headrace.store.port import ExecutionQuery, TaskRun


async def test_due_earliest_first_and_next(store: ClosableStore) -> None:
    for execution_id, next_due in [("a", 30.0), ("b", 10.0), ("c", None), ("d", 20.0), ("e", 40.0)]:
        await store.commit(a_start(execution_id, next_due=next_due))
    assert await store.due(5.0, 10) == ([], 10.0)
    assert await store.due(20.0, 10) == (["b", "d"], 30.0)
    assert await store.due(40.0, 10) == (["b", "d", "a", "e"], None)


async def test_due_cut_by_limit_names_the_first_that_is_left(store: ClosableStore) -> None:
    for number in range(5):
        await store.commit(a_start(f"e{number}", next_due=float(number)))
    assert await store.due(100.0, 2) == (["e0", "e1"], 2.0)


async def test_due_follows_the_state(store: ClosableStore) -> None:
    await store.commit(a_start(next_due=10.0))
    await store.commit(a_step("e1", 1, next_due=50.0))
    assert await store.due(10.0, 10) == ([], 50.0)
    await store.commit(a_step("e1", 2))
    assert await store.due(1e12, 10) == ([], None)


async def test_in_flight_pages_in_order(store: ClosableStore) -> None:
    for number in (3, 1, 4, 2, 5):
        await store.commit(a_start(f"e{number}", in_flight=number != 4))
    assert await store.in_flight("", 2) == ["e1", "e2"]
    assert await store.in_flight("e2", 10) == ["e3", "e5"]
    await store.commit(a_step("e3", 1, in_flight=False))
    await store.commit(a_step("e4", 1, in_flight=True))
    assert await store.in_flight("", 10) == ["e1", "e2", "e4", "e5"]


async def test_history_reads_back_whole_in_order_of_ends(store: ClosableStore) -> None:
    outer = TaskRun(
        execution_id="e1", run_id=1, parent_id=0, pointer="/do/0/loop", name="loop", kind="for",
        status="faulted", started_sequence=1, ended_sequence=6, started_at=1.5, ended_at=2.5, attempt=2,
        iteration=7, carried=True, count=40, input=b"1", output=b"2", error=b"3", variables=b"4",
        context=b"5", details=b"6",
    )  # fmt: skip
    inner = a_run("e1", 2, started_sequence=2, ended_sequence=3, iteration=0)
    await store.commit(a_start())
    await store.commit(a_step("e1", 1, runs=[outer, inner]))
    assert await store.history("e1") == [inner, outer]


async def test_history_pages(store: ClosableStore) -> None:
    await store.commit(a_start(runs=[a_run("e1", number) for number in range(1, 8)]))
    page = await store.history("e1", limit=3)
    assert [run.run_id for run in page] == [1, 2, 3]
    page = await store.history("e1", after=page[-1].ended_sequence, limit=3)
    assert [run.run_id for run in page] == [4, 5, 6]
    page = await store.history("e1", after=page[-1].ended_sequence, limit=3)
    assert [run.run_id for run in page] == [7]


async def _three_flows(store: ClosableStore) -> None:
    """Ten executions a..j created at 0..9, of two names in two namespaces."""
    for number, execution_id in enumerate("abcdefghij"):
        row = an_execution(
            execution_id,
            namespace="prod" if number % 5 == 4 else "default",
            name="orders" if number % 2 == 0 else "bills",
            created_at=float(number),
            parent_id="a" if number in (1, 2) else None,
            rerun_of="b" if number in (3, 8) else None,
            key=f"key-{number}" if number == 5 else None,
            started_by="user:ada" if number in (0, 4, 6) else None,
        )
        await store.commit(a_start(execution_id, create=row))
    for execution_id, status in [
        ("a", "completed"),
        ("c", "faulted"),
        ("d", "completed"),
        ("i", "cancelled"),
    ]:
        await store.commit(an_end(execution_id, status=status))


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        (ExecutionQuery(), "jihgfedcba"),
        (ExecutionQuery(limit=3), "jih"),
        (ExecutionQuery(limit=3, before="h"), "gfe"),
        (ExecutionQuery(before="a"), ""),
        (ExecutionQuery(namespace="prod"), "je"),
        (ExecutionQuery(namespace="default", name="orders"), "igca"),
        (ExecutionQuery(namespace="default", name="orders", before="g"), "ca"),
        (ExecutionQuery(name="bills"), "jhfdb"),
        (ExecutionQuery(status=["completed"]), "da"),
        (ExecutionQuery(status=["faulted", "cancelled"]), "ic"),
        (ExecutionQuery(status=["completed", "faulted"]), "dca"),
        (ExecutionQuery(status=["running"], name="orders"), "ge"),
        (ExecutionQuery(status=["running"], before="g", limit=2), "fe"),
        (ExecutionQuery(status=["suspended"]), ""),
        (ExecutionQuery(parent_id="a"), "cb"),
        (ExecutionQuery(rerun_of="b"), "id"),
        (ExecutionQuery(key="key-5"), "f"),
        (ExecutionQuery(key="key-6"), ""),
        (ExecutionQuery(started_by="user:ada"), "gea"),
        (ExecutionQuery(namespace="default", started_by="user:ada"), "ga"),
        (ExecutionQuery(namespace="default", name="orders", started_by="user:ada", before="g"), "a"),
        (ExecutionQuery(namespace="default", status=["running"], started_by="user:ada"), "g"),
        (ExecutionQuery(started_by="user:bob"), ""),
        (ExecutionQuery(created_from=3.0, created_to=5.0), "fed"),
        (ExecutionQuery(created_from=7.5, name="orders"), "i"),
        (ExecutionQuery(created_to=1.0), "ba"),
    ],
    ids=str,
)
async def test_lists(store: ClosableStore, query: ExecutionQuery, ids: str) -> None:
    await _three_flows(store)
    assert "".join(row.id for row in await store.executions(query)) == ids


async def test_lists_carry_payloads_only_for_a_key(store: ClosableStore) -> None:
    await store.commit(a_start(execution={"key": "k"}))
    await store.commit(an_end())
    (row,) = await store.executions(ExecutionQuery())
    assert (row.input, row.output, row.error) == (None, None, None)
    (row,) = await store.executions(ExecutionQuery(key="k"))
    assert (row.input, row.output) == (b'{"total":1}', b'{"done":true}')
    assert row == await store.execution("e1")


async def test_rows_of_one_time_page_without_gaps(store: ClosableStore) -> None:
    for number in range(9):
        await store.commit(a_start(f"e{number}"))
    seen: list[str] = []
    before = None
    while page := await store.executions(ExecutionQuery(limit=2, before=before)):
        seen += [row.id for row in page]
        before = seen[-1]
    assert seen == [f"e{number}" for number in reversed(range(9))]
