"""Builtins over times: strptime, strftime, mktime, gmtime, now. All times are UTC.

A broken-down time is jq's array [year, month from 0, day, hours, minutes, seconds, weekday from
Sunday 0, day of the year from 0].
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from math import floor, isfinite
from typing import Any

from headrace.expr.builtin_table import BUDGET, native
from headrace.expr.limits import Budget, RaisedError
from headrace.expr.values import from_float, is_number, to_float

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = list(calendar.day_name)
_SHORT_DAYS = list(calendar.day_abbr)
_MONTHS = list(calendar.month_name)
_SHORT_MONTHS = list(calendar.month_abbr)
_UNKNOWN_TIME = "error converting number of seconds since epoch to datetime"


@native("now", 0, BUDGET)
def _now(v: Any, budget: Budget) -> Any:
    if budget.now is None:
        raise RaisedError("now is not available here: the time of this evaluation was not given")
    return budget.now


@native("gmtime")
@native("localtime")
def _gmtime(v: Any) -> list[Any]:
    if not is_number(v):
        raise RaisedError("gmtime() requires numeric inputs")
    seconds = to_float(v)
    if not isfinite(seconds):
        raise RaisedError(_UNKNOWN_TIME)
    whole = floor(seconds)
    try:
        moment = _EPOCH + timedelta(seconds=whole)
    except OverflowError:
        raise RaisedError(_UNKNOWN_TIME) from None
    parts = _broken_down(moment)
    fraction = seconds - whole
    parts[5] = from_float(moment.second + fraction)
    return parts


def _broken_down(moment: datetime) -> list[Any]:
    return [
        moment.year,
        moment.month - 1,
        moment.day,
        moment.hour,
        moment.minute,
        moment.second,
        moment.isoweekday() % 7,
        moment.timetuple().tm_yday - 1,
    ]


def _moment(v: Any, complaint: str) -> datetime:
    """Return the moment of a broken-down time; fields beyond their range carry over, as in C."""
    if type(v) is not list or not v or not all(is_number(part) for part in v):
        raise RaisedError(complaint)
    numbers = [to_float(part) for part in v[:6]]
    if not all(isfinite(number) for number in numbers):
        raise RaisedError(complaint)
    # What is left out is midnight, and for the day the one before the month begins.
    year, month, day, hours, minutes, seconds = [*map(int, numbers), *[0] * (6 - len(numbers))]
    try:
        first = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
        return first + timedelta(days=day - 1, hours=hours, minutes=minutes, seconds=seconds)
    except (OverflowError, ValueError):
        raise RaisedError("invalid gmtime representation") from None


@native("mktime")
def _mktime(v: Any) -> int:
    if type(v) is not list:
        raise RaisedError("mktime requires array inputs")
    moment = _moment(v, "mktime requires parsed datetime inputs")
    return (moment - _EPOCH) // timedelta(seconds=1)


@native("strftime", 1)
def _strftime(v: Any, form: Any) -> str:
    return _formatted(v, form, "strftime/1")


@native("strflocaltime", 1)
def _strflocaltime(v: Any, form: Any) -> str:
    return _formatted(v, form, "strflocaltime/1")


def _formatted(v: Any, form: Any, name: str) -> str:
    if is_number(v):
        v = _gmtime(v)
    elif type(v) is not list:
        raise RaisedError(f"{name} requires parsed datetime inputs")
    if type(form) is not str:
        raise RaisedError(f"{name} requires a string format")
    return _Formatter(_moment(v, f"{name} requires parsed datetime inputs")).format(form)


class _Formatter:
    """strftime in the C locale; Python's own depends on the platform and the process's locale."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def format(self, form: str) -> str:
        return re.sub(r"%[-_0^#EO]?([a-zA-Z%+])", self._directive, form)

    def _directive(self, match: re.Match[str]) -> str:
        flag = match.group()[1:-1]
        text = self._value(match.group(1))
        if text is None:
            return match.group()
        if flag == "-":
            return text.lstrip("0 ") or "0"
        if flag == "_":
            return re.sub(r"^0+(?=.)", lambda zeros: " " * len(zeros.group()), text)
        return text.upper() if flag in ("^", "#") and flag else text

    def _value(self, letter: str) -> str | None:
        t = self.moment
        iso_year, iso_week, iso_day = t.isocalendar()
        weekday = t.isoweekday() % 7
        yearday = t.timetuple().tm_yday
        match letter:
            case "Y":
                return str(t.year)
            case "C":
                return f"{t.year // 100:02}"
            case "y":
                return f"{t.year % 100:02}"
            case "m":
                return f"{t.month:02}"
            case "d":
                return f"{t.day:02}"
            case "e":
                return f"{t.day:2}"
            case "H":
                return f"{t.hour:02}"
            case "I":
                return f"{(t.hour - 1) % 12 + 1:02}"
            case "k":
                return f"{t.hour:2}"
            case "l":
                return f"{(t.hour - 1) % 12 + 1:2}"
            case "M":
                return f"{t.minute:02}"
            case "S":
                return f"{t.second:02}"
            case "p":
                return "AM" if t.hour < 12 else "PM"
            case "P":
                return "am" if t.hour < 12 else "pm"
            case "j":
                return f"{yearday:03}"
            case "a":
                return _SHORT_DAYS[t.weekday()]
            case "A":
                return _DAYS[t.weekday()]
            case "b" | "h":
                return _SHORT_MONTHS[t.month]
            case "B":
                return _MONTHS[t.month]
            case "u":
                return str(iso_day)
            case "w":
                return str(weekday)
            case "G":
                return str(iso_year)
            case "g":
                return f"{iso_year % 100:02}"
            case "V":
                return f"{iso_week:02}"
            case "U":
                return f"{(yearday + 6 - weekday) // 7:02}"
            case "W":
                return f"{(yearday + 6 - t.weekday()) // 7:02}"
            case "s":
                return str((t - _EPOCH) // timedelta(seconds=1))
            case "z":
                return "+0000"
            case "Z":
                return "GMT"
            case "n":
                return "\n"
            case "t":
                return "\t"
            case "%":
                return "%"
        combined = _COMBINED.get(letter)
        return self.format(combined) if combined else None


_COMBINED = {
    "F": "%Y-%m-%d",
    "T": "%H:%M:%S",
    "R": "%H:%M",
    "r": "%I:%M:%S %p",
    "D": "%m/%d/%y",
    "x": "%m/%d/%y",
    "X": "%H:%M:%S",
    "c": "%a %b %e %H:%M:%S %Y",
}


@native("strptime", 1)
def _strptime(v: Any, form: Any) -> list[Any]:
    if type(v) is not str or type(form) is not str:
        raise RaisedError("strptime/1 requires string inputs and arguments")
    fields = _parsed(v, form)
    if fields is None:
        raise RaisedError(f'date "{v}" does not match format "{form}"')
    if "epoch" in fields:
        return list(_gmtime(fields["epoch"]))
    year = fields.get("year", 1900)
    month, day = fields.get("month", 0), fields.get("day", 0 if "month" not in fields else 1)
    if "yearday" in fields and "month" not in fields:
        ordinal = date(year, 1, 1) + timedelta(days=fields["yearday"])
        month, day = ordinal.month - 1, ordinal.day
    hour = fields.get("hour", 0)
    if "afternoon" in fields:
        hour = hour % 12 + (12 if fields["afternoon"] else 0)
    weekday, yearday = fields.get("weekday", 0), fields.get("yearday", 0)
    if day:
        try:
            moment = date(year, month + 1, 1) + timedelta(days=day - 1)
            weekday, yearday = moment.isoweekday() % 7, moment.timetuple().tm_yday - 1
        except (ValueError, OverflowError):
            pass
    return [year, month, day, hour, fields.get("minute", 0), fields.get("second", 0), weekday, yearday]


# Directive: field, most digits, lowest and highest value, what to add.
_NUMERIC = {
    "Y": ("year", 4, 0, 9999, 0),
    "m": ("month", 2, 1, 12, -1),
    "d": ("day", 2, 1, 31, 0),
    "e": ("day", 2, 1, 31, 0),
    "H": ("hour", 2, 0, 23, 0),
    "k": ("hour", 2, 0, 23, 0),
    "I": ("hour", 2, 1, 12, 0),
    "l": ("hour", 2, 1, 12, 0),
    "M": ("minute", 2, 0, 59, 0),
    "S": ("second", 2, 0, 61, 0),
    "j": ("yearday", 3, 1, 366, -1),
    "w": ("weekday", 1, 0, 6, 0),
    "u": ("weekday", 1, 1, 7, 0),
    "y": ("short_year", 2, 0, 99, 0),
    "U": ("ignored", 2, 0, 53, 0),
    "W": ("ignored", 2, 0, 53, 0),
    "V": ("ignored", 2, 1, 53, 0),
    "G": ("ignored", 4, 0, 9999, 0),
    "g": ("ignored", 2, 0, 99, 0),
    "s": ("epoch", 15, 0, 10**15, 0),
}
_DIRECTIVE = re.compile(r"%[-_0^#EO]*(.)|(\s+)|([^%\s]+)", re.DOTALL)


def _one_of(*lists: list[str]) -> str:
    return "(" + "|".join(name for names in lists for name in names) + ")"


_OTHER = {
    "a": _one_of(_DAYS, _SHORT_DAYS),
    "A": _one_of(_DAYS, _SHORT_DAYS),
    "b": _one_of(_MONTHS[1:], _SHORT_MONTHS[1:]),
    "B": _one_of(_MONTHS[1:], _SHORT_MONTHS[1:]),
    "h": _one_of(_MONTHS[1:], _SHORT_MONTHS[1:]),
    "p": "([ap]m)",
    "P": "([ap]m)",
    "z": r"\s*(Z|[+-][0-9]{2}:?(?:[0-9]{2})?)",
    "Z": "([A-Za-z]+)",
    "n": r"(\s*)",
    "t": r"(\s*)",
    "%": "(%)",
}


@lru_cache(maxsize=256)
def _reader(form: str) -> tuple[re.Pattern[str], str] | None:
    """Return the format as pattern with one group per directive, and the directives' letters."""
    for letter, meaning in _COMBINED.items():
        form = form.replace("%" + letter, meaning)
    pattern, letters = [], []
    for letter, space, text in _DIRECTIVE.findall(form):
        if letter:
            numeric = _NUMERIC.get(letter)
            if numeric is None and letter not in _OTHER:
                return None
            pattern.append(rf"\s*([0-9]{{1,{numeric[1]}}})" if numeric else _OTHER[letter])
            letters.append(letter)
        else:
            pattern.append(r"\s*" if space else re.escape(text))
    return re.compile("".join(pattern), re.IGNORECASE), "".join(letters)


def _parsed(text: str, form: str) -> dict[str, int] | None:
    """Read `text` by the format; None if it does not match, trailing text included."""
    reader = _reader(form)
    match = reader[0].fullmatch(text) if reader else None
    if reader is None or match is None:
        return None
    fields: dict[str, int] = {}
    for letter, found in zip(reader[1], match.groups(), strict=True):
        numeric = _NUMERIC.get(letter)
        if numeric is not None:
            name, _, low, high, shift = numeric
            number = int(found)
            if not low <= number <= high:
                return None
            fields[name] = number % 7 if letter == "u" else number + shift
        elif letter in "aA":
            fields["weekday"] = (_position(found, _SHORT_DAYS) + 1) % 7
        elif letter in "bBh":
            fields["month"] = _position(found, _SHORT_MONTHS) - 1
        elif letter in "pP":
            fields["afternoon"] = int(found.lower() == "pm")
    if "short_year" in fields:
        short = fields["short_year"]
        fields.setdefault("year", short + (1900 if short >= 69 else 2000))
    return fields


def _position(name: str, short: list[str]) -> int:
    return short.index(name[:3].capitalize())
