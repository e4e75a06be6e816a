"""What leaves the engine: the commands that the runtime performs after the commit.

Commands carry plain data only. Performing one twice must be harmless: an `Invoke` has the same
`invocation_id` on every delivery of the same attempt, and a result is refused unless its
`(run_id, attempt)` is still open.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Invoke(msgspec.Struct, frozen=True, kw_only=True):
    """Perform a call or a process, and answer with `CallCompleted` or `CallFailed`.

    `kind` selects the performer: `function`, `http`, `openapi`, `grpc`, `asyncapi`, `a2a`, `mcp`,
    `shell`, `script`, `container`. `arguments` is the evaluated `with` (or process) as plain JSON data;
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
    settings: dict[str, Any] | None = None  # the FlowApp's entry for a function: url, timeout, delivery, ...

    @property
    def invocation_id(self) -> str:
        """Identity of this attempt, the same on every redelivery: `<execution>.<run>.<attempt>`."""
        return f"{self.execution_id}.{self.run_id}.{self.attempt}"


class CancelInvocation(msgspec.Struct, frozen=True, kw_only=True):
    """Stop a call whose answer is no longer wanted (timeout, lost race, cancelled execution)."""

    execution_id: str
    run_id: int
    attempt: int


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


class CancelChild(msgspec.Struct, frozen=True, kw_only=True):
    """Cancel an awaited child whose parent task was cancelled or timed out."""

    execution_id: str
    run_id: int
    child_id: str


class Subscribe(msgspec.Struct, frozen=True, kw_only=True):
    """Deliver matching events to a task run. `types` empty means: any type may match.

    The exact filters (attributes, data, correlation) are the engine's; this is the coarse index.
    """

    execution_id: str
    run_id: int
    types: tuple[str, ...] = ()


class Unsubscribe(msgspec.Struct, frozen=True, kw_only=True):
    execution_id: str
    run_id: int


class Emit(msgspec.Struct, frozen=True, kw_only=True):
    """Publish a CloudEvent (JSON event format, a plain dict), in the transaction of the transition."""

    execution_id: str
    run_id: int
    event: dict[str, Any]


Command = Invoke | CancelInvocation | StartChild | CancelChild | Subscribe | Unsubscribe | Emit
