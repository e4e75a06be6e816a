"""The queue goes away in the middle, and the reader is told to end."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from headrace.queue.port import QueueError
from headrace.worker import Reader, ReaderOptions, callable_application
from integration.worker.place import Flaky, Place, draining, eventually, fill, settled


async def test_outcomes_survive_an_outage(place: Place) -> None:
    """What was done while the queue could not be reached is not done again."""
    queue, other = Flaky(await place.open()), await place.open()
    runs: list[int] = []

    async def work(number: int) -> None:
        runs.append(number)
        if number == 120:
            queue.before = {"*"}
        await asyncio.sleep(0.001)

    await fill(other, [b"%d" % number for number in range(300)])
    reader = Reader(queue, callable_application(work), draining(concurrency=5))
    running = asyncio.create_task(reader.run())

    async def cut() -> bool:
        return queue.failed >= 3

    await eventually(cut, "the outage")
    queue.before = set()
    counters = await asyncio.wait_for(running, 20)
    assert sorted(runs) == list(range(300))
    assert (counters.completed, counters.late_results, counters.unsent) == (300, 0, 0)
    assert counters.disconnects >= 1
    assert (await other.stats()).completed_total == 300


@pytest.mark.parametrize("call", ["complete_and_lease", "complete"])
async def test_a_lost_answer_is_no_late_result(place: Place, call: str) -> None:
    """The completions arrived, their answer did not: sent again they are refused, and yet all is well."""
    queue, other = Flaky(await place.open()), await place.open()
    done = asyncio.Event()

    async def work(number: int) -> None:
        if number == 4:
            queue.after = [call]
        if number > 4:
            await asyncio.sleep(0.03 * (number - 4))
        if number == 9:
            await done.wait()

    await fill(other, [b"%d" % number for number in range(10)])
    options = draining(concurrency=5, batch=2, lease_seconds=1.0)
    running = asyncio.create_task(Reader(queue, callable_application(work), options).run())

    async def lost() -> bool:
        return queue.failed >= 1

    await eventually(lost, "the loss")
    done.set()
    counters = await asyncio.wait_for(running, 20)
    stats = await settled(other)
    assert stats.completed_total == 10
    assert counters.late_results == 0


async def test_stop_finishes_what_is_worked_on_and_gives_back_the_rest(place: Place) -> None:
    queue, other = await place.open(), await place.open()
    begun = asyncio.Event()
    finished: list[str] = []

    async def work(text: str) -> None:
        if text == "slow":
            begun.set()
            await asyncio.sleep(0.3)
        finished.append(text)

    await fill(queue, [b"quick"] * 200 + [b"slow"] + [b"later"] * 100)
    reader = Reader(queue, callable_application(work), ReaderOptions(grace_seconds=10))
    running = asyncio.create_task(reader.run())
    await begun.wait()
    reader.stop()
    counters = await running
    assert finished == ["quick"] * 200 + ["slow"] and counters.completed == 201
    assert reader.interrupted
    stats = await other.stats()
    assert (stats.ready, stats.leased, stats.completed_total, stats.expired_total) == (100, 0, 201, 0)


async def test_stop_gives_back_what_is_not_done_in_time(place: Place) -> None:
    queue, other = await place.open(), await place.open()
    begun = asyncio.Event()
    broken_off = False

    async def hang(_: Any) -> None:
        nonlocal broken_off
        begun.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            broken_off = True
            raise

    await fill(queue, [b"x"])
    reader = Reader(queue, callable_application(hang), ReaderOptions(grace_seconds=0.2))
    running = asyncio.create_task(reader.run())
    await begun.wait()
    started = time.monotonic()
    reader.stop()
    assert (await running).released == 1
    assert broken_off and 0.2 <= time.monotonic() - started < 5
    [item] = await other.lease(1, 30)
    assert item.attempt == 1


async def test_stop_with_a_callable_that_blocks_for_ever(place: Place) -> None:
    queue, other = await place.open(), await place.open()
    begun = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hang(_: Any) -> None:
        loop.call_soon_threadsafe(begun.set)
        time.sleep(3)

    await fill(queue, [b"x"])
    reader = Reader(queue, callable_application(hang), ReaderOptions(grace_seconds=0.2))
    running = asyncio.create_task(reader.run())
    await begun.wait()
    reader.stop()
    assert (await asyncio.wait_for(running, 2.5)).released == 1
    assert (await other.stats()).ready == 1


async def test_stop_of_an_idle_reader(queue: Any) -> None:
    reader = Reader(queue, callable_application(print))
    running = asyncio.create_task(reader.run())
    await asyncio.sleep(0.2)
    reader.stop()
    await asyncio.wait_for(running, 5)


async def test_stop_without_the_queue_ends_all_the_same(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    queue, other = Flaky(await place.open()), await place.open()

    async def work(_: Any) -> None:
        queue.before = {"*"}

    await fill(other, [b"x"])
    reader = Reader(queue, callable_application(work), ReaderOptions(grace_seconds=0.3))
    running = asyncio.create_task(reader.run())

    async def cut() -> bool:
        return queue.failed > 0

    await eventually(cut, "the outage")
    reader.stop()
    counters = await asyncio.wait_for(running, 20)
    assert counters.unsent == 1
    assert "outcomes that could not be sent: 1" in caplog.text


async def test_a_defect_of_the_queue_ends_the_reader(place: Place) -> None:
    class Broken(Flaky):
        def __getattr__(self, name: str) -> Any:
            if name == "complete_and_lease":

                async def refuse(*_: Any, **__: Any) -> None:
                    raise QueueError("not with me")

                return refuse
            return super().__getattr__(name)

    with pytest.raises(QueueError, match="not with me"):
        await Reader(Broken(await place.open()), callable_application(print)).run()
