"""`headrace executions wait`."""

from __future__ import annotations

import sys
import time

from headrace.cli import exit_codes
from headrace.cli.options import IdArgument, OutputOption, TimeoutOption
from headrace.cli.output import Format
from headrace.cli.where import Where, placed

# Looked at again after so long at the latest, where the end is not told.
LOOK_SECONDS = 30.0


@placed
def wait(
    where: Where,
    id: IdArgument = "last",
    timeout: TimeoutOption = None,
    output: OutputOption = Format.json,
) -> None:
    """Wait for the end of an execution that another process runs, and print its output.

    Exit codes are those of `headrace run`.
    """
    from headrace.cli.session import run_async

    run_async(_wait(id, timeout, where, output))


async def _wait(id: str, timeout_seconds: float | None, where: Where, form: Format) -> int:
    from headrace.cli.ending import tell_end
    from headrace.cli.identify import identify
    from headrace.cli.reading import is_owned, reading
    from headrace.cli.records.local import LocalRecords

    async with reading(where) as records:
        execution_id = await identify(records, id)
        deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
        over = await records.ended(execution_id, 0.0)
        if not over and isinstance(records, LocalRecords) and is_owned(records.path) is False:
            print(
                "no process runs this store now; `headrace run --resume` lets its executions go on",
                file=sys.stderr,
            )
        while not over:
            left = LOOK_SECONDS if deadline is None else deadline - time.monotonic()
            if left <= 0:
                row = await records.execution(execution_id)
                status = "gone" if row is None else row.status
                print(f"execution {execution_id} is {status}, not final yet", file=sys.stderr)
                return exit_codes.UNFINISHED
            over = await records.ended(execution_id, left)
        row = await records.execution(execution_id)
        if row is None:
            print(f"execution {execution_id} was deleted meanwhile", file=sys.stderr)
            return exit_codes.USAGE
        return await tell_end(records, row, form)
