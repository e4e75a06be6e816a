"""`kill -9` of readers in the middle of their work: nothing is lost, and little is done twice."""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.worker.place import Place, eventually, fill, settled
from integration.worker.processes import Readers

LEASE_SECONDS = 2.0
CONCURRENCY = 2


@pytest.fixture
def readers(place: Place, tmp_path: Path) -> Iterator[Readers]:
    readers = Readers(place, tmp_path)
    yield readers
    readers.close()


async def test_killed_at_random(place: Place, readers: Readers) -> None:
    """100 items of 0.2 s, four at a time, in two processes of which one is killed now and then."""
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    queue = await place.open()
    ids = await fill(queue, [b"0.2"] * 100)
    options = ("--lease", str(LEASE_SECONDS), "--concurrency", str(CONCURRENCY))
    for _ in range(2):
        readers.start(*options)
    kills = 0

    async def going() -> bool:
        return len(readers.noted("end")) >= 8

    await eventually(going, "the beginning")
    while kills < 4:
        await asyncio.sleep(chance.uniform(0.2, 0.9))
        readers.kill(chance.choice(readers.running))
        kills += 1
        readers.start(*options)
    stats = await settled(queue)
    assert (stats.completed_total, stats.dead) == (100, 0)
    ended = Counter(readers.noted("end"))
    assert set(ended) == set(ids)
    # Done and not yet told: what a killed reader had finished within the flush, at most what it runs at once.
    assert sum(ended.values()) - 100 <= kills * CONCURRENCY
    for process in list(readers.running):
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, process.communicate()


async def test_items_of_a_killed_reader_are_back_on_an_idle_queue(place: Place, readers: Readers) -> None:
    """Within the lease and a second, with no new item and nobody who adds one."""
    queue = await place.open()
    ids = await fill(queue, [b"60"] * 4)
    process = readers.start("--lease", str(LEASE_SECONDS), "--concurrency", "4")

    async def begun() -> bool:
        return len(readers.noted("begin")) == 4

    await eventually(begun, "four begins")
    await asyncio.sleep(LEASE_SECONDS * 0.6)  # so that leases were renewed at least once
    readers.kill(process)
    killed_at = time.monotonic()
    back = []
    while len(back) < 4:
        back += await queue.lease(4, 30, wait_seconds=10)
        assert time.monotonic() - killed_at < LEASE_SECONDS + 1.0
    assert sorted(item.id for item in back) == sorted(ids)
    assert all(item.attempt == 2 for item in back)


async def test_an_item_that_kills_its_reader_is_set_aside(place: Place, tmp_path: Path) -> None:
    """Its attempts are counted though nobody reports them; the items around it are completed."""
    from headrace.queue.port import QueueOptions

    readers = Readers(place, tmp_path)
    (tmp_path / "application.py").write_text(
        "import os\n\ndef nap(item):\n    if item == 'poison':\n        os.kill(os.getpid(), 9)\n"
    )
    queue = await place.open(QueueOptions(max_attempts=2))
    await fill(queue, [b"good"] * 5 + [b"poison"] + [b"good"] * 5)
    try:
        for _ in range(6):
            process = readers.start("--drain", "--lease", "1", "--batch", "1")
            code = await asyncio.to_thread(process.wait, 30)
            process.communicate()
            if code == 0:
                break
            assert code == -signal.SIGKILL
    finally:
        readers.close()
    stats = await queue.stats()
    [letter] = await queue.dead_letters()
    assert (letter.payload, letter.reason, stats.completed_total) == (b"poison", "expired", 10)


async def test_sigterm_of_a_process(place: Place, readers: Readers) -> None:
    """It finishes what it works on; items that it did not begin are with the queue at once."""
    queue = await place.open()
    await fill(queue, [b"1.0"] * 6)
    process = readers.start("--concurrency", "2", "--lease", "30", "--drain")

    async def begun() -> bool:
        return len(readers.noted("begin")) == 2

    await eventually(begun, "two begins")
    process.send_signal(signal.SIGTERM)
    code = await asyncio.to_thread(process.wait, 20)
    _, told = process.communicate()
    readers.running.remove(process)
    assert code == 4, told  # stopped before the queue was drained
    assert "2 completed" in told
    stats = await queue.stats()
    assert (stats.completed_total, stats.ready, stats.leased) == (2, 4, 0)
