"""A synchronous face of a work queue, for programs without an event loop.

with SyncQueue.open("queue.db", "thumbnails") as queue:
    queue.put(b"one")
    for item in queue.lease(10, lease_seconds=60):
        ...
        queue.complete([Done(item.id, item.token)])
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from types import TracebackType
from typing import Any, Literal, TypeVar

from headrace.queue.open import open_queue
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

_Result = TypeVar("_Result")


class SyncQueue:
    """The calls of `WorkQueue`, each blocking until it is answered; any thread may make them.

    They run in an event loop on a thread of their own, which ends with `close`. A call that is interrupted
    (Ctrl-C) is cancelled.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, thread: threading.Thread, queue: WorkQueue) -> None:
        """Use `open` instead."""
        self._loop = loop
        self._thread = thread
        self._queue = queue
        self._closed = False

    @classmethod
    def open(cls, url_or_path: str, name: str, *, options: QueueOptions | None = None) -> SyncQueue:
        """Open the queue `name` at an address; see `open_queue`, also for what it raises."""
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="headrace-queue-client", daemon=True)
        thread.start()
        try:
            queue = _call(loop, open_queue(url_or_path, name, options=options))
        except BaseException:
            _end(loop, thread)
            raise
        return cls(loop, thread, queue)

    def close(self) -> None:
        """Let go of connections; leases stay until they end. A second call does nothing."""
        if not self._closed:
            self._closed = True
            try:
                _call(self._loop, self._queue.aclose())
            finally:
                _end(self._loop, self._thread)

    def __enter__(self) -> SyncQueue:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def name(self) -> str:
        return self._queue.name

    @property
    def capabilities(self) -> Capabilities:
        return self._queue.capabilities

    def put(self, payload: bytes, **more: Any) -> Enqueued:
        """Enqueue one item; `more` are the other fields of `Put`."""
        return self.enqueue(Put(payload=payload, **more))

    def enqueue(self, put: Put) -> Enqueued:
        return self._do(self._queue.enqueue(put))

    def enqueue_many(self, puts: Sequence[Put]) -> list[Enqueued]:
        return self._do(self._queue.enqueue_many(puts))

    def lease(
        self, max_items: int, lease_seconds: float, *, wait_seconds: float = 0.0, worker: str = ""
    ) -> list[Leased]:
        return self._do(self._queue.lease(max_items, lease_seconds, wait_seconds=wait_seconds, worker=worker))

    def complete(self, done: Sequence[Done]) -> list[str]:
        return self._do(self._queue.complete(done))

    def complete_and_lease(
        self,
        done: Sequence[Done],
        max_items: int,
        lease_seconds: float,
        *,
        wait_seconds: float = 0.0,
        worker: str = "",
    ) -> tuple[list[str], list[Leased]]:
        return self._do(
            self._queue.complete_and_lease(
                done, max_items, lease_seconds, wait_seconds=wait_seconds, worker=worker
            )
        )

    def extend(self, held: Sequence[Held], lease_seconds: float) -> list[str]:
        return self._do(self._queue.extend(held, lease_seconds))

    def release(self, held: Sequence[Held]) -> list[str]:
        return self._do(self._queue.release(held))

    def fail(self, failed: Sequence[Failed]) -> list[str]:
        return self._do(self._queue.fail(failed))

    def dead_letters(self, *, after: str | None = None, limit: int = 100) -> list[DeadLetter]:
        return self._do(self._queue.dead_letters(after=after, limit=limit))

    def redrive(self, ids: Sequence[str] | None = None, *, limit: int = ITEMS_PER_CALL_MAX) -> int:
        return self._do(self._queue.redrive(ids, limit=limit))

    def purge(
        self, what: Literal["ready", "delayed", "dead", "all"], *, ids: Sequence[str] | None = None
    ) -> int:
        return self._do(self._queue.purge(what, ids=ids))

    def peek(
        self, *, state: State = "ready", limit: int = 100, ids: Sequence[str] | None = None
    ) -> list[ItemRecord]:
        return self._do(self._queue.peek(state=state, limit=limit, ids=ids))

    def inspect(self, item_id: str) -> ItemRecord | None:
        return self._do(self._queue.inspect(item_id))

    def stats(self) -> Stats:
        return self._do(self._queue.stats())

    def _do(self, call: Coroutine[Any, Any, _Result]) -> _Result:
        if self._closed:
            call.close()
            raise QueueError(f"this client of queue {self.name} is closed; open another one")
        return _call(self._loop, call)


def _call(loop: asyncio.AbstractEventLoop, call: Coroutine[Any, Any, _Result]) -> _Result:
    future = asyncio.run_coroutine_threadsafe(call, loop)
    try:
        return future.result()
    except BaseException:
        # Interrupted while waiting: the call must not go on behind the caller's back.
        future.cancel()
        raise


def _end(loop: asyncio.AbstractEventLoop, thread: threading.Thread) -> None:
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
