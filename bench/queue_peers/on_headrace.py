"""Headrace: the client, and `headrace worker` as anyone starts it.

`batch` is the most items of a round trip; with 1, and one at a time, it is strictly one by one: the result
of an item is with the queue before the next one is leased. `way=thread` runs the callable where sync
callables run unless `--inline` says that they are quick.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from bench.queue_peers import work
from bench.queue_peers.peer import QueuePeer, RedisPeer, everything, module
from headrace.queue.open import open_queue
from headrace.queue.port import Put

QUEUE = "bench"


def headrace_worker(place: str, task: str, *more: str) -> list[str]:
    """The command of a worker for a function of `work`."""
    call = f"bench.queue_peers.work:{task}"
    return module("headrace.cli", "worker", "--queue", place, "--name", QUEUE, "--call", call, *more)


class _Headrace(QueuePeer):
    """What both backends share."""

    has_bulk = True
    probes_apart = True

    async def open(self) -> None:
        self._queue = await open_queue(self.place, QUEUE)

    async def put(self, payloads: Iterable[str]) -> None:
        for payload in payloads:
            await self._queue.enqueue(Put(payload=payload.encode()))

    async def put_probe(self, payload: str) -> None:
        await self._queue.enqueue(Put(payload=payload.encode()))

    async def put_bulk(self, payloads: list[str]) -> None:
        await self._queue.enqueue_many([Put(payload=payload.encode()) for payload in payloads])

    def worker(self, probing: bool) -> list[str]:
        way = () if self.options.get("way") == "thread" else ("--inline",)
        batch = ("--batch", self.options.get("batch", "100"))
        return headrace_worker(self.place, "probe" if probing else "answer", *batch, *way)

    async def completed(self) -> int:
        return (await self._queue.stats()).completed_total

    async def close(self) -> None:
        await self._queue.aclose()
        await super().close()


class Peer(_Headrace, RedisPeer):
    """Headrace on Redis."""

    async def answers(self) -> Iterable[int]:
        return [number for stored in everything(self.look) for number in work.answers_in(stored)]


class FilePeer(_Headrace):
    """Headrace on SQLite, every commit synced (`durability=full`, the default)."""

    async def answers(self) -> Iterable[int]:
        with sqlite3.connect(self.place) as look:
            rows = look.execute("SELECT result FROM items WHERE state = 3").fetchall()
        return [number for (stored,) in rows for number in work.answers_in(stored)]
