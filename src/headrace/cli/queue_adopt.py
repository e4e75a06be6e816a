"""`headrace queue adopt`: what readers of the `RedisWQ` class have left behind."""

from __future__ import annotations

from typing import Annotated

import typer

from headrace.cli import exit_codes
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, write
from headrace.cli.queue_address import NameArgument, QueueOption, opened, run_queue_command
from headrace.cli.where import Where
from headrace.cli.words import count


def adopt(
    name: NameArgument,
    queue: QueueOption = None,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="LIST", help="The old queue's list. Default: of the queue's name."),
    ] = None,
    output: OutputOption = Format.table,
) -> None:
    """Take over what readers of the `RedisWQ` class have left in LIST:processing; equal values stay apart.

    What such a reader still holds (its lease key lives) stays where it is: adopt again later. What is in
    LIST itself needs no command: a queue of that name serves it.

    \b
    Exit codes: 0 done, 2 usage or a queue that is not on Redis, 5 queue not available.
    """
    run_queue_command(_adopt(queue, name, source, output))


async def _adopt(address: str | None, name: str, source: str | None, output: Format) -> int:
    from headrace.errors import HeadraceError

    async with opened(address, Where(), name) as queue:
        take_over = getattr(queue, "adopt_rediswq", None)
        if take_over is None:
            raise HeadraceError(
                "lists of RedisWQ are on Redis; name the server with --queue redis://HOST:PORT"
            )
        adopted = await take_over(source)
    left = adopted.leased
    write(
        {"recovered": adopted.recovered, "leased": left},
        output,
        lambda: [
            f"{count(adopted.recovered, 'item')} taken over"
            + (f"; {count(left, 'value')} left, whose leases go on: adopt again later" if left else "")
        ],
    )
    return exit_codes.COMPLETED
