"""W1, the work itself: three steps on an order, its inputs, and what must come out."""

from __future__ import annotations

from typing import Any

NAMES = ("reserve", "charge", "ship")


def reserve(data: dict[str, Any]) -> dict[str, Any]:
    """First step: 1 more."""
    return {"order": data["order"], "total": data["total"] + 1}


def charge(data: dict[str, Any]) -> dict[str, Any]:
    """Second step: twice as much."""
    return {"order": data["order"], "total": data["total"] * 2}


def ship(data: dict[str, Any]) -> dict[str, Any]:
    """Third step: 3 less."""
    return {"order": data["order"], "total": data["total"] - 3}


def order(number: int) -> dict[str, Any]:
    """The input of execution `number`."""
    return {"order": f"o-{number}", "total": number}


def check(number: int, output: Any) -> None:
    """Refuse any output but that of the three steps in their order, for this input."""
    expected = {"order": f"o-{number}", "total": (number + 1) * 2 - 3}
    if output != expected:
        raise SystemExit(f"execution {number} is wrong: {output!r} instead of {expected!r}")
