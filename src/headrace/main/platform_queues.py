"""The platform's work queues, by namespace: those of `default` have their plain name, others a prefix."""

from __future__ import annotations

import asyncio

from headrace.delivery.names import DEFAULT_NAMESPACE, queue_of_namespace
from headrace.delivery.place import QueuePlace
from headrace.metrics import Metrics
from headrace.queue.metered import MeteredQueue
from headrace.queue.open import open_queue, open_queues
from headrace.queue.port import QueueError, Queues, QueueUnavailable, Stats, WorkQueue, no_such_queue

# Queues that engines use among themselves: nobody's business but theirs.
INTERNAL = "headrace."


class PlatformQueues:
    """The queues at the engine's address (`headrace.api.platform.Queues`).

    Opened apart from those of the engine, which sets options that it needs; what is opened here takes what
    the queue has.
    """

    def __init__(self, place: QueuePlace, metrics: Metrics | None = None) -> None:
        self._place = place
        self._metrics = metrics
        self._opening = asyncio.Lock()
        self._opened: dict[str, WorkQueue] = {}
        self._all: Queues | None = None

    async def open(self, namespace: str, name: str) -> WorkQueue:
        """Return a queue; the same one each time. Raises `QueueError` for a name that none can have."""
        if namespace == DEFAULT_NAMESPACE and "/" in name:
            raise QueueError(f"{name!r} is no name for a queue of this namespace: it has a slash")
        full = queue_of_namespace(namespace, name)
        found = self._opened.get(full)
        if found is not None:
            return found
        async with self._opening:
            if full not in self._opened:
                await self._place.made()
                queue = await open_queue(self._place.address, full)
                self._opened[full] = queue if self._metrics is None else MeteredQueue(queue, self._metrics)
            return self._opened[full]

    async def existing(self, namespace: str, name: str) -> WorkQueue | None:
        """Return a queue that is there, or None; asking makes none."""
        found = self._opened.get(queue_of_namespace(namespace, name))
        if found is None and name in await self.names(namespace):
            found = await self.open(namespace, name)
        return found

    async def figures(self) -> dict[str, Stats]:
        """Return the counts of all queues but the engines' own, by their full names."""
        everything = await self._queues()
        if everything is None:
            return {}
        names = [name for name in await everything.names() if not name.startswith(INTERNAL)]
        found = {}
        for name in names:
            namespace, _, rest = name.rpartition("/")
            queue = await self.open(namespace or DEFAULT_NAMESPACE, rest)
            found[name] = await queue.stats()
        return found

    async def names(self, namespace: str) -> list[str]:
        """Return the queues that a namespace has, in order."""
        everything = await self._queues()
        if everything is None:
            return []
        prefix = queue_of_namespace(namespace, "")
        return [
            name.removeprefix(prefix)
            for name in await everything.names()
            if name.startswith(prefix) and "/" not in name[len(prefix) :] and not name.startswith(INTERNAL)
        ]

    async def pause(self, namespace: str, name: str, paused: bool) -> None:
        """Let a queue give nothing out, or give again. Raises `QueueError` for one that is not there."""
        everything = await self._queues()
        if everything is None:
            raise no_such_queue(name, "here")
        full = queue_of_namespace(namespace, name)
        await (everything.pause(full) if paused else everything.resume(full))

    async def _queues(self) -> Queues | None:
        """Return all queues, or None while there is no file of them."""
        if self._all is None:
            await self._place.made()
            try:
                self._all = await open_queues(self._place.address)
            except QueueUnavailable:
                raise
            except QueueError:  # no item was put yet: there is no file
                return None
        return self._all

    async def aclose(self) -> None:
        """Let go of connections."""
        closing = [queue.aclose() for queue in self._opened.values()]
        if self._all is not None:
            closing.append(self._all.aclose())
        self._opened.clear()
        self._all = None
        await asyncio.gather(*closing)
