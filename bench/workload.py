"""How every contender is driven: its options, the loop of starters, what it reports."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
import time
from array import array
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.tree import Meter, Usage, adopt_orphans


@dataclass(slots=True)
class Outcome:
    """What one contender's process reports: its last line of output, as JSON."""

    executions: int
    usage: Usage
    latency_ms: dict[str, float]
    alone_ms: dict[str, float] = field(default_factory=dict)
    notes: dict[str, Any] = field(default_factory=dict)

    def print(self) -> None:
        """Write it as the last line."""
        print(json.dumps(asdict(self)), flush=True)


Run = Callable[[int], Awaitable[None]]
"""Starts execution `number`, waits for its output and checks it."""


def options(**extra: int | str) -> argparse.Namespace:
    """The command line that every contender takes; `extra` names further options and their defaults.

    From here on SIGTERM unwinds the contender, so that it ends what it started; it becomes the parent of all
    of that.
    """
    adopt_orphans()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser()
    defaults = {"executions": 2000, "concurrency": 100, "alone": 0, "warmup": 200, **extra}
    for name, default in defaults.items():
        parser.add_argument(f"--{name}", type=type(default), default=default)
    return parser.parse_args()


async def measure(run: Run, chosen: argparse.Namespace) -> Outcome:
    """Warm up, run all executions with `concurrency` starters, then (`alone`) one after the other."""
    await _closed_loop(run, range(chosen.warmup), chosen.concurrency)
    first = chosen.warmup
    meter = Meter()
    meter.start()
    loaded = await _closed_loop(run, range(first, first + chosen.executions), chosen.concurrency)
    usage = meter.stop()
    first += chosen.executions
    alone = await _closed_loop(run, range(first, first + chosen.alone), 1)
    return Outcome(chosen.executions, usage, percentiles_ms(loaded), percentiles_ms(alone))


async def _closed_loop(run: Run, numbers: range, concurrency: int) -> array[float]:
    """Run all `numbers`, `concurrency` at a time, the next one as soon as one is done; seconds of each."""
    waiting = iter(numbers)
    seconds = array("d")  # small: memory is measured, too

    async def starter() -> None:
        for number in waiting:
            started = time.perf_counter()
            await run(number)
            seconds.append(time.perf_counter() - started)

    async with asyncio.TaskGroup() as group:
        for _ in range(concurrency):
            group.create_task(starter())
    return seconds


def percentiles_ms(seconds: array[float]) -> dict[str, float]:
    """p50, p99 and the largest, in milliseconds; empty for nothing."""
    if not seconds:
        return {}
    ordered = sorted(seconds)
    at = {"p50": len(ordered) // 2, "p99": min(len(ordered) - 1, len(ordered) * 99 // 100), "max": -1}
    return {name: round(ordered[index] * 1000, 3) for name, index in at.items()}
