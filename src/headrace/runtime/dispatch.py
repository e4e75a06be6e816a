"""Published events on their way to the executions that listen."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import orjson

from headrace.engine.approval import EXECUTION_ATTRIBUTE
from headrace.engine.events import EventReceived
from headrace.runtime.transition import NAMESPACE_ATTRIBUTE
from headrace.store.port import Store, StoreError

PAGE = 500
TROUBLE_SECONDS = 1.0

_log = logging.getLogger(__name__)

# Posts an event to an execution; the future is done when the transition it caused is durable.
Post = Callable[[str, EventReceived], "asyncio.Future[None]"]

# Sees an event with its sequence; what it returns is done when what the event caused is durable. One that
# fails or is cancelled leaves the event to the next process.
Offer = Callable[[int, dict[str, Any]], Awaitable[None] | None]


class Dispatcher:
    """Hands every published event to every execution that may want it, in order, at least once.

    An event of a namespace goes to executions of that namespace only. `offer` sees every event too: that is
    how events start executions. An event counts as delivered when all of them have committed it; until then
    a restart delivers it again, which executions recognise by its sequence.
    """

    def __init__(self, store: Store, post: Post) -> None:
        self._store = store
        self._post = post
        self.offer: Offer | None = None
        self._queue: deque[tuple[int, dict[str, Any]]] = deque()
        self._filled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._deliveries: set[asyncio.Task[None]] = set()
        self._watched: dict[int, asyncio.Future[None]] = {}

    async def start(self) -> None:
        """Begin, with what an earlier process left undelivered."""
        after = 0
        while True:
            left = await self._store.undelivered(PAGE, after)
            self._queue.extend((stored.sequence, orjson.loads(stored.event)) for stored in left)
            if len(left) < PAGE:
                break
            after = left[-1].sequence
            await self._drain()
        self._task = asyncio.create_task(self._run(), name="headrace-dispatcher")

    async def stop(self) -> None:
        """Stop; what is not delivered yet is delivered by the next process."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        for task in list(self._deliveries):
            task.cancel()
        if self._deliveries:
            await asyncio.gather(*self._deliveries, return_exceptions=True)
        for watched in self._watched.values():
            watched.cancel()

    def add(self, events: Iterable[tuple[int, dict[str, Any]]]) -> None:
        """Take durable events, with their sequences."""
        self._queue.extend(events)
        self._filled.set()

    async def deliver(self, sequence: int, event: dict[str, Any]) -> None:
        """Take a durable event, and return when the executions that it went to have committed it."""
        watched = self._watched[sequence] = asyncio.get_running_loop().create_future()
        self.add([(sequence, event)])
        try:
            await watched
        finally:
            del self._watched[sequence]

    async def _run(self) -> None:
        while True:
            await self._drain()
            await self._filled.wait()
            self._filled.clear()

    async def _drain(self) -> None:
        while self._queue:
            sequence, event = self._queue[0]
            try:
                subscribers = await self._listeners(event)
            except StoreError as error:
                _log.warning("subscriptions cannot be read, trying again: %s", error)
                await asyncio.sleep(TROUBLE_SECONDS)
                continue
            self._queue.popleft()
            received = EventReceived(sequence=sequence, event=event)
            waiting = [self._post(execution_id, received) for execution_id in subscribers]
            offered = None
            if self.offer is not None and EXECUTION_ATTRIBUTE not in event:
                offered = self.offer(sequence, event)
            task = asyncio.create_task(self._settle(sequence, waiting, offered))
            self._deliveries.add(task)
            task.add_done_callback(self._deliveries.discard)

    async def _listeners(self, event: dict[str, Any]) -> list[str]:
        namespace = event.get(NAMESPACE_ATTRIBUTE)
        signalled = event.get(EXECUTION_ATTRIBUTE)
        if not isinstance(signalled, str):
            return await self._store.subscribers(str(event.get("type", "")), namespace)
        row = await self._store.execution(signalled)
        # A flow may emit what it likes: signals stay in their namespace as other events do.
        return [] if row is None or namespace not in (None, row.namespace) else [signalled]

    async def _settle(
        self, sequence: int, waiting: list[asyncio.Future[None]], offered: Awaitable[None] | None
    ) -> None:
        if waiting:
            await asyncio.wait(waiting)
        watched = self._watched.get(sequence)
        if watched is not None and not watched.done():
            watched.set_result(None)
        if offered is not None:
            try:
                await offered
            except Exception as error:
                _log.error("event %s was not dealt with, a restart offers it again: %s", sequence, error)
                return
        while True:
            try:
                await self._store.delivered([sequence])
                return
            except StoreError as error:
                _log.warning("event %s cannot be marked as delivered, trying again: %s", sequence, error)
                await asyncio.sleep(TROUBLE_SECONDS)
