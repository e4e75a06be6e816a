"""`SqliteQueues`: the queues of one file."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Sequence

from headrace.queue.check import check_name
from headrace.queue.port import QueueError, Queues, Stats, no_such_queue
from headrace.queue.sqlite import read
from headrace.queue.sqlite.connect import Durability
from headrace.queue.sqlite.file import QueueFile
from headrace.queue.sqlite.ledger import Transaction
from headrace.queue.sqlite.queries import QUERIES


class SqliteQueues(Queues):
    """All queues of an SQLite file that is there. Make it with `open`, inside the event loop that uses it."""

    def __init__(self, file: QueueFile) -> None:
        self._file = file
        self._closed = False

    @classmethod
    async def open(
        cls,
        path: str | os.PathLike[str],
        *,
        durability: Durability = "full",
        clock: Callable[[], float] = time.time,
    ) -> SqliteQueues:
        """Open the file; with the settings of the queues that this process has open it is shared with them.

        Raises `QueueError` where there is no file, or one that is not of queues, and `QueueUnavailable`.
        """
        if not await asyncio.to_thread(os.path.isfile, path):
            raise QueueError(f"there is no queue file {os.fspath(path)}; putting an item makes it")
        return cls(await QueueFile.share(os.fspath(path), durability, clock))

    async def names(self) -> list[str]:
        return await self._open_file().read(read.names, 0)

    async def stats(self, names: Sequence[str]) -> dict[str, Stats]:
        return await self._open_file().read(read.stats_of, 0, names)

    async def pause(self, name: str) -> None:
        await self._set_paused(name, True)

    async def resume(self, name: str) -> None:
        await self._set_paused(name, False)

    async def aclose(self) -> None:
        """Let go of the file. A second call does nothing."""
        if not self._closed:
            self._closed = True
            await self._file.let_go()

    async def _set_paused(self, name: str, paused: bool) -> None:
        check_name(name)
        file = self._open_file()
        if not await file.submit(_set_paused, name, paused):
            raise no_such_queue(name, f"in {file.path}")

    def _open_file(self) -> QueueFile:
        if self._closed:
            raise QueueError(f"these queues of {self._file.path} are closed; open them again")
        return self._file


def _set_paused(transaction: Transaction, name: str, paused: bool) -> bool:
    """Pause a queue or let it go on; return whether there is one."""
    row = transaction.cursor.execute(QUERIES["find_queue"], (name,)).fetchone()
    if row is None:
        return False
    ledger = transaction.ledger(row[0])
    ledger.paused = paused
    ledger.woke = ledger.woke or not paused
    return True
