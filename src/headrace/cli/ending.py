"""How an execution ended: its output on stdout, or on stderr why there is none."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from headrace.cli import exit_codes, project
from headrace.cli.explain import error_lines, failing_run
from headrace.cli.history_tree import decoded
from headrace.cli.output import Format, write
from headrace.cli.terminal import STATUS_COLOURS, Paint
from headrace.cli.words import duration

if TYPE_CHECKING:
    from headrace.cli.records.port import Records
    from headrace.store.port import ExecutionRow


async def tell_end(records: Records, row: ExecutionRow, form: Format, *, hints: str | None = None) -> int:
    """Tell how an execution ended; return the exit code. `hints` are the arguments of commands to go on with,
    None: none are given.
    """
    if row.status == "completed":
        write(decoded(row.output), form)
        return exit_codes.COMPLETED
    for line in await ending_lines(records, row, Paint.of(sys.stderr), hints=hints):
        print(line, file=sys.stderr)
    return exit_codes.of_status(row.status)


async def ending_lines(
    records: Records, row: ExecutionRow, paint: Paint, *, hints: str | None = None
) -> list[str]:
    """Return the lines that explain an execution that did not complete."""
    took = ""
    if row.ended_at is not None:
        took = f" after {duration(row.ended_at - (row.started_at or row.created_at))}"
    status = paint(row.status, STATUS_COLOURS.get(row.status, ""), "bold")
    lines = [f"execution {row.id} {status}{took}"]
    error = decoded(row.error)
    if error is None:
        return lines
    definition = await records.definition(row)
    failed = failing_run(await records.history(row.id), error)
    logs = await records.logs(row.id, failed.run_id) if failed is not None else []
    file = None if definition is None else project.shown(definition.file)
    lines += error_lines(error, paint, file=file, definition=definition, logs=logs)
    if failed is not None and hints is not None:
        short = row.id[-6:]
        lines.append(
            f"  {paint('look', 'dim')}  headrace executions show {short}{hints}   "
            f"{paint('again', 'dim')}  headrace executions rerun {short} --from {failed.name}{hints}"
        )
    return lines
