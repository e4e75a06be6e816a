"""The one thread that writes, and group commit.

The event loop hands over what is ready as one list per loop iteration; the writer takes every list that
waits and commits them in one transaction. While it waits for the disk the next group gathers. The outcome
of a whole group goes back to the loop in one call.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any, TypeAlias

from headrace.store.port import BLOB_THRESHOLD_BYTES, StoreError, StoreUnavailable, Transition
from headrace.store.sqlite import connect
from headrace.store.sqlite.apply import Batch
from headrace.store.sqlite.failure import concerns_database, translate

# Bounds how long the first caller of a burst waits for the last; a sync is well spread over so many.
GROUP_LIMIT = 512

# The loop itself commits a lone piece of work only while groups have lately taken less than this: about what
# one callback may take. The average moves by this share with each group; it starts slow, so that the
# first groups, on the thread, show how fast the disk is.
INLINE_SECONDS_MAX = 0.001
AVERAGE_SHARE = 0.2
# ... and only if it writes no more than this, in rows of history and in bytes of any one payload.
INLINE_RUNS_MAX = 8
INLINE_BYTES_MAX = BLOB_THRESHOLD_BYTES

# Work beside transitions: runs on the writer's cursor inside the group's transaction.
Job: TypeAlias = Callable[[sqlite3.Cursor], Any]
Item: TypeAlias = "tuple[Transition | Job, asyncio.Future[Any]]"
# An item's future with its result or error.
Settled: TypeAlias = "tuple[asyncio.Future[Any], Any, StoreError | None]"


class Writer:
    """Group commit over one connection. Its methods are for the event loop that it was made in."""

    def __init__(self, connection: sqlite3.Connection, path: str, clock: Callable[[], float]) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._path = path
        self._log_path = path + "-wal"
        self._log_limit = connect.WAL_LIMIT_BYTES
        self._clock = clock
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[list[Item] | None] = queue.SimpleQueue()
        self._gathered: list[Item] = []
        self._closed = False
        # Told after each group how many pieces of work it had and how long it took, in seconds; on the thread
        # that has the connection, which may be the loop's.
        self.on_group: Callable[[int, float], None] | None = None
        self._open_groups = 0  # handed to the thread and not yet settled
        self._group_seconds = 4 * INLINE_SECONDS_MAX
        self._thread = threading.Thread(target=self._run, name="headrace-store-writer", daemon=True)
        self._thread.start()

    def submit(self, work: Transition | Job) -> asyncio.Future[Any]:
        """Put work into the next group; the future has its result once that is durable.

        Raises `StoreError` after `close`.
        """
        if self._closed:
            raise StoreError(f"the store {self._path} is closed; open it again to use it")
        future: asyncio.Future[Any] = self._loop.create_future()
        gathered = self._gathered
        gathered.append((work, future))
        if len(gathered) == 1:
            # Not at once: what else becomes ready in this iteration of the loop joins the same group.
            self._loop.call_soon(self._hand_over)
        return future

    async def close(self) -> None:
        """Finish the work that was submitted, then stop the thread. The connection stays open."""
        self._closed = True
        self._hand_over()
        self._queue.put(None)
        await self._loop.run_in_executor(None, self._thread.join)

    def _hand_over(self) -> None:
        items = self._gathered
        if not items:
            return
        self._gathered = []
        if (
            len(items) == 1
            and self._open_groups == 0
            and self._group_seconds < INLINE_SECONDS_MAX
            and not self._closed
            and _is_small(items[0][0])
            and self._begun_at_once()
        ):
            # The thread is idle and stays so while we are here: the connection is ours.
            settle(self._timed_group(items, begun=True))
            if self._log_bytes() > self._log_limit:
                # Cutting it may wait for readers: let the thread take the next groups, and do that.
                self._group_seconds = 4 * INLINE_SECONDS_MAX
            return
        self._open_groups += 1
        self._queue.put(items)

    def _begun_at_once(self) -> bool:
        """Begin a transaction unless another program's lock, which the loop must not wait for, is in the way.

        Where it fails the thread meets the same obstacle, waits for it and reports it.
        """
        connect.wait_for_locks(self._connection, 0.0)
        try:
            self._cursor.execute("BEGIN IMMEDIATE")
        except sqlite3.Error:
            return False
        finally:
            connect.wait_for_locks(self._connection, connect.BUSY_TIMEOUT_SECONDS)
        return True

    def _settle(self, settled: list[Settled], groups: int) -> None:
        self._open_groups -= groups
        settle(settled)

    # ------------------------------------------------------------ on the writer's thread

    def _run(self) -> None:
        while True:
            items = self._queue.get()
            last = items is None
            groups = 0 if items is None else 1
            items = items or []
            while not self._queue.empty():
                more = self._queue.get()
                if more is None:
                    last = True
                else:
                    items = items + more
                    groups += 1
            for start in range(0, len(items), GROUP_LIMIT):
                settled = self._timed_group(items[start : start + GROUP_LIMIT])
                over = start + GROUP_LIMIT >= len(items)
                if over:
                    self._bound_log()  # before the loop may think that the connection is free
                # A closed loop raises: nobody waits any more, but what was submitted is written.
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._settle, settled, groups if over else 0)
            if last:
                return

    def _timed_group(self, items: list[Item], *, begun: bool = False) -> list[Settled]:
        began = time.perf_counter()
        settled = self._group(items, begun)
        seconds = time.perf_counter() - began
        self._group_seconds += AVERAGE_SHARE * (seconds - self._group_seconds)
        if self.on_group is not None:
            self.on_group(len(items), seconds)
        return settled

    def _group(self, items: list[Item], begun: bool) -> list[Settled]:
        try:
            if not begun:
                self._cursor.execute("BEGIN IMMEDIATE")
            return self._commit(items)
        except Exception as problem:
            self._rollback()
            if concerns_database(problem):
                return self._refuse_all(items, problem)
        # Some item's values do not fit the schema. Find out which, so that it fails alone.
        try:
            return self._commit_each_on_its_own(items)
        except Exception as problem:
            self._rollback()
            return self._refuse_all(items, problem)

    def _commit(self, items: list[Item]) -> list[Settled]:
        cursor = self._cursor
        settled: list[Settled] = []
        batch = Batch(cursor, self._clock())
        add = batch.add
        jobs = []
        for work, future in items:
            if isinstance(work, Transition):
                outcome = add(work)
                if isinstance(outcome, StoreError):
                    settled.append((future, None, outcome))
                else:
                    settled.append((future, outcome, None))
            else:
                jobs.append((work, future))
        batch.finish()
        for job, future in jobs:
            settled.append((future, job(cursor), None))
        cursor.execute("COMMIT")
        return settled

    def _commit_each_on_its_own(self, items: list[Item]) -> list[Settled]:
        cursor = self._cursor
        settled: list[Settled] = []
        cursor.execute("BEGIN IMMEDIATE")
        now = self._clock()
        for work, future in items:
            cursor.execute("SAVEPOINT item")
            result: Any = None
            refused: StoreError | None = None
            try:
                if isinstance(work, Transition):
                    batch = Batch(cursor, now)
                    outcome = batch.add(work)
                    batch.finish()
                    if isinstance(outcome, StoreError):
                        refused = outcome
                    else:
                        result = outcome
                else:
                    result = work(cursor)
            except Exception as problem:
                if concerns_database(problem):
                    raise
                cursor.execute("ROLLBACK TO item")
                refused = translate(problem, self._path, _doing(work))
                if refused is not problem:
                    refused.__cause__ = problem
            cursor.execute("RELEASE item")
            settled.append((future, result, refused))
        cursor.execute("COMMIT")
        return settled

    def _bound_log(self) -> None:
        size = self._log_bytes()
        if size > self._log_limit:
            # What hinders it hinders the next commit too, which reports it.
            with contextlib.suppress(sqlite3.Error):
                connect.cut_log(self._connection)
            # Where a reader stays in the log, do not make commits wait for it each time.
            left = self._log_bytes()
            self._log_limit = max(connect.WAL_LIMIT_BYTES, left + left // 4)

    def _log_bytes(self) -> int:
        try:
            return os.stat(self._log_path).st_size
        except OSError:
            # In memory there is no log.
            return 0

    def _rollback(self) -> None:
        # After a full disk or an I/O error SQLite may have rolled back by itself.
        if self._connection.in_transaction:
            # Where this fails, the next BEGIN reports what is wrong with the connection, if it still is.
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")

    def _refuse_all(self, items: list[Item], problem: Exception) -> list[Settled]:
        settled: list[Settled] = []
        for work, future in items:
            # One error per caller: a shared one would collect the tracebacks of all of them.
            refused = translate(problem, self._path, _doing(work))
            if refused is problem:
                refused = StoreUnavailable(str(problem))
            refused.__cause__ = problem
            settled.append((future, None, refused))
        return settled


def _is_small(work: Transition | Job) -> bool:
    """Whether work is sure to be short. Jobs are not: they prune, publish many events, write many lines."""
    if not isinstance(work, Transition) or work.large or len(work.runs) > INLINE_RUNS_MAX:
        return False
    payloads = [work.state, work.output, work.error, *work.events]
    if work.create is not None:
        payloads.append(work.create.input)
    for run in work.runs:
        payloads += (run.input, run.output, run.error, run.variables, run.context, run.details)
    return all(payload is None or len(payload) <= INLINE_BYTES_MAX for payload in payloads)


def _doing(work: Transition | Job) -> str:
    if isinstance(work, Transition):
        return f"committing execution {work.execution_id}"
    return "writing"


def settle(settled: list[Settled]) -> None:
    """Give results and errors to those who wait; runs in the event loop."""
    for future, result, refused in settled:
        # A caller that was cancelled has done its future already; its work is committed all the same.
        if not future.done():
            if refused is None:
                future.set_result(result)
            else:
                future.set_exception(refused)
