"""Calls whose items have not ended yet, and how this engine learns that they have.

Three ways, from quick to sure. A reader in this process says so itself. A reader elsewhere puts the ids of
what ended on the engine's reply queue, and the items are then looked at, a thousand per round trip. And
every few seconds all items that are waited for are looked at likewise: messages can be lost, and an item
whose last reader died has nobody left to send one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable, Sequence

from headrace.delivery.ended import Ended, ended_of_outcome, ended_of_record
from headrace.delivery.place import QueuePlace
from headrace.queue.port import ITEMS_PER_CALL_MAX, Done, Leased, QueueError, WorkQueue
from headrace.worker.application import Outcome
from headrace.worker.replies import REPLY_OPTIONS, ids_of

OnEnd = Callable[[Ended], None]

LOOK_SECONDS = 5.0  # between two looks at all that is waited for
WAIT_SECONDS = 5.0  # for a message, per round trip
PAUSE_SECONDS = 1.0  # after a queue could not be reached

_log = logging.getLogger(__name__)


class Outstanding:
    """The items that this engine waits for, by queue."""

    def __init__(self, place: QueuePlace, reply_to: str) -> None:
        self._place = place
        self.reply_to = reply_to
        self._waiters: dict[str, OnEnd] = {}
        self._queue_of: dict[str, WorkQueue] = {}
        self._missing: set[str] = set()  # not found by the last look
        self._tasks: list[asyncio.Task[None]] = []

    def __len__(self) -> int:
        return len(self._waiters)

    def expect(self, item_id: str, on_end: OnEnd) -> None:
        """Call `on_end` once, when an item has ended; `watch` it as soon as it is on its queue."""
        self._waiters[item_id] = on_end
        if not self._tasks:
            self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._look_around())]

    def watch(self, item_id: str, queue: WorkQueue) -> None:
        """From now on look for an expected item on its queue."""
        if item_id in self._waiters:
            self._queue_of[item_id] = queue

    def forget(self, item_id: str) -> None:
        """Expect an item no longer."""
        self._waiters.pop(item_id, None)
        self._queue_of.pop(item_id, None)
        self._missing.discard(item_id)

    def end(self, ended: Ended) -> None:
        """Tell who waits for an item, if anybody does, how it ended."""
        on_end = self._waiters.pop(ended.id, None)
        if on_end is not None:
            self._queue_of.pop(ended.id, None)
            on_end(ended)

    def settled(self, settled: Sequence[tuple[Leased, Outcome]], worker: str) -> list[tuple[Leased, Outcome]]:
        """Take the outcomes of a reader in this process; return those that others wait for."""
        others = []
        for item, outcome in settled:
            if item.id in self._waiters:
                ended = ended_of_outcome(item, outcome, worker)
                if ended is not None:
                    self.end(ended)
            else:
                others.append((item, outcome))
        return others

    async def look(self, queue: WorkQueue, ids: Sequence[str]) -> None:
        """Look at these items now. Raises `QueueError`."""
        for start in range(0, len(ids), ITEMS_PER_CALL_MAX):
            cut = ids[start : start + ITEMS_PER_CALL_MAX]
            records = await queue.peek(ids=cut)
            for record in records:
                ended = ended_of_record(record)
                if ended is not None:
                    self.end(ended)
            self._note_missing(cut, {record.id for record in records})

    def _note_missing(self, ids: Sequence[str], found: set[str]) -> None:
        for item_id in ids:
            if item_id in found or item_id not in self._queue_of:
                self._missing.discard(item_id)
            elif item_id in self._missing:
                self.end(Ended(id=item_id, reason="gone"))
            else:
                # Once more, before it is believed.
                self._missing.add(item_id)

    async def _look_around(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self._look_at(list(self._queue_of))

    async def _look_at(self, ids: Iterable[str]) -> None:
        by_queue: dict[int, tuple[WorkQueue, list[str]]] = {}
        for item_id in ids:
            queue = self._queue_of.get(item_id)
            if queue is not None:
                by_queue.setdefault(id(queue), (queue, []))[1].append(item_id)
        for queue, of_queue in by_queue.values():
            try:
                await self.look(queue, of_queue)
            except QueueError as error:
                _log.warning("the items of queue %s could not be looked at: %s", queue.name, error)

    async def _listen(self) -> None:
        """Take the messages of readers elsewhere."""
        first = True
        while True:
            try:
                queue = await self._place.queue(self.reply_to, REPLY_OPTIONS)
                if first:
                    # Of an earlier life: everything is looked at anew anyway.
                    await queue.purge("ready")
                    first = False
                messages = await queue.lease(100, 60.0, wait_seconds=WAIT_SECONDS)
                if messages:
                    await self._look_at({item_id for message in messages for item_id in ids_of(message)})
                    await queue.complete([Done(message.id, message.token) for message in messages])
            except QueueError as error:
                _log.warning("no messages of readers: %s", error)
                await asyncio.sleep(PAUSE_SECONDS)

    async def aclose(self) -> None:
        """Stop listening."""
        for task in self._tasks:
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
