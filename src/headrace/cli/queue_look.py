"""`headrace queue ls`, `show` and `stats`."""

from __future__ import annotations

import base64
import sys
import time
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from headrace.cli import exit_codes
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, stdout_limit, stdout_paint, write
from headrace.cli.queue_address import NameArgument, QueueOption, opened, run_queue_command
from headrace.cli.terminal import columns
from headrace.cli.words import distance, duration, moment

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


def ls(
    name: NameArgument,
    queue: QueueOption = None,
    state: Annotated[Shown, typer.Option("--state", help="`open`: leased, ready and delayed.")] = Shown.open,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="Of each state.")] = 100,
    output: OutputOption = Format.table,
) -> None:
    """List items in the order in which they are served; completed ones as long as they are kept."""
    run_queue_command(_ls(queue, name, state, limit, output))


async def _ls(address: str | None, name: str, state: Shown, limit: int, output: Format) -> int:
    async with opened(address, name) as queue:
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


def show(
    name: NameArgument,
    item_id: Annotated[str, typer.Argument(metavar="ID", help="The item's id.")],
    queue: QueueOption = None,
    output: OutputOption = Format.table,
) -> None:
    """Show one item: its state, payload, result, last error, and what happened to it, by whom, when.

    \b
    Exit codes: 0 done, 2 usage or an item that is not known, 5 queue not available.
    """
    run_queue_command(_show(queue, name, item_id, output))


async def _show(address: str | None, name: str, item_id: str, output: Format) -> int:
    from headrace.errors import HeadraceError

    async with opened(address, name) as queue:
        record = await queue.inspect(item_id)
    if record is None:
        raise HeadraceError(
            f"queue {name} knows no item {item_id}: it never did, or no longer; results are kept for a time"
        )
    data = record_data(record)
    write(data, output, lambda: _lines(record, data))
    return exit_codes.COMPLETED


def _lines(record: ItemRecord, data: dict[str, Any]) -> list[str]:
    paint = stdout_paint()
    lines = [
        f"{paint(key, 'bold')}: {value}"
        for key, value in data.items()
        if key != "history" and value not in (None, {})
    ]
    rows = [
        (
            moment(event.at),
            event.what,
            "" if event.attempt is None else str(event.attempt),
            event.worker or "",
            event.detail or "",
        )
        for event in record.history
    ]
    if rows:
        header = ("AT", "WHAT", "ATTEMPT", "WORKER", "DETAIL")
        lines += ["", *columns(header, rows, paint=paint, limit=stdout_limit())]
    return lines


def stats(name: NameArgument, queue: QueueOption = None, output: OutputOption = Format.table) -> None:
    """Show how many items a queue has in each state, and the totals since it was made."""
    run_queue_command(_stats(queue, name, output))


async def _stats(address: str | None, name: str, output: Format) -> int:
    async with opened(address, name) as queue:
        found = await queue.stats()
    write(stats_data(found), output, lambda: _stats_lines(found))
    return exit_codes.COMPLETED


def _stats_lines(found: Stats) -> list[str]:
    paint = stdout_paint()
    oldest = found.oldest_ready_seconds
    rows = [
        ("ready", f"{found.ready:,}", "" if oldest is None else f"the oldest for {duration(oldest)}"),
        ("delayed", f"{found.delayed:,}", ""),
        ("leased", f"{found.leased:,}", ""),
        ("dead", f"{found.dead:,}", "`headrace queue dead` lists them" if found.dead else ""),
        ("completed", f"{found.completed_total:,}", f"of {found.enqueued_total:,} put"),
        ("retried", f"{found.retried_total:,}", "failures with another attempt"),
        ("expired", f"{found.expired_total:,}", "leases that ran out"),
    ]
    return columns(("STATE", "ITEMS", ""), rows, paint=paint)


def stats_data(found: Stats) -> dict[str, Any]:
    """Return counts as plain data."""
    import msgspec

    data: dict[str, Any] = msgspec.to_builtins(found)
    return {**data, "drained": found.drained}


def record_data(record: ItemRecord) -> dict[str, Any]:
    """Return an item as plain data; times as text, payload and result as text or base64."""
    return {
        "id": record.id,
        "state": record.state,
        "payload": bytes_data(record.payload),
        "result": bytes_data(record.result),
        "error": record.error,
        "attempts": record.attempts,
        "priority": record.priority,
        "enqueued_at": moment(record.enqueued_at),
        "run_at": None if record.run_at is None else moment(record.run_at),
        "leased_by": record.leased_by,
        "expires_at": None if record.expires_at is None else moment(record.expires_at),
        "headers": record.headers or {},
        "history": [
            {
                "at": moment(event.at),
                "what": event.what,
                "worker": event.worker,
                "attempt": event.attempt,
                "detail": event.detail,
            }
            for event in record.history
        ],
    }


def bytes_data(data: bytes | None) -> str | dict[str, str] | None:
    """Return bytes as text, or `{"base64": …}` where they are none."""
    if data is None:
        return None
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def shown(data: bytes | None) -> str:
    """Return bytes for a table's cell."""
    return "" if data is None else data.decode("utf-8", "replace")
