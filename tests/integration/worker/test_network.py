"""The network between a reader and its Redis fails in the middle of the work, or Redis itself does."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from contract.queue.redis_server import RedisServer, find_program
from headrace.queue.open import open_queue
from headrace.queue.port import WorkQueue
from headrace.queue.redis import link
from headrace.worker import Counters, Reader, callable_application
from integration.queue.redis.proxy import Wire
from integration.worker.place import Place, draining, fill, require, settled

ITEMS, CONCURRENCY = 200, 4


class Work:
    """Items that take a little, counted; `half` is set when half of them have been begun."""

    def __init__(self) -> None:
        self.runs: Counter[str] = Counter()
        self.half = asyncio.Event()

    async def do(self, _: str, context: object) -> None:
        self.runs[context.id] += 1  # type: ignore[attr-defined]
        if len(self.runs) == ITEMS // 2:
            self.half.set()
        await asyncio.sleep(0.005)

    def reading(self, queue: WorkQueue) -> asyncio.Task[Counters]:
        options = draining(concurrency=CONCURRENCY, batch=20)
        return asyncio.create_task(Reader(queue, callable_application(self.do), options).run())


@pytest.mark.parametrize("how", ["cut", "silent"])
async def test_a_network_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Calls are asked again on other connections, and none is done twice: every item is run once."""
    require("redis")
    monkeypatch.setattr(link, "ANSWER_SECONDS", 0.5)
    place = Place("redis", tmp_path)
    direct = await place.open()
    ids = await fill(direct, [b"x"] * ITEMS)
    work = Work()
    port = urlsplit(place.address).port
    assert port is not None
    async with Wire(port) as wire:
        queue = await open_queue(wire.url, place.name)
        running = work.reading(queue)
        for _ in range(2):
            await work.half.wait()
            if how == "cut":
                await wire.cut()
            else:
                wire.silence()
            await asyncio.sleep(0.2)
            await wire.mend()
        counters = await asyncio.wait_for(running, 30)
        await queue.aclose()
    await check(direct, work, counters, ids)
    await place.close()


async def test_redis_is_killed_and_comes_back(tmp_path: Path) -> None:
    """With its log (AOF): what it had answered is there, and what it had not is asked again."""
    require("redis")
    program = find_program()
    assert program is not None
    server = RedisServer(program, "--appendonly", "yes", "--appendfsync", "always", directory=tmp_path)
    queue = await open_queue(server.url, "work")
    ids = await fill(queue, [b"x"] * ITEMS)
    work = Work()
    running = work.reading(queue)
    await work.half.wait()
    for _ in range(2):
        await asyncio.to_thread(server.kill)
        await asyncio.sleep(0.1)
        await asyncio.to_thread(server.restart)
    counters = await asyncio.wait_for(running, 30)
    await check(queue, work, counters, ids)
    await queue.aclose()
    server.stop()


async def check(queue: WorkQueue, work: Work, counters: Counters, ids: list[str]) -> None:
    """Every item was run once, and its completion is with the queue."""
    stats = await settled(queue)
    assert work.runs == Counter(ids)
    assert (counters.completed, counters.late_results, counters.leases_lost) == (ITEMS, 0, 0)
    assert (stats.completed_total, stats.expired_total) == (ITEMS, 0)
