"""How late the event loop is: the one number that tells whether a process is overloaded or blocked."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

INTERVAL_SECONDS = 0.25


class LoopLag:
    """Wakes up at an interval and reports by how much it was late, in seconds."""

    def __init__(self, report: Callable[[float], None], interval_seconds: float = INTERVAL_SECONDS) -> None:
        self._report = report
        self._interval_seconds = interval_seconds
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, in the running loop."""
        self._task = asyncio.create_task(self._run(), name="headrace-loop-lag")

    async def stop(self) -> None:
        """End."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + self._interval_seconds
            await asyncio.sleep(self._interval_seconds)
            self._report(max(0.0, loop.time() - due))
