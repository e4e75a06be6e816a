"""Leases that hold, leases that end, and what becomes of late results."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import pytest

from headrace.queue.port import Done, WorkQueue
from headrace.worker import Reader, ReaderOptions, callable_application
from integration.worker.place import Flaky, Place, draining, eventually, fill


@pytest.mark.parametrize("kind", ["async", "threads"])
async def test_leases_are_renewed_while_the_item_takes_long(place: Place, kind: str) -> None:
    queue, other = await place.open(), await place.open()

    def block(_: Any) -> None:
        time.sleep(1.5)

    async def wait(_: Any) -> None:
        await asyncio.sleep(1.5)

    await fill(queue, [b"x"] * 2)
    application = callable_application(block if kind == "threads" else wait)
    running = asyncio.create_task(
        Reader(queue, application, draining(lease_seconds=0.6, concurrency=2)).run()
    )
    await asyncio.sleep(0.3)
    while not running.done():
        assert await other.lease(2, 5) == []
        await asyncio.sleep(0.05)
    counters = await running
    assert (counters.completed, counters.late_results, counters.leases_lost) == (2, 0, 0)
    assert (await other.stats()).expired_total == 0


async def test_a_late_result_is_refused_and_reported(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """The lease cannot be renewed, ends, another takes the item: the result of the first is refused."""
    queue, other = Flaky(await place.open()), await place.open()
    queue.before = {"extend"}
    go_on = asyncio.Event()

    async def slow(_: Any) -> str:
        await go_on.wait()
        return "from the first"

    [item_id] = await fill(other, [b"x"])
    reader = Reader(queue, callable_application(slow), ReaderOptions(lease_seconds=0.5))
    with caplog.at_level(logging.WARNING, "headrace.worker"):
        running = asyncio.create_task(reader.run())

        async def taken_over() -> Any:
            return await other.lease(1, 30, worker="second") if reader.counters.leases_lost else None

        [item] = await eventually(taken_over, "the lease's end")
        go_on.set()

        async def refused() -> bool:
            return reader.counters.late_results == 1

        await eventually(refused, "the refusal")
        reader.stop()
        counters = await running
    assert (counters.completed, counters.late_results, counters.leases_lost) == (0, 1, 1)
    assert await other.complete([Done(item.id, item.token, b"from the second")]) == []
    record = await other.inspect(item_id)
    assert record is not None and record.result == b"from the second" and item.attempt == 2
    text = caplog.text
    assert f"the lease of item {item_id} (attempt 1) has ended while it was in hand" in text
    assert f"the result of item {item_id} (attempt 1) came after its lease had ended and was refused" in text


async def test_a_blocking_item_over_its_time_loses_its_lease(place: Place) -> None:
    """A thread cannot be stopped: its lease is not renewed, and its late result is refused."""
    queue, other = await place.open(), await place.open()
    await fill(queue, [b"x"])

    def block(_: Any) -> str:
        time.sleep(2.0)
        return "late"

    reader = Reader(queue, callable_application(block), ReaderOptions(lease_seconds=0.5, timeout_seconds=0.2))
    running = asyncio.create_task(reader.run())
    await asyncio.sleep(0.1)

    async def back() -> Any:
        return await other.lease(1, 30)

    started = time.monotonic()
    [item] = await eventually(back, "the lease's end")
    assert time.monotonic() - started < 1.9 and item.attempt == 2

    async def refused() -> bool:
        return reader.counters.late_results == 1

    await eventually(refused, "the refusal")
    reader.stop()
    assert (await running).completed == 0


async def test_items_that_waited_too_long_are_not_begun(place: Place) -> None:
    """What was leased ahead and could not be renewed is left alone: others may have it by now."""
    queue, other = Flaky(await place.open()), await place.open()
    queue.before = {"extend", "release"}
    begun: list[str] = []
    go_on = asyncio.Event()

    async def work(text: str) -> None:
        begun.append(text)
        if text == "slow":
            await go_on.wait()

    await fill(other, [b"quick"] * 200 + [b"slow"] + [b"later"] * 20)
    reader = Reader(queue, callable_application(work), ReaderOptions(lease_seconds=1.0))
    running = asyncio.create_task(reader.run())

    async def over() -> bool:
        return (await other.stats()).expired_total >= 1 and reader.counters.leases_lost > 0

    await eventually(over, "the end of the leases")
    items = await other.lease(100, 30)
    go_on.set()

    async def skipped() -> bool:
        return reader.counters.skipped > 0

    await eventually(skipped, "skipping")
    queue.before = set()
    reader.stop()
    await running
    assert begun.count("later") == 0 or begun.count("later") + len(items) <= 21
    assert len(items) == 21


async def test_two_readers_race(place: Place) -> None:
    """No item is run by both, whatever their batches."""
    runs: list[int] = []

    async def note(number: int) -> None:
        runs.append(number)
        await asyncio.sleep(0)

    count = 2000
    await fill(await place.open(), [b"%d" % number for number in range(count)])
    readers = [
        Reader(await place.open(), callable_application(note), draining(concurrency=3, batch=batch))
        for batch in (7, 100)
    ]
    done = await asyncio.gather(*(reader.run() for reader in readers))
    assert sorted(runs) == list(range(count))
    assert sum(counters.completed for counters in done) == count
    assert sum(counters.late_results for counters in done) == 0


async def test_two_readers_and_one_item(place: Place) -> None:
    for _ in range(20):
        runs: list[int] = []
        readers = [
            Reader(await place.open(), callable_application(runs.append, payload="json"), draining())
            for _ in range(2)
        ]
        await fill(await place.open(), [b"1"])
        await asyncio.gather(*(reader.run() for reader in readers))
        assert runs == [1]


async def test_drain_waits_for_what_others_hold(place: Place) -> None:
    queue, other = await place.open(), await place.open()
    await fill(other, [b"theirs", b"mine"])
    [theirs] = await other.lease(1, 30)
    running = asyncio.create_task(
        Reader(queue, callable_application(print, payload="text"), draining()).run()
    )
    await asyncio.sleep(0.7)
    assert not running.done()
    await other.complete([Done(theirs.id, theirs.token)])
    assert (await asyncio.wait_for(running, 10)).completed == 1


async def test_drain_takes_over_what_others_leave(place: Place) -> None:
    queue, other = await place.open(), await place.open()
    await fill(other, [b"x"])
    await other.lease(1, 0.8)
    started = time.monotonic()
    counters = await Reader(queue, callable_application(print, payload="text"), draining()).run()
    assert counters.completed == 1
    assert 0.7 < time.monotonic() - started < 0.8 + 1.0 + 5.0


async def test_drain_waits_for_delayed_items(queue: WorkQueue) -> None:
    await fill(queue, [b"later"], delay_seconds=0.8)
    started = time.monotonic()
    counters = await Reader(queue, callable_application(print, payload="text"), draining()).run()
    assert counters.completed == 1 and time.monotonic() - started >= 0.75


async def test_drain_of_an_empty_queue_ends_at_once(queue: WorkQueue) -> None:
    counters = await asyncio.wait_for(Reader(queue, callable_application(print), draining()).run(), 5)
    assert counters.leased == 0
