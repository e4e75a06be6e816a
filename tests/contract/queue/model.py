"""A queue as it is meant: plain dictionaries and lists, no clock, no storage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from headrace.queue.port import Put, Stats


class Item(msgspec.Struct, kw_only=True):
    """One item. `place` orders ready ones of a priority; None: it came back, and goes before all those."""

    id: str
    payload: bytes
    priority: int
    max_attempts: int
    state: str
    place: int | None
    attempts: int = 0
    token: int | None = None
    result: bytes | None = None
    error: str | None = None


class Model:
    """What a queue has to answer, given what it was asked."""

    def __init__(self, max_attempts: int) -> None:
        self._max_attempts = max_attempts
        self.items: dict[str, Item] = {}
        self.dead: list[str] = []  # oldest first
        self._keys: dict[str, str] = {}
        self._place = 0
        self._token = -1
        self.enqueued = self.completed = self.retried = self.expired = self.died = 0

    def _next_place(self) -> int:
        self._place += 1
        return self._place

    def in_state(self, state: str) -> list[Item]:
        return [item for item in self.items.values() if item.state == state]

    # ------------------------------------------------------------ putting

    def duplicate_of(self, put: Put) -> set[str]:
        """Return the items that were there already: one by the key, one by the id."""
        known = {item_id for item_id in (put.id,) if item_id is not None and item_id in self.items}
        if put.dedupe_key is not None and put.dedupe_key in self._keys:
            known.add(self._keys[put.dedupe_key])
        return known

    def put(self, put: Put, item_id: str) -> None:
        self.enqueued += 1
        self.items[item_id] = Item(
            id=item_id,
            payload=put.payload,
            priority=put.priority,
            max_attempts=put.max_attempts or self._max_attempts,
            state="delayed" if put.delay_seconds else "ready",
            place=self._next_place(),
        )
        if put.dedupe_key is not None:
            self._keys[put.dedupe_key] = item_id

    def become_due(self, ids: Iterable[str]) -> None:
        for item_id in ids:
            self.items[item_id].state = "ready"
            self.items[item_id].place = self._next_place()

    # ------------------------------------------------------------ leases

    def check_order(self, served: Sequence[str], limit: int) -> None:
        """Hold that `served` are the first `limit` ready items, in a right order."""
        ready = self.in_state("ready")
        assert len(served) == len(set(served)) == min(limit, len(ready))
        left = list(served)
        for priority in sorted({item.priority for item in ready}, reverse=True):
            of_priority = [item for item in ready if item.priority == priority]
            back = {item.id for item in of_priority if item.place is None}
            fresh = sorted((item for item in of_priority if item.place is not None), key=_place)
            count = min(len(left), len(of_priority))
            first, rest = left[: min(count, len(back))], left[min(count, len(back)) : count]
            assert set(first) <= back
            assert rest == [item.id for item in fresh[: len(rest)]]
            left = left[count:]
        assert left == []

    def lease(self, item_id: str, token: int) -> int:
        """Lease an item; return which attempt this is."""
        item = self.items[item_id]
        assert token >= self._token
        self._token = token
        item.state, item.token = "leased", token
        item.attempts += 1
        return item.attempts

    def holds(self, item_id: str, token: int) -> bool:
        item = self.items.get(item_id)
        return item is not None and item.state == "leased" and item.token == token

    def expire(self, item_id: str) -> None:
        self.expired += 1
        item = self.items[item_id]
        if item.attempts >= item.max_attempts:
            self._die(item)
        else:
            item.state, item.place = "ready", None

    def complete(self, item_id: str, result: bytes | None) -> None:
        self.completed += 1
        self.items[item_id].state = "completed"
        self.items[item_id].result = result

    def release(self, item_id: str) -> None:
        item = self.items[item_id]
        item.state, item.place = "ready", None
        item.attempts -= 1

    def fail(self, item_id: str, error: str, *, at_once: bool, final: bool) -> None:
        item = self.items[item_id]
        item.error = error
        if final or item.attempts >= item.max_attempts:
            self._die(item)
        else:
            self.retried += 1
            item.state, item.place = "ready" if at_once else "delayed", self._next_place()

    def _die(self, item: Item) -> None:
        self.died += 1
        item.state = "dead"
        self.dead.append(item.id)

    # ------------------------------------------------------------ dead letters and cleaning

    def redrive(self, ids: Iterable[str]) -> int:
        chosen = [item_id for item_id in dict.fromkeys(ids) if item_id in self.dead]
        for item_id in chosen:
            self.dead.remove(item_id)
            item = self.items[item_id]
            item.state, item.attempts, item.place = "ready", 0, self._next_place()
        return len(chosen)

    def purge(self, what: str) -> int:
        gone = [
            item
            for item in self.items.values()
            if item.state == what or (what == "all" and item.state != "leased")
        ]
        for item in gone:
            del self.items[item.id]
        self.dead = [item_id for item_id in self.dead if item_id in self.items]
        return sum(item.state != "completed" for item in gone)

    def stats(self) -> Stats:
        return Stats(
            ready=len(self.in_state("ready")),
            delayed=len(self.in_state("delayed")),
            leased=len(self.in_state("leased")),
            dead=len(self.in_state("dead")),
            enqueued_total=self.enqueued,
            completed_total=self.completed,
            retried_total=self.retried,
            expired_total=self.expired,
            dead_total=self.died,
        )


def _place(item: Item) -> int:
    assert item.place is not None
    return item.place
