"""Celery: results in Redis, JSON, far prefetch; events, mingling, gossip and remote control off."""

from __future__ import annotations

from collections.abc import Iterable

from celery import Celery

from bench.queue_peers import work
from bench.queue_peers.peer import RESULTS_DATABASE, RedisPeer, module

app = Celery("bench", broker=f"{work.place()}/0", backend=f"{work.place()}/{RESULTS_DATABASE}")
app.conf.update(
    worker_prefetch_multiplier=100,
    worker_enable_remote_control=False,
    worker_send_task_events=False,
    task_send_sent_event=False,
    result_expires=3600,
    broker_connection_retry_on_startup=True,
)
answer = app.task(work.answer)
probe = app.task(work.probe)


class Peer(RedisPeer):
    """Celery has no bulk enqueue (a `group` sends one by one)."""

    async def put(self, payloads: Iterable[str]) -> None:
        with app.producer_pool.acquire(block=True) as producer:
            for payload in payloads:
                answer.apply_async((payload,), producer=producer)

    async def put_probe(self, payload: str) -> None:
        probe.delay(payload)

    def worker(self, probing: bool) -> list[str]:
        pool, _, slots = self.options.get("pool", "solo:1").partition(":")
        return module(
            "celery",
            "-A",
            "bench.queue_peers.on_celery",
            "worker",
            "--pool",
            pool,
            "-c",
            slots,
            "-l",
            "ERROR",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        )

    async def completed(self) -> int:
        return int(self.look_at_results.dbsize())

    async def close(self) -> None:
        app.close()
        await super().close()
