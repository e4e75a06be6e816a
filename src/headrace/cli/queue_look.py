"""`headrace queue show` and `stats`; how items and counts are told."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headrace.cli import exit_codes
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, stdout_limit, stdout_paint, write
from headrace.cli.queue_address import NameArgument, QueueOption, opened, run_queue_command
from headrace.cli.terminal import columns
from headrace.cli.where import Where, on_server
from headrace.cli.words import duration, moment

if TYPE_CHECKING:
    from headrace.queue.port import ItemRecord, Stats


@on_server
def show(
    where: Where,
    name: NameArgument,
    item_id: Annotated[str, typer.Argument(metavar="ID", help="The item's id.")],
    queue: QueueOption = None,
    output: OutputOption = Format.table,
) -> None:
    """Show one item: its state, payload, result, last error, and what happened to it, by whom, when.

    \b
    Exit codes: 0 done, 2 usage or an item that is not known, 5 queue not available.
    """
    run_queue_command(_show(queue, where, name, item_id, output))


async def _show(address: str | None, where: Where, name: str, item_id: str, output: Format) -> int:
    from headrace.errors import HeadraceError

    async with opened(address, where, name) as queue:
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


@on_server
def stats(
    where: Where, name: NameArgument, queue: QueueOption = None, output: OutputOption = Format.table
) -> None:
    """Show how many items a queue has in each state, and the totals since it was made."""
    run_queue_command(_stats(queue, where, name, output))


async def _stats(address: str | None, where: Where, name: str, output: Format) -> int:
    async with opened(address, where, name) as queue:
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
    if found.paused:
        rows.insert(0, ("paused", "", "`headrace queue resume` lets it give items out"))
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
