"""When triggers that go by time are due: cron expressions in a time zone, and intervals.

Cron follows Debian's rules at the change of the clock, as cronsim has them: an expression for certain hours
and minutes fires once for each time that it names, also where that time does not exist (then at the first
one that does) or comes twice (then the first time). One whose minute or hour begins with `*`, or that has
seconds, goes by what passes: it fires in every hour that there is.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
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
        fields = expression.split()
        # As Debian's cron tells them apart.
        self._by_name = len(fields) == 5 and not fields[0].startswith("*") and not fields[1].startswith("*")

    def _from(self, moment: float) -> Iterator[float]:
        last = moment
        for at in self._named(moment) if self._by_name else self._passing(moment):
            # Two wall-clock times can be one moment, and within a repeated hour the first one is behind us.
            if at > last:
                last = at
                yield at

    def _named(self, moment: float) -> Iterator[float]:
        for when in CronSim(self._expression, datetime.fromtimestamp(moment, self._zone)):
            yield when.timestamp()

    def _passing(self, moment: float) -> Iterator[float]:
        """Go by what passes: on the wall clock as long as it runs evenly, and anew where it is changed.

        cronsim would do that too, but steps over the second half hour where clocks go back by half an hour.
        """
        offset = self._offset(moment)
        walls = CronSim(self._expression, _wall(moment, offset))
        while True:
            wall = next(walls, None)
            if wall is None:
                return
            at = wall.replace(tzinfo=UTC).timestamp() - offset
            if self._offset(at) == offset:
                moment = at
                yield at
                continue
            # The clock was changed before that; from the change on it shows other times.
            moment = self._change(moment, at, offset)
            offset = self._offset(moment)
            walls = CronSim(self._expression, _wall(moment, offset) - timedelta(seconds=1))

    def _offset(self, moment: float) -> float:
        offset = datetime.fromtimestamp(moment, self._zone).utcoffset()
        assert offset is not None
        return offset.total_seconds()

    def _change(self, before: float, after: float, offset: float) -> float:
        """Return the second at which the clock changes from `offset` to another one."""
        low, high = int(before // 1), int(-(-after // 1))
        while high - low > 1:
            middle = (low + high) // 2
            if self._offset(middle) == offset:
                low = middle
            else:
                high = middle
        return float(high)

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


def _wall(moment: float, offset: float) -> datetime:
    """Return what a clock shows that is `offset` seconds ahead of UTC."""
    return datetime.fromtimestamp(moment + offset, UTC).replace(tzinfo=None)


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
