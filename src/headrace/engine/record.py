"""What the engine reports beside commands: history records and notices of phase changes."""

from __future__ import annotations

from typing import Any

import msgspec


class RunRecord(msgspec.Struct, kw_only=True):
    """A task run that ended: one entry of history. Payloads are plain JSON data."""

    run_id: int
    parent_id: int
    pointer: str
    name: str
    kind: str
    status: str  # completed | faulted | cancelled | skipped
    started_sequence: int
    ended_sequence: int
    started_at: float
    ended_at: float
    attempt: int = 1
    iteration: int | None = None
    count: int = 1  # > 1: so many runs of a loop of pure tasks, summed up
    input: Any = None  # raw input
    output: Any = None  # transformed output
    error: dict[str, Any] | None = None
    variables: dict[str, Any] | None = None  # bound for this run: loop, catch, event variables
    exported: bool = False  # `context` is `$context` after this run
    context: Any = None
    details: dict[str, Any] | None = None
    worker: str | None = None  # who performed the call, its last attempt


class Notice(msgspec.Struct, kw_only=True):
    """A change of phase of the workflow (run 0) or of a task: what lifecycle events and live views show."""

    phase: str  # created, started, suspended, resumed, retried, cancelled, faulted, completed, ...
    at: float
    run_id: int
    parent_id: int = 0
    pointer: str = ""
    name: str = ""
    kind: str = "workflow"
    attempt: int = 1
    iteration: int | None = None
    error: dict[str, Any] | None = None
    correlation: dict[str, Any] | None = None


class Finish(msgspec.Struct, kw_only=True):
    """The execution came to its end."""

    status: str
    output: Any = None
    error: dict[str, Any] | None = None
