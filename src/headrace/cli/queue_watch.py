"""`headrace queue watch`."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import deque
from typing import TYPE_CHECKING, Annotated

import typer

from headrace.cli import exit_codes
from headrace.cli.options import OutputOption
from headrace.cli.output import Format
from headrace.cli.queue_address import NameArgument, QueueOption, opened, run_queue_command
from headrace.cli.terminal import Paint, is_terminal
from headrace.cli.where import Where, on_server
from headrace.cli.words import duration

if TYPE_CHECKING:
    from headrace.queue.port import Stats

# The rate is that of the last so many looks.
LOOKS = 10
BAR_COLUMNS = 30


@on_server
def watch(
    where: Where,
    name: NameArgument,
    queue: QueueOption = None,
    interval: Annotated[
        float, typer.Option("--interval", metavar="SECONDS", min=0.1, help="Between two looks.")
    ] = 1.0,
    until_drained: Annotated[
        bool, typer.Option("--until-drained", help="End when nothing is ready, leased or delayed.")
    ] = False,
    output: OutputOption = Format.table,
) -> None:
    """Show counts, rate and the time left, until Ctrl-C; `-o json` writes an object per look.

    \b
    Exit codes: 0 drained, 4 interrupted, 5 queue not available.
    """
    run_queue_command(_watch(queue, where, name, interval, until_drained, output))


async def _watch(
    address: str | None, where: Where, name: str, interval: float, until_drained: bool, output: Format
) -> int:
    import json

    from headrace.cli.queue_look import stats_data

    looks: deque[tuple[float, Stats]] = deque(maxlen=LOOKS)
    drawn = is_terminal(sys.stdout) and output is Format.table
    async with opened(address, where, name) as queue:
        while True:
            stats = await queue.stats()
            looks.append((time.monotonic(), stats))
            if output is Format.table:
                line = describe(looks, Paint.of(sys.stdout))
                sys.stdout.write(f"\r\x1b[K{line}" if drawn else line + "\n")
            else:
                sys.stdout.write(json.dumps({**stats_data(stats), "per_second": rate(looks)}) + "\n")
            sys.stdout.flush()
            if until_drained and stats.drained:
                if drawn:
                    print()
                return exit_codes.COMPLETED
            await asyncio.sleep(interval)


def rate(looks: deque[tuple[float, Stats]]) -> float | None:
    """Return how many items were completed per second between the first look that is kept and the last."""
    (first_at, first), (last_at, last) = looks[0], looks[-1]
    if last_at <= first_at:
        return None
    return (last.completed_total - first.completed_total) / (last_at - first_at)


def describe(looks: deque[tuple[float, Stats]], paint: Paint) -> str:
    """Return a line with a bar: what is completed of all that was put."""
    stats = looks[-1][1]
    left = stats.ready + stats.leased + stats.delayed
    settled = stats.completed_total + stats.dead
    share = settled / (settled + left) if settled + left else 1.0
    filled = int(share * BAR_COLUMNS)
    parts = [
        paint("█" * filled, "green") + "░" * (BAR_COLUMNS - filled),
        f"{share:.0%}",
        f"ready {stats.ready:,}",
        f"leased {stats.leased:,}",
        f"delayed {stats.delayed:,}",
        f"completed {stats.completed_total:,}",
        paint(f"dead {stats.dead:,}", "red" if stats.dead else ""),
    ]
    if stats.paused:
        parts.append(paint("paused", "yellow"))
    per_second = rate(looks)
    if per_second is not None:
        parts.append(f"{per_second:,.0f}/s")
        if left and per_second > 0:
            parts.append(f"{duration(left / per_second)} left")
    return "  ".join(parts)
