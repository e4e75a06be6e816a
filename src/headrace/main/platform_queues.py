"""The platform's work queues, by namespace: those of `default` have their plain name, others a prefix."""

from __future__ import annotations

import asyncio

from headrace.delivery.names import BATCH, DEFAULT_NAMESPACE, queue_of_namespace
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
        return await self._tended(await self._all_names())

    async def stats(self, namespace: str) -> dict[str, Stats]:
        """Return the counts of the queues that a namespace has, by name, in order."""
        prefix = queue_of_namespace(namespace, "")
        found = await self._tended([prefix + name for name in await self.names(namespace)])
        return {name.removeprefix(prefix): stats for name, stats in found.items()}

    async def sampled(self, queues_max: int) -> dict[str, Stats]:
        """Return the counts of at most so many queues, by their full names, as they stand: none is opened.

        Where there are more, queues that batches made are left out first, the oldest before all.
        """
        names = await self._all_names()
        if len(names) > queues_max:
            # Batches are named after their executions, whose ids sort by time.
            batches = sorted((name for name in names if BATCH in name), key=_batch, reverse=True)
            names = [*(name for name in names if BATCH not in name), *batches][:queues_max]
        return await self._read(names)

    async def _all_names(self) -> list[str]:
        everything = await self._queues()
        if everything is None:
            return []
        return [name for name in await everything.names() if not name.startswith(INTERNAL)]

    async def _read(self, names: list[str]) -> dict[str, Stats]:
        everything = await self._queues()
        return {} if everything is None else await everything.stats(names)

    async def _tended(self, names: list[str]) -> dict[str, Stats]:
        """Return the counts of queues, and see to it that what is due in them comes back."""
        found = await self._read(names)
        for name, stats in found.items():
            # A reader that died may have been its only client.
            if (stats.leased or stats.delayed) and name not in self._opened:
                namespace, _, rest = name.rpartition("/")
                await self.open(namespace or DEFAULT_NAMESPACE, rest)
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
                opened = await open_queues(self._place.address)
            except QueueUnavailable:
                raise
            except QueueError:  # no item was put yet: there is no file
                return None
            if self._all is None:
                self._all = opened
            else:  # somebody else was faster
                await opened.aclose()
        return self._all

    async def aclose(self) -> None:
        """Let go of connections."""
        closing = [queue.aclose() for queue in self._opened.values()]
        if self._all is not None:
            closing.append(self._all.aclose())
        self._opened.clear()
        self._all = None
        await asyncio.gather(*closing)


def _batch(name: str) -> str:
    return name.rpartition(BATCH)[2]
