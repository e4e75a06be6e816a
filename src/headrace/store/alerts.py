"""The port for alerts: rules of namespaces, silences, what is going on, and notifications on their way.

A rule is named by (namespace, flow, name); `flow` is empty for a rule of the namespace. Times are epoch
seconds (float, UTC).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

# A notification lists so many of the events that it tells of, and counts all.
EVENTS_LISTED_MAX = 100


class RuleName(msgspec.Struct, frozen=True):
    """Which rule."""

    namespace: str
    flow: str  # "": of the namespace
    rule: str

    def __str__(self) -> str:
        return "/".join(part for part in (self.namespace, self.flow, self.rule) if part)


class RuleRow(msgspec.Struct, kw_only=True):
    """A rule of a namespace."""

    namespace: str
    name: str
    rule: bytes  # JSON, as written
    updated_at: float
    updated_by: str


class Silence(msgspec.Struct, kw_only=True):
    """For a while nothing is sent: of one rule, of one flow, or of the whole namespace."""

    id: str
    namespace: str
    rule: str | None = None
    flow: str | None = None
    until: float
    reason: str = ""
    created_at: float
    created_by: str


class Happening(msgspec.Struct, kw_only=True):
    """Something to tell. One with a `key` is told once per rule, however often it is recorded."""

    name: RuleName
    state: str  # firing | resolved
    at: float
    event: bytes  # JSON
    alert: bytes  # JSON: the rule as written
    group_seconds: float
    id: str  # of the notification, if this makes a new one
    key: str | None = None


class Ongoing(msgspec.Struct, kw_only=True):
    """What a rule found and is not over. `value` is what it was compared with, for rules that need it."""

    name: RuleName
    subject: str
    since: float
    value: float = 0.0
    firing: bool = True


class Changes(msgspec.Struct, kw_only=True):
    """What a look, or a burst of executions, came to; recorded all at once."""

    happenings: Sequence[Happening] = ()
    counted: Sequence[tuple[RuleName, str, float]] = ()  # (rule, key, at): one more, nothing to tell yet
    begun: Sequence[Ongoing] = ()  # put in place of an earlier one of the same subject
    over: Sequence[tuple[RuleName, str]] = ()  # (rule, subject)
    cursor: float | None = None  # executions that faulted until then were looked at
    forget_before: float | None = None  # notifications that ended, and what was told, before that


class Notification(msgspec.Struct, kw_only=True):
    """A message to a webhook, on its way or at its end."""

    sequence: int
    id: str
    name: RuleName
    state: str  # firing | resolved
    count: int  # of events; `events` has the first of them
    events: bytes  # JSON, a list
    alert: bytes  # JSON: the rule as it was then
    created_at: float
    send_at: float
    status: str  # pending | delivered | failed | silenced
    attempts: int
    error: str | None = None
    ended_at: float | None = None


class Attempted(msgspec.Struct, frozen=True, kw_only=True):
    """What came of trying to send a notification; `pending` again at `send_at`."""

    id: str
    status: str
    attempts: int
    at: float
    send_at: float
    error: str | None = None


class Ended(msgspec.Struct, frozen=True):
    """An execution that faulted."""

    execution_id: str
    namespace: str
    flow: str
    created_at: float
    ended_at: float
    error: bytes | None


class Open(msgspec.Struct, frozen=True):
    """An execution that is not final. `progress_at`: when something last began, ended or went on in it.

    `timer_only`: nothing but a timer in the future can move it, as it should be.
    """

    execution_id: str
    namespace: str
    flow: str
    status: str
    created_at: float
    progress_at: float
    timer_only: bool


class AlertStore(Protocol):
    """Where alerts are kept. `tests/contract/alerts/` holds every backend to this.

    Writers raise `StoreUnavailable` when nothing was written.
    """

    async def rules(self, namespace: str | None = None) -> list[RuleRow]:
        """Return the rules of a namespace, or of all, by name."""

    async def put_rule(self, rule: RuleRow) -> None:
        """Keep a rule, in place of one of the same name."""

    async def delete_rule(self, namespace: str, name: str) -> bool:
        """Forget a rule; False when there is none of this name."""

    async def silences(self, now: float, namespace: str | None = None) -> list[Silence]:
        """Return the silences that last beyond `now`."""

    async def put_silence(self, silence: Silence) -> None:
        """Keep a silence, in place of one of the same id."""

    async def delete_silence(self, namespace: str, silence_id: str) -> bool:
        """End a silence; False when there is none of this id."""

    async def record(self, changes: Changes) -> int:
        """Keep all of it, or nothing; return how many happenings were new.

        The first happening of a rule makes a notification that is due at once. Those of the same rule and
        state within its group's time are told together when that is over. What is resolved is not sent before
        what is still to be told about the rule.
        """

    async def due(self, now: float, limit: int) -> tuple[list[Notification], float | None]:
        """Return notifications to send, the longest due first, and when the next one will be due."""

    async def attempted(self, outcome: Attempted) -> None:
        """Note what came of sending a notification."""

    async def notifications(self, namespace: str, before: int | None, limit: int) -> list[Notification]:
        """Return a page, newest first; `before` is the `sequence` of the last one seen."""

    async def ongoing(self) -> tuple[list[Ongoing], float | None]:
        """Return what is going on, and the cursor (None: never looked)."""

    async def told(self, name: RuleName, since: float) -> list[tuple[str, float]]:
        """Return (key, at) of what a rule told of, or counted, since then; oldest first."""

    async def faulted(self, after: tuple[float, str], limit: int) -> list[Ended]:
        """Return executions that faulted after (time of end, id), in that order."""

    async def open(self, after: tuple[float, str], before: float, limit: int) -> list[Open]:
        """Return open executions that are not suspended, created after (time, id) and before a time."""

    async def look(self, execution_ids: Sequence[str]) -> list[Open]:
        """Return those of these executions that are open."""
