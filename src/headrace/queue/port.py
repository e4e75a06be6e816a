"""The work queue port: what producers, readers and people do with one queue.

At-least-once with fencing. An item is leased for a time under a token that only grows; whoever holds an
older token is told so (`LeaseExpired`) and changes nothing. Leases that end come back by themselves, within a
second, on an idle queue too. An item that has used up its attempts becomes a dead letter, kept with the
reason, and never blocks the rest.

All calls take many items where that saves round trips. Times are epoch seconds (float, UTC) by the backend's
clock, durations seconds; payloads and results are bytes (JSON text by convention, anything by right).

Order: by priority, then in the order in which items became ready. A delayed item queues up at the end when it
is due; an item that comes back (released, its lease over) is the oldest again and goes to the front.

Bad input raises `QueueError` and changes nothing (`headrace.queue.check`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from headrace.errors import HeadraceError

# The most items that one call takes; clients cut longer lists.
ITEMS_PER_CALL_MAX = 1000

# An expired lease is back this long after its end at the latest.
REAP_SECONDS = 1.0

PRIORITY_MIN, PRIORITY_MAX = 0, 9  # 9 is served first

State = Literal["ready", "delayed", "leased", "completed", "dead"]


class QueueError(HeadraceError):
    """The queue cannot do what was asked; says what happened and what to do."""


class QueueUnavailable(QueueError):
    """The server or file cannot be reached or written. The same call may succeed later."""


class LeaseExpired(QueueError):
    """The lease under this token is over: the item was leased again, completed, or set aside."""

    def __init__(self, item_ids: Sequence[str]) -> None:
        super().__init__(
            f"the lease of {', '.join(item_ids[:5])}{' ...' if len(item_ids) > 5 else ''} has ended; "
            "the result was not taken, because the item may be in other hands. "
            "Lease longer, or extend while working"
        )
        self.item_ids = tuple(item_ids)


class Unsupported(QueueError):
    """This backend cannot do that; `capabilities` says what it can."""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a backend can do. Nothing is pretended: a call beyond raises `Unsupported`."""

    extend: bool = True
    delay: bool = True
    priorities: bool = True
    dedupe: bool = True
    results: bool = True
    history: bool = True
    peek: bool = True
    dead_letters: bool = True


class QueueOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a queue treats its items. Kept with the queue where the backend can, so that all clients agree.

    A client that opens a queue with options sets them for all clients, from their next call on; one that
    gives none takes what the queue has (these defaults, when it is new).
    """

    max_attempts: int = 5  # deliveries before an item becomes a dead letter
    backoff_seconds: float = 1.0  # before the second attempt; doubles for each further one
    backoff_seconds_max: float = 300.0
    result_seconds: float = 3600.0  # how long results and the history of completed items are kept; 0: not
    dead_seconds: float = 14 * 86_400.0  # how long dead letters are kept


class Put(msgspec.Struct, kw_only=True):
    """One item to enqueue.

    A `dedupe_key` is known for `dedupe_seconds` from the item that brought it, also after that item was
    completed. An `id` that the queue knows already (its result is kept, say) makes a duplicate too.
    """

    payload: bytes
    id: str | None = None  # given by the caller, or made by the client
    delay_seconds: float = 0.0
    priority: int = 0
    dedupe_key: str | None = None  # while one with this key is known, another one is not taken
    dedupe_seconds: float = 300.0
    max_attempts: int | None = None  # other than the queue's
    headers: dict[str, str] | None = None  # travels with the item: trace, content type, who asked


class Enqueued(msgspec.Struct, frozen=True):
    """What became of a `Put`. `duplicate`: `id` is of the item that was there already."""

    id: str
    duplicate: bool = False


class Leased(msgspec.Struct, kw_only=True):
    """An item in the hands of a reader until `expires_at`."""

    id: str
    token: int
    payload: bytes
    attempt: int  # 1 is the first delivery
    expires_at: float
    enqueued_at: float
    priority: int = 0
    max_attempts: int = 5
    headers: dict[str, str] | None = None


class Held(msgspec.Struct, frozen=True):
    """Names a lease: the item and the token under which it is held."""

    id: str
    token: int


class Done(msgspec.Struct, frozen=True):
    """A lease to complete, with what came of it."""

    id: str
    token: int
    result: bytes | None = None


class Failed(msgspec.Struct, frozen=True, kw_only=True):
    """A lease to give up. `retry_in`: None takes the queue's backoff; `final` sets the item aside at once."""

    id: str
    token: int
    error: str
    retry_in: float | None = None
    final: bool = False


class DeadLetter(msgspec.Struct, kw_only=True):
    """An item that was given up on."""

    id: str
    payload: bytes
    reason: str  # attempts: failed too often | final: failed for good | expired: its last lease ran out
    error: str | None
    attempts: int
    enqueued_at: float
    died_at: float
    priority: int = 0
    headers: dict[str, str] | None = None


class ItemEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One step in the life of an item: who leased it, when, how it ended."""

    at: float
    what: str  # enqueued | leased | extended | completed | released | failed | expired | dead | redriven
    worker: str | None = None
    attempt: int | None = None
    detail: str | None = None


class ItemRecord(msgspec.Struct, kw_only=True):
    """An item as people look at it."""

    id: str
    state: State
    payload: bytes | None  # None where it is not kept: of completed items
    attempts: int
    enqueued_at: float
    priority: int = 0
    run_at: float | None = None  # delayed: when it becomes ready
    leased_by: str | None = None
    expires_at: float | None = None
    result: bytes | None = None
    error: str | None = None
    headers: dict[str, str] | None = None
    history: tuple[ItemEvent, ...] = ()


class Stats(msgspec.Struct, kw_only=True):
    """How a queue is. The totals count since the queue was made.

    Items that are due (a delay or a lease is over) may still be counted where they were, for a second.
    """

    ready: int
    delayed: int
    leased: int
    dead: int
    enqueued_total: int
    completed_total: int
    retried_total: int  # failed, and given another attempt
    expired_total: int  # leases that ran out
    dead_total: int
    oldest_ready_seconds: float | None = None
    paused: bool = False  # items are taken, and none are given out: see `Queues.pause`

    @property
    def drained(self) -> bool:
        """Empty, and nothing leased or delayed, by anybody."""
        return self.ready == 0 and self.leased == 0 and self.delayed == 0


class WorkQueue(Protocol):
    """One queue. `tests/contract/queue/` holds every backend to this."""

    name: str
    capabilities: Capabilities

    async def enqueue(self, put: Put) -> Enqueued:
        """Add one item, durably as far as the backend is set to."""

    async def enqueue_many(self, puts: Sequence[Put]) -> list[Enqueued]:
        """Add items, in order, in as few round trips as can be; each is added or a duplicate.

        Lists of more than `ITEMS_PER_CALL_MAX` are cut; so are those of the other calls.
        """

    async def lease(
        self, max_items: int, lease_seconds: float, *, wait_seconds: float = 0.0, worker: str = ""
    ) -> list[Leased]:
        """Take up to `max_items`, the most urgent and oldest first; wait up to `wait_seconds` for the first.

        Also brings back what is due: expired leases, delayed items. Less than `max_items` come back where
        less are ready, none from a paused queue, and never more than `ITEMS_PER_CALL_MAX`. A call that is
        cancelled gives back what it was given.
        """

    async def complete(self, done: Sequence[Done]) -> list[str]:
        """Complete leases, keep the results; return the ids that were refused.

        A lease is over once its time is, whether or not somebody else has the item by then. Refused ids
        come in any order, here and in the other calls.
        """

    async def complete_and_lease(
        self,
        done: Sequence[Done],
        max_items: int,
        lease_seconds: float,
        *,
        wait_seconds: float = 0.0,
        worker: str = "",
    ) -> tuple[list[str], list[Leased]]:
        """Complete and take the next ones in one round trip; return (refused ids, leased)."""

    async def extend(self, held: Sequence[Held], lease_seconds: float) -> list[str]:
        """Let leases end `lease_seconds` from now; return the ids that were refused."""

    async def release(self, held: Sequence[Held]) -> list[str]:
        """Give items back unharmed: ready at once, and the attempt does not count; return refused ids."""

    async def fail(self, failed: Sequence[Failed]) -> list[str]:
        """Give items up: again after a pause, or dead when no attempt is left; return refused ids."""

    async def dead_letters(self, *, after: str | None = None, limit: int = 100) -> list[DeadLetter]:
        """Return dead letters, oldest first; `after` is the id of the last one of the page before."""

    async def redrive(self, ids: Sequence[str] | None = None, *, limit: int = ITEMS_PER_CALL_MAX) -> int:
        """Make dead letters ready again with fresh attempts, all or these; return how many."""

    async def purge(
        self, what: Literal["ready", "delayed", "dead", "all"], *, ids: Sequence[str] | None = None
    ) -> int:
        """Delete items that are not leased (`all`: results and history too); return how many items.

        With `ids` only these: that is how an item is withdrawn. Results are not counted.
        """

    async def peek(
        self, *, state: State = "ready", limit: int = 100, ids: Sequence[str] | None = None
    ) -> list[ItemRecord]:
        """Look at items without taking them, in the order in which they would be served.

        With `ids` at these, whatever their state and however many; those that are not known are left out.
        """

    async def inspect(self, item_id: str) -> ItemRecord | None:
        """Return all that is known of one item: state, result, history."""

    async def stats(self) -> Stats:
        """Return counts."""

    async def aclose(self) -> None:
        """Let go of connections; leases stay until they end."""


class Queues(Protocol):
    """All queues at one address: what people do with queues as a whole."""

    async def names(self) -> list[str]:
        """Return the names of all queues that were ever opened there, in order."""

    async def stats(self, names: Sequence[str]) -> dict[str, Stats]:
        """Return how these queues are, by name, in their order; one that is not there is left out.

        One reading for all of them, which opens none: what is due in a queue that no client has open may be
        counted where it was until somebody opens it, or leases.
        """

    async def pause(self, name: str) -> None:
        """Let `lease` give nothing out, to anybody; all other calls do what they do. Twice is once.

        What is leased goes on, time goes on (leases end, delays are over), and `drained` counts what is
        ready: a reader that drains waits. The pause lasts until `resume`, whoever comes or goes. Raises
        `QueueError` for a queue that is not there.
        """

    async def resume(self, name: str) -> None:
        """End a pause; who waits for items gets them. Raises like `pause`."""

    async def aclose(self) -> None:
        """Let go of connections."""


def raise_refused(refused: Sequence[str]) -> None:
    """Raise `LeaseExpired` where a call has refused leases; calls return those, because they take many."""
    if refused:
        raise LeaseExpired(refused)


def no_such_queue(name: str, where: str) -> QueueError:
    """Return the error for a queue that nobody has opened yet."""
    return QueueError(f"there is no queue {name} {where}; putting an item makes it")
