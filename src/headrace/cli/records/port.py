"""The port of commands that read executions. What they print does not depend on where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from headrace.runtime.open_state import OpenState
    from headrace.spec.flowapp import Definition
    from headrace.store.port import DefinitionRow, ExecutionQuery, ExecutionRow, LogLine, TaskRun


class NumberedLogLine(NamedTuple):
    """A log line, with what to go on after: opaque, and different for each place."""

    position: str
    line: LogLine


class Records(Protocol):
    """Executions and their history. `executions`, `execution`, `history` and `definitions` are the store's.

    `place` says in words where they are: "in the store …". `abbreviations_of` is how many executions, the
    newest, an abbreviated id is looked for in; None: all.
    """

    place: str
    abbreviations_of: int | None

    async def executions(self, query: ExecutionQuery) -> list[ExecutionRow]:
        """Return executions, newest first, without payloads."""

    async def execution(self, execution_id: str) -> ExecutionRow | None:
        """Return one execution with its payloads; None where there is none of this id."""

    async def history(self, execution_id: str, *, after: int = -1, limit: int = 10_000) -> list[TaskRun]:
        """Return task runs with `ended_sequence > after`, in that order."""

    async def definitions(
        self, namespace: str | None = None, name: str | None = None, *, digest: str | None = None
    ) -> list[DefinitionRow]:
        """Return the definition with a digest, that of an execution which was read before."""

    async def definition(self, row: ExecutionRow) -> Definition | None:
        """Return the definition of an execution, as far as this version can read it."""

    async def open_state(self, row: ExecutionRow) -> OpenState:
        """Return what an execution has open, and what it waits for."""

    async def logs(self, execution_id: str, run_id: int | None = None) -> list[LogLine]:
        """Return the lines that functions wrote."""

    async def lines_after(self, execution_id: str, position: str | None) -> list[NumberedLogLine]:
        """Return the lines after a position, in the order in which they were written."""

    async def ended(self, execution_id: str, seconds: float) -> bool:
        """Wait up to so long, or less, for the end of an execution; return whether it has ended.

        An execution that is not there (any more) has ended.
        """
