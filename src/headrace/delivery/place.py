"""Where the queues of this process's calls are: one address, with each queue opened once."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from headrace.queue.open import open_queue
from headrace.queue.port import QueueOptions, WorkQueue

# Results are kept until the engine has surely asked for them, also one that is down over the night.
RESULT_SECONDS = 86_400.0
FUNCTION_OPTIONS = QueueOptions(result_seconds=RESULT_SECONDS)

Open = Callable[..., Awaitable[WorkQueue]]


class QueuePlace:
    """The queues at one address (`headrace.queue.open`), opened when they are first asked for."""

    def __init__(self, address: str, *, open_: Open = open_queue) -> None:
        self.address = address
        self._open = open_
        self._queues: dict[str, asyncio.Future[WorkQueue]] = {}

    async def queue(self, name: str, options: QueueOptions | None = FUNCTION_OPTIONS) -> WorkQueue:
        """Return the queue of that name. Raises `QueueError`; the next call then tries again."""
        opening = self._queues.get(name)
        if opening is None:
            opening = self._queues[name] = asyncio.ensure_future(
                self._open(self.address, name, options=options)
            )
        try:
            return await asyncio.shield(opening)
        except BaseException:
            failed = opening.done() and (opening.cancelled() or opening.exception() is not None)
            if failed and self._queues.get(name) is opening:
                del self._queues[name]
            raise

    async def beside(self, name: str, options: QueueOptions | None = None) -> WorkQueue:
        """Open a queue of its own for a caller that closes it."""
        return await self._open(self.address, name, options=options)

    async def made(self) -> None:
        """Make sure that `address` is one."""

    async def aclose(self) -> None:
        """Close what was opened."""
        opened = list(self._queues.values())
        self._queues.clear()
        for queue in await asyncio.gather(*opened, return_exceptions=True):
            if not isinstance(queue, BaseException):
                await queue.aclose()


class TemporaryPlace(QueuePlace):
    """Queues in a folder that is removed at the end: for a store in memory."""

    def __init__(self) -> None:
        super().__init__("")
        self._folder: str | None = None

    async def queue(self, name: str, options: QueueOptions | None = FUNCTION_OPTIONS) -> WorkQueue:
        """See `QueuePlace.queue`."""
        await self.made()
        return await super().queue(name, options)

    async def beside(self, name: str, options: QueueOptions | None = None) -> WorkQueue:
        """See `QueuePlace.beside`."""
        await self.made()
        return await super().beside(name, options)

    async def made(self) -> None:
        """Make the folder, at first use."""
        if self._folder is None:
            self._folder = tempfile.mkdtemp(prefix="headrace-queue-")
            self.address = str(Path(self._folder) / "queue.db")

    async def aclose(self) -> None:
        """Close what was opened, and remove the folder."""
        await super().aclose()
        if self._folder is not None:
            await asyncio.to_thread(shutil.rmtree, self._folder, ignore_errors=True)
            self._folder = None
