"""Tells whoever waits for items that these have ended: a short message on the queue that the item names.

The message holds ids only, and may be lost: what came of an item is with the item, for whoever asks.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence

import orjson

from headrace.queue.port import Done, Leased, Put, QueueError, QueueOptions, WorkQueue
from headrace.worker.application import Outcome
from headrace.worker.invocation import REPLY_HEADER

# Completed messages are of no use to anybody.
REPLY_OPTIONS = QueueOptions(result_seconds=0.0, max_attempts=1000)

# Engines come and go; connections to the queues of those that went are given up.
_QUEUES_MAX = 32
# Ids of one message.
_IDS_MAX = 1000

_log = logging.getLogger(__name__)


def ended_for_good(item: Leased, outcome: Outcome) -> bool:
    """Tell whether an outcome that the queue has taken was the item's last one."""
    return isinstance(outcome, Done) or outcome.final or item.attempt >= item.max_attempts


class Replies:
    """Sends the messages. `open_beside` opens the queue of a name at the address of the items' queue."""

    def __init__(self, open_beside: Callable[[str], Awaitable[WorkQueue]]) -> None:
        self._open_beside = open_beside
        self._queues: OrderedDict[str, WorkQueue] = OrderedDict()
        self._pending: dict[str, list[str]] = {}
        self._task: asyncio.Task[None] | None = None

    def settled(self, ended: Sequence[tuple[Leased, Outcome]]) -> None:
        """Take note of items that ended (`Reader`, `on_settled`); messages are sent in the background."""
        for item, outcome in ended:
            name = item.headers.get(REPLY_HEADER) if item.headers else None
            if name and ended_for_good(item, outcome):
                self._pending.setdefault(name, []).append(item.id)
        if self._pending and self._task is None:
            self._task = asyncio.create_task(self._send())

    async def _send(self) -> None:
        try:
            while self._pending:
                pending, self._pending = self._pending, {}
                for name, ids in pending.items():
                    await self._send_to(name, ids)
        finally:
            self._task = None

    async def _send_to(self, name: str, ids: list[str]) -> None:
        try:
            queue = self._queues.get(name)
            if queue is None:
                queue = self._queues[name] = await self._open_beside(name)
                if len(self._queues) > _QUEUES_MAX:
                    _, oldest = self._queues.popitem(last=False)
                    await oldest.aclose()
            self._queues.move_to_end(name)
            cuts = (ids[start : start + _IDS_MAX] for start in range(0, len(ids), _IDS_MAX))
            await queue.enqueue_many([Put(payload=orjson.dumps(cut)) for cut in cuts])
        except QueueError as error:
            # Who waits asks by itself after a while.
            _log.warning("who waits for %d items could not be told: %s", len(ids), error)

    async def aclose(self) -> None:
        """Send what is left, then close the queues."""
        if self._task is not None:
            await asyncio.wait((self._task,))
        for queue in self._queues.values():
            await queue.aclose()
        self._queues.clear()


def ids_of(message: Leased) -> list[str]:
    """Return the ids that a message holds; none where it is no such message."""
    try:
        ids = orjson.loads(message.payload)
    except orjson.JSONDecodeError:
        return []
    return [each for each in ids if isinstance(each, str)] if isinstance(ids, list) else []
