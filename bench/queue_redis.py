"""Items per second of a work queue on Redis, and the CPU that each costs: ours and the server's.

Starts a server of its own (no persistence). Run it with `python -m bench.queue_redis`; `--items 1000000`
is the size of the long queue, `--turns 3` how often each is measured (the median is told).
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import redis
from rich.console import Console
from rich.table import Table

from headrace.queue.port import Done, Leased, Put
from headrace.queue.redis import RedisQueue

PAYLOAD = b"x" * 200
RESULT = b"done"
LEASE_SECONDS = 60.0


@dataclass
class Turn:
    """One measurement: items (or calls), and the seconds that they took."""

    items: int
    wall: float
    client_cpu: float
    server_cpu: float


class Server:
    """A private Redis server on a free port."""

    def __init__(self, program: str, directory: str) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port: int = listener.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._process = subprocess.Popen(
            [
                *(program, "--port", str(self.port), "--bind", "127.0.0.1", "--dir", directory),
                *("--save", "", "--appendonly", "no"),
            ],
            stdout=subprocess.DEVNULL,
        )
        self.client = redis.Redis(port=self.port)
        for _ in range(300):
            try:
                self.client.ping()
                return
            except redis.ConnectionError:
                time.sleep(0.05)
        raise SystemExit("the Redis server did not start")

    def cpu(self) -> float:
        info = self.client.info("cpu")
        return float(info["used_cpu_user"]) + float(info["used_cpu_sys"])

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait()


@contextmanager
def server() -> Iterator[Server]:
    """Run a server for the time of the block."""
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    if program is None:
        raise SystemExit("redis-server (or valkey-server) is not installed")
    with tempfile.TemporaryDirectory(prefix="headrace-bench-") as directory:
        running = Server(program, directory)
        try:
            yield running
        finally:
            running.stop()


def client_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def measure(running: Server, work: Callable[[], Awaitable[int]]) -> Turn:
    """Run `work`, which returns how many items it did."""
    cpu, server_cpu, started = client_cpu(), running.cpu(), time.perf_counter()
    items = await work()
    wall = time.perf_counter() - started
    return Turn(items, wall, client_cpu() - cpu, running.cpu() - server_cpu)


@asynccontextmanager
async def queue_of(running: Server, items: int = 0) -> AsyncIterator[RedisQueue]:
    """Open an empty queue, or one with `items` ready."""
    running.client.flushall()
    queue = await RedisQueue.connect(running.url, "bench")
    try:
        await fill(queue, items)
        yield queue
    finally:
        await queue.aclose()


async def fill(queue: RedisQueue, items: int) -> int:
    puts = [Put(payload=PAYLOAD)] * 1000
    for _ in range(items // 1000):
        await queue.enqueue_many(puts)
    if items % 1000:
        await queue.enqueue_many(puts[: items % 1000])
    return items


async def put_one_by_one(queue: RedisQueue, items: int) -> int:
    for _ in range(items):
        await queue.enqueue(Put(payload=PAYLOAD))
    return items


async def put_at_once(queue: RedisQueue, items: int) -> int:
    async def producer() -> None:
        await put_one_by_one(queue, items // 16)

    await asyncio.gather(*(producer() for _ in range(16)))
    return items // 16 * 16


async def take(queue: RedisQueue, items: int, batch: int) -> int:
    """Complete a batch and lease the next one in one call, until `items` are done."""
    done: list[Done] = []
    count = 0
    leased: list[Leased] = await queue.lease(batch, LEASE_SECONDS, worker="bench")
    while leased:
        count += len(leased)
        done = [Done(item.id, item.token, RESULT) for item in leased]
        if count >= items:
            await queue.complete(done)
            break
        _, leased = await queue.complete_and_lease(done, batch, LEASE_SECONDS, worker="bench")
    return count


async def take_in_two_calls(queue: RedisQueue, items: int, batch: int) -> int:
    count = 0
    while count < items and (leased := await queue.lease(batch, LEASE_SECONDS, worker="bench")):
        count += len(leased)
        await queue.complete([Done(item.id, item.token, RESULT) for item in leased])
    return count


async def wake_latencies(running: Server, times: int) -> list[float]:
    """Return the milliseconds from before an item is put until the waiting reader has it."""
    latencies = []
    async with queue_of(running) as producer:
        reader = await RedisQueue.connect(running.url, "bench")
        for _ in range(times):
            waiting = asyncio.create_task(reader.lease(1, LEASE_SECONDS, wait_seconds=30.0))
            await asyncio.sleep(0.02)
            started = time.perf_counter()
            await producer.enqueue(Put(payload=PAYLOAD))
            (item,) = await waiting
            latencies.append((time.perf_counter() - started) * 1000)
            await reader.complete([Done(item.id, item.token)])
        await reader.aclose()
    return latencies


async def run(turns: int, long: int) -> None:
    table = Table(title="Work queue on Redis: 200-byte items, results kept, one client process (medians)")
    for column in ("what", "items/s", "client CPU µs", "Redis CPU µs"):
        table.add_column(column, justify="left" if column == "what" else "right")

    def show(name: str, measured: list[Turn]) -> None:
        table.add_row(
            name,
            f"{statistics.median(turn.items / turn.wall for turn in measured):,.0f}",
            f"{statistics.median(turn.client_cpu / turn.items for turn in measured) * 1e6:.1f}",
            f"{statistics.median(turn.server_cpu / turn.items for turn in measured) * 1e6:.1f}",
        )

    # name, items ready before, what is done
    cases: list[tuple[str, int, Callable[[RedisQueue], Awaitable[int]]]] = [
        ("enqueue, one by one", 0, lambda queue: put_one_by_one(queue, 5_000)),
        ("enqueue, 16 at once", 0, lambda queue: put_at_once(queue, 8_000)),
        ("enqueue_many, 1,000 each", 0, lambda queue: fill(queue, 100_000)),
        ("complete_and_lease, 100 each", 50_000, lambda queue: take(queue, 50_000, 100)),
        ("lease, complete, 100 each", 50_000, lambda queue: take_in_two_calls(queue, 50_000, 100)),
        ("complete_and_lease, one by one", 5_000, lambda queue: take(queue, 5_000, 1)),
        ("lease, complete, one by one", 5_000, lambda queue: take_in_two_calls(queue, 5_000, 1)),
    ]
    with server() as running:
        measured: dict[str, list[Turn]] = {name: [] for name, _, _ in cases}
        for _ in range(turns):
            for name, ready, work in cases:
                async with queue_of(running, ready) as queue:
                    measured[name].append(await measure(running, lambda work=work, queue=queue: work(queue)))  # type: ignore[misc]
        for name, results in measured.items():
            show(name, results)

        by_length: dict[str, list[Turn]] = {}
        async with queue_of(running, long - 10_000) as long_queue:
            short_queue = await RedisQueue.connect(running.url, "short")
            await fill(short_queue, 1_000)
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            # Turn by turn, so that what else the machine does hits both.
            for _ in range(turns * 20):
                for queued, queue in ((1_000, short_queue), (long, long_queue)):
                    for name, work in (
                        ("put", lambda queue=queue: fill(queue, 5_000)),
                        ("take", lambda queue=queue: take(queue, 5_000, 100)),
                    ):
                        turn = await measure(running, work)
                        by_length.setdefault(f"{name}, {queued:,} queued", []).append(turn)
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
            await short_queue.aclose()
        for name in sorted(by_length):
            show(name, by_length[name])
        latencies = sorted(await wake_latencies(running, 100))
    console = Console(width=110)
    console.print(table)
    console.print(
        f"an idle reader has a new item after {statistics.median(latencies):.1f} ms (p50), "
        f"{latencies[int(len(latencies) * 0.95)]:.1f} ms (p95); "
        f"the client's memory grew by {grown / 1024:.1f} MiB over {turns * 200_000:,} items beside "
        f"{long:,} queued"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=1_000_000)
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.turns, arguments.items))


if __name__ == "__main__":
    main()
