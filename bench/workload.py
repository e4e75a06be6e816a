"""What every contender runs: the steps of W1, the closed loop of starters, the options and the result line."""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.tree import Meter, Usage


def reserve(data: dict[str, Any]) -> dict[str, Any]:
    """First step: 1 more."""
    return {"order": data["order"], "total": data["total"] + 1}


def charge(data: dict[str, Any]) -> dict[str, Any]:
    """Second step: twice as much."""
    return {"order": data["order"], "total": data["total"] * 2}


def ship(data: dict[str, Any]) -> dict[str, Any]:
    """Third step: 3 less."""
    return {"order": data["order"], "total": data["total"] - 3}


def order(number: int) -> dict[str, Any]:
    """The input of execution `number`."""
    return {"order": f"o-{number}", "total": number}


def check(number: int, output: Any) -> None:
    """Refuse any output but that of the three steps in their order, for this input."""
    expected = {"order": f"o-{number}", "total": (number + 1) * 2 - 3}
    if output != expected:
        raise SystemExit(f"execution {number} is wrong: {output!r} instead of {expected!r}")


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
    """The command line that every contender takes; `extra` names further options and their defaults."""
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


async def _closed_loop(run: Run, numbers: range, concurrency: int) -> list[float]:
    """Run all `numbers`, `concurrency` at a time, the next one as soon as one is done; seconds of each."""
    waiting = iter(numbers)
    seconds: list[float] = []

    async def starter() -> None:
        for number in waiting:
            started = time.perf_counter()
            await run(number)
            seconds.append(time.perf_counter() - started)

    async with asyncio.TaskGroup() as group:
        for _ in range(concurrency):
            group.create_task(starter())
    return seconds


def percentiles_ms(seconds: list[float]) -> dict[str, float]:
    """p50, p99 and the largest, in milliseconds; empty for nothing."""
    if not seconds:
        return {}
    ordered = sorted(seconds)
    at = {"p50": len(ordered) // 2, "p99": min(len(ordered) - 1, len(ordered) * 99 // 100), "max": -1}
    return {name: round(ordered[index] * 1000, 3) for name, index in at.items()}
