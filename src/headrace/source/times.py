"""When triggers that go by time are due: cron expressions in a time zone, and intervals.

Cron follows Debian's rules at the change of the clock, as cronsim has them: an expression for certain hours
and minutes fires once for each time that it names, also where that time does not exist (then at the first
one that does) or comes twice (then the first time). One whose minute or hour begins with `*`, or that has
seconds, goes by what passes: it fires in every hour that there is.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from cronsim import CronSim, CronSimError

from headrace.source.port import SourceError

# How far back the last time is looked for, step by step, so that a dense schedule is not walked through.
_WINDOWS_SECONDS = (60.0, 3_600.0, 86_400.0, 32 * 86_400.0, 400 * 86_400.0)


class Times(Protocol):
    """A series of moments, in epoch seconds. Every moment belongs to it or does not, whoever asks."""

    def after(self, moment: float) -> float | None:
        """Return the first one after `moment`, None when there is none."""

    def last(self, after: float, until: float) -> float | None:
        """Return the last one in (after, until]."""

    def count(self, after: float, until: float, limit: int) -> int:
        """Return how many there are in (after, until], at most `limit`."""


class CronTimes:
    """The times of a cron expression. Raises `SourceError` for what is no expression, or no time zone."""

    def __init__(self, expression: str, timezone: str) -> None:
        self._expression = expression
        try:
            self._zone = zoneinfo.ZoneInfo(timezone)
            CronSim(expression, datetime.fromtimestamp(0, self._zone))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise SourceError(f"there is no time zone {timezone!r}; write it like Europe/Berlin") from error
        except CronSimError as error:
            raise SourceError(f"{expression!r} is not a cron expression: {error}") from error

    def _from(self, moment: float) -> Iterator[float]:
        last = moment
        for when in CronSim(self._expression, datetime.fromtimestamp(moment, self._zone)):
            at = when.timestamp()
            # Two wall-clock times can be one moment, and within a repeated hour the first one is behind us.
            if at > last:
                last = at
                yield at

    def after(self, moment: float) -> float | None:
        return next(self._from(moment), None)

    def last(self, after: float, until: float) -> float | None:
        for window in (*_WINDOWS_SECONDS, until - after):
            begin = max(after, until - window)
            found = None
            for at in self._from(begin):
                if at > until:
                    break
                found = at
            if found is not None or begin == after:
                return found
        return None

    def count(self, after: float, until: float, limit: int) -> int:
        number = 0
        for at in self._from(after):
            if at > until or number == limit:
                break
            number += 1
        return number


class EveryTimes:
    """An interval, counted from the last moment that was dealt with, so that it does not drift."""

    def __init__(self, seconds: float) -> None:
        if seconds <= 0:
            raise SourceError("an interval of no time would never stop starting; write a duration like PT30S")
        self._seconds = seconds

    def after(self, moment: float) -> float | None:
        return moment + self._seconds

    def last(self, after: float, until: float) -> float | None:
        steps = int((until - after) // self._seconds)
        return after + steps * self._seconds if steps > 0 else None

    def count(self, after: float, until: float, limit: int) -> int:
        return min(limit, max(0, int((until - after) // self._seconds)))
