"""What alerts ask of a clock: `headrace.runtime.clock` has them."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """A clock that can be turned by hand."""

    def now(self) -> float:
        """Return epoch seconds, UTC."""
        ...

    async def sleep_until(self, moment: float) -> None:
        """Return when `now()` is `moment` or later."""
        ...
