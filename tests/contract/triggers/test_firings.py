"""The record of firings: executions and what started nothing, in one list."""

from __future__ import annotations

import pytest

from contract.store.backend import ClosableStore
from contract.store.sample import a_start, an_end
from headrace.store.port import StoreError
from headrace.store.triggers import FIRINGS_KEPT, Firing, TriggerName, TriggerStore

NAME = TriggerName("default", "orders", "api")


def started(number: int, trigger: str = "api") -> dict[str, object]:
    return {"trigger": trigger, "key": f"trigger/{trigger}/{number}", "created_at": 100.0 + number}


async def test_both_sorts_are_one_list_newest_first_in_pages(
    store: ClosableStore, triggers: TriggerStore
) -> None:
    for number in range(0, 10, 2):
        await store.commit(a_start(f"e{number}", execution=started(number)))
    await store.commit(a_start("other", execution=started(3, "nightly")))
    await store.commit(a_start("by-hand"))
    rows = [Firing(at=100.0 + number, outcome="refused", reason="paused") for number in range(1, 10, 2)]
    await triggers.record([(NAME, row) for row in rows])
    found: list[Firing] = []
    while page := await triggers.firings(NAME, found[-1].position if found else None, 3):
        assert len(page) <= 3
        found += page
    assert [firing.at for firing in found] == [100.0 + number for number in range(9, -1, -1)]
    assert [firing.outcome for firing in found[:2]] == ["refused", "started"]
    assert (found[1].execution_id, found[1].status, found[1].key) == ("e8", "running", "trigger/api/8")
    assert (found[0].execution_id, found[0].reason) == (None, "paused")


async def test_many_at_the_same_moment_are_listed_once_each(
    store: ClosableStore, triggers: TriggerStore
) -> None:
    for number in range(4):
        await store.commit(
            a_start(f"e{number}", execution={"trigger": "api", "key": f"{number}", "created_at": 100.0})
        )
    await triggers.record([(NAME, Firing(at=100.0, outcome="failed")) for _ in range(4)])
    found: list[Firing] = []
    while page := await triggers.firings(NAME, found[-1].position if found else None, 1):
        found += page
    assert len(found) == len({firing.id for firing in found}) == 8


async def test_only_so_many_are_kept_of_each_trigger(triggers: TriggerStore) -> None:
    other = TriggerName("default", "orders", "nightly")
    await triggers.record([(other, Firing(at=1.0, outcome="missed", due_at=0.5, count=7))])
    await triggers.record(
        [(NAME, Firing(at=float(number), outcome="refused")) for number in range(FIRINGS_KEPT + 50)]
    )
    await triggers.record([(NAME, Firing(at=9e9, outcome="failed", reason="x", key="k", execution_id="e"))])
    kept = await triggers.firings(NAME, None, FIRINGS_KEPT * 2)
    assert len(kept) == FIRINGS_KEPT
    assert (kept[0].outcome, kept[0].reason, kept[0].key, kept[0].execution_id) == ("failed", "x", "k", "e")
    assert kept[-1].at == 51.0
    [missed] = await triggers.firings(other, None, 10)
    assert (missed.due_at, missed.count) == (0.5, 7)


async def test_a_position_that_is_none(triggers: TriggerStore) -> None:
    with pytest.raises(StoreError, match="no position"):
        await triggers.firings(NAME, "yesterday", 10)


async def test_what_is_open_and_what_was_started(store: ClosableStore, triggers: TriggerStore) -> None:
    await store.commit(a_start("e1", execution=started(1)))
    await store.commit(a_start("e2", execution=started(2)))
    await store.commit(a_start("e3", execution=started(3, "nightly")))
    assert await triggers.open_executions(NAME) == ["e1", "e2"]
    await store.commit(an_end("e1"))
    assert await triggers.open_executions(NAME) == ["e2"]
    one = await triggers.started("default", "orders", "trigger/api/1")
    assert one is not None
    assert (one.execution_id, one.status, one.ended_at, one.output) == (
        "e1",
        "completed",
        200.0,
        b'{"done":true}',
    )
    assert await triggers.execution("e1") == one
    two = await triggers.execution("e2")
    assert two is not None
    assert (two.status, two.ended_at, two.output) == ("running", None, None)
    assert await triggers.started("default", "orders", "trigger/api/9") is None
    assert await triggers.started("elsewhere", "orders", "trigger/api/1") is None
    assert await triggers.execution("e9") is None


async def test_a_large_output_comes_back_whole(store: ClosableStore, triggers: TriggerStore) -> None:
    large = b'"' + b"x" * 200_000 + b'"'
    await store.commit(a_start("e1", execution=started(1)))
    await store.commit(an_end("e1", output=large))
    found = await triggers.execution("e1")
    assert found is not None
    assert found.output == large
