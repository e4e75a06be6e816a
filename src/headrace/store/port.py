"""The store port: what executions need kept, in the product's verbs.

One `Transition` is the unit of truth: the new state, the history rows and the outgoing commands of one
step of one execution, committed together or not at all. A store gathers the transitions that are ready
into one transaction (group commit) and answers only when it is durable.

All times are epoch seconds (float, UTC). Payloads are JSON text as bytes; a store moves payloads over
64 KiB to its blob table by hash and gives them back whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from headrace.errors import HeadraceError

BLOB_THRESHOLD_BYTES = 64 * 1024


class StoreError(HeadraceError):
    """The store cannot do what was asked; says what happened and what to do."""


class StoreConflict(StoreError):
    """The execution moved on since it was loaded (compare-and-set failed): drop it and load again."""


class StoreUnavailable(StoreError):
    """Disk full, read-only, locked or gone. Nothing was written; the same call may succeed later."""


class StoreOwned(StoreError):
    """Another process owns this store; names the owner."""


class KeyTaken(StoreError):
    """An execution with this key (or id) exists already: starting again is the same start."""

    def __init__(self, execution_id: str) -> None:
        super().__init__(f"an execution with this key exists already: {execution_id}")
        self.execution_id = execution_id


class Starter(NamedTuple):
    """Who started an execution, as the log of changes names them: a principal's id, `user:ada`, and name."""

    id: str
    name: str


class ExecutionRow(msgspec.Struct, kw_only=True):
    """One execution as lists and `show` see it. Also what creates one (with `version` 0)."""

    id: str
    namespace: str
    name: str
    workflow_version: str
    definition_digest: str
    status: str  # an OWS status phase
    created_at: float
    key: str | None = None  # the caller's idempotency key, unique per (namespace, name)
    started_at: float | None = None
    ended_at: float | None = None
    parent_id: str | None = None  # the execution that started this one as a child
    parent_run_id: int | None = None
    rerun_of: str | None = None  # the execution that this one reruns
    rerun_run_id: int | None = None  # ... from this task run of it
    trigger: str | None = None
    started_by: str | None = None  # the id of the principal who did, over the API; triggers do it themselves
    started_by_name: str | None = None  # ... and their name, as it was then
    input: bytes | None = None  # JSON
    output: bytes | None = None  # JSON
    error: bytes | None = None  # JSON, an OWS error


class TaskRun(msgspec.Struct, kw_only=True):
    """One row of history: a task run that ended (or was carried over from a rerun execution)."""

    execution_id: str
    run_id: int  # unique in the execution, in order of starting; 0 is the workflow itself
    parent_id: int
    pointer: str  # `/do/0/charge`
    name: str
    kind: str  # call, do, emit, ...
    status: str  # completed | faulted | cancelled | skipped
    started_sequence: int  # orders all starts and ends within the execution
    ended_sequence: int
    started_at: float
    ended_at: float
    attempt: int = 1  # attempts made of this run (function-level retries), or the try's attempt
    iteration: int | None = None  # of the enclosing for/listen, where it started this run
    carried: bool = False
    count: int = 1  # > 1: a summary of so many pure runs of a loop
    worker: str | None = None  # who performed the call, in words: an address, a process, a queue's reader
    input: bytes | None = None  # JSON, raw input
    output: bytes | None = None  # JSON, transformed output
    error: bytes | None = None  # JSON
    variables: bytes | None = None  # JSON, variables that were bound for this run (loop, catch, event)
    context: bytes | None = None  # JSON, `$context` after this run, where it exported
    details: bytes | None = None  # JSON, per kind: attempts, arguments, events consumed


class LogLine(msgspec.Struct, kw_only=True):
    """One line that a function wrote, attached to the task run that it belongs to."""

    execution_id: str
    run_id: int
    attempt: int
    at: float
    stream: str  # stdout | stderr | log
    text: str


class AskedDecision(msgspec.Struct, kw_only=True):
    """What a task run asks of people from now on (`store.decisions` has what becomes of it)."""

    run_id: int
    namespace: str
    flow: str
    pointer: str
    event_type: str  # of the event that the answer becomes
    title: str
    role: str | None  # who may answer: those with this role,
    users: Sequence[str]  # and these users
    asked_at: float
    due_at: float | None
    shown: bytes  # JSON: title, description, data, choices, form


class Transition(msgspec.Struct, kw_only=True):
    """One step of one execution, committed in one transaction."""

    execution_id: str
    expected_version: int  # of the state; 0 creates the execution from `create`
    state: bytes | None  # JSON; None: the execution is final and its state row goes away
    large: Mapping[str, bytes] = {}  # payloads that `state` refers to by SHA-256: all that it needs
    create: ExecutionRow | None = None
    status: str | None = None  # new status of the execution, where it changed
    started_at: float | None = None
    ended_at: float | None = None
    output: bytes | None = None
    error: bytes | None = None
    next_due: float | None = None  # earliest timer in `state`
    in_flight: bool = False  # `state` holds open invocations or children: recovery must load it
    runs: Sequence[TaskRun] = ()
    subscribe: Sequence[tuple[int, tuple[str, ...]]] = ()  # (run_id, event types; empty: any)
    unsubscribe: Sequence[int] = ()  # run ids
    asked: Sequence[AskedDecision] = ()
    ended: Sequence[tuple[int, bool]] = ()  # run ids that ask no more, and whether they took an answer
    events: Sequence[bytes] = ()  # CloudEvents in JSON event format to publish
    # Of the execution, for those who watch what is committed; a store keeps nothing of it.
    namespace: str = ""
    name: str = ""
    created_at: float = 0.0
    trace: str | None = None


class Committed(msgspec.Struct, kw_only=True):
    """A durable transition: the state's new version, and the sequence numbers of its `events`."""

    version: int
    event_sequences: Sequence[int] = ()


class StoredState(msgspec.Struct, kw_only=True):
    execution_id: str
    version: int
    definition_digest: str
    data: bytes
    large: Mapping[str, bytes] = {}  # the payloads that `data` refers to


class DefinitionRow(msgspec.Struct, kw_only=True):
    """A deployed definition. `digest` identifies the content; a (namespace, name, version) has one digest."""

    digest: str
    namespace: str
    name: str
    version: str
    source: str  # the text as it was written
    created_at: float


class StoredEvent(msgspec.Struct, kw_only=True):
    sequence: int
    event: bytes  # CloudEvent, JSON event format


class ExecutionQuery(msgspec.Struct, kw_only=True):
    """Filters of a list, all optional; newest first; `before` is the id of the last row of the last page."""

    namespace: str | None = None
    name: str | None = None
    status: Sequence[str] = ()
    key: str | None = None
    parent_id: str | None = None
    rerun_of: str | None = None
    started_by: str | None = None  # a principal's id
    created_from: float | None = None
    created_to: float | None = None
    before: str | None = None
    limit: int = 50


class Retention(msgspec.Struct, kw_only=True):
    """What finished executions to keep. None: no limit of that sort."""

    namespace: str | None = None
    name: str | None = None
    max_age_seconds: float | None = None
    max_count: int | None = None  # per (namespace, name)


class Store(Protocol):
    """Where executions live. Contract tests in `tests/contract/store/` hold every backend to this."""

    async def commit(self, transition: Transition) -> Committed:
        """Write one transition, durably.

        Raises `KeyTaken` (creating under a used key or id), `StoreConflict` (state moved on),
        `StoreUnavailable` (nothing was written).
        """

    async def load(self, execution_id: str) -> StoredState | None:
        """Return the state of an execution that is not final; None if final or unknown."""

    async def due(self, until: float, limit: int) -> tuple[list[str], float | None]:
        """Return up to `limit` ids with `next_due <= until` (earliest first), and when the next one is due.

        The time is that of the earliest execution not returned; where `limit` cut, that is in the past.
        """

    async def in_flight(self, after: str, limit: int) -> list[str]:
        """Return ids (> `after`, in order) of executions to load on recovery: calls or children open."""

    async def subscribers(self, event_type: str, namespace: str | None = None) -> list[str]:
        """Return ids of executions, of a namespace or of all, that may want an event of this type."""

    async def publish(self, events: Sequence[bytes]) -> list[int | None]:
        """Accept CloudEvents durably; per event its sequence, or None where it was seen before.

        An event is told by its source and id, within its namespace (`headracenamespace`) where it has one.
        """

    async def undelivered(self, limit: int, after: int = 0) -> list[StoredEvent]:
        """Return published events (with a sequence > `after`) that were not delivered yet, in order."""

    async def delivered(self, sequences: Sequence[int]) -> None:
        """Note that these events were handed to all their subscribers."""

    async def put_definition(self, definition: DefinitionRow) -> DefinitionRow:
        """Keep a definition; the same digest again changes nothing.

        Raises `StoreError` when (namespace, name, version) exists with another digest.
        """

    async def definitions(
        self, namespace: str | None = None, name: str | None = None, *, digest: str | None = None
    ) -> list[DefinitionRow]:
        """Return definitions, newest first; by digest, by name, or all."""

    async def executions(self, query: ExecutionQuery) -> list[ExecutionRow]:
        """Return a page of executions, newest first, payloads included only for a query by `key`."""

    async def execution(self, execution_id: str) -> ExecutionRow | None:
        """Return one execution with its payloads."""

    async def history(self, execution_id: str, *, after: int = -1, limit: int = 10_000) -> list[TaskRun]:
        """Return task runs with `ended_sequence > after`, in that order."""

    async def logs(
        self, execution_id: str, run_id: int | None = None, *, append: Sequence[LogLine] = ()
    ) -> list[LogLine]:
        """Append lines (not synced on its own) and return [], or return those of the execution or run.

        Lines of an execution that does not exist (any more) are dropped.
        """

    async def prune(self, retention: Retention, now: float, *, batch: int = 500) -> int:
        """Delete up to `batch` finished executions beyond retention, with all they own; return how many."""
