"""Which queue a command means, at which address or server, and opening it."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headrace.cli import exit_codes, project

if TYPE_CHECKING:
    from headrace.cli.where import Server, Where
    from headrace.queue.port import Queues, WorkQueue

VARIABLE = "HEADRACE_QUEUE"
FILE_NAME = "queue.db"

QueueOption = Annotated[
    str | None,
    typer.Option(
        "--queue",
        metavar="URL|FILE",
        help="redis://HOST:PORT/DB, or an SQLite file. Default: HEADRACE_QUEUE, then .headrace/queue.db.",
    ),
]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The queue's name.")]


def address_of(given: str | None) -> str:
    """Return the address that is named, else the one of HEADRACE_QUEUE, else the file of this project."""
    named = given or os.environ.get(VARIABLE)
    if named:
        return named
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / project.STORE_FOLDER / FILE_NAME).is_file():
            return str(folder / project.STORE_FOLDER / FILE_NAME)
    return str(here / project.STORE_FOLDER / FILE_NAME)


def file_of(address: str) -> Path | None:
    """Return the file of an address, or None for that of a server."""
    path = address.removeprefix("sqlite://")
    return None if "://" in path else Path(path)


def queue_server(given: str | None, where: Where) -> Server | None:
    """Return the server whose queues are meant; None where they are at an address of this machine's.

    `--queue` comes before the variables of both, HEADRACE_QUEUE before HEADRACE_SERVER; a queue.db of the
    project here before the current context.
    """
    from headrace.cli.where import named_server, only_current
    from headrace.errors import HeadraceError

    if given is not None and where.names_server:
        raise HeadraceError("--queue and a server are both named; name one of them")
    if given is not None or (os.environ.get(VARIABLE) and not where.names_server):
        return None
    named = named_server(where)
    if named is not None:
        return named
    file = file_of(address_of(None))
    return None if file is not None and file.is_file() else only_current(where)


@asynccontextmanager
async def opened(
    given: str | None, where: Where, name: str, *, make: bool = False
) -> AsyncIterator[WorkQueue]:
    """Open a queue. A file that is not there is made only with `make`: looking at things makes none."""
    from headrace.errors import HeadraceError
    from headrace.queue.open import open_queue

    server = queue_server(given, where)
    if server is not None:
        from headrace.cli.client.client import Client
        from headrace.cli.client.queue import ServerQueue

        async with Client(server) as client:
            yield ServerQueue(client, name)
        return
    if where.namespace not in (None, "default"):
        name = f"{where.namespace}/{name}"  # as a server calls it there
    address = address_of(given)
    file = file_of(address)
    if file is not None:
        if make:
            project.folders_to_make(file)
        elif not file.is_file():
            raise HeadraceError(
                f"there is no queue file {file}; `headrace queue put {name} ITEM` makes one, "
                f"or name another with --queue or {VARIABLE}"
            )
    queue = await open_queue(address, name)
    try:
        yield queue
    finally:
        await queue.aclose()


@asynccontextmanager
async def all_opened(given: str | None, where: Where) -> AsyncIterator[Queues]:
    """Open all queues at an address, or of a namespace at a server."""
    from headrace.errors import HeadraceError
    from headrace.queue.open import open_queues

    server = queue_server(given, where)
    if server is not None:
        from headrace.cli.client.client import Client
        from headrace.cli.client.queue import ServerQueues

        async with Client(server) as client:
            yield ServerQueues(client)
        return
    if where.namespace is not None:
        raise HeadraceError("at an address --namespace goes with the NAME of a queue; this is of all of them")
    queues = await open_queues(address_of(given))
    try:
        yield queues
    finally:
        await queues.aclose()


def run_queue_command(work: Coroutine[Any, Any, int]) -> None:
    """Run a command's coroutine and exit with its code; 5 where the queue cannot be reached."""
    from headrace.cli.failure import report
    from headrace.queue.port import QueueUnavailable

    try:
        code = asyncio.run(work)
    except QueueUnavailable as error:
        report(error)
        code = exit_codes.STORE
    except KeyboardInterrupt:
        code = exit_codes.UNFINISHED
    sys.stdout.flush()
    sys.exit(code)
