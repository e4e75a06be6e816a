"""Definitions, logs, retention."""

from __future__ import annotations

import pytest

from contract.store.backend import ClosableStore
from contract.store.sample import a_line, a_run, a_start, an_end, an_event, an_execution
from headrace.store.port import (
    BLOB_THRESHOLD_BYTES,
    DefinitionRow,
    ExecutionQuery,
    Retention,
    StoreError,
)


def a_definition(digest: str = "sha256:1", version: str = "1.0.0", name: str = "orders") -> DefinitionRow:
    return DefinitionRow(
        digest=digest,
        namespace="default",
        name=name,
        version=version,
        source="steps: []\n",
        created_at=float(digest.rpartition(":")[2]),
    )


async def test_definitions(store: ClosableStore) -> None:
    first, second, other = (
        a_definition(),
        a_definition("sha256:2", "2.0.0"),
        a_definition("sha256:3", name="x"),
    )
    for definition in (first, second, other):
        assert await store.put_definition(definition) == definition
    assert await store.definitions() == [other, second, first]
    assert await store.definitions("default", "orders") == [second, first]
    assert await store.definitions("nowhere") == []
    assert await store.definitions(digest="sha256:2") == [second]
    assert await store.definitions(digest="sha256:9") == []


async def test_same_definition_again_changes_nothing(store: ClosableStore) -> None:
    first = a_definition()
    await store.put_definition(first)
    again = DefinitionRow(
        digest=first.digest, namespace="default", name="orders", version="1.0.0", source="...", created_at=9.0
    )
    assert await store.put_definition(again) == first
    assert await store.definitions() == [first]


async def test_version_has_one_content(store: ClosableStore) -> None:
    await store.put_definition(a_definition())
    with pytest.raises(StoreError, match="new version"):
        await store.put_definition(a_definition("sha256:2"))
    assert await store.definitions() == [a_definition()]


async def test_logs_in_order_by_execution_and_run(store: ClosableStore) -> None:
    for execution_id in ("e1", "e2"):
        await store.commit(a_start(execution_id))
    lines = [a_line(run_id=number % 2, text=f"line {number}") for number in range(6)]
    assert await store.logs("e1", append=lines[:3]) == []
    assert await store.logs("e1", append=[*lines[3:], a_line("e2", text="other")]) == []
    assert await store.logs("e1") == lines
    assert await store.logs("e1", 1) == lines[1::2]
    assert [line.text for line in await store.logs("e2")] == ["other"]
    assert await store.logs("e3") == []


async def test_late_log_line_of_a_pruned_execution_is_dropped(store: ClosableStore) -> None:
    await store.commit(a_start())
    await store.commit(an_end())
    await store.prune(Retention(max_count=0), now=0.0)
    await store.logs("e1", append=[a_line()])
    assert await store.logs("e1") == []


async def test_many_log_lines(store: ClosableStore) -> None:
    await store.commit(a_start())
    for _ in range(25):
        await store.logs("e1", append=[a_line(text=str(number)) for number in range(1000)])
    assert len(await store.logs("e1")) == 25_000


async def _finished(store: ClosableStore, count: int, name: str = "orders") -> list[str]:
    """Executions that were created and ended one second after the other, at 0, 1, 2..."""
    ids = [f"{name}-{number:03}" for number in range(count)]
    for number, execution_id in enumerate(ids):
        row = an_execution(execution_id, name=name, created_at=float(number))
        runs = [a_run(execution_id, run) for run in (1, 2, 3)]
        await store.commit(a_start(execution_id, create=row, runs=runs))
        await store.commit(an_end(execution_id, ended_at=float(number)))
        await store.logs(execution_id, append=[a_line(execution_id)])
    return ids


async def _left(store: ClosableStore) -> list[str]:
    return sorted(row.id for row in await store.executions(ExecutionQuery(limit=1000)))


async def test_prune_by_age_takes_all_that_it_owns(store: ClosableStore) -> None:
    ids = await _finished(store, 10)
    assert await store.prune(Retention(max_age_seconds=4.0), now=10.0) == 6
    assert await _left(store) == ids[6:]
    for execution_id in ids[:6]:
        assert await store.execution(execution_id) is None
        assert await store.history(execution_id) == []
        assert await store.logs(execution_id) == []
    assert len(await store.history(ids[6])) == 3
    assert len(await store.logs(ids[6])) == 1
    assert await store.prune(Retention(max_age_seconds=4.0), now=10.0) == 0


async def test_prune_by_count_keeps_the_newest_of_each_name(store: ClosableStore) -> None:
    orders = await _finished(store, 5)
    bills = await _finished(store, 2, "bills")
    assert await store.prune(Retention(max_count=3), now=0.0) == 2
    assert await _left(store) == bills + orders[2:]


async def test_prune_by_count_and_age(store: ClosableStore) -> None:
    ids = await _finished(store, 10)
    assert await store.prune(Retention(max_count=8, max_age_seconds=5.0), now=10.0) == 5
    assert await _left(store) == ids[5:]
    assert await store.prune(Retention(max_count=2, max_age_seconds=5.0), now=10.0) == 3
    assert await _left(store) == ids[8:]


async def test_prune_in_batches(store: ClosableStore) -> None:
    ids = await _finished(store, 7)
    assert await store.prune(Retention(max_count=0), now=0.0, batch=3) == 3
    assert len(await _left(store)) == 4
    assert await store.prune(Retention(max_count=0), now=0.0, batch=3) == 3
    assert await store.prune(Retention(max_count=0), now=0.0, batch=3) == 1
    assert await store.prune(Retention(max_count=0), now=0.0, batch=3) == 0
    assert ids


async def test_prune_of_one_name_or_namespace(store: ClosableStore) -> None:
    await _finished(store, 2)
    bills = await _finished(store, 2, "bills")
    assert await store.prune(Retention(namespace="other", max_count=0), now=0.0) == 0
    assert await store.prune(Retention(namespace="default", name="orders", max_count=0), now=0.0) == 2
    assert await _left(store) == bills
    assert await store.prune(Retention(namespace="default", max_age_seconds=0.0), now=100.0) == 2


async def test_prune_without_limits_keeps_all(store: ClosableStore) -> None:
    await _finished(store, 2)
    assert await store.prune(Retention(), now=1e12) == 0
    assert len(await _left(store)) == 2


async def test_prune_keeps_what_is_not_finished(store: ClosableStore) -> None:
    await store.commit(a_start("open", execution={"created_at": 0.0}))
    await store.commit(a_start("parent", execution={"created_at": 0.0}))
    await store.commit(a_start("child", execution={"created_at": 0.0, "parent_id": "parent"}))
    await store.commit(an_end("child"))
    everything = Retention(max_age_seconds=1.0, max_count=0)
    assert await store.prune(everything, now=1e9) == 0
    # The parent has read its child's outcome once it is final itself.
    await store.commit(an_end("parent"))
    assert await store.prune(everything, now=1e9) == 2
    assert await _left(store) == ["open"]


async def test_prune_of_one_with_a_long_history(store: ClosableStore) -> None:
    await store.commit(a_start(runs=[a_run(run_id=number) for number in range(1, 5001)]))
    await store.commit(an_end())
    assert await store.prune(Retention(max_count=0), now=0.0) == 1
    assert await store.history("e1") == []


async def test_prune_spares_blobs_that_are_still_used(store: ClosableStore) -> None:
    large = b'"' + b"x" * BLOB_THRESHOLD_BYTES + b'"'
    for execution_id, created_at in [("a", 1.0), ("b", 2.0)]:
        row = an_execution(execution_id, created_at=created_at, input=large)
        await store.commit(a_start(execution_id, create=row, runs=[a_run(execution_id, input=large)]))
        await store.commit(an_end(execution_id, output=large))
    assert await store.prune(Retention(max_count=1), now=0.0) == 1
    row_left = await store.execution("b")
    assert row_left is not None
    assert row_left.input == row_left.output == large
    (run,) = await store.history("b")
    assert run.input == large


async def test_prune_by_age_forgets_old_delivered_events(store: ClosableStore) -> None:
    # The fixture's clock stands at 1000.
    (sequence, _) = await store.publish([an_event("1"), an_event("2")])
    assert sequence is not None
    await store.delivered([sequence])
    await store.prune(Retention(max_age_seconds=10.0), now=1_005.0)
    assert await store.publish([an_event("1")]) == [None]
    await store.prune(Retention(max_age_seconds=10.0), now=1_020.0)
    (again, known) = await store.publish([an_event("1"), an_event("2")])
    assert again is not None
    assert again > sequence
    assert known is None
