"""Time as a thing that can be given: the system's, or one that tests turn by hand."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import time
from typing import Protocol


class Clock(Protocol):
    """What the runtime asks of a clock."""

    def now(self) -> float:
        """Return epoch seconds, UTC."""

    async def sleep_until(self, moment: float) -> None:
        """Return when `now()` is `moment` (epoch seconds) or later."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        return time.time()

    async def sleep_until(self, moment: float) -> None:
        # Looks again at least once a minute: the clock may be set while we sleep.
        while (left := moment - time.time()) > 0:  # noqa: ASYNC110 - no event says that it is later
            await asyncio.sleep(min(left, 60.0))


class ManualClock:
    """A clock that stands still until `advance` turns it; durable timers then fire at once."""

    def __init__(self, start: float = 1_800_000_000.0) -> None:
        self._now = start
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()

    def now(self) -> float:
        return self._now

    async def sleep_until(self, moment: float) -> None:
        if moment <= self._now:
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (moment, next(self._numbers), future))
        await future

    def advance(self, seconds: float) -> None:
        """Turn the clock forward and wake who slept until then."""
        self._now += seconds
        while self._sleepers and self._sleepers[0][0] <= self._now:
            future = heapq.heappop(self._sleepers)[2]
            if not future.done():
                future.set_result(None)
