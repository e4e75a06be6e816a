"""BullMQ for Python, on uvloop."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Iterable
from typing import Any

import uvloop
from bullmq import Queue, Worker

from bench.queue_peers import work
from bench.queue_peers.peer import RedisPeer, module

CONCURRENCY_VARIABLE = "QUEUE_BENCH_CONCURRENCY"


class Peer(RedisPeer):
    """Its bulk is one pipeline, in a transaction."""

    has_bulk = True

    async def open(self) -> None:
        self._queue = Queue("bench", {"connection": self.place})

    async def put(self, payloads: Iterable[str]) -> None:
        for payload in payloads:
            await self._queue.add("answer", payload)

    async def put_probe(self, payload: str) -> None:
        await self._queue.add("probe", payload)

    async def put_bulk(self, payloads: list[str]) -> None:
        await self._queue.addBulk([{"name": "answer", "data": payload} for payload in payloads])

    def worker(self, probing: bool) -> list[str]:
        os.environ[CONCURRENCY_VARIABLE] = self.options.get("concurrency", "100")
        return module("bench.queue_peers.on_bullmq")

    async def completed(self) -> int:
        return int(self.look.zcard("bull:bench:completed"))

    async def close(self) -> None:
        await self._queue.close()
        await super().close()


async def process(job: Any, token: str) -> str:
    """What the worker does with a job."""
    return work.probe(job.data) if job.name == "probe" else work.answer(job.data)


async def _serve() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    concurrency = int(os.environ[CONCURRENCY_VARIABLE])
    worker = Worker("bench", process, {"connection": work.place(), "concurrency": concurrency})
    await stopped.wait()
    await worker.close(True)


if __name__ == "__main__":
    uvloop.run(_serve())
