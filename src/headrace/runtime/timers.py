"""Durable timers: the store knows when executions are due; here is only the next moment to ask it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from headrace.runtime.clock import Clock
from headrace.store.port import Store, StoreError

PAGE = 1000
# After how long a full page, or a store that did not answer, is asked for again.
AGAIN_SECONDS = 0.05
TROUBLE_SECONDS = 1.0
# The store is asked at least this often, whatever was noted.
IDLE_SECONDS = 300.0

_log = logging.getLogger(__name__)


class Timers:
    """Calls `fire(execution_id)` when an execution is due.

    Firing twice is harmless (nothing is due the second time); not firing is not: every commit with a timer
    says so here (`note`), and on start the store is asked for those of earlier processes.
    """

    def __init__(self, store: Store, clock: Clock, fire: Callable[[str], None]) -> None:
        self._store = store
        self._clock = clock
        self._fire = fire
        self._next = 0.0
        self._earlier = asyncio.Event()
        self._fired: set[str] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to watch."""
        self._task = asyncio.create_task(self._run(), name="headrace-timers")

    async def stop(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    def note(self, execution_id: str, due: float | None) -> None:
        """Take note of when an execution is due next (epoch seconds), as it was just committed."""
        self._fired.discard(execution_id)
        if due is not None and due < self._next:
            self._next = due
            self._earlier.set()

    async def _run(self) -> None:
        while True:
            self._earlier.clear()
            now = self._clock.now()
            self._next = now + IDLE_SECONDS
            try:
                ids, after = await self._store.due(now, PAGE)
            except StoreError as error:
                _log.warning("timers cannot be read, trying again: %s", error)
                ids, after = [], now + TROUBLE_SECONDS
            for execution_id in ids:
                if execution_id not in self._fired:
                    self._fired.add(execution_id)
                    self._fire(execution_id)
            if len(ids) == PAGE:
                after = now + AGAIN_SECONDS
            if after is not None:
                self._next = min(self._next, after)
            await self._sleep()

    async def _sleep(self) -> None:
        """Sleep until the next moment; a commit with an earlier timer makes it earlier."""
        while not self._earlier.is_set() and self._clock.now() < self._next:
            sleep = asyncio.ensure_future(self._clock.sleep_until(self._next))
            earlier = asyncio.ensure_future(self._earlier.wait())
            try:
                await asyncio.wait({sleep, earlier}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                sleep.cancel()
                earlier.cancel()
            if self._earlier.is_set() and self._clock.now() < self._next:
                self._earlier.clear()
