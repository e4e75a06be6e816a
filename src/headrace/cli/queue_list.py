"""`headrace queue ls`."""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, cast

import typer

from headrace.cli import exit_codes
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, stdout_limit, stdout_paint, write
from headrace.cli.queue_address import QueueOption, all_opened, opened, run_queue_command
from headrace.cli.queue_look import record_data, shown, stats_data
from headrace.cli.terminal import columns
from headrace.cli.where import Where, on_server
from headrace.cli.words import distance

if TYPE_CHECKING:
    from headrace.queue.port import ItemRecord, State, Stats

OPEN: tuple[State, ...] = ("leased", "ready", "delayed")


class Shown(StrEnum):
    """Which items are listed."""

    open = "open"
    ready = "ready"
    delayed = "delayed"
    leased = "leased"
    dead = "dead"
    completed = "completed"
    all = "all"


@on_server
def ls(
    where: Where,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="Of one queue. None: the queues.")
    ] = None,
    queue: QueueOption = None,
    state: Annotated[Shown, typer.Option("--state", help="`open`: leased, ready and delayed.")] = Shown.open,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Of each state.")] = 100,
    output: OutputOption = Format.table,
) -> None:
    """List the items of a queue in the order in which they are served; completed ones while they are kept.

    Without a name, list the queues that were ever opened at the address, with their counts.

    \b
    Exit codes: 0 done, 2 usage, 5 queue not available.
    """
    run_queue_command(
        _queues(queue, where, output) if name is None else _ls(queue, where, name, state, limit, output)
    )


async def _queues(address: str | None, where: Where, output: Format) -> int:
    async with all_opened(address, where) as queues:
        found = list((await queues.stats(await queues.names())).items())
    data = [{"name": name, **stats_data(stats)} for name, stats in found]
    write(data, output, lambda: _queue_rows(found))
    return exit_codes.COMPLETED


def _queue_rows(found: list[tuple[str, Stats]]) -> list[str]:
    if not found:
        print("no queues", file=sys.stderr)
        return []
    rows = [
        (
            name,
            *(f"{number:,}" for number in (stats.ready, stats.delayed, stats.leased, stats.dead)),
            f"{stats.completed_total:,}",
            "paused" if stats.paused else "",
        )
        for name, stats in found
    ]
    header = ("NAME", "READY", "DELAYED", "LEASED", "DEAD", "COMPLETED", "")
    return columns(header, rows, paint=stdout_paint(), limit=stdout_limit())


async def _ls(address: str | None, where: Where, name: str, state: Shown, limit: int, output: Format) -> int:
    async with opened(address, where, name) as queue:
        records = [record for each in _states(state) for record in await queue.peek(state=each, limit=limit)]
    write([record_data(record) for record in records], output, lambda: _rows(records))
    return exit_codes.COMPLETED


def _states(state: Shown) -> tuple[State, ...]:
    if state is Shown.open:
        return OPEN
    return (*OPEN, "dead", "completed") if state is Shown.all else (cast("State", state.value),)


def _rows(records: list[ItemRecord]) -> list[str]:
    if not records:
        print("no items", file=sys.stderr)
        return []
    now = time.time()
    rows = [
        (
            record.id,
            record.state,
            str(record.attempts),
            _worker(record),
            _when(record, now),
            shown(record.result if record.state == "completed" else record.payload),
        )
        for record in records
    ]
    header = ("ID", "STATE", "ATTEMPTS", "WORKER", "WHEN", "ITEM, OR RESULT")
    return columns(header, rows, paint=stdout_paint(), coloured=1, limit=stdout_limit())


def _worker(record: ItemRecord) -> str:
    """Return who has the item, or had it last."""
    leased = [event.worker for event in record.history if event.what == "leased" and event.worker]
    return record.leased_by or (leased[-1] if leased else "")


def _when(record: ItemRecord, now: float) -> str:
    if record.state == "delayed" and record.run_at is not None:
        return f"ready {distance(record.run_at, now)}"
    if record.state == "leased" and record.expires_at is not None:
        return f"lease ends {distance(record.expires_at, now)}"
    return f"put {distance(record.enqueued_at, now)}"
