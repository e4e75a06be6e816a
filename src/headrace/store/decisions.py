"""The port of what people are asked to decide: a row per task run that asks, and links for those without an
account.

Rows are made and ended by the transitions of executions (`store.port.Transition`); here they are read, and
answered, once. All times are epoch seconds (UTC).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple, Protocol

import msgspec

from headrace.store.access import AuditEntry

DecisionStatus = Literal["open", "decided", "ended", "overtaken"]
WhyNot = Literal["not-open", "link-used", "link-revoked", "link-expired"]

# How many entries of an index one page looks at: about 20 ms.
LOOKED_AT_MAX = 20_000
COUNTED_MAX = 10_000


class DecisionRow(msgspec.Struct, kw_only=True):
    """What a task run asks, or asked. `ended`: without an answer; `overtaken`: by one that came too late."""

    execution_id: str
    run_id: int
    namespace: str
    flow: str
    pointer: str
    event_type: str
    title: str
    role: str | None
    users: Sequence[str]
    asked_at: float
    due_at: float | None
    status: DecisionStatus
    ended_at: float | None
    decided_by: str | None
    via: str | None  # user | token | link
    choice: str | None
    shown: bytes = b""  # JSON: title, description, data, choices, form; empty in lists
    answer: bytes | None = None  # JSON; None in lists


class DecisionPosition(NamedTuple):
    """The place of a row in a list."""

    at: float
    execution_id: str
    run_id: int


# Tells of an open decision, by its role and users, whether somebody may answer it.
May = Callable[[str | None, Sequence[str]], bool]


class DecisionFilter(msgspec.Struct, kw_only=True):
    """What a list is of. Open ones are in the order in which they were asked, others the last ended first."""

    namespace: str
    open: bool = True
    flow: str | None = None
    may: May | None = None  # only of open ones
    due_before: float | None = None  # only of open ones


class DecisionPage(NamedTuple):
    """Rows, and where to go on: also where a search was cut short."""

    rows: list[DecisionRow]
    next: DecisionPosition | None


class DecisionCounts(NamedTuple):
    """How many are open, how many of them late and somebody's; `more`: there are more than were counted."""

    open: int
    late: int
    mine: int
    more: bool


class DecisionAnswer(msgspec.Struct, kw_only=True):
    """An answer, with the event that it becomes and its entry in the log of changes."""

    execution_id: str
    run_id: int
    choice: str
    answer: bytes  # JSON
    by: str
    via: Literal["user", "token", "link"]
    at: float
    event: bytes  # JSON
    entry: AuditEntry
    link: str | None = None  # the id of the link that it came by


class Answered(NamedTuple):
    """What came of an answer: the number of its event; or why it was not taken, with the row as it is."""

    sequence: int | None
    why_not: WhyNot | None
    row: DecisionRow


class LinkRow(msgspec.Struct, kw_only=True):
    """A link to one decision. `label` says for whom it is."""

    id: str
    execution_id: str
    run_id: int
    label: str
    created_at: float
    created_by: str
    expires_at: float
    used_at: float | None = None
    revoked_at: float | None = None


class Decisions(Protocol):
    """Where decisions are kept. Contract tests in `tests/contract/decisions/` hold every backend to this."""

    async def page(
        self, wanted: DecisionFilter, *, after: DecisionPosition | None = None, limit: int = 50
    ) -> DecisionPage:
        """Return decisions. A page may be short where few of many fit; it goes on from `next`."""
        ...

    async def counts(self, namespace: str, may: May, now: float) -> DecisionCounts:
        """Count what is open, up to `COUNTED_MAX`."""
        ...

    async def get(self, execution_id: str, run_id: int) -> DecisionRow | None:
        """Return one with what is shown, and its answer."""
        ...

    async def answer(self, given: DecisionAnswer) -> Answered | None:
        """Take an answer, publish its event and write its entry, together, once; None: nobody asked that."""
        ...

    async def add_link(self, link: LinkRow, entry: AuditEntry) -> bool:
        """Keep a link; False where the decision is not open."""
        ...

    async def link(self, link_id: str) -> LinkRow | None:
        """Return a link."""
        ...

    async def links(self, execution_id: str, run_id: int) -> list[LinkRow]:
        """Return the links to a decision, oldest first."""
        ...

    async def revoke_link(self, link_id: str, at: float, entry: AuditEntry) -> bool:
        """Let a link answer no more; False where it is used or revoked, or not there."""
        ...
