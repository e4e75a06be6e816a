"""`RedisQueues`: the queues of one Redis server, or of one cluster."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from headrace.queue.check import check_name
from headrace.queue.port import Queues, no_such_queue
from headrace.queue.redis import script
from headrace.queue.redis.keys import REGISTRY, QueueKeys
from headrace.queue.redis.link import Link

_PATIENCE_SECONDS = 1.0


class RedisQueues(Queues):
    """All queues that were ever opened there. Connected for each call, which people make, not programs."""

    def __init__(self, url: str) -> None:
        """Use `connect`."""
        self._url = url

    @classmethod
    async def connect(cls, url: str) -> RedisQueues:
        """Reach the server of `url`. Raises `QueueError` for a bad address, `QueueUnavailable`."""
        queues = cls(url)
        await queues.names()
        return queues

    async def names(self) -> list[str]:
        # The registry is in no queue's slot, so any queue's keys will do.
        async with self._linked("queues") as link:
            return sorted(name.decode() for name in await link.command("SMEMBERS", REGISTRY))

    async def pause(self, name: str) -> None:
        await self._set_paused(name, "1")

    async def resume(self, name: str) -> None:
        await self._set_paused(name, "0")

    async def aclose(self) -> None:
        """Nothing is kept open."""

    async def _set_paused(self, name: str, paused: str) -> None:
        check_name(name)
        async with self._linked(name) as link:
            if not await link.call(script.PAUSE, [paused]):
                raise no_such_queue(name, f"on Redis at {link.where}")

    @asynccontextmanager
    async def _linked(self, name: str) -> AsyncIterator[Link]:
        link = Link(self._url, QueueKeys(name), patience_seconds=_PATIENCE_SECONDS)
        try:
            yield link
        finally:
            await link.aclose()
