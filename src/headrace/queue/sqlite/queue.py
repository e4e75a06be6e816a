"""`SqliteQueue`: the queue port on one SQLite file."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

from headrace.queue import check
from headrace.queue.port import (
    ITEMS_PER_CALL_MAX,
    Capabilities,
    DeadLetter,
    Done,
    Enqueued,
    Failed,
    Held,
    ItemRecord,
    Leased,
    Put,
    QueueError,
    QueueOptions,
    State,
    Stats,
    WorkQueue,
)
from headrace.queue.sqlite import lease, letters, read
from headrace.queue.sqlite.connect import Durability
from headrace.queue.sqlite.file import QueueFile
from headrace.queue.sqlite.put import put

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


class SqliteQueue(WorkQueue):
    """One queue in an SQLite file that holds any number of them, for any number of processes.

    Make it with `open`, inside the event loop that uses it.
    """

    def __init__(self, file: QueueFile, queue: int, name: str) -> None:
        self.name = name
        self.capabilities = Capabilities()
        self._file = file
        self._queue = queue
        self._closed = False

    @classmethod
    async def open(
        cls,
        path: str | os.PathLike[str],
        name: str,
        *,
        options: QueueOptions | None = None,
        durability: Durability = "full",
        clock: Callable[[], float] = time.time,
    ) -> SqliteQueue:
        """Open the queue `name` in the file at `path`, making queue, file and directory where missing.

        `options` become the queue's, for all clients; None takes what it has. `durability` "normal" may
        lose the last calls when the machine (not the process) fails; "full" loses none, but for leases and
        their extensions, which end with the machine. `clock` gives epoch seconds, the same ones in all
        processes. The file belongs on a local disk.

        Raises `QueueUnavailable`, and `QueueError` for a bad name or options, or a file that is not one of
        queues.
        """
        check.check_name(name)
        if options is not None:
            check.check_options(options)
        file = await QueueFile.share(os.fspath(path), durability, clock)
        try:
            queue = await file.open_queue(name, options)
        except BaseException:
            await file.let_go()
            raise
        return cls(file, queue, name)

    async def aclose(self) -> None:
        """Let go of the file; leases stay until they end. A second call does nothing."""
        if not self._closed:
            self._closed = True
            self._file.close_queue(self._queue)
            await self._file.let_go()

    async def __aenter__(self) -> SqliteQueue:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    # ------------------------------------------------------------ putting

    async def enqueue(self, put_: Put) -> Enqueued:
        check.check_puts((put_,))
        return (await self._write(put, (put_,)))[0]  # type: ignore[no-any-return]

    async def enqueue_many(self, puts: Sequence[Put]) -> list[Enqueued]:
        check.check_puts(puts)
        return await self._write_cut(put, puts)

    # ------------------------------------------------------------ leases

    async def lease(
        self, max_items: int, lease_seconds: float, *, wait_seconds: float = 0.0, worker: str = ""
    ) -> list[Leased]:
        check.check_lease(max_items, lease_seconds, wait_seconds)
        leased = await self._lease(max_items, lease_seconds, worker)
        if leased or not wait_seconds or not max_items:
            return leased
        return await self._wait_and_lease(max_items, lease_seconds, wait_seconds, worker)

    async def complete(self, done: Sequence[Done]) -> list[str]:
        return await self._write_cut(lease.complete, done)

    async def complete_and_lease(
        self,
        done: Sequence[Done],
        max_items: int,
        lease_seconds: float,
        *,
        wait_seconds: float = 0.0,
        worker: str = "",
    ) -> tuple[list[str], list[Leased]]:
        check.check_lease(max_items, lease_seconds, wait_seconds)
        refused = []
        if len(done) > ITEMS_PER_CALL_MAX:
            refused = await self.complete(done[:-ITEMS_PER_CALL_MAX])
            done = done[-ITEMS_PER_CALL_MAX:]
        limit = min(max_items, ITEMS_PER_CALL_MAX)
        weight = len(done) + limit
        future = self._submit(
            lease.complete_and_lease,
            done,
            limit,
            lease_seconds,
            worker,
            weight=weight,
            lasting=bool(done),
        )
        more, leased = await self._keep_or_release(future, lambda answer: answer[1])
        refused += more
        if not leased and wait_seconds and max_items:
            leased = await self._wait_and_lease(max_items, lease_seconds, wait_seconds, worker)
        return refused, leased

    async def extend(self, held: Sequence[Held], lease_seconds: float) -> list[str]:
        check.check_lease_seconds(lease_seconds)
        return await self._write_cut(lease.extend, held, lease_seconds, lasting=False)

    async def release(self, held: Sequence[Held]) -> list[str]:
        return await self._write_cut(lease.release, held)

    async def fail(self, failed: Sequence[Failed]) -> list[str]:
        check.check_failed(failed)
        return await self._write_cut(lease.fail, failed)

    async def _lease(self, max_items: int, lease_seconds: float, worker: str) -> list[Leased]:
        limit = min(max_items, ITEMS_PER_CALL_MAX)
        future = self._submit(lease.lease, limit, lease_seconds, worker, weight=limit, lasting=False)
        leased: list[Leased] = await self._keep_or_release(future, lambda answer: answer)
        return leased

    async def _wait_and_lease(
        self, max_items: int, lease_seconds: float, wait_seconds: float, worker: str
    ) -> list[Leased]:
        """Lease what becomes ready within `wait_seconds`; nothing is written while nothing does."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + wait_seconds
        while (left := deadline - loop.time()) > 0:
            with self._file.waiting(self._queue) as woken:
                done, _ = await asyncio.wait((woken,), timeout=left)
            if done:
                leased = await self._lease(max_items, lease_seconds, worker)
                if leased:
                    return leased
        return []

    async def _keep_or_release(
        self, future: asyncio.Future[Any], leased_of: Callable[[Any], list[Leased]]
    ) -> Any:
        """Wait for a lease; where the caller is cancelled meanwhile, give back what nobody gets to see."""
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:

            def give_back(answered: asyncio.Future[Any]) -> None:
                if not answered.cancelled() and answered.exception() is None and not self._closed:
                    held = [Held(item.id, item.token) for item in leased_of(answered.result())]
                    if held:
                        self._submit(lease.release, held).add_done_callback(_ignore)

            future.add_done_callback(give_back)
            raise

    # ------------------------------------------------------------ dead letters and cleaning

    async def dead_letters(self, *, after: str | None = None, limit: int = 100) -> list[DeadLetter]:
        return await self._read(read.dead_letters, after, _at_least_none(limit))

    async def redrive(self, ids: Sequence[str] | None = None, *, limit: int = ITEMS_PER_CALL_MAX) -> int:
        if ids is None:
            left, count = _at_least_none(limit), 0
            while left:
                # A bite at a time, so that others get at the file in between.
                step = min(left, ITEMS_PER_CALL_MAX)
                redriven: int = await self._write(letters.redrive, None, step, weight=step)
                count += redriven
                left = left - step if redriven == step else 0
            return count
        count = 0
        for start in range(0, len(ids), ITEMS_PER_CALL_MAX):
            cut = ids[start : start + ITEMS_PER_CALL_MAX]
            count += await self._write(letters.redrive, cut, 0, weight=len(cut))
        return count

    async def purge(
        self, what: Literal["ready", "delayed", "dead", "all"], *, ids: Sequence[str] | None = None
    ) -> int:
        if what not in ("ready", "delayed", "dead", "all"):
            raise QueueError(f"purge takes ready, delayed, dead or all, not {what!r}")
        count = 0
        if ids is not None:
            for start in range(0, len(ids), ITEMS_PER_CALL_MAX):
                cut = ids[start : start + ITEMS_PER_CALL_MAX]
                count += await self._write(letters.purge_these, what, cut, weight=len(cut))
            return count
        for state in ("ready", "delayed", "dead", "completed") if what == "all" else (what,):
            gone = ITEMS_PER_CALL_MAX
            while gone == ITEMS_PER_CALL_MAX:
                gone = await self._write(letters.purge, state, ITEMS_PER_CALL_MAX, weight=ITEMS_PER_CALL_MAX)
                count += gone if state != "completed" else 0
        return count

    # ------------------------------------------------------------ looking

    async def peek(
        self, *, state: State = "ready", limit: int = 100, ids: Sequence[str] | None = None
    ) -> list[ItemRecord]:
        if ids is not None:
            found: list[ItemRecord] = []
            for start in range(0, len(ids), ITEMS_PER_CALL_MAX):
                found += await self._read(read.inspect_all, ids[start : start + ITEMS_PER_CALL_MAX])
            return found
        return await self._read(read.peek, state, _at_least_none(limit))

    async def inspect(self, item_id: str) -> ItemRecord | None:
        return await self._read(read.inspect, item_id)

    async def stats(self) -> Stats:
        return await self._read(read.stats)

    # ------------------------------------------------------------ getting at the file

    def _open_file(self) -> QueueFile:
        if self._closed:
            raise QueueError(f"this client of queue {self.name} is closed; open another one")
        return self._file

    def _submit(
        self, work: Callable[..., Any], *arguments: Any, weight: int = 1, lasting: bool = True
    ) -> asyncio.Future[Any]:
        return self._open_file().submit(work, self._queue, *arguments, weight=weight, lasting=lasting)

    async def _write(self, work: Callable[..., Any], *arguments: Any, weight: int = 1) -> Any:
        return await self._submit(work, *arguments, weight=weight)

    async def _write_cut(
        self,
        work: Callable[..., list[Any]],
        items: Sequence[_Item],
        *arguments: Any,
        lasting: bool = True,
    ) -> list[Any]:
        """Do `work` with all items, `ITEMS_PER_CALL_MAX` at a time; return the answers in one list."""
        if len(items) <= ITEMS_PER_CALL_MAX:
            return await self._submit(work, items, *arguments, weight=len(items), lasting=lasting)  # type: ignore[no-any-return]
        answers: list[Any] = []
        for start in range(0, len(items), ITEMS_PER_CALL_MAX):
            cut = items[start : start + ITEMS_PER_CALL_MAX]
            answers += await self._submit(work, cut, *arguments, weight=len(cut), lasting=lasting)
        return answers

    async def _read(self, work: Callable[..., _Result], *arguments: Any) -> _Result:
        return await self._open_file().read(work, self._queue, *arguments)


def _at_least_none(limit: int) -> int:
    # SQLite takes a negative limit for none at all.
    return max(0, limit)


def _ignore(future: asyncio.Future[Any]) -> None:
    # Given back or not, the lease ends.
    with contextlib.suppress(Exception):
        future.exception()
