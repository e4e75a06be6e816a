"""The port of what people look through: lists of executions with filters, pages of what belongs to one.

A list is searched newest first. Where an index answers the filters a page is whole; where none can (text in
payloads, durations, unusual combinations) the search stops when its time is up, and the page says how far
it came: going on from there finds the rest. All times are epoch seconds (UTC).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, Protocol

import msgspec

from headrace.store.activity import FlowActivity
from headrace.store.port import ExecutionRow, LogLine, TaskRun

SEARCH_SECONDS = 0.045


class ExecutionFilter(msgspec.Struct, kw_only=True):
    """What a list has; everything is optional, and all that is given must hold."""

    namespace: str | None = None
    name: str | None = None
    version: str | None = None
    status: Sequence[str] = ()  # any of these; empty: whichever
    trigger: str | None = None
    started_by: str | None = None  # a principal's id
    created_from: float | None = None
    created_to: float | None = None  # inclusive
    # From the start (the creation, where it has not started) to the end, or to now where it has none.
    duration_min_seconds: float | None = None
    duration_max_seconds: float | None = None
    key: str | None = None
    parent_id: str | None = None
    rerun_of: str | None = None
    text: str | None = None  # somewhere in input, output or error; case counts


class Position(NamedTuple):
    """A place in a list that is ordered newest first: right after this execution."""

    created_at: float
    id: str


class Found(msgspec.Struct, kw_only=True):
    """A page. `next` is where the following one begins; None: nothing more.

    `searched_to` is set where time was up: executions created before it were not looked at.
    """

    rows: list[ExecutionRow]  # without payloads
    next: Position | None = None
    searched_to: float | None = None


class NumberedLine(msgspec.Struct, kw_only=True):
    """A log line with its number, which grows in the order in which lines were written."""

    number: int
    line: LogLine


class EventRow(msgspec.Struct, kw_only=True):
    """A published event. `delivered`: all executions that listened for it have committed it."""

    sequence: int
    published_at: float
    delivered: bool
    event: bytes  # CloudEvent, JSON event format


Deletion = Literal["deleted", "unknown", "open", "awaited"]


class Lists(Protocol):
    """Looking through a store. Contract tests in `tests/contract/lists/` hold every backend to this."""

    async def search(
        self,
        wanted: ExecutionFilter,
        *,
        now: float,
        after: Position | None = None,
        limit: int = 50,
        seconds: float = SEARCH_SECONDS,
    ) -> Found:
        """Return a page of up to `limit` executions, searching for about `seconds`."""
        ...

    async def activity(
        self, namespace: str, names: Sequence[str], *, since: float, recent: int
    ) -> dict[str, FlowActivity]:
        """Return what each of these flows did: its last `recent` executions, and counts since `since`."""
        ...

    async def newest(self, namespace: str, names: Sequence[str]) -> dict[str, float]:
        """Return when the newest execution of each of these flows was created; nothing of one without."""
        ...

    async def history(
        self, execution_id: str, *, after: int = -1, limit: int = 100, payloads: bool = True
    ) -> list[TaskRun]:
        """Return task runs with `ended_sequence > after`, in that order; with payloads where wanted."""
        ...

    async def run(self, execution_id: str, run_id: int) -> TaskRun | None:
        """Return one task run that ended."""
        ...

    async def lines(
        self,
        execution_id: str,
        *,
        run_id: int | None = None,
        after: int = 0,
        limit: int = 1000,
    ) -> list[NumberedLine]:
        """Return log lines with a number > `after`, those too that were appended a moment ago."""
        ...

    async def delete(self, execution_ids: Sequence[str]) -> dict[str, Deletion]:
        """Delete executions with all they own; say of each what became of it.

        One that is not final stays (`open`), and so does one whose parent is not, because that may still
        have to read its outcome (`awaited`).
        """
        ...

    async def events(self, namespace: str, *, before: int | None = None, limit: int = 50) -> list[EventRow]:
        """Return published events of a namespace with a sequence < `before`, newest first."""
        ...
