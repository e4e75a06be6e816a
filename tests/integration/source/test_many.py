"""A thousand triggers: what they cost while nothing happens."""

from __future__ import annotations

import asyncio
from pathlib import Path

from headrace.runtime.clock import ManualClock
from integration.source.place import DAY, HOUR, MIDNIGHT, Place, app

COUNT = 1000


class CountingClock(ManualClock):
    """A clock that counts how many sleep on it, and how often it was asked."""

    def __init__(self, start: float) -> None:
        super().__init__(start)
        self.sleeping = 0
        self.sleeps = 0

    async def sleep_until(self, moment: float) -> None:
        self.sleeping += 1
        self.sleeps += 1
        try:
            await super().sleep_until(moment)
        finally:
            self.sleeping -= 1


async def test_idle_triggers_do_nothing_at_all(tmp_path: Path) -> None:
    kinds = [
        "- {name: t%d, cron: {schedule: '0 3 * * *', timezone: Europe/Berlin}}",
        "- {name: t%d, interval: {every: PT24H}}",
        "- {name: t%d, event: {with: {type: never%d}}}",
        "- {name: t%d, event: {all: [{with: {type: never%d}}, {with: {type: other}}]}}",
        "- {name: t%d, http: {path: /t%d}}",
    ]
    written = [kinds[number % len(kinds)] for number in range(COUNT)]
    triggers = "\n".join(kind % ((n,) * kind.count("%d")) for n, kind in enumerate(written))
    clock = CountingClock(MIDNIGHT)
    async with await Place(tmp_path, clock).open(app(triggers)) as place:
        await place.settle()
        assert len(await place.sources.states("default")) == COUNT
        # One sleep for all of them, and one of the runtime's timers.
        assert clock.sleeping == 2
        before, ticks = clock.sleeps, 0
        loop = asyncio.get_running_loop()

        def tick() -> None:
            nonlocal ticks
            ticks += 1

        for _ in range(20):
            loop.call_soon(tick)
            await asyncio.sleep(0)
        assert clock.sleeps == before  # nobody looks at the clock again
        # An event that nobody wants, and a request, wake none of them.
        await place.headrace.publish({"id": "1", "source": "/t", "type": "unrelated"})
        await place.settle()
        assert clock.sleeps == before
        await place.turn(2 * HOUR)
        await place.until_started(COUNT // len(kinds))
        assert {row.trigger for row in await place.rows()} == {f"t{n}" for n in range(0, COUNT, len(kinds))}
        await place.sources.pause("default", "orders")
        await place.turn(DAY)
        assert len(await place.rows()) == COUNT // len(kinds)
