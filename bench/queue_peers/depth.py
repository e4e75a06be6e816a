"""Headrace's queue with few and with many items in it: the same flow of items through both, side by side.

The queue is filled to `--depth`; then a worker reads while the client keeps it filled, so that it stays that
deep. Memory is looked at in the client (which fills it) and in the worker.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from array import array
from contextlib import ExitStack
from pathlib import Path

import uvloop

from bench import workload
from bench.queue_peers import work
from bench.queue_peers.drive import BULK_PER_CALL, Workers, rates, resident_mib
from bench.queue_peers.on_headrace import QUEUE, headrace_worker
from bench.queue_peers.server import private_redis
from bench.tree import Meter, stop_descendants
from headrace.queue.open import open_queue
from headrace.queue.port import Put, WorkQueue

REFILL = 500
LOOK_SECONDS = 0.002


async def fill(queue: WorkQueue, first: int, count: int) -> int:
    """Enqueue items `first` to `first + count`; return the next number."""
    for start in range(first, first + count, BULK_PER_CALL):
        numbers = range(start, min(start + BULK_PER_CALL, first + count))
        await queue.enqueue_many([Put(payload=work.item(number).encode()) for number in numbers])
    return first + count


async def flow(queue: WorkQueue, workers: Workers, depth: int, first: int, count: int) -> int:
    """Keep the queue `depth` items deep until `count` more are done; return the next number."""
    done_before = (await queue.stats()).completed_total
    while True:
        stats = await queue.stats()
        if stats.completed_total - done_before >= count:
            return first
        workers.check()
        if (missing := depth - stats.ready) >= min(REFILL, depth // 2):
            first = await fill(queue, first, missing)
        else:
            await asyncio.sleep(LOOK_SECONDS)


async def main(chosen: workload.argparse.Namespace, place: str, folder: Path) -> workload.Outcome:
    """Fill, flow, count."""
    queue = await open_queue(place, QUEUE)
    await fill(queue, 0, REFILL)  # connections and code are there now
    client_before = resident_mib(os.getpid(), "VmRSS")
    meter = Meter()
    meter.start()
    number = await fill(queue, REFILL, chosen.depth - REFILL)
    filling = rates(meter.stop(), max(1, chosen.depth - REFILL))
    client_filled = resident_mib(os.getpid(), "VmRSS")

    workers = Workers.start(headrace_worker(place, "answer", "--inline"), 1, folder)
    number = await flow(queue, workers, chosen.depth, number, chosen.warmup)
    meter = Meter()
    meter.start()
    before = (await queue.stats()).completed_total
    number = await flow(queue, workers, chosen.depth, number, chosen.executions)
    usage, measured = meter.stop(), (await queue.stats()).completed_total - before
    notes = {
        "fill": filling,
        "flow": rates(usage, measured),
        "client_mib": [client_before, client_filled, resident_mib(os.getpid(), "VmRSS")],
        "worker_mib": workers.resident_mib(),
    }
    workers.stop()
    stats = await queue.stats()
    if stats.ready != number - stats.completed_total or stats.leased:
        raise SystemExit(f"{number} items were enqueued, and the queue says: {stats}")
    await queue.aclose()
    return workload.Outcome(measured, usage, workload.percentiles_ms(array("d")), notes=notes)


def start() -> None:
    """Provide the backend, then take the turn."""
    chosen = workload.options(backend="redis", depth=1000)
    with ExitStack() as stack:
        stack.callback(stop_descendants)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        on_file = chosen.backend == "sqlite"
        place = str(folder / "queue.db") if on_file else stack.enter_context(private_redis(folder))
        outcome = uvloop.run(main(chosen, place, folder))
    outcome.print()


if __name__ == "__main__":
    start()
