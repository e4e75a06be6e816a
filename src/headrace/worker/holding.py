"""The items that a reader has in hand, and until when it may have them.

Local times are of the monotonic clock and begin before the queue was asked, so that a lease is never thought
to last longer than it does, whatever the clocks of client and server say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from headrace.queue.port import Done, Failed, Held, Leased


class Hold:
    """One leased item from the lease until its outcome is with the queue."""

    __slots__ = ("begun_at", "item", "lost", "outcome", "renewed_at", "uncertain", "until")

    def __init__(self, item: Leased, renewed_at: float, until: float) -> None:
        self.item = item
        self.renewed_at = renewed_at  # monotonic seconds
        self.until = until
        self.begun_at = 0.0  # 0: not begun
        self.outcome: Done | Failed | None = None
        self.lost = False  # the lease is over: nothing is renewed, and a result will be refused
        self.uncertain = False  # its outcome was sent and no answer came: it may have been taken

    @property
    def name(self) -> Held:
        return Held(self.item.id, self.item.token)


class Holding:
    """All holds of a reader."""

    def __init__(self, lease_seconds: float) -> None:
        self._lease_seconds = lease_seconds
        self._holds: set[Hold] = set()

    def __len__(self) -> int:
        return len(self._holds)

    def __iter__(self) -> Iterator[Hold]:
        return iter(self._holds)

    def take(self, items: Iterable[Leased], asked_at: float) -> list[Hold]:
        """Hold items that were leased by a call made at `asked_at`."""
        until = asked_at + self._lease_seconds
        holds = [Hold(item, asked_at, until) for item in items]
        self._holds.update(holds)
        return holds

    def drop(self, holds: Iterable[Hold]) -> None:
        """Forget holds whose outcome is with the queue, or that were given back."""
        self._holds.difference_update(holds)

    def to_renew(self, now: float, due_seconds: float) -> list[Hold]:
        """Return holds that were last renewed `due_seconds` ago or longer and still can be."""
        latest = now - due_seconds
        return [hold for hold in self._holds if hold.renewed_at <= latest and not hold.lost]

    def renewed(self, holds: Iterable[Hold], asked_at: float, refused: Iterable[str]) -> list[Hold]:
        """Note an extension that was asked for at `asked_at`; return the holds that are lost by now."""
        until = asked_at + self._lease_seconds
        over = set(refused)
        lost = []
        for hold in holds:
            if hold.item.id in over:
                hold.lost = True
                lost.append(hold)
            else:
                hold.renewed_at, hold.until = asked_at, until
        return lost

    def expire(self, now: float) -> list[Hold]:
        """Mark the holds whose time is over, and return them."""
        over = [hold for hold in self._holds if hold.until <= now and not hold.lost]
        for hold in over:
            hold.lost = True
        return over
