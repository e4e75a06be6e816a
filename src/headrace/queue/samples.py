"""What was seen of a queue lately: its counts at a steady step, within bounds of time and memory.

Nothing is lost between two samples but when exactly it happened: the totals count on, so what was put and
completed between them is their difference.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import msgspec

from headrace.queue.port import Stats


class QueueSample(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of a queue (`headrace.queue.port.Stats`) at one moment, in epoch seconds."""

    at: float
    ready: int
    delayed: int
    leased: int
    dead: int
    enqueued_total: int
    completed_total: int
    retried_total: int
    expired_total: int
    dead_total: int


_FIELDS = QueueSample.__struct_fields__[1:]
_WIDTH = 1 + len(_FIELDS)
_ENQUEUED, _COMPLETED = 1 + _FIELDS.index("enqueued_total"), 1 + _FIELDS.index("completed_total")


class Samples:
    """The samples of one queue, of the last `kept_seconds`.

    While nothing changes there are two of them, the first and the last: a queue that rests takes next to no
    room. One that changes between any two looks takes 80 bytes a look.
    """

    __slots__ = ("_kept_seconds", "_rows")

    def __init__(self, kept_seconds: float) -> None:
        self._kept_seconds = kept_seconds
        self._rows = array("d")

    def __len__(self) -> int:
        return len(self._rows) // _WIDTH

    @property
    def bytes_taken(self) -> int:
        """How much memory the samples take."""
        return len(self._rows) * self._rows.itemsize

    @property
    def since(self) -> float | None:
        """The time of the first sample; None where there is none."""
        return self._rows[0] if self._rows else None

    def add(self, at: float, stats: Stats) -> None:
        """Add the counts that were read at `at`; forget what is too old."""
        row = array("d", (at, *(getattr(stats, name) for name in _FIELDS)))
        rows = self._rows
        # The clock was set back: what came later by the old one would stand in the way of what comes now.
        while rows and rows[-_WIDTH] >= at:
            del rows[-_WIDTH:]
        if rows and any(row[total] < rows[total - _WIDTH] for total in (_ENQUEUED, _COMPLETED)):
            # Totals only grow: it is another queue, that was made in its place.
            del rows[:]
        counts = row[1:]
        if len(self) > 1 and rows[-_WIDTH + 1 :] == counts == rows[1 - 2 * _WIDTH : -_WIDTH]:
            rows[-_WIDTH] = at
        else:
            rows.extend(row)
        self._forget(at - self._kept_seconds)

    def _forget(self, before: float) -> None:
        rows = self._rows
        start = 0
        while start < len(rows) and rows[start] < before:
            following = start + _WIDTH
            rests = rows[start + 1 : following] == rows[following + 1 : following + _WIDTH]
            if rests and rows[following] > before:
                # It was so then, too: the chart of it begins where all others do.
                rows[start] = before
                break
            start = following
        del rows[:start]

    def __iter__(self) -> Iterator[QueueSample]:
        """Give the samples, oldest first."""
        for start in range(0, len(self._rows), _WIDTH):
            at, *counts = self._rows[start : start + _WIDTH]
            yield QueueSample(at=at, **dict(zip(_FIELDS, map(int, counts), strict=True)))
