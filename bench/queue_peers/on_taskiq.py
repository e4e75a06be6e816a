"""Taskiq on a Redis stream (which acknowledges), orjson, results in Redis; its worker takes uvloop itself."""

from __future__ import annotations

from collections.abc import Iterable

from taskiq.serializers import ORJSONSerializer
from taskiq_redis import RedisAsyncResultBackend, RedisStreamBroker

from bench.queue_peers import work
from bench.queue_peers.peer import RESULTS_DATABASE, RedisPeer, module

broker = (
    RedisStreamBroker(work.place(), xread_count=100)
    .with_result_backend(
        RedisAsyncResultBackend(
            f"{work.place()}/{RESULTS_DATABASE}", result_ex_time=3600, serializer=ORJSONSerializer()
        )
    )
    .with_serializer(ORJSONSerializer())
)


@broker.task
async def answer(payload: str) -> str:
    """`work.answer` as Taskiq calls it."""
    return work.answer(payload)


@broker.task
async def probe(payload: str) -> str:
    """`work.probe` as Taskiq calls it."""
    return work.probe(payload)


class Peer(RedisPeer):
    """Taskiq has no bulk enqueue."""

    async def open(self) -> None:
        await broker.startup()

    async def put(self, payloads: Iterable[str]) -> None:
        for payload in payloads:
            await answer.kiq(payload)

    async def put_probe(self, payload: str) -> None:
        await probe.kiq(payload)

    def worker(self, probing: bool) -> list[str]:
        tasks = self.options.get("tasks", "100")
        return module(
            "taskiq",
            "worker",
            "bench.queue_peers.on_taskiq:broker",
            "--workers",
            "1",
            "--max-async-tasks",
            tasks,
            "--max-prefetch",
            "100",
            "--log-level",
            "ERROR",
        )

    async def completed(self) -> int:
        return int(self.look_at_results.dbsize())

    async def close(self) -> None:
        await broker.shutdown()
        await super().close()
