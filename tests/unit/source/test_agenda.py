"""Many sleepers, one sleep."""

from __future__ import annotations

import asyncio

from headrace.runtime.clock import ManualClock
from headrace.source.agenda import CANCELLED_KEPT, Agenda


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_each_wakes_at_its_moment_in_order() -> None:
    clock = ManualClock(0.0)
    agenda = Agenda(clock)
    woken: list[float] = []

    async def sleep(moment: float) -> None:
        await agenda.sleep_until(moment)
        woken.append(moment)

    tasks = [asyncio.create_task(sleep(moment)) for moment in (30.0, 10.0, 20.0, -1.0, 10.0)]
    await settle()
    assert woken == [-1.0]
    clock.advance(10)
    await settle()
    assert woken == [-1.0, 10.0, 10.0]
    tasks.append(asyncio.create_task(sleep(15.0)))  # earlier than what is slept for
    await settle()
    clock.advance(5)
    await settle()
    assert woken[3:] == [15.0]
    clock.advance(100)
    await asyncio.gather(*tasks)
    assert woken[4:] == [20.0, 30.0]
    await agenda.stop()


async def test_cancelled_sleeps_are_dropped() -> None:
    clock = ManualClock(0.0)
    agenda = Agenda(clock)
    keep = asyncio.create_task(agenda.sleep_until(1e9))
    for _ in range(10 * CANCELLED_KEPT):
        task = asyncio.create_task(agenda.sleep_until(1e8))
        await asyncio.sleep(0)
        task.cancel()
        await settle()
    assert len(agenda._sleepers) < 3 * CANCELLED_KEPT
    clock.advance(1e9)
    await keep
    await agenda.stop()
