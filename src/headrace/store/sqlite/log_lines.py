"""Log lines on their way to the disk: nobody waits for them, and they make no syncs of their own."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice

from headrace.store.port import LogLine, StoreUnavailable
from headrace.store.sqlite.queries import QUERIES
from headrace.store.sqlite.rows import log_row
from headrace.store.sqlite.writer import Job

# How long lines wait for others to be written together with.
DELAY_SECONDS = 0.2
# Lines and characters that wait; who appends beyond waits for the disk.
LINES_LIMIT = 10_000
CHARACTERS_LIMIT = 8_000_000
# Lines of one group at most, so that commits in it do not wait for a flood of lines.
LINES_PER_GROUP = 1_000

_log = logging.getLogger(__name__)


class WaitingLines:
    """Lines that were appended and are not written yet; they stay here while the disk is full."""

    def __init__(self, submit: Callable[[Job], asyncio.Future[None]]) -> None:
        self._submit = submit
        self._lines: deque[LogLine] = deque()
        self._characters = 0
        # Totals since opening; the difference waits.
        self._appended = 0
        self._done = 0
        # Done when a group is written *and* counted: who waits for less would find nothing done and ask
        # again, without end and without a turn for the callback that counts.
        self._writing: asyncio.Future[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return self._appended - self._done

    async def append(self, lines: Sequence[LogLine]) -> None:
        """Take lines, to be written soon.

        Raises `StoreUnavailable`, taking none, when too many wait already and cannot be written.
        """
        if len(self._lines) >= LINES_LIMIT or self._characters >= CHARACTERS_LIMIT:
            await self.write()
        self._lines.extend(lines)
        self._appended += len(lines)
        self._characters += sum(len(line.text) for line in lines)
        if self._timer is None and self._writing is None:
            self._timer = asyncio.get_running_loop().call_later(DELAY_SECONDS, self._write_some)

    async def write(self) -> None:
        """Write the lines that wait now. Raises `StoreUnavailable`; they go on waiting then."""
        until = self._appended
        while self._done < until:
            if self._writing is None:
                self._write_some()
            if self._writing is not None:
                # Shielded: the group is not this caller's alone.
                await asyncio.shield(self._writing)

    def stop(self) -> None:
        """Start no more writing."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _write_some(self) -> None:
        self.stop()
        lines = list(islice(self._lines, LINES_PER_GROUP))
        rows = [log_row(line) for line in lines]
        group: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def job(cursor: sqlite3.Cursor) -> None:
            cursor.executemany(QUERIES["insert_log"], rows)

        def written(future: asyncio.Future[None]) -> None:
            self._writing = None
            problem = future.exception()
            again = isinstance(problem, StoreUnavailable)
            if not again:
                for line in lines:
                    self._lines.popleft()
                    self._characters -= len(line.text)
                self._done += len(lines)
            if problem is None:
                group.set_result(None)
            else:
                group.set_exception(problem)
                group.exception()  # mostly nobody waits, and it is logged here
            if again:
                _log.warning("%d log lines wait to be written: %s", len(self), problem)
                self._timer = asyncio.get_running_loop().call_later(DELAY_SECONDS, self._write_some)
                return
            if problem is not None:
                _log.error("%d log lines are lost: %s", len(lines), problem)
            if self._lines:
                self._write_some()

        self._submit(job).add_done_callback(written)
        self._writing = group
