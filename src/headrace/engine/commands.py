"""What leaves the engine: the commands that the runtime performs after the commit.

Commands carry plain data only. Performing one twice must be harmless: an `Invoke` has the same
`invocation_id` on every delivery of the same attempt, and a result is refused unless its
`(run_id, attempt)` is still open.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class Invoke(msgspec.Struct, frozen=True, kw_only=True):
    """Perform a call or a process, and answer with `CallCompleted` or `CallFailed`.

    `kind` selects the performer: `function`, `http`, `openapi`, `grpc`, `asyncapi`, `a2a`, `mcp`,
    `shell`, `script`, `container`, `batch`. `arguments` is the evaluated `with` (or process), plain JSON;
    authentication policies in it are resolved, so it may hold secrets: never write it down unmasked.
    """

    execution_id: str
    run_id: int
    attempt: int  # 1 is the first
    kind: str
    target: str = ""  # function name, or protocol method; empty where `kind` says all
    pointer: str = ""  # the task's reference, e.g. `/do/0/charge`
    flow: str = ""  # `namespace/name:version`
    arguments: Any = None
    input: Any = None  # the task's transformed input
    deadline: float | None = None  # epoch seconds after which the answer is of no use
    trace: str | None = None  # the `traceparent` that the execution was started with
    settings: dict[str, Any] | None = None  # the FlowApp's entry for a function: url, timeout, delivery, ...
    previous: str | None = None  # rerun: the invocation of the task run that this one does again
    item: str | None = None  # of a call that a queue's reader makes: its item, whatever try that is

    @property
    def invocation_id(self) -> str:
        """Identity of this attempt, the same on every redelivery: `<execution>.<run>.<attempt>`."""
        return self.item or f"{self.execution_id}.{self.run_id}.{self.attempt}"

    @property
    def queued(self) -> bool:
        """Whether readers of a work queue do the work, wherever they are."""
        return is_queued(self.kind, self.settings)


def is_queued(kind: str, settings: Mapping[str, Any] | None) -> bool:
    """Tell whether calls of a kind with these settings are the work of readers of a work queue."""
    return kind == "batch" or (
        kind == "function" and settings is not None and settings.get("delivery") == "queue"
    )


class CancelInvocation(msgspec.Struct, frozen=True, kw_only=True):
    """Stop a call whose answer is no longer wanted (timeout, lost race, cancelled execution).

    `queued` with `kind`, `target` and `flow`: what the `Invoke` put on a work queue has to be withdrawn.
    """

    execution_id: str
    run_id: int
    attempt: int
    kind: str = ""
    target: str = ""
    flow: str = ""
    queued: bool = False

    @property
    def invocation_id(self) -> str:
        """Identity of the attempt: that of its `Invoke`."""
        return f"{self.execution_id}.{self.run_id}.{self.attempt}"


class StartChild(msgspec.Struct, frozen=True, kw_only=True):
    """Start an execution of another workflow; answer with `ChildFinished` if `awaited`."""

    execution_id: str
    run_id: int
    child_id: str  # derived from parent and run, so that starting twice makes one
    namespace: str
    name: str
    version: str  # `latest` or a semantic version
    input: Any = None
    awaited: bool = True
    trace: str | None = None  # the `traceparent` of the task run


class CancelChild(msgspec.Struct, frozen=True, kw_only=True):
    """Cancel an awaited child whose parent task was cancelled or timed out."""

    execution_id: str
    run_id: int
    child_id: str


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a task run asks of people. `role` and `users` are who may answer; `due_at` is epoch seconds."""

    title: str
    description: str
    data: Any
    choices: list[dict[str, str]]  # name, title, tone
    form: Any  # a JSON Schema, or None
    role: str | None
    users: tuple[str, ...]
    due_at: float | None


class Subscribe(msgspec.Struct, frozen=True, kw_only=True):
    """Deliver matching events to a task run. `types` empty means: any type may match.

    The exact filters (attributes, data, correlation) are the engine's; this is the coarse index.
    With a `decision` the event is the answer of a person, who has to be asked.
    """

    execution_id: str
    run_id: int
    types: tuple[str, ...] = ()
    pointer: str = ""  # of the task, where there is a decision
    decision: Decision | None = None


class Unsubscribe(msgspec.Struct, frozen=True, kw_only=True):
    """Deliver no more events to a task run. `decision`: it asked people, and was `answered` or not."""

    execution_id: str
    run_id: int
    decision: bool = False
    answered: bool = False


class Emit(msgspec.Struct, frozen=True, kw_only=True):
    """Publish a CloudEvent (JSON event format, a plain dict), in the transaction of the transition."""

    execution_id: str
    run_id: int
    event: dict[str, Any]


Command = Invoke | CancelInvocation | StartChild | CancelChild | Subscribe | Unsubscribe | Emit
