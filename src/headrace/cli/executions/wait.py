"""`headrace executions wait`."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path

from headrace.cli import exit_codes
from headrace.cli.options import IdArgument, OutputOption, StoreOption, TimeoutOption
from headrace.cli.output import Format, write

POLL_SECONDS_MIN, POLL_SECONDS_MAX = 0.05, 1.0


def wait(
    id: IdArgument = "last",
    timeout: TimeoutOption = None,
    store: StoreOption = None,
    output: OutputOption = Format.json,
) -> None:
    """Wait for the end of an execution that another process runs, and print its output.

    Exit codes are those of `headrace run`.
    """
    from headrace.cli.session import run_async

    run_async(_wait(id, timeout, store, output))


async def _wait(id: str, timeout_seconds: float | None, store: Path | None, form: Format) -> int:
    from headrace.cli.explain import error_lines
    from headrace.cli.history_tree import decoded
    from headrace.cli.identify import identify
    from headrace.cli.open_state import definition_of
    from headrace.cli.project import find_store, shown
    from headrace.cli.reading import is_owned, reading
    from headrace.cli.terminal import Paint

    path = find_store(store)
    async with reading(path) as opened:
        execution_id = await identify(opened, id)
        deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        pause = POLL_SECONDS_MIN
        told = False
        while True:
            row = await opened.execution(execution_id)
            if row is None or row.ended_at is not None:
                break
            if not told and is_owned(path) is False:
                told = True
                print(
                    "no process runs this store now; `headrace run --resume` lets its executions go on",
                    file=sys.stderr,
                )
            left = POLL_SECONDS_MAX if deadline is None else deadline - time.monotonic()
            if left <= 0:
                print(f"execution {execution_id} is {row.status}, not final yet", file=sys.stderr)
                return exit_codes.UNFINISHED
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.5, POLL_SECONDS_MAX)
        if row is None:
            print(f"execution {execution_id} was deleted meanwhile", file=sys.stderr)
            return exit_codes.USAGE
        if row.status == "completed":
            write(decoded(row.output), form)
            return exit_codes.COMPLETED
        paint = Paint.of(sys.stderr)
        print(f"execution {execution_id} {row.status}", file=sys.stderr)
        error = decoded(row.error)
        if error is not None:
            definition = await definition_of(opened, row.definition_digest)
            file = None if definition is None else shown(definition.file)
            for line in error_lines(error, paint, file=file, definition=definition):
                print(line, file=sys.stderr)
        return exit_codes.of_status(row.status)
