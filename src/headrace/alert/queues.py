"""The queues that rules mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from headrace.queue.port import Stats, WorkQueue


class Queues(Protocol):
    """What alerts ask of queues."""

    async def stats(self, namespace: str, flow: str, queue: str | None) -> Mapping[str, Stats]:
        """Return the queues that a rule means, by name.

        `queue`; or those of the functions of `flow`; or, without a flow, all of the namespace. Raises
        `QueueError` when they cannot be read.
        """
        ...


class NamedQueues(Protocol):
    """The platform's queues (`headrace.api.platform.Queues`)."""

    async def open(self, namespace: str, name: str) -> WorkQueue: ...

    async def names(self, namespace: str) -> list[str]: ...


class OpenQueues:
    """The platform's queues as rules mean them."""

    def __init__(self, queues: NamedQueues) -> None:
        self._queues = queues

    async def stats(self, namespace: str, flow: str, queue: str | None) -> Mapping[str, Stats]:
        if queue is not None:
            names = [queue]
        else:
            # What `headrace.delivery.names.queue_name` calls the queue of a function.
            prefix = f"{flow}." if flow else ""
            names = [name for name in await self._queues.names(namespace) if name.startswith(prefix)]
        return {name: await (await self._queues.open(namespace, name)).stats() for name in names}
