"""One queue file as one process has it open: shared by all clients of its queues in one event loop.

Writing goes through one thread (`writer.py`); looking through a connection of its own; and one task keeps
house on idle queues and wakes those who wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from headrace.queue.port import QueueError, QueueOptions
from headrace.queue.sqlite import connect, due, read
from headrace.queue.sqlite.bell import Bell
from headrace.queue.sqlite.failure import translate
from headrace.queue.sqlite.ledger import encode_options
from headrace.queue.sqlite.queries import QUERIES
from headrace.queue.sqlite.schema import migrate, recognise
from headrace.queue.sqlite.writer import Writer

# How often idle queues are looked at for what is due: well within `REAP_SECONDS`.
HOUSE_SECONDS = 0.4
# The least time between two looks, where much is due.
HOUSE_SECONDS_MIN = 0.02
# How often those who wait look for items of other processes, where no bell can be heard.
POLL_SECONDS = 0.004

OLDEST_SQLITE = (3, 35, 0)  # RETURNING

Clock = Callable[[], float]
Key = tuple[str, connect.Durability, Clock, asyncio.AbstractEventLoop]
_Result = TypeVar("_Result")

_open: dict[Key, QueueFile] = {}


class QueueFile:
    """Connections, writer and waiters of one file. Get it with `share`, let it go with `let_go`."""

    def __init__(self, key: Key) -> None:
        self.path, self._durability, self._clock, self._loop = key
        self._key = key
        self._clients = 0
        self._connection: sqlite3.Connection | None = None
        self._look: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._reader_lock = threading.Lock()
        self._bell: Bell | None = None
        self._writer: Writer | None = None
        self._house: asyncio.Task[None] | None = None
        self._poll: asyncio.TimerHandle | None = None
        # Queues that clients have open, each with how many and with who waits for items.
        self._queues: dict[int, int] = {}
        self._has_queues = asyncio.Event()
        self._waiters: dict[int, set[asyncio.Future[None]]] = {}
        self._opening = self._loop.create_task(self._open_files(), name="headrace-queue-open")

    @classmethod
    async def share(cls, path: str, durability: connect.Durability, clock: Clock) -> QueueFile:
        """Return the file at `path`, opened by this call or an earlier one in the same event loop.

        Raises `QueueError`.
        """
        # The real path: two links to one file are one file with one writer.
        real = await asyncio.to_thread(os.path.realpath, path)
        key = (real, durability, clock, asyncio.get_running_loop())
        for other in [other for other in _open if other[3].is_closed()]:
            # Its loop ended without closing it; nobody can any more.
            del _open[other]
        file = _open.get(key)
        if file is None:
            file = _open[key] = cls(key)
        file._clients += 1
        try:
            # Others may wait for the same opening when this caller is cancelled.
            await asyncio.shield(file._opening)
        except BaseException:
            await file.let_go()
            raise
        return file

    async def _open_files(self) -> None:
        try:
            await asyncio.to_thread(self._set_up)
        except Exception as problem:
            self._forget()
            self._close_files()
            error = translate(problem, self.path, "opening it")
            raise error from (None if error is problem else problem)
        assert self._connection is not None
        assert self._bell is not None
        self._writer = Writer(
            self._connection, self.path, self._durability, self._bell, self._clock, self._wake
        )
        if self._bell.can_listen():
            self._loop.add_reader(self._bell.fileno(), self._hear)
        self._house = self._loop.create_task(self._keep_house(), name="headrace-queue-house")

    def _set_up(self) -> None:
        if sqlite3.sqlite_version_info < OLDEST_SQLITE:
            raise QueueError(
                f"this Python has SQLite {sqlite3.sqlite_version}; queues need "
                f"{'.'.join(map(str, OLDEST_SQLITE))} or later: use a newer Python or SQLite library"
            )
        connect.create(self.path)
        self._connection = connect.open_writer(self.path)
        # Others may be writing; one that opens the file too is kept out by the turnstile.
        self._connection.execute(f"PRAGMA busy_timeout = {connect.SET_UP_BUSY_MS}").fetchall()
        # Before anything is changed: it may be another program's file.
        recognise(self._connection, self.path)
        self._bell = Bell(self.path)
        self._bell.enter()
        try:
            connect.set_up_writer(self._connection, self._durability)
            migrate(self._connection, self.path, self._clock())
            self._connection.execute("PRAGMA busy_timeout = 0").fetchall()
        finally:
            self._bell.leave()
        self._look = connect.open_reader(self.path)
        self._reader = connect.open_reader(self.path)

    async def let_go(self) -> None:
        """Close the file when its last client has let it go."""
        self._clients -= 1
        if self._clients:
            return
        self._forget()
        await asyncio.wait((self._opening,))
        if self._writer is None:
            return  # it could not be opened
        assert self._bell is not None
        if self._poll is not None:
            self._poll.cancel()
        if self._house is not None:
            self._house.cancel()
            await asyncio.wait((self._house,))
        if self._bell.fileno() >= 0:
            self._loop.remove_reader(self._bell.fileno())
        await self._writer.close()
        await asyncio.to_thread(self._close_files)

    def _forget(self) -> None:
        if _open.get(self._key) is self:
            del _open[self._key]

    def _close_files(self) -> None:
        with self._reader_lock:
            for connection in (self._look, self._reader, self._connection):
                if connection is not None:
                    connection.close()
        if self._bell is not None:
            self._bell.close()

    # ------------------------------------------------------------ work

    async def open_queue(self, name: str, options: QueueOptions | None) -> int:
        """Return the number of the queue `name`, made where it is new; set its options, where given."""
        queue: int = await self.submit(_open_queue, name, options)
        self._queues[queue] = self._queues.get(queue, 0) + 1
        self._has_queues.set()
        return queue

    def close_queue(self, queue: int) -> None:
        """Forget one client's interest in a queue."""
        self._queues[queue] -= 1
        if not self._queues[queue]:
            del self._queues[queue]
        if not self._queues:
            self._has_queues.clear()

    def submit(
        self, work: Callable[..., Any], *arguments: Any, weight: int = 1, lasting: bool = True
    ) -> asyncio.Future[Any]:
        """Do `work(transaction, *arguments)` in the next group; see `Writer.submit`."""
        assert self._writer is not None
        return self._writer.submit(work, *arguments, weight=weight, lasting=lasting)

    async def read(self, work: Callable[..., _Result], queue: int, *arguments: Any) -> _Result:
        """Return `work(connection, queue, now, *arguments)`, all of one moment. Raises `QueueError`."""
        return await asyncio.to_thread(self._read, work, queue, arguments)

    def _read(self, work: Callable[..., _Result], queue: int, arguments: tuple[Any, ...]) -> _Result:
        with self._reader_lock:
            assert self._reader is not None
            try:
                self._reader.execute("BEGIN")
                try:
                    return work(self._reader, queue, self._clock(), *arguments)
                finally:
                    self._reader.execute("ROLLBACK")
            except Exception as problem:
                error = translate(problem, self.path, f"reading {work.__name__}")
                raise error from (None if error is problem else problem)

    # ------------------------------------------------------------ waiting

    @contextlib.contextmanager
    def waiting(self, queue: int) -> Iterator[asyncio.Future[None]]:
        """Give a future that is done when there may be something to lease, from now on."""
        assert self._bell is not None
        if not self._waiters and not (self._bell.can_listen() and self._bell.listen()) and self._poll is None:
            self._poll = self._loop.call_later(POLL_SECONDS, self._poll_now)
        waiter = self._loop.create_future()
        self._waiters.setdefault(queue, set()).add(waiter)
        try:
            # What became ready before anybody listened was not heard.
            if self._is_ready(queue):
                waiter.set_result(None)
            yield waiter
        finally:
            waiters = self._waiters[queue]
            waiters.discard(waiter)
            if not waiters:
                del self._waiters[queue]
                if not self._waiters:
                    # A busy process would hear each of its own rings.
                    self._bell.stop_listening()

    def _wake(self, queues: Iterable[int]) -> None:
        for queue in queues:
            for waiter in self._waiters.get(queue, ()):
                if not waiter.done():
                    waiter.set_result(None)

    def _hear(self) -> None:
        assert self._bell is not None
        self._bell.drain()
        self._wake_where_ready()

    def _poll_now(self) -> None:
        self._poll = None
        if self._waiters:
            self._wake_where_ready()
            self._poll = self._loop.call_later(POLL_SECONDS, self._poll_now)

    def _wake_where_ready(self) -> None:
        self._wake([queue for queue in self._waiters if self._is_ready(queue)])

    def _is_ready(self, queue: int) -> bool:
        assert self._look is not None
        try:
            # In the event loop: it is one row, in memory, and readers wait for nobody.
            return read.is_ready(self._look, queue)
        except sqlite3.Error:
            # The lease that is tried then reports what is wrong.
            return True

    # ------------------------------------------------------------ house work

    async def _keep_house(self) -> None:
        """Bring back what is due and forget what is over, in the queues that any client has open."""
        while True:
            # Who only lists queues wakes nobody.
            await self._has_queues.wait()
            pause = HOUSE_SECONDS
            for queue in list(self._queues):
                # What is wrong with the file is reported by the calls of those who use it.
                with contextlib.suppress(QueueError, sqlite3.Error):
                    if self._seconds_left(queue) <= 0:
                        await self.submit(due.keep_house, queue, weight=due.AT_A_TIME, lasting=False)
                    pause = min(pause, self._seconds_left(queue))
            # Bells can be missed, in theory and on odd file systems; this look is cheap.
            self._wake_where_ready()
            await asyncio.sleep(max(pause, HOUSE_SECONDS_MIN))

    def _seconds_left(self, queue: int) -> float:
        """Return how long there is nothing to do in a queue, `HOUSE_SECONDS` at most."""
        assert self._look is not None
        back_at, forget_at = read.next_due(self._look, queue)
        now = self._clock()
        if forget_at is not None and forget_at <= now:
            return 0.0
        # What is to be forgotten comes one after another all the time; it can wait for the next look.
        return HOUSE_SECONDS if back_at is None else min(HOUSE_SECONDS, back_at - now)


def _open_queue(transaction: Any, name: str, options: QueueOptions | None) -> int:
    cursor = transaction.cursor
    cursor.execute(QUERIES["create_queue"], (name, encode_options(options or QueueOptions())))
    if options is not None:
        cursor.execute(QUERIES["set_options"], (encode_options(options), name))
    queue: int = cursor.execute(QUERIES["find_queue"], (name,)).fetchone()[0]
    return queue
