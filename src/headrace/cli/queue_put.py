"""`headrace queue put` and `put-many`."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from headrace.cli import exit_codes
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, write
from headrace.cli.queue_address import NameArgument, QueueOption, opened, run_queue_command
from headrace.cli.queue_progress import Progress
from headrace.cli.where import Where, on_server
from headrace.cli.words import count

if TYPE_CHECKING:
    from headrace.queue.port import Put

# How much of a file one call takes; with long lines it takes less of them.
CHUNK_LINES, CHUNK_BYTES = 1000, 4 << 20

DelayOption = Annotated[float, typer.Option("--delay", metavar="SECONDS", min=0, help="Not before then.")]
PriorityOption = Annotated[int, typer.Option("--priority", min=0, max=9, help="9 is served first.")]
AttemptsOption = Annotated[
    int | None, typer.Option("--attempts", min=1, help="Other than the queue's; then it is a dead letter.")
]


@on_server
def put(
    where: Where,
    name: NameArgument,
    items: Annotated[
        list[str] | None, typer.Argument(metavar="[ITEM]...", help="The items; none: stdin is one.")
    ] = None,
    queue: QueueOption = None,
    delay: DelayOption = 0.0,
    priority: PriorityOption = 0,
    key: Annotated[
        str | None, typer.Option("--key", help="While an item of this key is known, no other is taken.")
    ] = None,
    attempts: AttemptsOption = None,
    header: Annotated[
        list[str] | None, typer.Option("--header", metavar="NAME=VALUE", help="Travels with the item.")
    ] = None,
    output: OutputOption = Format.table,
) -> None:
    """Put items on a queue, in order, and print their ids.

    \b
    Exit codes: 0 done, 2 usage, 5 queue not available.
    """
    from headrace.queue.port import Put

    payloads = [os_bytes(item) for item in items] if items else [sys.stdin.buffer.read()]
    if key is not None and len(payloads) > 1:
        raise typer.BadParameter("--key is for one item: with several, only the first would be taken")
    headers = dict(_header(text) for text in header) if header else None
    puts = [
        Put(
            payload=payload,
            delay_seconds=delay,
            priority=priority,
            dedupe_key=key,
            max_attempts=attempts,
            headers=headers,
        )
        for payload in payloads
    ]
    run_queue_command(_put(queue, where, name, puts, output))


async def _put(address: str | None, where: Where, name: str, puts: list[Put], output: Format) -> int:
    async with opened(address, where, name, make=True) as queue:
        done = await queue.enqueue_many(puts)
    data = [{"id": each.id, "duplicate": each.duplicate} for each in done]
    write(data, output, lambda: [f"{each.id}{'  (was there)' if each.duplicate else ''}" for each in done])
    return exit_codes.COMPLETED


@on_server
def put_many(
    where: Where,
    name: NameArgument,
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="One item per line; - reads stdin.")],
    queue: QueueOption = None,
    delay: DelayOption = 0.0,
    priority: PriorityOption = 0,
    attempts: AttemptsOption = None,
    once: Annotated[
        str | None,
        typer.Option(
            "--once",
            metavar="KEY",
            help="Line n gets the id KEY-n: the same file again adds only what is not there.",
        ),
    ] = None,
    output: OutputOption = Format.table,
) -> None:
    """Put every line of a file on a queue, while it is read; empty lines are left out.

    Progress, rate and the time left are shown on stderr.

    \b
    Exit codes: 0 done, 2 usage, 4 interrupted, 5 queue not available (what was told as put is put).
    """
    from headrace.errors import HeadraceError

    template: dict[str, Any] = {"delay_seconds": delay, "priority": priority, "max_attempts": attempts}
    if file == "-":
        run_queue_command(_put_many(queue, where, name, sys.stdin.buffer, None, template, once, output))
        return
    path = Path(file)
    try:
        size = path.stat().st_size if path.is_file() else None
        with path.open("rb") as stream:
            run_queue_command(_put_many(queue, where, name, stream, size, template, once, output))
    except OSError as error:
        raise HeadraceError(f"{file} cannot be read: {error.strerror}") from error


async def _put_many(
    address: str | None,
    where: Where,
    name: str,
    stream: BinaryIO,
    size: int | None,
    template: dict[str, Any],
    once: str | None,
    output: Format,
) -> int:
    from headrace.queue.port import Put

    taken = duplicates = 0
    started = time.monotonic()
    progress = Progress("put", sys.stderr)
    async with opened(address, where, name, make=True) as queue:
        try:
            for chunk, read in _chunks(stream):
                puts = [
                    Put(payload=line, id=None if once is None else f"{once}-{number}", **template)
                    for number, line in chunk
                ]
                for each in await queue.enqueue_many(puts):
                    duplicates += each.duplicate
                taken += len(puts)
                progress.show(taken, None if size is None else read / max(size, 1))
        finally:
            progress.close(taken)
    data = {
        "enqueued": taken - duplicates,
        "duplicates": duplicates,
        "seconds": round(time.monotonic() - started, 3),
    }
    was_there = f" ({duplicates:,} were there)" if duplicates else ""
    write(data, output, lambda: [f"{count(taken - duplicates, 'item')} put on {name}{was_there}"])
    return exit_codes.COMPLETED


def _chunks(stream: BinaryIO) -> Iterator[tuple[list[tuple[int, bytes]], int]]:
    """Yield numbered lines in chunks, with how many bytes were read so far."""
    chunk: list[tuple[int, bytes]] = []
    read = size = 0
    for number, line in enumerate(stream, 1):
        read += len(line)
        line = line.rstrip(b"\r\n")
        if not line:
            continue
        chunk.append((number, line))
        size += len(line)
        if len(chunk) == CHUNK_LINES or size >= CHUNK_BYTES:
            yield chunk, read
            chunk, size = [], 0
    if chunk:
        yield chunk, read


def os_bytes(text: str) -> bytes:
    """Return an argument as the bytes that were given, which need not be UTF-8."""
    return text.encode("utf-8", "surrogateescape")


def _header(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise typer.BadParameter(f"--header {text!r} is not NAME=VALUE")
    return name.lower(), value
