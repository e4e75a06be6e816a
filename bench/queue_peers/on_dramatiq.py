"""Dramatiq: threads, results in Redis; without the middleware that a task without limits does not need."""

from __future__ import annotations

import os
from collections.abc import Iterable

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.middleware import Retries
from dramatiq.results import Results
from dramatiq.results.backends import RedisBackend

from bench.queue_peers import work
from bench.queue_peers.peer import RESULTS_DATABASE, RedisPeer, module

PREFETCH_VARIABLE = "dramatiq_queue_prefetch"
broker = RedisBroker(
    url=work.place(),
    middleware=[Retries(), Results(backend=RedisBackend(url=f"{work.place()}/{RESULTS_DATABASE}"))],
)
dramatiq.set_broker(broker)
answer = dramatiq.actor(work.answer, store_results=True)
probe = dramatiq.actor(work.probe, store_results=True)


class Peer(RedisPeer):
    """Dramatiq has no bulk enqueue (a `group` sends one by one)."""

    async def put(self, payloads: Iterable[str]) -> None:
        for payload in payloads:
            answer.send(payload)
            self.sent += 1

    async def put_probe(self, payload: str) -> None:
        probe.send(payload)
        self.sent += 1

    sent = 0

    def worker(self, probing: bool) -> list[str]:
        threads = self.options.get("threads", "8")
        os.environ[PREFETCH_VARIABLE] = self.options.get("prefetch", "0")  # 0: twice the threads
        return module("dramatiq", "bench.queue_peers.on_dramatiq", "--processes", "1", "--threads", threads)

    async def completed(self) -> int:
        # A message is deleted when it is acknowledged, which is after its result was stored.
        return self.sent - int(self.look.hlen("dramatiq:default.msgs"))
