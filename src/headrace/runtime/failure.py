"""What the runtime refuses."""

from __future__ import annotations

from headrace.errors import HeadraceError


class Stopping(HeadraceError):
    """The runtime is stopping and takes nothing new."""
