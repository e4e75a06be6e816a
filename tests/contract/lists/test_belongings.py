"""Pages of what belongs to one execution, deleting, and events."""

from __future__ import annotations

import pytest

from contract.store.backend import ClosableStore
from headrace.store.lists import ExecutionFilter, Lists
from headrace.store.port import ExecutionRow, LogLine, TaskRun, Transition


def _created(identity: str, *, parent: str | None = None, runs: int = 0, final: bool = True) -> Transition:
    row = ExecutionRow(
        id=identity, namespace="n", name="f", workflow_version="1", definition_digest="d",
        status="completed" if final else "running", created_at=1.0, parent_id=parent,
    )  # fmt: skip
    return Transition(
        execution_id=identity,
        expected_version=0,
        create=row,
        state=None if final else b"{}",
        ended_at=2.0 if final else None,
        runs=[
            TaskRun(
                execution_id=identity, run_id=run, parent_id=0, pointer=f"/do/{run}/a", name="a", kind="set",
                status="completed", started_sequence=2 * run, ended_sequence=2 * run + 1, started_at=1.0,
                ended_at=1.5, input=b"1", output=b'"%s"' % (b"y" * 70_000), details=b"{}",
            )
            for run in range(runs)
        ],
    )  # fmt: skip


async def test_history_comes_in_pages_with_and_without_payloads(lists: Lists, store: ClosableStore) -> None:
    await store.commit(_created("e", runs=5))
    page = await lists.history("e", limit=3, payloads=False)
    assert [run.run_id for run in page] == [0, 1, 2]
    assert {run.input for run in page} | {run.output for run in page} | {run.details for run in page} == {
        None
    }
    rest = await lists.history("e", after=page[-1].ended_sequence, limit=3)
    assert [run.run_id for run in rest] == [3, 4]
    assert rest == (await store.history("e"))[3:]
    assert await lists.history("unknown") == []


async def test_one_task_run(lists: Lists, store: ClosableStore) -> None:
    await store.commit(_created("e", runs=3))
    assert await lists.run("e", 1) == (await store.history("e"))[1]
    assert await lists.run("e", 9) is None
    assert await lists.run("f", 1) is None


async def test_lines_come_in_pages_those_of_now_too(lists: Lists, store: ClosableStore) -> None:
    await store.commit(_created("e"))
    await store.commit(_created("other"))
    lines = [
        LogLine(execution_id="e", run_id=number % 2, attempt=1, at=1.0, stream="stdout", text=str(number))
        for number in range(7)
    ]
    for line in lines:
        await store.logs(
            "other",
            append=[LogLine(execution_id="other", run_id=0, attempt=1, at=1.0, stream="stdout", text="no")],
        )
        await store.logs("e", append=[line])
    first = await lists.lines("e", limit=4)
    rest = await lists.lines("e", after=first[-1].number, limit=4)
    assert [each.line for each in (*first, *rest)] == lines
    odd = await lists.lines("e", run_id=1, limit=2)
    odd += await lists.lines("e", run_id=1, after=odd[-1].number)
    assert [each.line.text for each in odd] == ["1", "3", "5"]
    assert await lists.lines("unknown") == []


async def test_only_what_is_final_and_not_awaited_is_deleted(lists: Lists, store: ClosableStore) -> None:
    await store.commit(_created("done", runs=3))
    await store.commit(_created("open", final=False))
    await store.commit(_created("child", parent="open"))
    outcomes = await lists.delete(["done", "open", "child", "unknown", "done"])
    assert outcomes == {"done": "deleted", "open": "open", "child": "awaited", "unknown": "unknown"}
    assert await store.execution("done") is None
    assert await store.history("done") == []
    assert await store.execution("child") is not None
    await store.commit(
        Transition(execution_id="open", expected_version=1, state=None, status="completed", ended_at=3.0)
    )
    assert await lists.delete(["open", "child"]) == {"open": "deleted", "child": "deleted"}
    assert (await lists.search(ExecutionFilter(), now=1.0)).rows == []


@pytest.mark.parametrize("limit", [2, 50])
async def test_events_of_a_namespace_newest_first(lists: Lists, store: ClosableStore, limit: int) -> None:
    for number in range(5):
        for namespace in ("n", "m"):
            await store.publish(
                [
                    b'{"specversion":"1.0","id":"%d","source":"s","type":"t","headracenamespace":"%s"}'
                    % (number, namespace.encode())
                ]
            )
    found = []
    before = None
    while page := await lists.events("n", before=before, limit=limit):
        found += page
        before = page[-1].sequence
    assert [each.event.split(b'"id":"')[1][:1] for each in found] == [b"4", b"3", b"2", b"1", b"0"]
    assert not any(each.delivered for each in found)
    await store.delivered([found[0].sequence])
    assert (await lists.events("n", limit=1))[0].delivered
