"""A limit on how often somebody asks, in memory: for doors that are open to everybody."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from headrace.access.failure import too_many

SUBJECTS_MAX = 10_000


class RateLimit:
    """So many requests at once, and so many a second after that, for each subject.

    Of more than `SUBJECTS_MAX` subjects those that came longest ago are forgotten.
    """

    def __init__(self, burst: int, per_second: float, *, now: Callable[[], float]) -> None:
        self._burst = burst
        self._per_second = per_second
        self._now = now
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, subject: str) -> None:
        """Count a request. Raises `Refused` 429, which says when to come back."""
        now = self._now()
        left, at = self._left.pop(subject, (float(self._burst), now))
        left = min(self._burst, left + max(now - at, 0.0) * self._per_second)
        if left < 1:
            self._left[subject] = (left, now)
            raise too_many("too many requests from this address", (1 - left) / self._per_second)
        self._left[subject] = (left - 1, now)
        if len(self._left) > SUBJECTS_MAX:
            self._left.popitem(last=False)
