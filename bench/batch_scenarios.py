"""Batches: a function for each of very many items."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bench.contest import Contender
from bench.report import Column, Goal, Value, cpu_per_1000, end_mib, peak_mib, start_mib
from bench.scenarios import Scenario

ITEMS = 100_000
IN_PROCESS, BLOCKING, HTTP = "async def, in process", "def, in process", "behind HTTP"


def items_per_second(outcome: dict[str, Any]) -> float:
    """Items that ended per second on the clock."""
    return float(outcome["executions"] / outcome["usage"]["wall_seconds"])


def cpu_us(outcome: dict[str, Any]) -> float:
    """CPU microseconds of the whole tree per item."""
    return cpu_per_1000(outcome) * 1000


def seconds_for_all(outcome: dict[str, Any]) -> float:
    """Seconds that 100,000 items take."""
    return ITEMS / items_per_second(outcome)


def all_scenarios(scale: float) -> list[Scenario]:
    """One table: the same items with the function in process and behind HTTP."""
    return [
        Scenario(
            "BATCH",
            "call: batch over a file of 200-byte items, a function that does nothing, SQLite synced",
            [
                _contender(IN_PROCESS, "async", ITEMS * scale),
                _contender(BLOCKING, "sync", ITEMS * scale / 4),
                _contender(HTTP, "http", ITEMS * scale / 4),
            ],
            [
                Column("items/s", items_per_second, 0),
                Column("s for 100,000", seconds_for_all, 1),
                Column("CPU µs each", cpu_us, 0),
                Column("RSS before MiB", start_mib, 0),
                Column("peak RSS MiB", peak_mib, 0),
                Column("RSS after MiB", end_mib, 0),
            ],
            [
                Goal(
                    "100,000 items in process in 10 s", lambda of: of(IN_PROCESS, seconds_for_all), 10, " s"
                ),
            ],
        )
    ]


def _of_in_process(of: Callable[[str, Value], float]) -> float:
    return of(IN_PROCESS, seconds_for_all)


def _contender(name: str, kind: str, items: float) -> Contender:
    return Contender(
        name, "bench.batch_items", ("--kind", kind, "--executions", str(int(items)), "--warmup", "1000")
    )
