"""The platform's work queues, by namespace: those of `default` have their plain name, others a prefix."""

from __future__ import annotations

import asyncio

from headrace.delivery.place import QueuePlace
from headrace.queue.open import open_queue, open_queues
from headrace.queue.port import QueueError, Queues, QueueUnavailable, WorkQueue, no_such_queue

DEFAULT_NAMESPACE = "default"
# Queues that engines use among themselves: nobody's business but theirs.
INTERNAL = "headrace."


def qualified(namespace: str, name: str) -> str:
    """Return what a queue is called at its address."""
    return name if namespace == DEFAULT_NAMESPACE else f"{namespace}/{name}"


class PlatformQueues:
    """The queues at the engine's address (`headrace.api.platform.Queues`).

    Opened apart from those of the engine, which sets options that it needs; what is opened here takes what
    the queue has.
    """

    def __init__(self, place: QueuePlace) -> None:
        self._place = place
        self._opening = asyncio.Lock()
        self._opened: dict[str, WorkQueue] = {}
        self._all: Queues | None = None

    async def open(self, namespace: str, name: str) -> WorkQueue:
        """Return a queue; the same one each time. Raises `QueueError` for a name that none can have."""
        if namespace == DEFAULT_NAMESPACE and "/" in name:
            raise QueueError(f"{name!r} is no name for a queue of this namespace: it has a slash")
        full = qualified(namespace, name)
        found = self._opened.get(full)
        if found is not None:
            return found
        async with self._opening:
            if full not in self._opened:
                await self._place.made()
                self._opened[full] = await open_queue(self._place.address, full)
            return self._opened[full]

    async def names(self, namespace: str) -> list[str]:
        """Return the queues that a namespace has, in order."""
        everything = await self._queues()
        if everything is None:
            return []
        prefix = qualified(namespace, "")
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
        full = qualified(namespace, name)
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
