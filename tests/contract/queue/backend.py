"""The backends that the queue contract is held against.

Add a class and its name to `BACKENDS`; every test of the contract then runs on it. A backend is built only
for a test that asks for it, so one missing server skips its own tests and no others.
"""

from __future__ import annotations

import asyncio
import atexit
import functools
import time
import uuid
from abc import ABC, abstractmethod
from pathlib import Path

from contract.queue.redis_server import RedisServer, find_program
from headrace.metrics import Metrics
from headrace.queue.metered import MeteredQueue
from headrace.queue.port import QueueOptions, Queues, WorkQueue


class Backend(ABC):
    """One place with queues in it, empty at first, for one test."""

    # What `open_queue` takes to reach the same place from another process.
    address: str

    def __init__(self) -> None:
        self._clients: list[WorkQueue | Queues] = []

    @staticmethod
    @abstractmethod
    def missing() -> str | None:
        """Why this backend cannot be tested here; None when it can."""

    async def open(self, name: str = "work", options: QueueOptions | None = None) -> WorkQueue:
        """Return a new client of the queue `name`, closed at the end of the test."""
        client = await self.connect(name, options)
        self._clients.append(client)
        return client

    async def queues(self) -> Queues:
        """Return a new client of all queues, closed at the end of the test."""
        client = await self.connect_to_all()
        self._clients.append(client)
        return client

    def full_name(self, name: str) -> str:
        """Return what the queue `name` of this test is called in the place."""
        return name

    @abstractmethod
    async def connect_to_all(self) -> Queues: ...

    @abstractmethod
    async def connect(self, name: str, options: QueueOptions | None) -> WorkQueue: ...

    @abstractmethod
    async def pass_time(self, seconds: float) -> None:
        """Let `seconds` go by on the backend's clock: at most 0.3, where that is real time."""

    @abstractmethod
    def now(self) -> float:
        """Return the time of the backend's clock, roughly."""

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()


class SqliteFile(Backend):
    """Time stands still, but for `pass_time`. The clients of a process share one connection."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.address = str(directory / "queue.db")
        self._now = time.time()

    @staticmethod
    def missing() -> str | None:
        return None

    async def connect(self, name: str, options: QueueOptions | None) -> WorkQueue:
        from headrace.queue.sqlite import SqliteQueue

        return await SqliteQueue.open(self.address, name, options=options, clock=self.now)

    async def connect_to_all(self) -> Queues:
        from headrace.queue.sqlite import SqliteQueues

        return await SqliteQueues.open(self.address, clock=self.now)

    async def pass_time(self, seconds: float) -> None:
        self._now += seconds

    def now(self) -> float:
        return self._now


class SqliteFileApart(SqliteFile):
    """Each client has connections and a writer of its own, as clients in several processes have."""

    async def connect(self, name: str, options: QueueOptions | None) -> WorkQueue:
        from headrace.queue.sqlite import SqliteQueue

        # Only clients with the same clock share.
        return await SqliteQueue.open(self.address, name, options=options, clock=lambda: self._now)

    async def connect_to_all(self) -> Queues:
        from headrace.queue.sqlite import SqliteQueues

        return await SqliteQueues.open(self.address, clock=lambda: self._now)


class SqliteMetered(SqliteFile):
    """What stands before a queue in the server must not change what the queue does."""

    async def connect(self, name: str, options: QueueOptions | None) -> WorkQueue:
        return MeteredQueue(await super().connect(name, options), Metrics(), clock=self.now)


class Redis(Backend):
    """The server's time is the only one: it goes by for real."""

    def __init__(self, directory: Path) -> None:
        super().__init__()
        self.address = redis_server().url
        # One server for all tests of a process: names keep them apart.
        self._prefix = uuid.uuid4().hex[:8]

    @staticmethod
    def missing() -> str | None:
        if find_program() is None:
            return "redis-server is not installed: run `make test` (or install Redis 6.2+ or Valkey)"
        return None

    async def connect(self, name: str, options: QueueOptions | None) -> WorkQueue:
        from headrace.queue.redis import RedisQueue

        return await RedisQueue.connect(self.address, self.full_name(name), options=options)

    async def connect_to_all(self) -> Queues:
        from headrace.queue.redis import RedisQueues

        return await RedisQueues.connect(self.address)

    def full_name(self, name: str) -> str:
        return f"{self._prefix}-{name}"

    async def pass_time(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def now(self) -> float:
        return time.time()


@functools.cache
def redis_server() -> RedisServer:
    """Return this process's server, started for the first test that asks for it."""
    program = find_program()
    assert program is not None
    server = RedisServer(program)
    atexit.register(server.stop)
    return server


BACKENDS: dict[str, type[SqliteFile] | type[Redis]] = {
    "sqlite": SqliteFile,
    "sqlite-apart": SqliteFileApart,
    "sqlite-metered": SqliteMetered,
    "redis": Redis,
}
