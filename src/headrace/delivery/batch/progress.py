"""How far a batch is: for `why it waits`, the command line and the API."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec


class Progress(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Counts of items. Times are epoch seconds; rate and time left are of this life of the engine."""

    queue: str
    completed: int = 0
    failed: int = 0
    reused: int = 0  # of the completed: taken over from the run that is done again
    put: int = 0  # on the queue now, not ended
    reach: int = 0  # index after the last item that was put on the queue
    total: int | None = None  # None: not known yet
    started_at: float = 0.0
    at: float = 0.0
    rate_per_second: float | None = None
    seconds_left: float | None = None

    @property
    def done(self) -> int:
        """How many items have ended."""
        return self.completed + self.failed


def write(path: Path, progress: Progress) -> None:
    """Keep progress for other processes to read. Raises OSError."""
    new = path.with_suffix(".new")
    new.write_bytes(msgspec.json.encode(progress))
    os.replace(new, path)


def read(path: Path) -> Progress | None:
    """Return what was kept; None where nothing (usable) was."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Progress)
    except (OSError, msgspec.DecodeError):
        return None
