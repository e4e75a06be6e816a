"""How long to pause before a source tries again what did not work."""

from __future__ import annotations

_PAUSES_SECONDS = (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


def pause_seconds(attempt: int) -> float:
    """Return the pause after a failed attempt; 0 is the first."""
    return _PAUSES_SECONDS[min(attempt, len(_PAUSES_SECONDS) - 1)]
