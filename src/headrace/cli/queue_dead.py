"""`headrace queue dead`, `redrive` and `purge`: what was given up on, and cleaning."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headrace.cli import exit_codes
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, stdout_limit, stdout_paint, write
from headrace.cli.queue_address import NameArgument, QueueOption, opened, run_queue_command
from headrace.cli.terminal import columns
from headrace.cli.where import Where, on_server
from headrace.cli.words import count, moment

if TYPE_CHECKING:
    from headrace.queue.port import DeadLetter


class What(StrEnum):
    """What is deleted."""

    ready = "ready"
    delayed = "delayed"
    dead = "dead"
    all = "all"


@on_server
def dead(
    where: Where,
    name: NameArgument,
    queue: QueueOption = None,
    after: Annotated[
        str | None, typer.Option("--after", metavar="ID", help="Go on behind this one, the last of a page.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000)] = 100,
    output: OutputOption = Format.table,
) -> None:
    """List dead letters, oldest first: the items that were given up on, why, and their last error."""
    run_queue_command(_dead(queue, where, name, after, limit, output))


async def _dead(
    address: str | None, where: Where, name: str, after: str | None, limit: int, output: Format
) -> int:
    async with opened(address, where, name) as queue:
        letters = await queue.dead_letters(after=after, limit=limit)
    write([_data(letter) for letter in letters], output, lambda: _rows(letters))
    return exit_codes.COMPLETED


def _data(letter: DeadLetter) -> dict[str, Any]:
    from headrace.cli.queue_look import bytes_data

    return {
        "id": letter.id,
        "payload": bytes_data(letter.payload),
        "reason": letter.reason,
        "error": letter.error,
        "attempts": letter.attempts,
        "enqueued_at": moment(letter.enqueued_at),
        "died_at": moment(letter.died_at),
        "priority": letter.priority,
        "headers": letter.headers or {},
    }


def _rows(letters: list[DeadLetter]) -> list[str]:
    from headrace.cli.queue_look import shown

    if not letters:
        print("no dead letters", file=sys.stderr)
        return []
    rows = [
        (
            letter.id,
            letter.reason,
            str(letter.attempts),
            moment(letter.died_at),
            shown(letter.payload)[:40],
            letter.error or "",
        )
        for letter in letters
    ]
    header = ("ID", "REASON", "ATTEMPTS", "DIED", "ITEM", "ERROR")
    return columns(header, rows, paint=stdout_paint(), limit=stdout_limit())


@on_server
def redrive(
    where: Where,
    name: NameArgument,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="None: all.")] = None,
    queue: QueueOption = None,
    output: OutputOption = Format.table,
) -> None:
    """Make dead letters ready again with fresh attempts, all or the ones named.

    \b
    Exit codes: 0 done, 2 usage or none of the named ones is a dead letter, 5 queue not available.
    """
    run_queue_command(_redrive(queue, where, name, ids, output))


async def _redrive(
    address: str | None, where: Where, name: str, ids: list[str] | None, output: Format
) -> int:
    from headrace.errors import HeadraceError

    async with opened(address, where, name) as queue:
        # None is "all" to the port up to a limit; those that die again meanwhile are not taken twice.
        limit = (await queue.stats()).dead if not ids else len(ids)
        number = await queue.redrive(ids or None, limit=limit) if limit else 0
    if ids and number == 0:
        raise HeadraceError(
            f"none of these is a dead letter of queue {name}; `headrace queue dead` lists them"
        )
    write({"redriven": number}, output, lambda: [f"{count(number, 'item')} ready again"])
    return exit_codes.COMPLETED


@on_server
def purge(
    where: Where,
    name: NameArgument,
    what: Annotated[What, typer.Argument(help="Which items; `all` takes results and history along.")],
    queue: QueueOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    output: OutputOption = Format.table,
) -> None:
    """Delete items that nobody works on, for good. Asks first, on a terminal; elsewhere it needs --yes.

    \b
    Exit codes: 0 done, 2 usage, 5 queue not available.
    """
    if not yes:
        if not sys.stdin.isatty():
            raise typer.BadParameter("deleting needs --yes where nobody can be asked")
        typer.confirm(
            f"Delete all {'' if what is What.all else what.value + ' '}items of {name}?", abort=True
        )
    run_queue_command(_purge(queue, where, name, what, output))


async def _purge(address: str | None, where: Where, name: str, what: What, output: Format) -> int:
    async with opened(address, where, name) as queue:
        number = await queue.purge(what.value)
    write({"purged": number}, output, lambda: [f"{count(number, 'item')} deleted"])
    return exit_codes.COMPLETED
