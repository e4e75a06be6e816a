"""The platform's work queues, by namespace: those of `default` have their plain name, others a prefix."""

from __future__ import annotations

from headrace.delivery.place import QueuePlace
from headrace.queue.port import WorkQueue

DEFAULT_NAMESPACE = "default"


def qualified(namespace: str, name: str) -> str:
    """Return what a queue is called at its address."""
    return name if namespace == DEFAULT_NAMESPACE else f"{namespace}/{name}"


class PlatformQueues:
    """The queues at one address (`headrace.api.platform.Queues`)."""

    def __init__(self, place: QueuePlace) -> None:
        self._place = place

    async def open(self, namespace: str, name: str) -> WorkQueue:
        """Return a queue; the same one each time. Raises `QueueError`."""
        return await self._place.queue(qualified(namespace, name), None)
