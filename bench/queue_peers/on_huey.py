"""Huey: threads. It takes an item off the queue before working on it: a worker that dies loses it.

On Redis as it is. On SQLite every commit is synced (WAL, synchronous=FULL); an idle worker looks for items
100 times a second.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from huey import RedisHuey, SqliteHuey

from bench.queue_peers import work
from bench.queue_peers.peer import QueuePeer, RedisPeer, module

on_redis = work.place().startswith("redis:")
huey = (
    RedisHuey("bench", url=work.place())
    if on_redis
    else SqliteHuey("bench", filename=work.place(), fsync=True)
)
answer = huey.task()(work.answer)
probe = huey.task()(work.probe)


class Peer(RedisPeer):
    """Huey on Redis. It has no bulk enqueue."""

    async def put(self, payloads: Iterable[str]) -> None:
        for payload in payloads:
            answer(payload)

    async def put_probe(self, payload: str) -> None:
        probe(payload)

    def worker(self, probing: bool) -> list[str]:
        return _consumer(self.options.get("threads", "4"))

    async def completed(self) -> int:
        return int(self.look.hlen("huey.results.bench"))


class FilePeer(QueuePeer):
    """Huey on SQLite."""

    async def open(self) -> None:
        synchronous = huey.storage.conn.execute("PRAGMA synchronous").fetchone()[0]
        if synchronous != 2:
            raise SystemExit(f"Huey's SQLite runs with synchronous={synchronous} instead of 2 (FULL)")
        self._look = sqlite3.connect(self.place)

    async def put(self, payloads: Iterable[str]) -> None:
        for payload in payloads:
            answer(payload)

    async def put_probe(self, payload: str) -> None:
        probe(payload)

    def worker(self, probing: bool) -> list[str]:
        return [*_consumer(self.options.get("threads", "1")), "-d", "0.01", "-m", "0.01"]

    async def completed(self) -> int:
        return int(self._look.execute("SELECT count(*) FROM kv").fetchone()[0])

    async def answers(self) -> Iterable[int]:
        rows = self._look.execute("SELECT value FROM kv").fetchall()
        return [number for (stored,) in rows for number in work.answers_in(stored)]

    async def close(self) -> None:
        self._look.close()


def _consumer(threads: str) -> list[str]:
    """Quiet, without the timer of periodic tasks."""
    return module("huey.bin.huey_consumer", "bench.queue_peers.on_huey.huey",
                  "-k", "thread", "-w", threads, "-n", "-q", "-C")  # fmt: skip
