"""One turn of one queue: enqueue one by one and in bulk, drain by real workers, wake an idle one, check all.

Measured apart: the client while it enqueues, the workers while they drain, and Redis in both. The workers'
figures begin when they have done `--warmup` items and end when all results are stored.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import random
import subprocess
import tempfile
import time
from array import array
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from bench import workload
from bench.contest import ROOT
from bench.queue_peers import work
from bench.queue_peers.peer import QueuePeer
from bench.queue_peers.server import private_redis
from bench.tree import Meter, Usage, die_with_parent, stop_descendants, tree

BULK_PER_CALL = 1000
LOOK_SECONDS = 0.01
DRAIN_SECONDS = 120.0
PROBE_SECONDS = 10.0
PROBES_SECONDS = 5.0
PROBE_WARMUP = 5
SERVERS = ("redis-server", "valkey-server")
CLIENTS = ("bench.queue_peers.drive", "bench.queue_peers.depth")


@dataclass(slots=True)
class Workers:
    """Worker processes of one peer, what they say in a file."""

    processes: list[subprocess.Popen[bytes]]
    log: Path

    @classmethod
    def start(cls, command: list[str], count: int, folder: Path) -> Workers:
        """Start `count` of them."""
        log = folder / "worker.log"
        with log.open("ab") as out:
            return cls(
                [
                    subprocess.Popen(
                        command,
                        cwd=ROOT,
                        stdout=out,
                        stderr=out,
                        preexec_fn=die_with_parent,
                        env={**os.environ, "PYTHONPATH": str(ROOT)},
                    )
                    for _ in range(count)
                ],
                log,
            )

    def check(self) -> None:
        """Raise when one has ended."""
        for process in self.processes:
            if process.poll() is not None:
                raise SystemExit(f"a worker ended with {process.returncode}: {self.last_words()}")

    def last_words(self) -> str:
        """The end of their log, on one line."""
        return " | ".join(self.log.read_text(errors="replace").strip().splitlines()[-4:])

    def resident_mib(self) -> float:
        """Their resident memory, highest since they began."""
        pids = [pid for process in self.processes for pid in tree(process.pid)]
        return round(sum(resident_mib(pid) for pid in pids), 1)

    def stop(self) -> None:
        """End them."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


async def main(chosen: workload.argparse.Namespace, peer: QueuePeer, folder: Path) -> workload.Outcome:
    """All phases of a turn."""
    notes: dict[str, Any] = {"options": chosen.set, "processes": chosen.processes}
    await peer.open()
    total = 0

    async def fill(count: int, put: Callable[[list[str]], Awaitable[None]]) -> dict[str, float]:
        nonlocal total
        payloads = [work.item(number) for number in range(total, total + count)]
        total += count
        meter = Meter()
        meter.start()
        await put(payloads)
        return rates(meter.stop(), count)

    async def put_bulk(payloads: list[str]) -> None:
        for start in range(0, len(payloads), BULK_PER_CALL):
            await peer.put_bulk(payloads[start : start + BULK_PER_CALL])

    await fill(50, peer.put)
    if chosen.single:
        notes["single"] = await fill(chosen.single, peer.put)
    if chosen.bulk and peer.has_bulk:
        notes["bulk"] = await fill(chosen.bulk, put_bulk)
    if (missing := chosen.warmup + chosen.executions - total) > 0:
        await fill(missing, put_bulk if peer.has_bulk else peer.put)

    workers = Workers.start(peer.worker(False), chosen.processes, folder)
    usage, measured = await drain(peer, workers, chosen.warmup, total)
    notes["drain"] = rates(usage, measured)
    notes["worker_mib"] = workers.resident_mib()
    # What is known as done and what has a stored answer can differ; every item's own answer must be there.
    if set(await peer.answers()) != set(range(total)):
        raise SystemExit(f"the stored results are not those of the {total} items")
    waited: array[float] = array("d")
    if chosen.probes:
        if peer.probes_apart:
            workers.stop()
            workers = Workers.start(peer.worker(True), 1, folder)
        waited = await wake(peer, workers, chosen.probes, total)
    workers.stop()
    await peer.close()
    return workload.Outcome(measured, usage, workload.percentiles_ms(waited), notes=notes)


async def drain(peer: QueuePeer, workers: Workers, warmup: int, total: int) -> tuple[Usage, int]:
    """Wait for the workers to do `warmup` items, then measure until all are done; how many were measured."""
    before = await _reached(peer, workers, warmup)
    meter = Meter()
    meter.start()
    before = await peer.completed()
    await _reached(peer, workers, total)
    usage = meter.stop()
    if before >= total * 0.7:
        raise SystemExit(f"{before} of {total} items were done before the measurement began: give it more")
    return usage, total - before


async def _reached(peer: QueuePeer, workers: Workers, count: int) -> int:
    deadline = time.monotonic() + DRAIN_SECONDS
    while (done := await peer.completed()) < count:
        workers.check()
        if time.monotonic() > deadline:
            raise SystemExit(f"{done} of {count} items done in {DRAIN_SECONDS} s: {workers.last_words()}")
        await asyncio.sleep(LOOK_SECONDS)
    return done


async def wake(peer: QueuePeer, workers: Workers, count: int, first: int) -> array[float]:
    """Seconds from before the enqueue to the beginning of the work, one item at a time on an idle worker."""
    waited = array("d")
    probes = work.Probes(os.environ[work.PROBE_VARIABLE])
    until = time.monotonic() + PROBES_SECONDS
    for number in range(first, first + PROBE_WARMUP + count):
        # Uneven pauses, so that a worker that polls is met at any time of its rest.
        await asyncio.sleep(random.uniform(0.02, 0.04))
        sent = time.monotonic_ns()
        await peer.put_probe(work.item(number))
        deadline = time.monotonic() + (PROBE_SECONDS if number > first else 4 * PROBE_SECONDS)
        while (began := probes.began(number)) is None:
            workers.check()
            if time.monotonic() > deadline:
                raise SystemExit(f"an idle worker did not take an item: {workers.last_words()}")
            await asyncio.sleep(0.001)
        if number - first == PROBE_WARMUP:
            until = time.monotonic() + PROBES_SECONDS
        if number - first >= PROBE_WARMUP:
            waited.append((began - sent) / 1e9)
            if time.monotonic() > until:
                break
    probes.close()
    return waited


def rates(usage: Usage, count: int) -> dict[str, float]:
    """Items a second, and CPU microseconds per item by who used them."""
    by = usage.cpu_by_process
    server, client = (sum(by.get(name, 0.0) for name in names) for names in (SERVERS, CLIENTS))
    micro = {
        "server_us": server,
        "client_us": client,
        "worker_us": max(0.0, usage.cpu_seconds - server - client),
    }
    return {
        "per_second": round(count / usage.wall_seconds, 1),
        **{name: round(seconds / count * 1e6, 2) for name, seconds in micro.items()},
    }


def resident_mib(pid: int, key: str = "VmHWM") -> float:
    """A process's resident memory: its highest ever, or (VmRSS) as it is now."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(key)), 0.0)


def start() -> None:
    """Provide the backend, then take the turn."""
    chosen = workload.options(peer="", set="", single=0, bulk=0, probes=0, processes=1)
    with ExitStack() as stack:
        stack.callback(stop_descendants)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        name, _, backend = chosen.peer.partition(":")
        on_file = backend == "sqlite"
        place = str(folder / "queue.db") if on_file else stack.enter_context(private_redis(folder))
        os.environ[work.PLACE_VARIABLE] = place
        os.environ[work.PROBE_VARIABLE] = str(folder / "probe.sock")
        module = importlib.import_module(f"bench.queue_peers.on_{name}")
        peer = module.FilePeer if on_file else module.Peer
        options = dict(pair.split("=", 1) for pair in chosen.set.split(",") if pair)
        outcome = uvloop.run(main(chosen, peer(place, options), folder))
    outcome.print()


if __name__ == "__main__":
    start()
