"""The port for triggers: what they have to remember across restarts, and the record of their firings.

A trigger is named by (namespace, flow, name). Its state is a row that is there while the trigger is
deployed: paused or not, how far it got (`cursor`), and a note of its own. A firing that started something is
an execution, which names its trigger; only the others are rows here, kept to `FIRINGS_KEPT` per trigger.

Times are epoch seconds (float, UTC).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from headrace.store.port import StoredEvent

FIRINGS_KEPT = 1000


class TriggerName(msgspec.Struct, frozen=True):
    """Which trigger."""

    namespace: str
    flow: str
    trigger: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.flow}/{self.trigger}"


class TriggerState(msgspec.Struct, kw_only=True):
    """What a trigger remembers."""

    name: TriggerName
    fingerprint: str  # of its kind and configuration: another one makes `cursor` and `note` void
    paused: bool = False
    cursor: float | None = None  # the last time, or the last event's number, that was dealt with
    note: bytes | None = None  # JSON, what its kind needs beside


class Firing(msgspec.Struct, kw_only=True):
    """One firing of a trigger.

    `outcome`: started | duplicate (started before under this key) | refused (paused, too many open, not
    accepted) | failed (mapping or start) | missed (its time passed).
    """

    at: float
    outcome: str
    id: str = ""  # the execution's where there is one, else given by the store
    key: str | None = None
    execution_id: str | None = None
    status: str | None = None  # of the execution, where it started one
    reason: str | None = None
    due_at: float | None = None  # when it should have been, for triggers that go by time
    count: int = 1  # how many it stands for

    @property
    def position(self) -> str:
        """Where it stands in the list; `before` of the next page."""
        return f"{self.at!r} {self.id}"


class Fired(msgspec.Struct, frozen=True, kw_only=True):
    """An execution as a trigger looks at it."""

    execution_id: str
    status: str
    created_at: float
    ended_at: float | None = None
    output: bytes | None = None  # JSON
    error: bytes | None = None  # JSON, an OWS error


class Gathered(msgspec.Struct, kw_only=True):
    """Events that were taken and wait for others, to start one execution together."""

    id: str  # that of the first event: unique for its trigger
    since: float
    data: bytes  # JSON


class TriggerStore(Protocol):
    """Where triggers are kept. `tests/contract/triggers/` holds every backend to this.

    Writers raise `StoreUnavailable` when nothing was written.
    """

    async def states(self, namespace: str | None = None, flow: str | None = None) -> list[TriggerState]:
        """Return what is kept, of all, a namespace, or a flow."""

    async def keep(self, state: TriggerState) -> None:
        """Keep a state, in place of an earlier one."""

    async def set_paused(self, name: TriggerName, paused: bool) -> bool:
        """Note that a trigger is paused, or not; False when there is none of this name."""

    async def advance(self, name: TriggerName, cursor: float | None, note: bytes | None) -> None:
        """Note how far a trigger got; nothing when it is gone."""

    async def remove(self, namespace: str, flow: str, triggers: Sequence[str] | None = None) -> None:
        """Forget triggers of a flow (all, or these) with their firings and what they gathered."""

    async def record(self, firings: Sequence[tuple[TriggerName, Firing]]) -> None:
        """Keep firings that started nothing; the oldest of each trigger beyond `FIRINGS_KEPT` go."""

    async def firings(self, name: TriggerName, before: str | None, limit: int) -> list[Firing]:
        """Return a page of firings, newest first; `before` is the `position` of the last one seen.

        Raises `StoreError` for a `before` that is none.
        """

    async def open_executions(self, name: TriggerName) -> list[str]:
        """Return ids of executions that this trigger started and that are not final."""

    async def started(self, namespace: str, flow: str, key: str) -> Fired | None:
        """Return the execution that was started under a key."""

    async def execution(self, execution_id: str) -> Fired | None:
        """Return an execution with its output and error."""

    async def gathered(self, name: TriggerName) -> list[Gathered]:
        """Return what waits for more events, oldest first."""

    async def gather(
        self, name: TriggerName, cursor: float, kept: Sequence[Gathered], dropped: Sequence[str] = ()
    ) -> None:
        """Keep or drop gathered events, and note the number of the event that did it, all at once."""

    async def last_event(self) -> int:
        """Return the number of the last event that was published, 0 when there was none."""

    async def settled_event(self) -> int:
        """Return the number of the last event before the first that is not delivered yet."""

    async def events_after(self, sequence: int, limit: int) -> list[StoredEvent]:
        """Return published events with a greater number, in order, as far as they are kept."""
