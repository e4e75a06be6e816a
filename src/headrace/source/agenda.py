"""One sleeper for all triggers that go by time, so that a thousand of them cost what one does."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools

from headrace.source.port import Clock

# Cancelled sleeps are dropped when they are more than so many and more than half of all.
CANCELLED_KEPT = 64


class Agenda:
    """A clock on top of another: `sleep_until` for many, with one sleep on the clock below."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sleepers: list[tuple[float, int, asyncio.Future[None]]] = []
        self._numbers = itertools.count()
        self._cancelled = 0
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def now(self) -> float:
        """Return epoch seconds, UTC."""
        return self._clock.now()

    async def sleep_until(self, moment: float) -> None:
        """Return when it is `moment` (epoch seconds) or later."""
        if moment <= self.now():
            await asyncio.sleep(0)
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (moment, next(self._numbers), future))
        if self._sleepers[0][2] is future:
            self._changed.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="headrace-agenda")
        try:
            await future
        except asyncio.CancelledError:
            self._cancelled += 1
            if self._cancelled > CANCELLED_KEPT and self._cancelled * 2 > len(self._sleepers):
                self._sleepers = [entry for entry in self._sleepers if not entry[2].done()]
                heapq.heapify(self._sleepers)
                self._cancelled = 0
            raise

    async def stop(self) -> None:
        """End the sleep below; nobody who still sleeps is woken."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            now = self.now()
            while self._sleepers and (self._sleepers[0][2].done() or self._sleepers[0][0] <= now):
                _, _, future = heapq.heappop(self._sleepers)
                if not future.done():
                    future.set_result(None)
                else:
                    self._cancelled = max(0, self._cancelled - 1)
            if not self._sleepers:
                await self._changed.wait()
                continue
            sleep = asyncio.ensure_future(self._clock.sleep_until(self._sleepers[0][0]))
            changed = asyncio.ensure_future(self._changed.wait())
            try:
                await asyncio.wait({sleep, changed}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                sleep.cancel()
                changed.cancel()
