"""SAQ, on uvloop, its log quiet."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from typing import Any

from saq import Queue

from bench.queue_peers import work
from bench.queue_peers.peer import RedisPeer, on_uvloop

CONCURRENCY_VARIABLE = "QUEUE_BENCH_CONCURRENCY"


async def answer(context: dict[str, Any], *, payload: str) -> str:
    """`work.answer` as SAQ calls it."""
    return work.answer(payload)


async def probe(context: dict[str, Any], *, payload: str) -> str:
    """`work.probe` as SAQ calls it."""
    return work.probe(payload)


def settings() -> dict[str, Any]:
    """What the worker is told."""
    logging.getLogger("saq").setLevel(logging.ERROR)
    return {
        "queue": Queue.from_url(work.place()),
        "functions": [answer, probe],
        "concurrency": int(os.environ[CONCURRENCY_VARIABLE]),
    }


class Peer(RedisPeer):
    """SAQ has no bulk enqueue."""

    sent = 0

    async def open(self) -> None:
        logging.getLogger("saq").setLevel(logging.ERROR)
        self._queue = Queue.from_url(self.place)
        await self._queue.connect()
        # A worker that starts takes items that it has just popped for lost, and aborts them (saq#277), unless
        # somebody has looked for lost ones within the last minute.
        self.look.set("saq:default:sweep", 1, ex=600)

    async def put(self, payloads: Iterable[str]) -> None:
        for payload in payloads:
            await self._queue.enqueue("answer", payload=payload, ttl=3600)
            self.sent += 1

    async def put_probe(self, payload: str) -> None:
        await self._queue.enqueue("probe", payload=payload, ttl=3600)
        self.sent += 1

    def worker(self, probing: bool) -> list[str]:
        os.environ[CONCURRENCY_VARIABLE] = self.options.get("concurrency", "10")
        return on_uvloop("saq", "bench.queue_peers.on_saq.settings")

    async def completed(self) -> int:
        return self.sent - int(self.look.zcard("saq:default:incomplete"))

    async def close(self) -> None:
        await self._queue.disconnect()
        await super().close()
