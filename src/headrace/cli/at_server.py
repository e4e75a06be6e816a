"""What commands that only a server can do have in common."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any

from headrace.cli import exit_codes
from headrace.cli.client.client import Client
from headrace.cli.output import Format, stdout_limit, stdout_paint, write
from headrace.cli.terminal import columns
from headrace.cli.where import Where, server_of
from headrace.cli.words import moment


def at_server(where: Where, work: Callable[[Client], Awaitable[None]]) -> None:
    """Let `work` ask the server that is meant, and exit: 0, or with the code of what it raised."""
    from headrace.cli.session import run_async

    async def run() -> int:
        async with Client(server_of(where)) as client:
            await work(client)
        return exit_codes.COMPLETED

    run_async(run())


def readable(data: dict[str, Any]) -> dict[str, Any]:
    """Return an object of the API with times as text: the members whose names end with `at`."""
    return {
        name: moment(value)
        if (name == "at" or name.endswith("_at")) and isinstance(value, int | float)
        else value
        for name, value in data.items()
    }


def show_list(
    items: Iterable[dict[str, Any]],
    output: Format,
    header: Sequence[str],
    row: Callable[[dict[str, Any]], Sequence[str]],
    none: str,
    *,
    coloured: int | None = None,
) -> None:
    """Write a list: a table with a row for each item, or `none` on stderr; or plain data."""
    found = list(items)

    def table() -> list[str]:
        if not found:
            print(none, file=sys.stderr)
            return []
        return columns(
            header,
            [row(each) for each in found],
            paint=stdout_paint(),
            coloured=coloured,
            limit=stdout_limit(),
        )

    write([readable(each) for each in found], output, table)


def confirm(question: str, *, yes: bool) -> None:
    """Ask before something is deleted for good; elsewhere than on a terminal it takes `--yes`."""
    import typer

    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter("deleting needs --yes where nobody can be asked")
    typer.confirm(question, abort=True)
