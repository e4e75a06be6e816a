"""What enters the engine: the events that `decide` advances an execution with."""

from __future__ import annotations

from typing import Any

import msgspec

from headrace.errors import WorkflowError


class Start(msgspec.Struct, frozen=True):
    """The execution was created; go."""


class CallCompleted(msgspec.Struct, frozen=True, kw_only=True):
    """An invocation answered. `authorization` is `$authorization` (scheme, parameter), never stored.

    `http_status` is for those who watch calls: the status of the answer, where it came by HTTP. `worker`
    says in words who performed it, for history: an address, a process, the reader of a queue.
    """

    run_id: int
    attempt: int
    output: Any = None
    authorization: dict[str, str] | None = None
    http_status: int | None = None
    worker: str | None = None


class CallFailed(msgspec.Struct, frozen=True, kw_only=True):
    """An invocation failed. `retryable`: the same call may succeed later (5xx, 408, 429, no answer)."""

    run_id: int
    attempt: int
    error: WorkflowError
    retryable: bool = False
    http_status: int | None = None  # None too where no answer came; not always the error's own status
    worker: str | None = None


class Tick(msgspec.Struct, frozen=True):
    """Time has come to or past `next_due`: fire every timer that is due at `now`."""


class EventReceived(msgspec.Struct, frozen=True, kw_only=True):
    """A published CloudEvent (JSON event format). `sequence` orders events; a repeated one is ignored."""

    sequence: int
    event: dict[str, Any]


class ChildFinished(msgspec.Struct, frozen=True, kw_only=True):
    """A child execution came to its end or, where the task does not await it, was durably started."""

    run_id: int
    status: str  # completed | faulted | cancelled | started
    output: Any = None
    error: WorkflowError | None = None


class Suspend(msgspec.Struct, frozen=True):
    """A person pauses the execution; what arrives meanwhile is kept."""


class Resume(msgspec.Struct, frozen=True):
    """A person lets a suspended execution go on."""


class Cancel(msgspec.Struct, frozen=True):
    """A person ends the execution."""

    reason: str | None = None


Event = Start | CallCompleted | CallFailed | Tick | EventReceived | ChildFinished | Suspend | Resume | Cancel
