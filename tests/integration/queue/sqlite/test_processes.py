"""Many processes on one file: nothing lost, nothing twice, nobody starved; killed at any instant."""

from __future__ import annotations

import asyncio
import random
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from headrace.queue.port import Put, QueueOptions
from headrace.queue.sqlite import SqliteQueue
from integration.queue.sqlite.inspect_file import check_file

HERE = Path(__file__).parent
PATIENCE_SECONDS = 120.0


async def start(script: str, *arguments: object) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, HERE / script, *map(str, arguments), stdout=PIPE
    )


async def printed(process: Process) -> list[str]:
    output, _ = await process.communicate()
    return output.decode().split()


async def test_processes_share_nothing(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    queue = await SqliteQueue.open(path, "work", durability="normal")
    made = await queue.enqueue_many([Put(payload=b"x") for _ in range(400)])
    readers = [await start("reader.py", path, 600.0, 5, 0.002) for _ in range(4)]
    async with asyncio.timeout(PATIENCE_SECONDS):
        done = [await printed(reader) for reader in readers]
    assert sorted(item for ids in done for item in ids) == sorted(answer.id for answer in made)
    # Nobody was starved.
    assert all(done)
    await queue.aclose()
    check_file(path)


async def test_readers_killed_at_random(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    seed = random.randrange(1_000_000)
    print("seed", seed)
    chance = random.Random(seed)
    queue = await SqliteQueue.open(path, "work", durability="normal", options=QueueOptions(max_attempts=1000))
    made = await queue.enqueue_many([Put(payload=b"x") for _ in range(60)])
    readers = [await start("reader.py", path, 0.5, 2, 0.05) for _ in range(4)]
    done: list[str] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        for _ in range(6):
            await asyncio.sleep(chance.uniform(0.1, 0.4))
            victim = readers.pop(chance.randrange(len(readers)))
            if victim.returncode is None:
                victim.send_signal(signal.SIGKILL)
            done += await printed(victim)
            readers.append(await start("reader.py", path, 0.5, 2, 0.05))
        for reader in readers:
            done += await printed(reader)
    stats = await queue.stats()
    assert (stats.completed_total, stats.dead, stats.drained) == (60, 0, True)
    # A completion is taken once, however often an item was delivered.
    assert len(done) == len(set(done))
    assert set(done) <= {answer.id for answer in made}
    # Who died between the commit and the line is not among them.
    assert len(done) >= 60 - 6
    await queue.aclose()
    check_file(path)


async def test_writers_killed_lose_nothing_they_were_promised(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    promised: set[str] = set()
    for _ in range(3):
        writers = [await start("writer.py", path) for _ in range(2)]
        for writer in writers:
            assert writer.stdout is not None
            promised.update((await writer.stdout.readline()).decode().split())
        await asyncio.sleep(0.3)
        for writer in writers:
            writer.kill()
            # A line that was cut in the middle promises nothing.
            *lines, _ = (await writer.communicate())[0].decode().split("\n")
            promised.update(item for line in lines for item in line.split())
    assert promised
    queue = await SqliteQueue.open(path, "work", durability="normal")
    found = set()
    while leased := await queue.lease(1000, 600.0):
        found.update(item.id for item in leased)
        assert {len(item.payload) for item in leased} <= {1, 100, 5000}
    assert promised <= found
    await queue.aclose()
    check_file(path)
