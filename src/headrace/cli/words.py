"""Times, durations and sizes in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from headrace.errors import HeadraceError

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|min|h|d|w)", re.IGNORECASE)
_SPAN_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def duration(seconds: float) -> str:
    """Return a length of time with the precision that a person wants: `12 ms`, `1.2 s`, `2 min 5 s`."""
    if seconds < 0.0095:
        return f"{max(seconds, 0.0) * 1000:.1f} ms"
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for unit, smaller, size, part in (("min", "s", 3600, 60), ("h", "min", 86_400, 3600)):
        if whole < size:
            rest = whole % part // (1 if smaller == "s" else 60)
            return f"{whole // part} {unit}" + (f" {rest} {smaller}" if rest else "")
    days, hours = whole // 86_400, whole % 86_400 // 3600
    return f"{days} d" + (f" {hours} h" if hours else "")


def moment(at: float) -> str:
    """Return a time as RFC 3339 in UTC, with milliseconds."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def distance(at: float, now: float) -> str:
    """Return how far a time is away: `in 5 s`, `3 h 2 min ago`."""
    return f"in {duration(at - now)}" if at >= now else f"{duration(now - at)} ago"


def since(text: str, now: float) -> float:
    """Read `--since`: a length of time back from now (`30m`, `2h`, `7d`), or a date or time (UTC).

    Returns epoch seconds. Raises `HeadraceError` for anything else.
    """
    span = _SPAN.fullmatch(text.strip())
    if span is not None:
        return now - timedelta(seconds=float(span[1]) * _SPAN_SECONDS[span[2].lower()]).total_seconds()
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise HeadraceError(
            f"--since {text!r} is neither a length of time (30m, 2h, 7d) nor a date or time "
            "(2026-01-31, 2026-01-31T10:00:00Z)"
        ) from None
    return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).timestamp()


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: `1 error`, `2 errors`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
