"""Times, durations and sizes in words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from headrace.errors import HeadraceError
from headrace.runtime.words import distance, duration, moment

__all__ = ["count", "distance", "duration", "moment", "since", "span_seconds"]

_SPAN = re.compile(r"(\d+(?:\.\d+)?)\s*(s|m|min|h|d|w)", re.IGNORECASE)
_SPAN_SECONDS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


def since(text: str, now: float) -> float:
    """Read `--since`: a length of time back from now (`30m`, `2h`, `7d`), or a date or time (UTC).

    Returns epoch seconds. Raises `HeadraceError` for anything else.
    """
    if _SPAN.fullmatch(text.strip()) is not None:
        return now - timedelta(seconds=span_seconds(text, "--since")).total_seconds()
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError:
        raise HeadraceError(
            f"--since {text!r} is neither a length of time (30m, 2h, 7d) nor a date or time "
            "(2026-01-31, 2026-01-31T10:00:00Z)"
        ) from None
    return (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).timestamp()


def span_seconds(text: str, option: str) -> float:
    """Read a length of time (`30m`, `12h`, `90d`); return seconds. Raises `HeadraceError`."""
    span = _SPAN.fullmatch(text.strip())
    if span is None:
        raise HeadraceError(f"{option} {text!r} is no length of time: write 30m, 12h, 90d")
    return float(span[1]) * _SPAN_SECONDS[span[2].lower()]


def count(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its noun: `1 error`, `2 errors`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
