"""The SQLite store under the hot shape: an execution of three calls one after the other, four commits.

Run by `python -m bench.store_bench [--filled 100000] [--executions 3000] [--rounds 5]`. Rounds on an empty
and on a filled store alternate, so that what else the machine does hits both; medians are printed. A raw
`fdatasync` of the same directory is the limit that latency is compared with.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path

import msgspec
import uvloop

from headrace.store.port import ExecutionRow, TaskRun, Transition
from headrace.store.sqlite import SqliteStore

CALLERS = 100
COMMITS = 4  # of one execution
PAYLOAD = b'{"order": {"id": "A-1001", "total": 1250, "tier": "gold"}, "items": [1, 2, 3, 4, 5, 6, 7, 8]}'
STATE = b'{"frames": [' + b'{"pointer": "/do/0/charge", "run": 1, "input": {"total": 1250}}, ' * 4 + b"null]}"


class Figures(msgspec.Struct):
    commits_per_second: float
    cpu_seconds_per_thousand: float  # executions
    cpu_us_per_commit: float


def execution_id(number: int) -> str:
    """Return an id that sorts by time, as the engine's do."""
    return f"01J{number:023d}"


async def hot_shape(store: SqliteStore, number: int) -> None:
    """Run one execution of three tasks through the store."""
    identity = execution_id(number)
    now = time.time()
    create = ExecutionRow(
        id=identity,
        namespace="default",
        name=f"flow-{number % 10}",
        workflow_version="1.0.0",
        definition_digest="sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        status="running",
        created_at=now,
        started_at=now,
        trigger="http",
        input=PAYLOAD,
    )
    await store.commit(
        Transition(execution_id=identity, expected_version=0, create=create, state=STATE, in_flight=True)
    )
    for step in (1, 2, 3):
        run = TaskRun(
            execution_id=identity,
            run_id=step,
            parent_id=0,
            pointer=f"/do/{step}/charge",
            name="charge",
            kind="call",
            status="completed",
            started_sequence=2 * step,
            ended_sequence=2 * step + 1,
            started_at=now,
            ended_at=now,
            input=PAYLOAD,
            output=PAYLOAD,
        )
        last = step == 3
        await store.commit(
            Transition(
                execution_id=identity,
                expected_version=step,
                state=None if last else STATE,
                in_flight=not last,
                runs=[run],
                status="completed" if last else None,
                ended_at=now if last else None,
                output=PAYLOAD if last else None,
            )
        )


async def run_shapes(store: SqliteStore, first: int, count: int, callers: int) -> None:
    """Run `count` executions, numbered from `first`, by so many callers at a time."""
    numbers = iter(range(first, first + count))

    async def caller() -> None:
        for number in numbers:
            await hot_shape(store, number)

    await asyncio.gather(*(caller() for _ in range(callers)))


async def measure(store: SqliteStore, first: int, count: int, callers: int = CALLERS) -> Figures:
    started, cpu = time.perf_counter(), time.process_time()
    await run_shapes(store, first, count, callers)
    wall, cpu = time.perf_counter() - started, time.process_time() - cpu
    return Figures(count * COMMITS / wall, cpu / count * 1000, cpu / count / COMMITS * 1e6)


async def commit_latencies(store: SqliteStore, first: int, count: int) -> list[float]:
    """Return the seconds of single commits, one after the other on a store that has nothing else to do."""
    latencies = []
    for number in range(first, first + count):
        identity = execution_id(number)
        create = ExecutionRow(
            id=identity, namespace="default", name="single", workflow_version="1.0.0",
            definition_digest="sha256:0", status="running", created_at=0.0, input=PAYLOAD,
        )  # fmt: skip
        transition = Transition(execution_id=identity, expected_version=0, create=create, state=STATE)
        started = time.perf_counter()
        await store.commit(transition)
        latencies.append(time.perf_counter() - started)
    return latencies


def sync_latencies(directory: Path, count: int) -> list[float]:
    """Return the seconds that `fdatasync` after appending one page takes."""
    latencies = []
    file = os.open(directory / "sync", os.O_CREAT | os.O_WRONLY)
    for number in range(count):
        os.pwrite(file, b"x" * 8192, number * 8192)
        started = time.perf_counter()
        os.fdatasync(file)
        latencies.append(time.perf_counter() - started)
    os.close(file)
    return latencies


def peak_memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def report(name: str, rounds: list[Figures]) -> float:
    median: dict[str, float] = {
        field: statistics.median(getattr(figures, field) for figures in rounds)
        for field in Figures.__struct_fields__
    }
    print(
        f"{name:28} {median['commits_per_second']:9.0f} commits/s "
        f"{median['cpu_seconds_per_thousand']:7.3f} CPU-s per 1,000 executions "
        f"{median['cpu_us_per_commit']:6.1f} us CPU per commit"
    )
    return median["cpu_us_per_commit"]


async def run(filled: int, executions: int, rounds: int, directory: Path) -> None:
    empty_store = await SqliteStore.open(directory / "empty.db")
    print(f"memory of a new store: {peak_memory_mb():.0f} MB at most")

    ours = sorted(await commit_latencies(empty_store, 900_000_000, 1000))
    limit = sorted(sync_latencies(directory, 1000))
    for name, values in (("one commit", ours), ("fdatasync", limit)):
        print(f"{name:28} p50 {values[500] * 1e3:6.3f} ms  p99 {values[990] * 1e3:6.3f} ms")

    filled_store = await SqliteStore.open(directory / "filled.db")
    started = time.perf_counter()
    await run_shapes(filled_store, 0, filled, 400)
    seconds = time.perf_counter() - started
    size = (directory / "filled.db").stat().st_size / 1e6
    log = (directory / "filled.db-wal").stat().st_size / 1e6
    print(f"filled with {filled} executions in {seconds:.0f} s: {size:.0f} MB, log {log:.0f} MB")

    await run_shapes(empty_store, 800_000_000, executions, CALLERS)
    figures: dict[str, list[Figures]] = {"empty": [], "filled": [], "one caller": []}
    for turn in range(rounds):
        first = 100_000_000 + turn * executions
        figures["empty"].append(await measure(empty_store, first, executions))
        figures["filled"].append(await measure(filled_store, first, executions))
        first = 200_000_000 + turn * executions
        figures["one caller"].append(await measure(empty_store, first, executions // 20, callers=1))
    empty = report(f"{CALLERS} callers, new store", figures["empty"])
    full = report(f"{CALLERS} callers, {filled} there", figures["filled"])
    report("1 caller, new store", figures["one caller"])
    print(f"a filled store costs {(full / empty - 1) * 100:+.0f} % CPU per commit")
    print(f"memory: {peak_memory_mb():.0f} MB at most")
    await empty_store.close()
    await filled_store.close()


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--filled", type=int, default=100_000, help="finished executions to start from")
    arguments.add_argument("--executions", type=int, default=3_000, help="per round")
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--directory", type=Path, default=Path.cwd(), help="on the disk to measure")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(dir=given.directory, prefix=".store-bench-") as directory:
        uvloop.run(run(given.filled, given.executions, given.rounds, Path(directory)))


if __name__ == "__main__":
    main()
