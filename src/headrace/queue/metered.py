"""What metrics learn from a work queue: what was done with how many items, and how long they waited."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, TypeVar

from headrace.metrics import Metrics
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
    QueueUnavailable,
    State,
    Stats,
    WorkQueue,
)

_Result = TypeVar("_Result")


class MeteredQueue:
    """A work queue that counts. `clock` (epoch seconds) tells how long an item waited."""

    def __init__(
        self,
        queue: WorkQueue,
        metrics: Metrics,
        *,
        now: Callable[[], float] = time.perf_counter,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.queue = queue
        self.name = queue.name
        self.capabilities: Capabilities = queue.capabilities
        self._metrics = metrics
        self._now = now
        self._clock = clock

    async def _measured(
        self, operation: str, call: Awaitable[_Result], items: Callable[[_Result], int], *, timed: bool = True
    ) -> _Result:
        began = self._now()
        try:
            result = await call
        except QueueUnavailable:
            self._metrics.queue_failed(self.name)
            raise
        seconds = self._now() - began if timed else None
        self._metrics.queue_handled(self.name, operation, items(result), seconds)
        return result

    def _leased(self, leased: Sequence[Leased]) -> None:
        now = self._clock()
        for item in leased:
            if item.attempt == 1:
                self._metrics.queue_waited(self.name, max(0.0, now - item.enqueued_at))

    async def enqueue(self, put: Put) -> Enqueued:
        return await self._measured(
            "enqueued", self.queue.enqueue(put), lambda enqueued: int(not enqueued.duplicate)
        )

    async def enqueue_many(self, puts: Sequence[Put]) -> list[Enqueued]:
        return await self._measured(
            "enqueued",
            self.queue.enqueue_many(puts),
            lambda all_: sum(not enqueued.duplicate for enqueued in all_),
        )

    async def lease(
        self, max_items: int, lease_seconds: float, *, wait_seconds: float = 0.0, worker: str = ""
    ) -> list[Leased]:
        leased = await self._measured(
            "leased",
            self.queue.lease(max_items, lease_seconds, wait_seconds=wait_seconds, worker=worker),
            len,
            timed=not wait_seconds,
        )
        self._leased(leased)
        return leased

    async def complete(self, done: Sequence[Done]) -> list[str]:
        return await self._measured(
            "completed", self.queue.complete(done), lambda refused: len(done) - len(refused)
        )

    async def complete_and_lease(
        self,
        done: Sequence[Done],
        max_items: int,
        lease_seconds: float,
        *,
        wait_seconds: float = 0.0,
        worker: str = "",
    ) -> tuple[list[str], list[Leased]]:
        refused, leased = await self._measured(
            "completed",
            self.queue.complete_and_lease(
                done, max_items, lease_seconds, wait_seconds=wait_seconds, worker=worker
            ),
            lambda both: len(done) - len(both[0]),
            timed=not wait_seconds,
        )
        self._metrics.queue_handled(self.name, "leased", len(leased), None)
        self._leased(leased)
        return refused, leased

    async def extend(self, held: Sequence[Held], lease_seconds: float) -> list[str]:
        return await self._measured(
            "extended", self.queue.extend(held, lease_seconds), lambda refused: len(held) - len(refused)
        )

    async def release(self, held: Sequence[Held]) -> list[str]:
        return await self._measured(
            "released", self.queue.release(held), lambda refused: len(held) - len(refused)
        )

    async def fail(self, failed: Sequence[Failed]) -> list[str]:
        return await self._measured(
            "failed", self.queue.fail(failed), lambda refused: len(failed) - len(refused)
        )

    async def dead_letters(self, *, after: str | None = None, limit: int = 100) -> list[DeadLetter]:
        return await self.queue.dead_letters(after=after, limit=limit)

    async def redrive(self, ids: Sequence[str] | None = None, *, limit: int = ITEMS_PER_CALL_MAX) -> int:
        return await self._measured("redriven", self.queue.redrive(ids, limit=limit), lambda count: count)

    async def purge(
        self, what: Literal["ready", "delayed", "dead", "all"], *, ids: Sequence[str] | None = None
    ) -> int:
        return await self._measured("purged", self.queue.purge(what, ids=ids), lambda count: count)

    async def peek(
        self, *, state: State = "ready", limit: int = 100, ids: Sequence[str] | None = None
    ) -> list[ItemRecord]:
        return await self.queue.peek(state=state, limit=limit, ids=ids)

    async def inspect(self, item_id: str) -> ItemRecord | None:
        return await self.queue.inspect(item_id)

    async def stats(self) -> Stats:
        return await self.queue.stats()

    async def aclose(self) -> None:
        await self.queue.aclose()
