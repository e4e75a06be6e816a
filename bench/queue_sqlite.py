"""The work queue on SQLite: rates, CPU and wake-up latency. `python -m bench.queue_sqlite [--quick]`.

Each figure is the median of several turns, CPU (of the whole process, writer thread included) beside wall.
Items of 200 bytes, results kept, files on the disk of the working directory.
"""

from __future__ import annotations

import asyncio
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from headrace.queue.port import Done, Put, QueueOptions
from headrace.queue.sqlite import SqliteQueue
from headrace.queue.sqlite.connect import Durability

PAYLOAD = os.urandom(200)
LEASE_SECONDS = 600.0
DURABILITIES: tuple[Durability, ...] = ("full", "normal")


class Turn(msgspec.Struct):
    items: int
    wall_seconds: float
    cpu_seconds: float


async def timed(items: int, work: Callable[[], Awaitable[None]]) -> Turn:
    wall, cpu = time.perf_counter(), time.process_time()
    await work()
    return Turn(items, time.perf_counter() - wall, time.process_time() - cpu)


def show(label: str, turns: list[Turn]) -> None:
    """Print medians."""
    wall = statistics.median(turn.wall_seconds / turn.items for turn in turns)
    cpu = statistics.median(turn.cpu_seconds / turn.items for turn in turns)
    rates = sorted(turn.items / turn.wall_seconds for turn in turns)
    print(
        f"{label:<46} {1 / wall:>10,.0f}/s {wall * 1e6:>9.1f} us wall {cpu * 1e6:>8.1f} us CPU   "
        f"({rates[0]:,.0f} to {rates[-1]:,.0f})",
        flush=True,
    )


async def put_one_by_one(queue: SqliteQueue, count: int) -> None:
    for _ in range(count):
        await queue.enqueue(Put(payload=PAYLOAD))


async def put_many(queue: SqliteQueue, count: int, batch: int = 1000) -> None:
    for _ in range(count // batch):
        await queue.enqueue_many([Put(payload=PAYLOAD) for _ in range(batch)])


async def put_side_by_side(queue: SqliteQueue, count: int, callers: int = 100) -> None:
    await asyncio.gather(*(put_one_by_one(queue, count // callers) for _ in range(callers)))


async def cycle(queue: SqliteQueue, count: int, batch: int) -> None:
    """Lease and complete `count` items, `batch` in a round trip."""
    leased = await queue.lease(batch, LEASE_SECONDS, worker="bench")
    left = count
    while leased:
        left -= len(leased)
        done = [Done(item.id, item.token, b"null") for item in leased]
        _, leased = await queue.complete_and_lease(done, min(batch, left), LEASE_SECONDS, worker="bench")


async def rates(path: Path, durability: Durability, turns: int) -> None:
    print(f"\nsynchronous={durability}")
    queue = await SqliteQueue.open(path / f"{durability}.db", "bench", durability=durability)
    singles, many = 500, 20_000
    results: dict[str, list[Turn]] = {}
    for _ in range(turns):
        for label, count, work in (
            ("put, one by one", singles, put_one_by_one(queue, singles)),
            ("lease + complete, one by one", singles, cycle(queue, singles, 1)),
            ("put, 100 callers at a time", many // 4, put_side_by_side(queue, many // 4)),
            ("lease + complete, batches of 10", many // 4, cycle(queue, many // 4, 10)),
            ("put_many, 1,000 at a time", many, put_many(queue, many)),
            ("lease + complete, batches of 100", many, cycle(queue, many, 100)),
        ):
            results.setdefault(label, []).append(await timed(count, lambda work=work: work))  # type: ignore[misc]
    for label, turns_ in results.items():
        show(label, turns_)
    await queue.aclose()


async def depth(path: Path, small: int, large: int, turns: int) -> None:
    """The same work with few and with many items queued, turn about."""
    print("\ndepth (synchronous=normal, batches of 100)")
    queues = {
        count: await SqliteQueue.open(path / f"depth{count}.db", "bench", durability="normal")
        for count in (small, large)
    }
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for count, queue in queues.items():
        show(f"fill to {count:,}", [await timed(count, lambda q=queue, c=count: put_many(q, c))])  # type: ignore[misc]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(f"memory grown while filling: {grown:.0f} MiB")
    step = 20_000
    for label, work in (("put_many", put_many), ("lease + complete", lambda q, c: cycle(q, c, 100))):
        results: dict[int, list[Turn]] = {count: [] for count in queues}
        for _ in range(turns):
            for count, queue in queues.items():
                if label != "put_many":
                    await put_many(queue, step)
                results[count].append(await timed(step, lambda q=queue, w=work: w(q, step)))  # type: ignore[misc]
                if label == "put_many":
                    await cycle(queue, step, 100)
        for count in queues:
            show(f"{label}, {count:,} queued", results[count])
        paired = [
            a.wall_seconds / b.wall_seconds for a, b in zip(results[small], results[large], strict=True)
        ]
        print(f"{label}: {statistics.median(paired):.2f} of the rate, pair by pair")
    for queue in queues.values():
        await queue.aclose()


async def latency(path: Path, rounds: int, durability: Durability, *, other_process: bool) -> None:
    """From before `enqueue` to the item in the hands of an idle reader."""
    file = path / f"latency-{durability}.db"
    queue = await SqliteQueue.open(file, "bench", durability=durability)
    sender = None
    if other_process:
        sender = subprocess.Popen(
            [sys.executable, "-m", "bench.queue_sqlite", "--send", file, str(rounds), durability]
        )
    took = []
    for _ in range(rounds):
        waiting = asyncio.create_task(queue.lease(1, LEASE_SECONDS, wait_seconds=30.0))
        if not other_process:
            await asyncio.sleep(0.01)
            await queue.enqueue(Put(payload=str(time.time()).encode()))
        (leased,) = await waiting
        took.append(time.time() - float(leased.payload))
        await queue.complete([Done(leased.id, leased.token)])
    if sender is not None:
        sender.wait()
    took.sort()
    where = "another process" if other_process else "the same process"
    print(
        f"wake-up, synchronous={durability}, put by {where}: p50 {took[len(took) // 2] * 1000:.2f} ms, "
        f"p99 {took[len(took) * 99 // 100] * 1000:.2f} ms, max {took[-1] * 1000:.2f} ms"
    )
    if other_process:
        cpu, wall = time.process_time(), time.perf_counter()
        await queue.lease(1, LEASE_SECONDS, wait_seconds=3.0)
        share = (time.process_time() - cpu) / (time.perf_counter() - wall)
        print(f"CPU of an idle reader: {share:.2%}")
    await queue.aclose()


async def send(path: str, rounds: int, durability: Durability) -> None:
    queue = await SqliteQueue.open(path, "bench", durability=durability)
    for _ in range(rounds):
        await asyncio.sleep(0.02)
        await queue.enqueue(Put(payload=str(time.time()).encode()))
    await queue.aclose()


async def expiry(path: Path) -> None:
    """How long after the end of a lease an item is back on a queue where nothing happens."""
    queue = await SqliteQueue.open(path / "expiry.db", "bench", options=QueueOptions(max_attempts=100))
    await queue.enqueue(Put(payload=b""))
    late = []
    for number in range(8):
        (leased,) = await queue.lease(1, 0.3 + number * 0.07, wait_seconds=5.0)
        while (await queue.stats()).ready == 0:
            await asyncio.sleep(0.005)
        late.append(time.time() - leased.expires_at)
    middle, longest = statistics.median(late), max(late)
    print(f"back on an idle queue: median {middle:.2f} s after the lease, longest {longest:.2f} s")
    await queue.aclose()


async def drain(path: str, batch: int, durability: Durability) -> None:
    queue = await SqliteQueue.open(path, "bench", durability=durability)
    await cycle(queue, 10**9, batch)
    await queue.aclose()


async def processes(path: Path, count: int, items: int, durability: Durability) -> None:
    file = path / f"processes{count}.db"
    queue = await SqliteQueue.open(file, "bench", durability=durability)
    await put_many(queue, items)
    command = [sys.executable, "-m", "bench.queue_sqlite", "--drain", file, durability]
    readers = [subprocess.Popen(command) for _ in range(count)]
    # From when all of them are at work.
    while (await queue.stats()).completed_total < items // 10:
        await asyncio.sleep(0.005)
    start, before = time.perf_counter(), (await queue.stats()).completed_total
    while not (stats := await queue.stats()).drained:
        await asyncio.sleep(0.005)
    rate = (stats.completed_total - before) / (time.perf_counter() - start)
    for reader in readers:
        reader.wait()
    print(f"{count} processes draining, batches of 100, synchronous={durability}: {rate:,.0f}/s")
    await queue.aclose()


async def run(quick: bool) -> None:
    turns = 3 if quick else 7
    with tempfile.TemporaryDirectory(dir=".", prefix="bench-queue-") as directory:
        path = Path(directory)
        for durability in DURABILITIES:
            await rates(path, durability, turns)
        print()
        for durability in DURABILITIES:
            await latency(path, 100 if quick else 300, durability, other_process=False)
            await latency(path, 100 if quick else 300, durability, other_process=True)
        await expiry(path)
        for count in (1, 2, 4):
            await processes(path, count, 60_000, "full")
        await depth(path, 1_000, 100_000 if quick else 1_000_000, turns)


def main() -> None:
    arguments = sys.argv[1:]
    if arguments[:1] == ["--send"]:
        asyncio.run(send(arguments[1], int(arguments[2]), "normal" if arguments[3] == "normal" else "full"))
    elif arguments[:1] == ["--drain"]:
        asyncio.run(drain(arguments[1], 100, "normal" if arguments[2] == "normal" else "full"))
    else:
        asyncio.run(run("--quick" in arguments))


if __name__ == "__main__":
    main()
