"""The reader's own cost: how fast it drains a queue for a callable that does nothing, and with what CPU.

Run by `python -m bench.queue_reader [--items 50000] [--turns 5]`. Readers are processes of their own, as
workers are; rows are measured in turns, so that what else the machine does hits all, and medians are told.
CPU is of the readers' whole processes from their first lease to the end, and of the Redis server beside
them. `one by one` is batch 1 and concurrency 1: a round trip for each item.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from rich.console import Console
from rich.table import Table

from bench.queue_redis import server
from headrace.queue.open import open_queue
from headrace.queue.port import Put
from headrace.worker import Reader, ReaderOptions, callable_application

PAYLOAD = b'{"order": "A-1001", "note": "' + b"x" * 168 + b'"}'  # 200 bytes


@dataclass(frozen=True)
class Row:
    """One way to drain: how many processes, how the callable is run, one by one or batched."""

    name: str
    kind: str  # threads | inline | async
    batch: int = 100
    processes: int = 1
    share: float = 1.0  # of the items: slow rows take less


ROWS = (
    Row("batched, threads", "threads"),
    Row("batched, inline", "inline"),
    Row("batched, async def", "async"),
    Row("batched, threads, 2 processes", "threads", processes=2),
    Row("one by one, threads", "threads", batch=1, share=0.1),
    Row("one by one, inline", "inline", batch=1, share=0.1),
)


@dataclass(frozen=True)
class Turn:
    """What one drain took: seconds of wall, and of CPU."""

    items: int
    wall: float
    reader_cpu: float
    server_cpu: float


def nothing(item: Any) -> None:
    """The callable."""


async def nothing_async(item: Any) -> None:
    """The callable, as a coroutine function."""


async def fill(address: str, name: str, count: int) -> None:
    queue = await open_queue(address, name)
    for start in range(0, count, 1000):
        await queue.enqueue_many([Put(payload=PAYLOAD) for _ in range(min(1000, count - start))])
    await queue.aclose()


async def read(address: str, name: str, kind: str, batch: int) -> dict[str, float]:
    """Drain the queue, in a process of our own, once stdin says so; return what it took."""
    queue = await open_queue(address, name)
    target: Callable[[Any], Any] = nothing_async if kind == "async" else nothing
    application = callable_application(target, queue=name, inline=kind == "inline")
    reader = Reader(queue, application, ReaderOptions(drain=True, batch=batch, concurrency=1))
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.readline)
    started, cpu = time.time(), time.process_time()
    counters = await reader.run()
    figures = {
        "items": counters.completed,
        "began": started,
        "ended": time.time(),
        "cpu": time.process_time() - cpu,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    await queue.aclose()
    return figures


def measure(address: str, row: Row, items: int, server_cpu: Callable[[], float]) -> Turn:
    """Fill a new queue and let readers drain it."""
    name = f"bench-{os.urandom(4).hex()}"
    count = int(items * row.share)
    asyncio.run(fill(address, name, count))
    readers = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.queue_reader", "--read", address, name, row.kind, str(row.batch)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(row.processes)
    ]
    for reader in readers:
        assert reader.stdout is not None and reader.stdout.readline() == "ready\n"
    before = server_cpu()
    for reader in readers:
        assert reader.stdin is not None
        reader.stdin.write("go\n")
        reader.stdin.flush()
    told = [json.loads(reader.communicate()[0].splitlines()[-1]) for reader in readers]
    after = server_cpu()
    assert sum(each["items"] for each in told) == count, told
    wall = max(each["ended"] for each in told) - min(each["began"] for each in told)
    return Turn(count, wall, sum(each["cpu"] for each in told), after - before)


def report(console: Console, place: str, turns: dict[str, list[Turn]]) -> None:
    table = Table(title=f"Readers on {place}: medians of {len(next(iter(turns.values())))} turns")
    for heading in ("", "items", "items/s", "wall µs/item", "reader CPU µs/item", "server CPU µs/item"):
        table.add_column(heading, justify="left" if not heading else "right")
    for name, measured in turns.items():

        def middle(value: Callable[[Turn], float], measured: list[Turn] = measured) -> float:
            return statistics.median(value(turn) for turn in measured)

        server = middle(lambda turn: turn.server_cpu / turn.items * 1e6)
        table.add_row(
            name,
            f"{measured[0].items:,}",
            f"{middle(lambda turn: turn.items / turn.wall):,.0f}",
            f"{middle(lambda turn: turn.wall / turn.items * 1e6):,.1f}",
            f"{middle(lambda turn: turn.reader_cpu / turn.items * 1e6):,.1f}",
            f"{server:,.1f}" if server else "in the reader",
        )
    console.print(table)


def drain_all(address: str, items: int, turns: int, server_cpu: Callable[[], float]) -> dict[str, list[Turn]]:
    """Measure every row, turn by turn."""
    measured: dict[str, list[Turn]] = {row.name: [] for row in ROWS}
    for _ in range(turns):
        for row in ROWS:
            measured[row.name].append(measure(address, row, items, server_cpu))
    return measured


def main() -> None:
    """Measure on Redis and on SQLite, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=50_000)
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument(
        "--read", nargs=4, metavar=("ADDRESS", "NAME", "KIND", "BATCH"), help=argparse.SUPPRESS
    )
    options = parser.parse_args()
    if options.read:
        address, name, kind, batch = options.read
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            print(json.dumps(runner.run(read(address, name, kind, int(batch)))))
        return
    console = Console(width=110)
    with server() as redis:
        report(console, "Redis", drain_all(redis.url, options.items, options.turns, redis.cpu))
    with tempfile.TemporaryDirectory(prefix="headrace-bench-") as directory:
        path = str(Path(directory) / "queue.db")
        report(console, "SQLite, durability full", drain_all(path, options.items, options.turns, lambda: 0.0))


if __name__ == "__main__":
    main()
