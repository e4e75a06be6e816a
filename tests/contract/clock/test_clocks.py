"""The clock port: the system's and the one that tests turn."""

from __future__ import annotations

import asyncio

import pytest

from headrace.runtime.clock import Clock, ManualClock, SystemClock


@pytest.fixture(params=[SystemClock, ManualClock])
def clock(request: pytest.FixtureRequest) -> Clock:
    made: Clock = request.param()
    return made


def turn(clock: Clock, seconds: float) -> None:
    if isinstance(clock, ManualClock):
        clock.advance(seconds)


async def test_sleeps_until_the_moment_and_no_shorter(clock: Clock) -> None:
    moment = clock.now() + 0.02
    sleeping = asyncio.create_task(clock.sleep_until(moment))
    await asyncio.sleep(0)
    assert not sleeping.done()
    turn(clock, 0.02)
    await asyncio.wait_for(sleeping, 5)
    assert clock.now() >= moment


async def test_a_moment_that_is_past_is_now(clock: Clock) -> None:
    await asyncio.wait_for(clock.sleep_until(clock.now() - 10), 5)


async def test_sleepers_wake_in_their_order(clock: Clock) -> None:
    woken: list[int] = []
    start = clock.now()

    async def sleeper(number: int) -> None:
        await clock.sleep_until(start + number / 100)
        woken.append(number)

    tasks = [asyncio.create_task(sleeper(number)) for number in (3, 1, 2)]
    await asyncio.sleep(0)
    turn(clock, 1.0)
    await asyncio.wait_for(asyncio.gather(*tasks), 5)
    assert woken == [1, 2, 3]
