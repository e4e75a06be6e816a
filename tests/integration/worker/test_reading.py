"""What a reader does with items, on both backends."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from headrace.queue.port import Put, QueueError, QueueOptions, WorkQueue
from headrace.worker import Reader, ReaderOptions, Reject, Retry, callable_application
from integration.worker.place import Place, draining, eventually, fill, settled


@pytest.mark.parametrize("kind", ["async", "threads", "inline"])
@pytest.mark.parametrize(("concurrency", "batch"), [(1, 1), (1, 100), (7, 20)])
async def test_every_item_once_with_its_result(
    queue: WorkQueue, kind: str, concurrency: int, batch: int
) -> None:
    seen: list[int] = []

    def double(number: int) -> int:
        seen.append(number)
        return 2 * number

    async def double_async(number: int) -> int:
        await asyncio.sleep(0)
        return double(number)

    count = 60 if batch == 1 else 500
    ids = await fill(queue, [b"%d" % number for number in range(count)])
    application = callable_application(double_async if kind == "async" else double, inline=kind == "inline")
    counters = await Reader(queue, application, draining(concurrency=concurrency, batch=batch)).run()
    assert sorted(seen) == list(range(count))
    assert (counters.leased, counters.completed, counters.failed) == (count, count, 0)
    stats = await queue.stats()
    assert (stats.completed_total, stats.dead, stats.drained) == (count, 0, True)
    record = await queue.inspect(ids[41])
    assert record is not None and record.result == b"82"
    assert [event.what for event in record.history] == ["enqueued", "leased", "completed"]
    assert record.history[1].worker == "tester"


async def test_concurrency_is_kept_to_and_used(queue: WorkQueue) -> None:
    now, most = 0, 0

    async def nap(_: Any) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.02)
        now -= 1

    await fill(queue, [b"x"] * 60)
    await Reader(queue, callable_application(nap), draining(concurrency=8)).run()
    assert most == 8


async def test_slow_items_are_not_hoarded(place: Place) -> None:
    """A reader whose items turn out slow gives back what it leased ahead, for others to take."""
    queue, other = await place.open(), await place.open()
    started = asyncio.Event()

    async def mostly_quick(text: str) -> None:
        if text == "slow":
            started.set()
            await asyncio.sleep(60)

    reader = Reader(queue, callable_application(mostly_quick), ReaderOptions(grace_seconds=0))
    await fill(queue, [b"quick"] * 300 + [b"slow"] + [b"later"] * 150)
    running = asyncio.create_task(reader.run())
    await started.wait()

    async def all_back() -> bool:
        return (await other.stats()).leased == 1

    await eventually(all_back, "giving back")
    reader.stop()
    counters = await running
    assert counters.completed == 300
    items = await other.lease(200, 30)
    assert [item.payload for item in items] == [b"slow"] + [b"later"] * 150
    assert all(item.attempt == 1 for item in items)  # what was given back was no attempt


async def test_failures_are_tried_again_and_then_set_aside(place: Place) -> None:
    queue = await place.open(QueueOptions(max_attempts=3, backoff_seconds=0.05))
    attempts: list[int] = []

    def poison(item: str, context: Any) -> None:
        if item == "poison":
            attempts.append(context.attempt)
            raise ValueError("cannot stand it")

    await fill(queue, [b"poison"] + [b"good"] * 50)
    counters = await Reader(queue, callable_application(poison), draining()).run()
    assert attempts == [1, 2, 3]
    assert (counters.completed, counters.failed) == (50, 3)
    [letter] = await queue.dead_letters()
    assert (letter.payload, letter.reason, letter.attempts) == (b"poison", "attempts", 3)
    assert letter.error is not None
    assert letter.error.startswith("ValueError: cannot stand it (") and "test_reading.py" in letter.error


async def test_poison_never_blocks_the_rest(place: Place) -> None:
    queue = await place.open(QueueOptions(max_attempts=2, backoff_seconds=0.01))

    async def work(text: str) -> None:
        if text == "poison":
            raise RuntimeError("no")

    await fill(queue, ([b"poison"] * 3 + [b"good"]) * 25)
    counters = await Reader(queue, callable_application(work), draining(concurrency=2)).run()
    stats = await queue.stats()
    assert (stats.completed_total, stats.dead, counters.completed) == (25, 75, 25)


async def test_retry_and_reject(queue: WorkQueue) -> None:
    times: list[float] = []

    def choosy(item: str) -> str:
        if item == "reject":
            raise Reject("unreadable")
        times.append(time.monotonic())
        if len(times) == 1:
            raise Retry("busy", after_seconds=0.3)
        return "done"

    [first, second] = await fill(queue, [b"retry", b"reject"])
    await Reader(queue, callable_application(choosy), draining()).run()
    assert len(times) == 2 and times[1] - times[0] >= 0.3
    record, [letter] = await queue.inspect(first), await queue.dead_letters()
    assert record is not None and record.result == b'"done"'
    assert (letter.id, letter.reason, letter.error) == (second, "final", "unreadable")


async def test_retries_of_the_reader(place: Place) -> None:
    queue = await place.open(QueueOptions(backoff_seconds=0.01))
    calls = 0

    def fail(_: Any) -> None:
        nonlocal calls
        calls += 1
        raise ValueError("no")

    await fill(queue, [b"1"])
    await Reader(queue, callable_application(fail), draining(retries=1)).run()
    assert calls == 2
    # An item whose earlier attempts ended without a word is not begun again.
    await fill(queue, [b"2"])
    for _ in range(2):
        assert await queue.lease(1, 0.05)
        await asyncio.sleep(0.1)
    await Reader(queue, callable_application(fail), draining(retries=1)).run()
    assert calls == 2
    assert [letter.error for letter in await queue.dead_letters()][1] == "not completed in 2 attempts"


async def test_blocking_callables_run_in_so_many_threads(queue: WorkQueue) -> None:
    together = threading.Barrier(4, timeout=20)
    await fill(queue, [b"x"] * 8)

    def meet(_: Any) -> None:
        together.wait()

    counters = await Reader(queue, callable_application(meet), draining(concurrency=4)).run()
    assert counters.completed == 8


async def test_an_idle_reader_takes_new_items_at_once(queue: WorkQueue) -> None:
    latencies: list[float] = []
    put_at = 0.0

    async def note(_: Any) -> None:
        latencies.append(time.monotonic() - put_at)

    reader = Reader(queue, callable_application(note), ReaderOptions(concurrency=2))
    running = asyncio.create_task(reader.run())
    for number in range(5):
        await asyncio.sleep(0.1)
        put_at = time.monotonic()
        await queue.enqueue(Put(payload=b"x"))

        async def taken(number: int = number) -> bool:
            return len(latencies) > number

        await eventually(taken, "an item's turn")
    await settled(queue)
    reader.stop()
    await running
    # Far below the second that a reader waits in one call.
    assert sorted(latencies)[2] < 0.5


async def test_timeout_of_an_item(place: Place) -> None:
    queue = await place.open(QueueOptions(max_attempts=1))

    async def hang(_: Any) -> None:
        await asyncio.sleep(60)

    await fill(queue, [b"x"])
    await Reader(queue, callable_application(hang), draining(timeout_seconds=0.1)).run()
    [letter] = await queue.dead_letters()
    assert letter.error == "not done after 0.1 s"


async def test_completions_do_not_wait_for_a_full_batch(place: Place) -> None:
    queue, other = await place.open(), await place.open()
    done = 0

    async def one_hangs(number: int) -> None:
        nonlocal done
        if number == 3:
            await asyncio.sleep(30)
        done += 1

    await fill(queue, [b"%d" % number for number in range(4)])
    reader = Reader(queue, callable_application(one_hangs), ReaderOptions(concurrency=4, grace_seconds=0))
    running = asyncio.create_task(reader.run())

    async def three() -> bool:
        return (await other.stats()).completed_total == 3

    await eventually(three, "three completions")
    reader.stop()
    assert (await running).released == 1
    assert (await other.stats()).ready == 1


@pytest.mark.parametrize(
    "options",
    [
        {"concurrency": 0},
        {"batch": 0},
        {"batch": 1001},
        {"lease_seconds": 0},
        {"retries": -1},
        {"timeout_seconds": 0},
        {"grace_seconds": -1},
    ],
)
async def test_options_that_make_no_sense(queue: WorkQueue, options: dict[str, Any]) -> None:
    with pytest.raises(QueueError, match=next(iter(options))):
        Reader(queue, callable_application(print), ReaderOptions(**options))
