"""arq, on uvloop. It rests for `poll_delay` after every look at the queue: 0.5 s unless told otherwise."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from arq import create_pool
from arq.connections import RedisSettings

from bench.queue_peers import work
from bench.queue_peers.peer import RedisPeer, on_uvloop

JOBS_VARIABLE, DELAY_VARIABLE = "QUEUE_BENCH_ARQ_JOBS", "QUEUE_BENCH_ARQ_DELAY"


async def answer(context: dict[Any, Any], payload: str) -> str:
    """`work.answer` as arq calls it."""
    return work.answer(payload)


async def probe(context: dict[Any, Any], payload: str) -> str:
    """`work.probe` as arq calls it."""
    return work.probe(payload)


class Settings:
    """What the worker is told."""

    functions = (answer, probe)
    redis_settings = RedisSettings.from_dsn(work.place())
    max_jobs = int(os.environ.get(JOBS_VARIABLE, "100"))
    poll_delay = float(os.environ.get(DELAY_VARIABLE, "0.01"))
    keep_result = 3600
    log_results = False


class Peer(RedisPeer):
    """arq has no bulk enqueue."""

    sent = 0

    async def open(self) -> None:
        self._pool = await create_pool(Settings.redis_settings)

    async def put(self, payloads: Iterable[str]) -> None:
        for payload in payloads:
            await self._pool.enqueue_job("answer", payload)
            self.sent += 1

    async def put_probe(self, payload: str) -> None:
        await self._pool.enqueue_job("probe", payload)
        self.sent += 1

    def worker(self, probing: bool) -> list[str]:
        os.environ[JOBS_VARIABLE] = self.options.get("jobs", "100")
        os.environ[DELAY_VARIABLE] = self.options.get("delay", "0.01")
        return on_uvloop("arq", "--custom-log-dict", "bench.queue_peers.on_arq.QUIET",
                         "bench.queue_peers.on_arq.Settings")  # fmt: skip

    async def completed(self) -> int:
        return self.sent - int(self.look.zcard("arq:queue"))

    async def close(self) -> None:
        await self._pool.aclose()
        await super().close()


QUIET = {"version": 1, "disable_existing_loggers": False, "loggers": {"arq": {"level": "ERROR"}}}
