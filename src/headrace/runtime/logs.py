"""Lines that functions write, on their way to the task runs that they belong to."""

from __future__ import annotations

import asyncio
from typing import Protocol

from headrace.runtime.runtime import Runtime
from headrace.store.port import LogLine


class FunctionLine(Protocol):
    """A line as the function host gives it."""

    invocation_id: str | None
    stream: str
    at: float
    text: str


class FunctionLogs:
    """Attaches lines to task runs by the invocation id, `<execution>.<run>.<attempt>`.

    That of an item of a batch has its number too, `<execution>.<run>.<attempt>:<number>`.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._writing: set[asyncio.Task[None]] = set()

    def add(self, line: FunctionLine) -> None:
        """Take a line; one that belongs to no invocation stays with the function host."""
        found = parse_invocation_id(line.invocation_id or "")
        if found is None:
            return
        execution_id, run_id, attempt = found
        entry = LogLine(
            execution_id=execution_id,
            run_id=run_id,
            attempt=attempt,
            at=line.at,
            stream=line.stream,
            text=line.text,
        )
        task = asyncio.get_running_loop().create_task(self._runtime.log(entry))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def flush(self) -> None:
        """Return when all lines taken so far are written."""
        if self._writing:
            await asyncio.gather(*list(self._writing))


def parse_invocation_id(invocation_id: str) -> tuple[str, int, int] | None:
    """Split an invocation id into execution, run and attempt; None if it is not one."""
    parts = invocation_id.partition(":")[0].rsplit(".", 2)
    if len(parts) != 3 or not parts[1].isdigit() or not parts[2].isdigit():
        return None
    return parts[0], int(parts[1]), int(parts[2])
