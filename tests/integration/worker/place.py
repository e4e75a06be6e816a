"""Where the queues of a test are: a file, or a private Redis; with the clock running for real."""

from __future__ import annotations

import asyncio
import os
import time
import uuid
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from contract.queue.backend import Redis, redis_server
from headrace.queue.open import open_queue
from headrace.queue.port import Put, QueueOptions, QueueUnavailable, Stats, WorkQueue
from headrace.worker import Reader, ReaderOptions

DEADLINE_SECONDS = 30.0


class Place:
    """A queue that several clients and processes use."""

    def __init__(self, kind: str, directory: Path) -> None:
        self.address = str(directory / "queue.db") if kind == "sqlite" else redis_server().url
        self.name = f"work-{uuid.uuid4().hex[:8]}"
        self._clients: list[WorkQueue] = []

    @staticmethod
    def missing(kind: str) -> str | None:
        return Redis.missing() if kind == "redis" else None

    async def open(self, options: QueueOptions | None = None) -> WorkQueue:
        """Return a client, closed at the end of the test."""
        client = await open_queue(self.address, self.name, options=options)
        self._clients.append(client)
        return client

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()


def require(kind: str) -> None:
    """Skip the test where the server of this kind is missing, or fail it in CI."""
    missing = Place.missing(kind)
    if missing is not None:
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)


async def fill(queue: WorkQueue, payloads: Sequence[bytes], **settings: Any) -> list[str]:
    """Put items and return their ids."""
    return [each.id for each in await queue.enqueue_many([Put(payload=p, **settings) for p in payloads])]


async def eventually(condition: Callable[[], Awaitable[Any]], what: str) -> Any:
    """Return the first true value of `condition`."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        if found := await condition():
            return found
        await asyncio.sleep(0.01)
    raise AssertionError(f"{what} did not happen within {DEADLINE_SECONDS:g} s")


async def settled(queue: WorkQueue) -> Stats:
    """Return the counts once nothing is ready, leased or delayed."""

    async def look() -> Stats | None:
        stats = await queue.stats()
        return stats if stats.drained else None

    found: Stats = await eventually(look, "the end of the work")
    return found


def draining(**options: Any) -> ReaderOptions:
    """Return the options of a reader that ends when nothing is left."""
    return ReaderOptions(drain=True, worker_id=options.pop("worker_id", "tester"), **options)


class Flaky:
    """A queue in front of a real one, whose calls fail as those of an unreachable server do.

    `before` calls fail without having been made, `after` calls are made and their answer is lost.
    """

    def __init__(self, queue: WorkQueue) -> None:
        self._queue = queue
        self.name = queue.name
        self.capabilities = queue.capabilities
        self.before: set[str] = set()
        self.after: list[str] = []
        self.failed = 0

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._queue, name)
        if name == "aclose":
            return call

        async def flaky(*arguments: Any, **settings: Any) -> Any:
            if name in self.before or "*" in self.before:
                self.failed += 1
                raise QueueUnavailable("cut")
            answer = await call(*arguments, **settings)
            if name in self.after:
                self.after.remove(name)
                self.failed += 1
                raise QueueUnavailable("the answer was lost")
            return answer

        return flaky


__all__ = ["Flaky", "Place", "Reader", "draining", "eventually", "fill", "require", "settled"]
