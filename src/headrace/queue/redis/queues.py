"""`RedisQueues`: the queues of one Redis server, or of one cluster."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache

from headrace.queue.check import check_name
from headrace.queue.port import Queues, Stats, no_such_queue
from headrace.queue.redis import script
from headrace.queue.redis.codec import read_stats
from headrace.queue.redis.keys import REGISTRY, QueueKeys, slot
from headrace.queue.redis.link import Link

_PATIENCE_SECONDS = 1.0


class RedisQueues(Queues):
    """All queues that were ever opened there. One connection is kept, for looking at them again."""

    def __init__(self, url: str) -> None:
        """Use `connect`. Raises `QueueError` for a bad address."""
        self._url = url
        # The registry is in no queue's slot, so any queue's keys will do.
        self._link = Link(url, QueueKeys("queues"), patience_seconds=_PATIENCE_SECONDS)

    @classmethod
    async def connect(cls, url: str) -> RedisQueues:
        """Reach the server of `url`. Raises `QueueError` for a bad address, `QueueUnavailable`."""
        queues = cls(url)
        try:
            await queues.names()
        except BaseException:
            await queues.aclose()
            raise
        return queues

    async def names(self) -> list[str]:
        return sorted(name.decode() for name in await self._link.command("SMEMBERS", REGISTRY))

    async def stats(self, names: Sequence[str]) -> dict[str, Stats]:
        if not names:
            return {}
        there = await self._link.command("SMISMEMBER", REGISTRY, *names)
        known = [name for name, is_known in zip(names, there, strict=True) if is_known]
        read: dict[str, Stats] = {}
        # A node of a cluster has ranges of slots: in their order we go to each node about once.
        for name in sorted(known, key=lambda name: _keys(name)[0]):
            keys = _keys(name)[1]
            told = await self._link.command(
                "EVALSHA", script.STATS.sha, len(keys), *keys, 0, script=script.STATS
            )
            read[name] = read_stats(told)
        return {name: read[name] for name in known}

    async def pause(self, name: str) -> None:
        await self._set_paused(name, "1")

    async def resume(self, name: str) -> None:
        await self._set_paused(name, "0")

    async def aclose(self) -> None:
        """Let go of the connection. A second call does nothing."""
        await self._link.aclose()

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


@lru_cache(maxsize=512)
def _keys(name: str) -> tuple[int, tuple[bytes, ...]]:
    """Return the slot of a queue, and what its scripts get as KEYS; one that only reads keeps no answer."""
    keys = QueueKeys(name)
    return slot(keys.wake), keys.all(keys.answer("", 0))
