"""How long to pause before something is tried again while the store is not available."""

from __future__ import annotations

_PAUSES_SECONDS = (0.05, 0.2, 0.5, 1.0)


def pause_seconds(attempt: int) -> float:
    """Return the pause after a failed attempt; 0 is the first."""
    return _PAUSES_SECONDS[min(attempt, len(_PAUSES_SECONDS) - 1)]
