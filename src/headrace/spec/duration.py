"""Durations: the DSL's object form and ISO 8601 strings (dsl-reference.md, "Duration").

Both are lengths of time, not calendar arithmetic. ISO 8601 allows years and months, which have no fixed
length; here a year is 365 days and a month is 30 days, and validation warns about them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from headrace.spec.convert import DslObject, build

_ISO = re.compile(
    r"P(?!$)(?:(?P<years>\d+(?:\.\d+)?)Y)?(?:(?P<months>\d+(?:\.\d+)?)M)?(?:(?P<weeks>\d+(?:\.\d+)?)W)?"
    r"(?:(?P<days>\d+(?:\.\d+)?)D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)

_MILLISECONDS = {
    "years": 365 * 86_400_000,
    "months": 30 * 86_400_000,
    "weeks": 7 * 86_400_000,
    "days": 86_400_000,
    "hours": 3_600_000,
    "minutes": 60_000,
    "seconds": 1_000,
    "milliseconds": 1,
}

# The longest duration taken: 1,000 years. Longer ones are mistakes, and would overflow timers.
DURATION_MS_MAX = 1_000 * _MILLISECONDS["years"]


def parse_duration(text: str) -> int:
    """Return the milliseconds of an ISO 8601 duration such as `PT1.5S` or `P1DT12H`, rounded to the nearest.

    A year counts 365 days and a month 30. Raises `ValueError` with a message for authors when `text` is
    no duration or is longer than 1,000 years.
    """
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not an ISO 8601 duration; write it like PT30S, PT5M or P1DT12H")
    total = Decimal(0)
    for unit, number in match.groupdict().items():
        if number is not None:
            if len(number) > 30:
                raise ValueError(f"the number of {unit} has more than 30 characters")
            total += Decimal(number) * _MILLISECONDS[unit]
    if total > DURATION_MS_MAX:
        raise ValueError(f"{text!r} is longer than 1,000 years")
    return int(total.to_integral_value())


def has_calendar_units(text: str) -> bool:
    """Tell whether an ISO 8601 duration uses years or months, whose length is a convention."""
    match = _ISO.fullmatch(text)
    return match is not None and (match["years"] is not None or match["months"] is not None)


class Duration(DslObject, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A duration written as an object; all parts add up. `total_milliseconds()` is what to compute with."""

    days: int = 0
    hours: int = 0
    minutes: int = 0
    seconds: int = 0
    milliseconds: int = 0

    def total_milliseconds(self) -> int:
        """Return the whole length in milliseconds."""
        return (
            self.days * _MILLISECONDS["days"]
            + self.hours * _MILLISECONDS["hours"]
            + self.minutes * _MILLISECONDS["minutes"]
            + self.seconds * _MILLISECONDS["seconds"]
            + self.milliseconds
        )


def duration_ms(written: dict[str, Any] | Duration | str) -> int:
    """Return the milliseconds of a duration as written: a map, an ISO 8601 text, or the struct of one.

    Raises `ValueError` for other texts, runtime expressions too.
    """
    if isinstance(written, str):
        return parse_duration(written)
    if isinstance(written, dict):
        written = build(Duration, written)
    return written.total_milliseconds()
