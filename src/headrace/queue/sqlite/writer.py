"""The one thread of a process that writes a queue file, and group commit.

The event loop hands over what is ready as one list per loop iteration; the writer takes every list that waits
and commits them in one transaction. While it waits for the disk the next group gathers. The outcome of a
whole group goes back to the loop in one call.

A group waits for the disk only if something in it was promised to last. Leases and extensions are not: where
the machine fails, its readers fail with it, and an item whose lease is lost is ready again, as it should be.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable
from typing import Any

from headrace.queue.port import QueueError
from headrace.queue.sqlite.bell import Bell
from headrace.queue.sqlite.connect import Durability
from headrace.queue.sqlite.failure import concerns_database, translate
from headrace.queue.sqlite.ledger import Transaction

# The most items in one transaction: bounds how long other processes wait for the file, and the first caller
# of a burst for the last.
GROUP_ITEMS_MAX = 4000


class Job:
    """A piece of work: `work(transaction, *arguments)`, about `weight` items heavy, and who waits for it."""

    __slots__ = ("arguments", "future", "lasting", "weight", "work")

    def __init__(
        self,
        work: Callable[..., Any],
        arguments: tuple[Any, ...],
        weight: int,
        lasting: bool,
        future: asyncio.Future[Any],
    ) -> None:
        self.work = work
        self.arguments = arguments
        self.weight = weight
        self.lasting = lasting
        self.future = future


# A job's future with its result or error.
Settled = tuple["asyncio.Future[Any]", Any, "QueueError | None"]


class Writer:
    """Group commit over one connection. Its methods are for the event loop that it was made in."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: str,
        durability: Durability,
        bell: Bell,
        clock: Callable[[], float],
        woke: Callable[[Iterable[int]], None],
    ) -> None:
        """`woke` is called in the event loop with queues in which items became ready."""
        self._cursor = connection.cursor()
        self._path = path
        self._may_sync = durability == "full"
        self._syncs = self._may_sync
        self._bell = bell
        self._clock = clock
        self._woke = woke
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[list[Job] | None] = queue.SimpleQueue()
        self._gathered: list[Job] = []
        self._thread = threading.Thread(target=self._run, name="headrace-queue-writer", daemon=True)
        self._thread.start()

    def submit(
        self, work: Callable[..., Any], *arguments: Any, weight: int = 1, lasting: bool = True
    ) -> asyncio.Future[Any]:
        """Put work into the next group; the future has its result once that is committed.

        And durable, as far as the file is set to; unless it need not be `lasting`.
        """
        future: asyncio.Future[Any] = self._loop.create_future()
        gathered = self._gathered
        gathered.append(Job(work, arguments, weight, lasting, future))
        if len(gathered) == 1:
            # Not at once: what else becomes ready in this iteration of the loop joins the same group.
            self._loop.call_soon(self._hand_over)
        return future

    async def close(self) -> None:
        """Finish the work that was submitted, then stop the thread. The connection stays open."""
        self._hand_over()
        self._queue.put(None)
        await self._loop.run_in_executor(None, self._thread.join)

    def _hand_over(self) -> None:
        if self._gathered:
            self._queue.put(self._gathered)
            self._gathered = []

    # ------------------------------------------------------------ on the writer's thread

    def _run(self) -> None:
        last = False
        while not last:
            jobs = self._queue.get()
            last = jobs is None
            jobs = jobs or []
            while not self._queue.empty():
                more = self._queue.get()
                if more is None:
                    last = True
                else:
                    jobs = jobs + more
            group: list[Job] = []
            weight = 0
            for job in jobs:
                if group and weight + job.weight > GROUP_ITEMS_MAX:
                    self._commit_and_tell(group)
                    group, weight = [], 0
                group.append(job)
                weight += job.weight
            if group:
                self._commit_and_tell(group)

    def _commit_and_tell(self, group: list[Job]) -> None:
        woken: set[int] = set()
        settled = self._settle(group, woken)
        if woken:
            # After the commit, so that who hears it sees the items. Unheard, they are seen a little later.
            with contextlib.suppress(OSError):
                self._bell.ring()
        # A closed loop raises: nobody waits any more, but what was submitted is written.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._tell, settled, woken)

    def _settle(self, group: list[Job], woken: set[int]) -> list[Settled]:
        try:
            return self._commit(group, woken)
        except Exception as problem:
            self._rollback()
            woken.clear()
            if concerns_database(problem) or len(group) == 1:
                return self._refuse_all(group, problem)
        # Some job's values do not fit. Each on its own, so that it fails alone.
        settled: list[Settled] = []
        for job in group:
            own: set[int] = set()
            settled += self._settle([job], own)
            woken |= own
        return settled

    def _commit(self, group: list[Job], woken: set[int]) -> list[Settled]:
        cursor = self._cursor
        if self._may_sync and self._syncs != any(job.lasting for job in group):
            self._syncs = not self._syncs
            # What is not synced now is with the next commit that is.
            cursor.execute(f"PRAGMA synchronous = {'FULL' if self._syncs else 'NORMAL'}")
        self._bell.begin(cursor)
        transaction = Transaction(cursor, self._clock())
        settled: list[Settled] = [(job.future, job.work(transaction, *job.arguments), None) for job in group]
        woken.update(transaction.finish())
        cursor.execute("COMMIT")
        return settled

    def _rollback(self) -> None:
        # After a full disk or an I/O error SQLite may have rolled back by itself.
        if self._cursor.connection.in_transaction:
            # Where this fails, the next BEGIN reports what is wrong with the connection, if it still is.
            with contextlib.suppress(sqlite3.Error):
                self._cursor.execute("ROLLBACK")

    def _refuse_all(self, group: list[Job], problem: Exception) -> list[Settled]:
        settled: list[Settled] = []
        for job in group:
            # One error per caller: a shared one would collect the tracebacks of all of them.
            refused = translate(problem, self._path, f"doing {job.work.__name__}")
            if refused is problem:
                refused = QueueError(str(problem))
            refused.__cause__ = problem
            settled.append((job.future, None, refused))
        return settled

    # ------------------------------------------------------------ in the event loop

    def _tell(self, settled: list[Settled], woken: set[int]) -> None:
        for future, result, refused in settled:
            # A caller that was cancelled has done its future already; its work is committed all the same.
            if not future.done():
                if refused is None:
                    future.set_result(result)
                else:
                    future.set_exception(refused)
        if woken:
            self._woke(woken)
