"""One batch under way: puts its items not far ahead of the readers, and writes down how they end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence

import orjson

from headrace.call.answer import ContentError, content_of
from headrace.call.performer import CallError, call_error
from headrace.delivery.batch.items import Item, Items
from headrace.delivery.batch.ledger import COMPLETED, FAILED, Earlier, Ledger, key_of, line_of
from headrace.delivery.batch.progress import Progress
from headrace.delivery.batch.request import BatchRequest
from headrace.delivery.ended import Ended, error_of_ended
from headrace.delivery.outstanding import Outstanding
from headrace.delivery.reached import reached
from headrace.errors import WorkflowError
from headrace.queue.port import Put, WorkQueue


class BatchRun:
    """Runs a batch to its end. `id` is that of the invocation; an item's is `<id>:<index>`."""

    def __init__(
        self,
        id: str,
        request: BatchRequest,
        items: Items,
        queue: WorkQueue,
        ledger: Ledger,
        earlier: Earlier | None,
        outstanding: Outstanding,
        headers: dict[str, str],
    ) -> None:
        self.id = id
        self.ledger = ledger
        self._request = request
        self._items = items
        self._queue = queue
        self._earlier = earlier
        self._outstanding = outstanding
        self._headers = headers
        self._outputs = request.collect.as_ != "none"
        self._ahead = request.ahead
        self._piece = max(1, min(1000, self._ahead // 2))
        self._open: dict[str, tuple[int, str]] = {}  # items on the queue: index and key
        self._lines: list[tuple[int, int, bytes]] = []  # of items that ended, not written yet
        self._moved = asyncio.Event()
        self._failure: CallError | None = None
        self._exhausted = False
        self._reused = 0
        self._started_at = time.time()
        self._started_with = ledger.completed + ledger.failed
        self.reach = 0  # index after the last item that was put

    @property
    def open_ids(self) -> list[str]:
        """The items that are on the queue now."""
        return list(self._open)

    def progress(self) -> Progress:
        """Tell how far it is."""
        ledger, now = self.ledger, time.time()
        total = len(ledger.states) if self._exhausted and not self._open else self._items.total
        done = ledger.completed + ledger.failed
        fresh = done - self._started_with - self._reused
        seconds = now - self._started_at
        rate = fresh / seconds if fresh > 0 and seconds > 0 else None
        return Progress(
            queue=self._queue.name,
            completed=ledger.completed,
            failed=ledger.failed,
            reused=self._reused,
            put=len(self._open),
            total=total,
            reach=self.reach,
            started_at=self._started_at,
            at=now,
            rate_per_second=rate,
            seconds_left=None if rate is None or total is None else max(0, total - done) / rate,
        )

    async def run(self) -> None:
        """Return when every item has ended, or more have failed than may where that ends it.

        Raises `CallError` when items cannot be read or results not be written, `QueueError`.
        """
        async for piece in self._items.pieces():
            for start in range(0, len(piece), self._piece):
                await self._take(piece[start : start + self._piece])
                if self._too_many():
                    return
        self._exhausted = True
        while self._open and not self._too_many():
            await self._next()
        self._write()
        self._check()

    async def _take(self, piece: Sequence[Item]) -> None:
        """Put what has not ended, and was not completed by an earlier run, as soon as there is room."""
        puts: list[Put] = []
        opened: dict[str, tuple[int, str]] = {}
        for item in piece:
            index, payload = item.number, item.payload
            if self.ledger.has(index):
                continue
            if payload is None:
                problem = WorkflowError.standard("validation", title="Unusable item", detail=item.problem)
                self._note(index, key_of(b""), FAILED, "error", orjson.dumps(problem.as_dict()))
                continue
            key = key_of(payload)
            if self._earlier is not None and (line := self._earlier.line(index, key)):
                self._lines.append((index, COMPLETED, line))
                self._reused += 1
                continue
            item_id = f"{self.id}:{index}"
            opened[item_id] = (index, key)
            puts.append(
                Put(payload=payload, id=item_id, headers=self._headers, max_attempts=self._request.attempts)
            )
        self._write()
        if not puts:
            self._check()
            return
        while len(self._open) + len(puts) > self._ahead and self._open:
            await self._next()
            if self._too_many():
                return
        for item_id in opened:
            self._outstanding.expect(item_id, self._on_end)
        self._open.update(opened)
        self.reach = max(self.reach, piece[-1].number + 1)
        enqueued = await reached(lambda: self._queue.enqueue_many(puts), self._queue.name)
        for item_id in opened:
            self._outstanding.watch(item_id, self._queue)
        known = [each.id for each in enqueued if each.duplicate]
        if known:
            # Put by an earlier life: it may have ended while nobody listened.
            await reached(lambda: self._outstanding.look(self._queue, known), self._queue.name)

    async def _next(self) -> None:
        """Return when an item has ended."""
        self._moved.clear()
        await self._moved.wait()
        self._check()

    def _check(self) -> None:
        if self._failure is not None:
            raise self._failure

    def _too_many(self) -> bool:
        """Tell whether more have failed than may, in a batch that ends then."""
        if not self._request.tolerance.stop or not self.ledger.failed:
            return False
        share = self._request.tolerance.share
        total = self._items.total
        if share is not None and total is None:
            return False  # not known before the end
        return self.ledger.failed > self._request.tolerated(total or 0)

    # --- ends -------------------------------------------------------------------------------------------

    def _on_end(self, ended: Ended) -> None:
        index, key = self._open.pop(ended.id)
        if ended.reason is not None:
            error = error_of_ended(ended, self._queue.name).as_dict()
            self._note(index, key, FAILED, "error", orjson.dumps(error))
        elif not self._outputs:
            self._note(index, key, COMPLETED, "completed", b"true")
        else:
            try:
                output = _json_of(ended.result)
            except ContentError as problem:
                error = call_error("communication", "unusable answer", str(problem)).error.as_dict()
                self._note(index, key, FAILED, "error", orjson.dumps(error))
            else:
                self._note(index, key, COMPLETED, "output", output)

    def _note(self, index: int, key: str, state: int, kind: str, value: bytes) -> None:
        self._lines.append((index, state, line_of(index, key, kind, value)))
        if len(self._lines) == 1:
            # Items end many at a time: they are written together, before anything else happens.
            asyncio.get_running_loop().call_soon(self._write)

    def _write(self) -> None:
        if not self._lines:
            return
        lines, self._lines = self._lines, []
        try:
            self.ledger.append(lines)
        except CallError as error:
            self._failure = error
        self._moved.set()


def _json_of(result: bytes | None) -> bytes:
    """Return a result as JSON in one line. What readers of this product give is that already, mostly."""
    if not result:
        return b"null"
    if b"\n" not in result:
        try:
            orjson.loads(result)
            return result
        except orjson.JSONDecodeError:
            pass
    return orjson.dumps(content_of(result, ""))
