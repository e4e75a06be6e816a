"""`headrace executions list`."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Annotated

import typer

from headrace.cli.options import OutputOption
from headrace.cli.output import Format, stdout_limit, stdout_paint, write
from headrace.cli.terminal import columns
from headrace.cli.where import Where, placed
from headrace.cli.words import distance, duration, since

if TYPE_CHECKING:
    from headrace.store.port import ExecutionQuery, ExecutionRow

STATUSES = ("pending", "running", "waiting", "suspended", "cancelled", "faulted", "completed")


@placed
def list_executions(
    where: Where,
    status: Annotated[
        list[str] | None, typer.Option("--status", help="Only with this status; may be given several times.")
    ] = None,
    flow: Annotated[
        str | None, typer.Option("--flow", metavar="NAME", help="Only of this flow; NAMESPACE/NAME is exact.")
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--since", metavar="TIME", help="Only created since: 30m, 2h, 7d, or a date."),
    ] = None,
    key: Annotated[str | None, typer.Option("--key", help="Only with this key.")] = None,
    started_by: Annotated[
        str | None,
        typer.Option("--started-by", metavar="ID", help="Only started by this principal: user:ada."),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-l", min=1, help="So many at most.")] = 20,
    output: OutputOption = Format.table,
) -> None:
    """List executions, newest first."""
    from headrace.cli.executions.rows import execution_data
    from headrace.store.port import ExecutionQuery

    for each in status or ():
        if each not in STATUSES:
            raise typer.BadParameter(f"{each!r} is no status; there are {', '.join(STATUSES)}")
    namespace, _, name = (flow or "").rpartition("/")
    now = time.time()
    query = ExecutionQuery(
        status=tuple(status or ()),
        namespace=namespace or None,
        name=name or None,
        created_from=None if from_ is None else since(from_, now),
        key=key,
        started_by=started_by,
        limit=limit,
    )
    rows = asyncio.run(_read(query, where))
    write([execution_data(row, payloads=False) for row in rows], output, lambda: _table(rows, now))


async def _read(query: ExecutionQuery, where: Where) -> list[ExecutionRow]:
    from headrace.cli.reading import reading

    async with reading(where) as records:
        return await records.executions(query)


def _table(rows: list[ExecutionRow], now: float) -> list[str]:
    if not rows:
        return ["no executions"]
    return columns(
        ("ID", "STATUS", "FLOW", "CREATED", "DURATION", "KEY", "RERUN OF"),
        [
            (
                row.id,
                row.status,
                f"{row.namespace}/{row.name}:{row.workflow_version}",
                distance(row.created_at, now),
                _duration(row, now),
                row.key or "",
                "" if row.rerun_of is None else f"…{row.rerun_of[-6:]}#{row.rerun_run_id}",
            )
            for row in rows
        ],
        paint=stdout_paint(),
        coloured=1,
        limit=stdout_limit(),
    )


def _duration(row: ExecutionRow, now: float) -> str:
    begun = row.started_at or row.created_at
    return duration(row.ended_at - begun) if row.ended_at is not None else f"{duration(now - begun)} …"
