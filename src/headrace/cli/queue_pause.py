"""`headrace queue pause` and `resume`: whether a queue gives items out."""

from __future__ import annotations

from headrace.cli import exit_codes
from headrace.cli.options import OutputOption
from headrace.cli.output import Format, write
from headrace.cli.queue_address import NameArgument, QueueOption, all_opened, run_queue_command
from headrace.cli.where import Where, on_server


@on_server
def pause(
    where: Where, name: NameArgument, queue: QueueOption = None, output: OutputOption = Format.table
) -> None:
    """Let workers have no more items of a queue until `resume`. What they work on goes on; items are put.

    \b
    Exit codes: 0 done, 2 usage or no such queue, 5 queue not available.
    """
    run_queue_command(_set(queue, where, name, True, output))


@on_server
def resume(
    where: Where, name: NameArgument, queue: QueueOption = None, output: OutputOption = Format.table
) -> None:
    """Let workers have the items of a paused queue again; those that wait get them at once.

    \b
    Exit codes: 0 done, 2 usage or no such queue, 5 queue not available.
    """
    run_queue_command(_set(queue, where, name, False, output))


async def _set(address: str | None, where: Where, name: str, paused: bool, output: Format) -> int:
    async with all_opened(address, where) as queues:
        await (queues.pause(name) if paused else queues.resume(name))
    write(
        {"queue": name, "paused": paused},
        output,
        lambda: [f"{name} is paused: no items are given out" if paused else f"{name} gives items out"],
    )
    return exit_codes.COMPLETED
