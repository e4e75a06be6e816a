"""The network between a reader and its Redis fails in the middle of the work."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from headrace.queue.open import open_queue
from headrace.queue.redis import link
from headrace.worker import Reader, callable_application
from integration.queue.redis.proxy import Wire
from integration.worker.place import Place, draining, fill, require, settled

ITEMS, CONCURRENCY = 200, 4


@pytest.mark.parametrize("how", ["cut", "silent"])
async def test_a_network_that_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    """Calls are asked again on other connections, and none is done twice: every item is run once."""
    require("redis")
    monkeypatch.setattr(link, "ANSWER_SECONDS", 0.5)
    place = Place("redis", tmp_path)
    direct = await place.open()
    ids = await fill(direct, [b"x"] * ITEMS)
    runs: Counter[str] = Counter()
    half = asyncio.Event()

    async def work(_: str, context: object) -> None:
        runs[context.id] += 1  # type: ignore[attr-defined]
        if len(runs) == ITEMS // 2:
            half.set()
        await asyncio.sleep(0.005)

    port = urlsplit(place.address).port
    assert port is not None
    async with Wire(port) as wire:
        queue = await open_queue(wire.url, place.name)
        reader = Reader(queue, callable_application(work), draining(concurrency=CONCURRENCY, batch=20))
        running = asyncio.create_task(reader.run())
        for _ in range(2):
            await half.wait()
            if how == "cut":
                await wire.cut()
            else:
                wire.silence()
            await asyncio.sleep(0.2)
            await wire.mend()
        counters = await asyncio.wait_for(running, 30)
        await queue.aclose()
    stats = await settled(direct)
    assert runs == Counter(ids)
    assert (counters.completed, counters.late_results, counters.leases_lost) == (ITEMS, 0, 0)
    assert (stats.completed_total, stats.expired_total) == (ITEMS, 0)
    await place.close()
