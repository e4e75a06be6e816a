"""Looking at a queue and cleaning it: peek, inspect, history, results, stats, purge."""

from __future__ import annotations

import pytest

from contract.queue.backend import Backend
from contract.queue.sample import done, fail_for_good, failed, held, lease_one, put, put_all, until
from headrace.queue.port import Capabilities, ItemEvent, Put, QueueOptions, State, WorkQueue


async def history(queue: WorkQueue, item: str) -> tuple[ItemEvent, ...]:
    record = await queue.inspect(item)
    assert record is not None
    return record.history


async def peeked(queue: WorkQueue, state: State, limit: int = 100) -> list[bytes | None]:
    return [record.payload for record in await queue.peek(state=state, limit=limit)]


async def test_capabilities_are_said(queue: WorkQueue) -> None:
    assert isinstance(queue.capabilities, Capabilities)
    assert queue.name.endswith("work")


async def test_peek_in_the_order_of_serving(backend: Backend, queue: WorkQueue) -> None:
    for number, priority in enumerate((0, 5, 0, 9, 5)):
        await put(queue, str(number).encode(), priority=priority)
    await put(queue, b"later", delay_seconds=90.0)
    await put(queue, b"sooner", delay_seconds=60.0)
    assert await peeked(queue, "ready") == [b"3", b"1", b"4", b"0", b"2"]
    assert await peeked(queue, "ready", limit=2) == [b"3", b"1"]
    assert await peeked(queue, "ready", limit=0) == []
    assert await peeked(queue, "delayed") == [b"sooner", b"later"]
    assert [item.payload for item in await queue.lease(2, 60.0)] == [b"3", b"1"]
    assert await peeked(queue, "ready") == [b"4", b"0", b"2"]
    assert set(await peeked(queue, "leased")) == {b"3", b"1"}


async def test_peek_tells_about_the_item(backend: Backend, queue: WorkQueue) -> None:
    item = await put(queue, b"body", priority=3, headers={"a": "b"})
    (record,) = await queue.peek()
    assert (record.id, record.state, record.payload, record.attempts) == (item, "ready", b"body", 0)
    assert (record.priority, record.headers) == (3, {"a": "b"})
    assert (record.leased_by, record.expires_at) == (None, None)
    assert record.enqueued_at == pytest.approx(backend.now(), abs=10.0)
    leased = await lease_one(queue, 60.0, worker="wörker-1")
    (record,) = await queue.peek(state="leased")
    assert (record.id, record.state, record.attempts, record.leased_by) == (item, "leased", 1, "wörker-1")
    assert record.expires_at == pytest.approx(leased.expires_at, abs=0.01)
    await queue.fail([failed(leased, "broken", retry_in=60.0)])
    (record,) = await queue.peek(state="delayed")
    assert (record.id, record.state, record.error, record.leased_by) == (item, "delayed", "broken", None)
    assert record.run_at == pytest.approx(backend.now() + 60.0, abs=10.0)


async def test_peek_at_the_finished(queue: WorkQueue) -> None:
    first, second = await put_all(queue, [b"1", b"2"])
    assert await queue.complete([done(await lease_one(queue), b"result")]) == []
    await fail_for_good(queue, "broken")
    (record,) = await queue.peek(state="completed")
    assert (record.id, record.state, record.result) == (first, "completed", b"result")
    (record,) = await queue.peek(state="dead")
    assert (record.id, record.state, record.error, record.payload) == (second, "dead", "broken", b"2")


async def test_peek_takes_nothing(queue: WorkQueue) -> None:
    await put(queue)
    for _ in range(3):
        (record,) = await queue.peek()
        assert record.attempts == 0
    assert (await lease_one(queue)).attempt == 1


async def test_inspect_in_every_state(backend: Backend, queue: WorkQueue) -> None:
    item = await put(queue, b"body", delay_seconds=0.1)
    record = await queue.inspect(item)
    assert record is not None
    assert (record.state, record.payload) == ("delayed", b"body")
    assert record.run_at == pytest.approx(backend.now(), abs=10.0)
    await backend.pass_time(0.15)
    leased = await lease_one(queue, 60.0, worker="w")
    record = await queue.inspect(item)
    assert record is not None
    assert (record.state, record.leased_by, record.attempts) == ("leased", "w", 1)
    await queue.release([held(leased)])
    record = await queue.inspect(item)
    assert record is not None
    assert (record.state, record.leased_by, record.attempts) == ("ready", None, 0)
    await queue.complete([done(await lease_one(queue), b'{"ok":true}')])
    record = await queue.inspect(item)
    assert record is not None
    assert (record.state, record.result, record.attempts) == ("completed", b'{"ok":true}', 1)
    assert record.enqueued_at == pytest.approx(backend.now(), abs=10.0)


async def test_results_and_history_are_kept_for_their_time(backend: Backend) -> None:
    queue = await backend.open(options=QueueOptions(result_seconds=0.2))
    await put_all(queue, [b"1", b"2"])
    leased = await queue.lease(2, 60.0)
    await queue.complete([done(item, b"r") for item in leased])
    assert len(await queue.peek(state="completed")) == 2
    await backend.pass_time(0.25)

    async def are_gone() -> bool:
        gone = [await queue.inspect(item.id) is None for item in leased]
        return all(gone) and await queue.peek(state="completed") == []

    await until(are_gone)
    assert (await queue.stats()).completed_total == 2


async def test_no_results_where_none_are_wanted(backend: Backend) -> None:
    queue = await backend.open(options=QueueOptions(result_seconds=0.0))
    item = await put(queue)
    leased = await lease_one(queue)
    assert await queue.complete([done(leased, b"r")]) == []
    assert await queue.inspect(item) is None
    assert await queue.complete([done(leased)]) == [item]
    stats = await queue.stats()
    assert (stats.completed_total, stats.drained) == (1, True)


async def test_empty_result_is_not_no_result(queue: WorkQueue) -> None:
    with_result = await put(queue)
    await queue.complete([done(await lease_one(queue), b"")])
    without = await put(queue)
    await queue.complete([done(await lease_one(queue))])
    for item, result in ((with_result, b""), (without, None)):
        record = await queue.inspect(item)
        assert record is not None
        assert record.result == result


async def test_history_of_a_plain_life(backend: Backend, queue: WorkQueue) -> None:
    item = await put(queue)
    assert [event.what for event in await history(queue, item)] == ["enqueued"]
    leased = await lease_one(queue, worker="alice")
    await queue.complete([done(leased)])
    events = await history(queue, item)
    assert [(event.what, event.worker, event.attempt) for event in events[:2]] == [
        ("enqueued", None, None),
        ("leased", "alice", 1),
    ]
    assert (events[2].what, events[2].worker) == ("completed", "alice")
    assert len(events) == 3
    assert all(event.at == pytest.approx(backend.now(), abs=10.0) for event in events)


async def test_history_of_a_hard_life(backend: Backend, queue: WorkQueue) -> None:
    item = await put(queue, max_attempts=3)
    await queue.release([held(await lease_one(queue, worker="a"))])
    await lease_one(queue, 0.1, worker="b")
    await backend.pass_time(0.15)
    await queue.fail([failed(await lease_one(queue, worker="c"), "oops", retry_in=0.0)])
    leased = await lease_one(queue, worker="d")
    await queue.extend([held(leased)], 90.0)
    await queue.fail([failed(leased, "broken")])
    await queue.redrive()
    await queue.complete([done(await lease_one(queue, worker="e"))])
    events = await history(queue, item)
    assert [event.what for event in events] == [
        *("enqueued", "leased", "released", "leased", "expired", "leased", "failed"),
        *("leased", "extended", "failed", "dead", "redriven", "leased", "completed"),
    ]
    assert [event.worker for event in events if event.what == "leased"] == ["a", "b", "c", "d", "e"]
    assert [event.attempt for event in events if event.what == "leased"] == [1, 1, 2, 3, 1]
    assert [event.detail for event in events if event.what == "failed"] == ["oops", "broken"]
    times = [event.at for event in events]
    assert times == sorted(times)


async def test_history_stays_bounded(queue: WorkQueue) -> None:
    item = await put(queue)
    for _ in range(300):
        await queue.release([held(await lease_one(queue, worker="w"))])
    events = await history(queue, item)
    assert len(events) <= 300
    assert (events[0].what, events[-1].what) == ("enqueued", "released")


async def test_history_of_many_heartbeats(queue: WorkQueue) -> None:
    item = await put(queue)
    leased = await lease_one(queue, worker="w")
    for _ in range(300):
        assert await queue.extend([held(leased)], 60.0) == []
    await queue.complete([done(leased)])
    events = await history(queue, item)
    assert [event.what for event in events if event.what != "extended"] == ["enqueued", "leased", "completed"]
    assert 1 <= sum(event.what == "extended" for event in events) <= 150


async def test_stats(backend: Backend, queue: WorkQueue) -> None:
    empty = await queue.stats()
    assert empty.drained
    assert empty.oldest_ready_seconds is None
    assert (empty.ready, empty.delayed, empty.leased, empty.dead) == (0, 0, 0, 0)
    assert (empty.enqueued_total, empty.completed_total) == (0, 0)
    assert (empty.retried_total, empty.expired_total, empty.dead_total) == (0, 0, 0)

    await put(queue, delay_seconds=60.0)
    await put_all(queue, [b"x"] * 8)
    await queue.enqueue_many([Put(payload=b"", dedupe_key="k"), Put(payload=b"", dedupe_key="k")])
    completed, failing, dying, *_ = await queue.lease(5, 60.0)
    await queue.complete([done(completed)])
    await queue.fail([failed(failing, retry_in=60.0), failed(dying, final=True)])
    await backend.pass_time(0.1)
    stats = await queue.stats()
    assert (stats.ready, stats.delayed, stats.leased, stats.dead) == (4, 2, 2, 1)
    assert (stats.enqueued_total, stats.completed_total, stats.retried_total) == (10, 1, 1)
    assert (stats.expired_total, stats.dead_total) == (0, 1)
    assert stats.oldest_ready_seconds is not None
    assert 0.09 <= stats.oldest_ready_seconds <= 10.0
    assert not stats.drained


async def test_drained_means_nothing_anywhere_but_dead(queue: WorkQueue) -> None:
    await put(queue)
    assert not (await queue.stats()).drained
    leased = await lease_one(queue)
    assert not (await queue.stats()).drained
    await queue.fail([failed(leased, retry_in=60.0)])
    assert not (await queue.stats()).drained
    assert await queue.purge("delayed") == 1
    assert (await queue.stats()).drained


async def one_in_each_state(queue: WorkQueue) -> None:
    """Two dead, one completed, one leased, one delayed, three ready."""
    await put_all(queue, [b"dead", b"dead", b"completed", b"leased", b"r", b"r", b"r"])
    dead = await queue.lease(2, 60.0)
    await queue.fail([failed(item, final=True) for item in dead])
    await queue.complete([done(await lease_one(queue))])
    await lease_one(queue)
    await put(queue, delay_seconds=60.0)


async def counts(queue: WorkQueue) -> tuple[int, int, int, int, int]:
    stats = await queue.stats()
    completed = len(await queue.peek(state="completed"))
    return stats.ready, stats.delayed, stats.leased, stats.dead, completed


async def test_purge_ready(queue: WorkQueue) -> None:
    await one_in_each_state(queue)
    assert await queue.purge("ready") == 3
    assert await counts(queue) == (0, 1, 1, 2, 1)
    assert await queue.purge("ready") == 0
    assert await queue.peek() == []
    assert await queue.lease(9, 60.0) == []


async def test_purge_delayed(queue: WorkQueue) -> None:
    await one_in_each_state(queue)
    assert await queue.purge("delayed") == 1
    assert await counts(queue) == (3, 0, 1, 2, 1)


async def test_purge_dead(queue: WorkQueue) -> None:
    await one_in_each_state(queue)
    assert await queue.purge("dead") == 2
    assert await counts(queue) == (3, 1, 1, 0, 1)
    assert await queue.dead_letters() == []
    assert await queue.redrive() == 0


async def test_purge_all_leaves_what_is_leased(queue: WorkQueue) -> None:
    await one_in_each_state(queue)
    (leased,) = await queue.peek(state="leased")
    (completed,) = await queue.peek(state="completed")
    assert await queue.purge("all") == 6
    assert await counts(queue) == (0, 0, 1, 0, 0)
    assert await queue.inspect(completed.id) is None
    kept = await queue.inspect(leased.id)
    assert kept is not None
    assert kept.state == "leased"
    await put(queue, b"new")
    assert (await lease_one(queue)).payload == b"new"


async def test_peek_at_named_items(queue: WorkQueue) -> None:
    await one_in_each_state(queue)
    states: tuple[State, ...] = ("ready", "delayed", "leased", "dead", "completed")
    one_each = {state: (await queue.peek(state=state))[0].id for state in states}
    found = await queue.peek(ids=[*one_each.values(), "nobody"])
    assert {record.state: record.id for record in found} == one_each
    assert await queue.peek(ids=[]) == []


async def test_peek_at_more_named_items_than_one_call_takes(queue: WorkQueue) -> None:
    items = await put_all(queue, [b"x"] * 1500)
    assert {record.id for record in await queue.peek(ids=items)} == set(items)


async def test_purge_named_items(queue: WorkQueue) -> None:
    await one_in_each_state(queue)
    states: tuple[State, ...] = ("ready", "delayed", "leased", "dead", "completed")
    named = [(await queue.peek(state=state))[0].id for state in states]
    assert await queue.purge("ready", ids=[*named, "nobody"]) == 1
    assert await counts(queue) == (2, 1, 1, 2, 1)
    assert await queue.purge("all", ids=[*named, "nobody"]) == 2
    assert await counts(queue) == (2, 0, 1, 1, 0)
    assert [record.id for record in await queue.peek(ids=named)] == [named[2]]
    assert await queue.purge("all", ids=[]) == 0
    # The others are served as if nothing had been.
    assert len(await queue.lease(9, 60.0)) == 2


async def test_an_item_that_was_purged_can_be_put_again(queue: WorkQueue) -> None:
    await queue.enqueue(Put(payload=b"1", id="one", priority=4))
    assert await queue.purge("all", ids=["one"]) == 1
    assert not (await queue.enqueue(Put(payload=b"2", id="one"))).duplicate
    assert [item.payload for item in await queue.lease(9, 60.0)] == [b"2"]
