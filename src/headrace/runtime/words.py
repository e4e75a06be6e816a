"""Times, durations and errors in words, for people who look at executions. Pure."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any


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


def brief(error: dict[str, Any]) -> str:
    """Return an OWS error in a few words."""
    text = error.get("detail") or error.get("title") or str(error.get("type", "")).rpartition("/")[2]
    status = error.get("status")
    return f"{status} {text}" if status else str(text)
