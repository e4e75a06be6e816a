"""`kill -9` of readers in the middle of their work: nothing is lost, and little is done twice."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from headrace.queue.port import WorkQueue
from integration.worker.place import Place, eventually, fill, settled
from integration.worker.processes import Readers

LEASE_SECONDS = 2.0
CONCURRENCY = 2
BATCH = 20
LOOKED_AT = 200


@pytest.fixture
def readers(place: Place, tmp_path: Path) -> Iterator[Readers]:
    readers = Readers(place, tmp_path)
    yield readers
    readers.close()


async def test_killed_at_random(place: Place, readers: Readers) -> None:
    """100 items of 0.2 s, four at a time, in two processes of which one is killed now and then.

    What is completed twice had ended in a reader that was killed before it could tell the queue: each such
    completion is known by name, and there are no more of them than a reader works on at once.
    """
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    queue = await place.open()
    ids = await fill(queue, [b"0.2"] * 100)
    options = ("--lease", str(LEASE_SECONDS), "--concurrency", str(CONCURRENCY))
    for _ in range(2):
        readers.start(*options)
    kills = 0
    unflushed: list[str] = []

    async def going() -> bool:
        return len(readers.noted("end")) >= 8

    await eventually(going, "the beginning")
    while kills < 4:
        await asyncio.sleep(chance.uniform(0.2, 0.9))
        victim = chance.choice(readers.running)
        readers.kill(victim)
        lost = await untold(queue, readers, victim.pid)
        assert len(lost) <= CONCURRENCY
        unflushed += lost
        kills += 1
        readers.start(*options)
    stats = await settled(queue)
    assert (stats.completed_total, stats.dead) == (100, 0)
    ended = Counter(readers.noted("end"))
    assert set(ended) == set(ids)
    assert ended - Counter(ids) <= Counter(unflushed)
    for process in list(readers.running):
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0, process.communicate()


async def test_killed_among_quick_items(place: Place, readers: Readers) -> None:
    """Completions of quick items gather: what is lost with a reader is what it had in hand, at most."""
    queue = await place.open()
    count = 30_000
    ids = await fill(queue, [b"0"] * count)
    unflushed: list[str] = []
    for kill in range(1, 4):
        process = readers.start("--inline", "--lease", str(LEASE_SECONDS), "--batch", str(BATCH))

        async def going(least: int = kill * count // 10) -> bool:
            return (await queue.stats()).completed_total >= least

        await eventually(going, "some of the work")
        readers.kill(process)
        lost = await untold(queue, readers, process.pid)
        assert len(lost) <= 1 + 2 * BATCH  # the concurrency, and two batches ahead
        unflushed += lost
    readers.start("--inline", "--lease", str(LEASE_SECONDS))
    stats = await settled(queue)
    assert (stats.completed_total, stats.dead) == (count, 0)
    assert Counter(readers.noted("end")) - Counter(ids) <= Counter(unflushed)


async def untold(queue: WorkQueue, readers: Readers, pid: int) -> list[str]:
    """Return the items that a reader, now dead, had ended without the queue's having been told."""
    ended = readers.noted("end", pid)[-LOOKED_AT:]  # it tells them in their order
    records = [await queue.inspect(item_id) for item_id in ended]
    return [
        item_id
        for item_id, record in zip(ended, records, strict=True)
        if record is None or record.state != "completed"
    ]


async def test_items_of_a_killed_reader_are_back_on_an_idle_queue(place: Place, readers: Readers) -> None:
    """With no new item and nobody who adds one.

    How soon after the end of the lease, on a clock that stands still, is held by the contract
    (`test_expired_lease_comes_back_on_an_idle_queue`).
    """
    queue = await place.open()
    ids = await fill(queue, [b"60"] * 4)
    process = readers.start("--lease", str(LEASE_SECONDS), "--concurrency", "4")

    async def begun() -> bool:
        return len(readers.noted("begin")) == 4

    await eventually(begun, "four begins")
    await asyncio.sleep(LEASE_SECONDS * 0.6)  # so that leases were renewed at least once
    readers.kill(process)
    back = []
    while len(back) < 4:
        leased = await queue.lease(4, 30, wait_seconds=30)
        assert leased, f"{len(back)} of 4 items are back"
        back += leased
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
