"""The queues of one address: which there are, how they are, and pausing them."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from contract.queue.backend import Backend
from contract.queue.sample import done, failed, held, ids, lease_one, payloads, put, put_all
from headrace.queue.port import QueueError, QueueOptions, WorkQueue


async def test_names(backend: Backend) -> None:
    await backend.open("one")
    queues = await backend.queues()
    first = set(await queues.names())
    assert backend.full_name("one") in first
    await backend.open("two")
    await backend.open("one")
    names = await queues.names()
    assert set(names) - first == {backend.full_name("two")}
    assert names == sorted(set(names))


async def test_a_queue_is_listed_for_good(backend: Backend) -> None:
    queue = await backend.open("kept")
    await put(queue)
    await queue.purge("all")
    await queue.aclose()
    assert backend.full_name("kept") in await (await backend.queues()).names()


async def test_how_they_are_is_one_reading(backend: Backend) -> None:
    full, worn, empty = [await backend.open(name) for name in ("full", "worn", "empty")]
    await put_all(full, [b"a", b"b", b"c"])
    await put(full, b"later", delay_seconds=60.0)
    await lease_one(full)
    await put(worn, b"poison")
    assert await worn.fail([failed(await lease_one(worn), final=True)]) == []
    queues = await backend.queues()
    await queues.pause(worn.name)
    before = await queues.names()
    asked = [worn.name, "nobody", full.name, empty.name]
    found = await queues.stats(asked)
    assert list(found) == [worn.name, full.name, empty.name]
    for queue in (full, worn, empty):
        alone, together = await queue.stats(), found[queue.name]
        # On Redis time goes by between the two.
        assert (together.oldest_ready_seconds is None) == (alone.oldest_ready_seconds is None)
        assert msgspec.structs.replace(together, oldest_ready_seconds=alone.oldest_ready_seconds) == alone
    assert (found[full.name].ready, found[full.name].leased, found[full.name].delayed) == (2, 1, 1)
    assert (found[worn.name].dead_total, found[worn.name].paused) == (1, True)
    assert await queues.stats([]) == {}
    assert await queues.names() == before


async def test_a_paused_queue_gives_nothing_out(backend: Backend, queue: WorkQueue) -> None:
    items = await put_all(queue, [b"a", b"b", b"c"])
    taken = await queue.lease(2, 60.0)
    queues = await backend.queues()
    await queues.pause(queue.name)
    await queues.pause(queue.name)
    assert (await queue.stats()).paused
    assert await queue.lease(9, 60.0) == []
    assert await queue.lease(9, 60.0, wait_seconds=0.05) == []
    other = await backend.open()
    assert await other.lease(9, 60.0) == []
    # What is in hands goes on, and items are put.
    assert await queue.extend([held(taken[0])], 60.0) == []
    assert await queue.complete_and_lease([done(taken[0])], 9, 60.0) == ([], [])
    assert await queue.release([held(taken[1])]) == []
    items.append(await put(other, b"d"))
    assert ids(await queue.peek()) == items[1:]  # type: ignore[arg-type]
    stats = await queue.stats()
    assert (stats.ready, stats.completed_total, stats.drained) == (3, 1, False)

    await queues.resume(queue.name)
    await queues.resume(queue.name)
    assert not (await queue.stats()).paused
    leased = await other.lease(9, 60.0)
    assert ids(leased) == items[1:]
    assert [item.attempt for item in leased] == [1, 1, 1]


async def test_time_goes_on_in_a_paused_queue(backend: Backend) -> None:
    """Leases end and delays are over, as ever; only nobody gets the items."""
    queue = await backend.open(options=QueueOptions(max_attempts=1))
    await put(queue, b"late", delay_seconds=0.1)
    await put(queue, b"lost")
    await lease_one(queue, 0.1)
    queues = await backend.queues()
    await queues.pause(queue.name)
    await backend.pass_time(0.25)
    assert await queue.lease(9, 60.0) == []
    stats = await queue.stats()
    assert (stats.ready, stats.delayed, stats.leased, stats.dead) == (1, 0, 0, 1)


async def test_who_waits_is_served_when_the_queue_goes_on(backend: Backend, queue: WorkQueue) -> None:
    queues = await backend.queues()
    await queues.pause(queue.name)
    other = await backend.open()
    waiting = [asyncio.create_task(each.lease(1, 60.0, wait_seconds=30.0)) for each in (queue, other)]
    await put_all(queue, [b"a", b"b"])
    await asyncio.sleep(0.05)
    assert not any(task.done() for task in waiting)
    await queues.resume(queue.name)
    served = await asyncio.gather(*waiting)
    assert sorted(payloads([item for leased in served for item in leased])) == [b"a", b"b"]


async def test_options_do_not_end_a_pause(backend: Backend, queue: WorkQueue) -> None:
    queues = await backend.queues()
    await queues.pause(queue.name)
    again = await backend.open(options=QueueOptions(max_attempts=2))
    await put(again)
    assert (await again.stats()).paused
    assert await again.lease(1, 60.0) == []


async def test_failures_in_a_paused_queue(backend: Backend, queue: WorkQueue) -> None:
    await put(queue)
    leased = await lease_one(queue)
    queues = await backend.queues()
    await queues.pause(queue.name)
    assert await queue.fail([failed(leased, final=True)]) == []
    assert await queue.redrive() == 1
    assert await queue.lease(1, 60.0) == []
    await queues.resume(queue.name)
    assert (await lease_one(queue)).attempt == 1


async def test_queues_that_are_not_there(backend: Backend, queue: WorkQueue) -> None:
    queues = await backend.queues()
    before = await queues.names()
    for call in (queues.pause, queues.resume):
        with pytest.raises(QueueError, match="no queue nobody"):
            await call("nobody")
        with pytest.raises(QueueError, match="no name"):
            await call("")
    assert await queues.names() == before
