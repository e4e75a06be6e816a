"""The ship step of W1 as a function behind HTTP."""

from typing import Any

from bench import steps

from headrace.function import function


@function
async def ship(data: dict[str, Any]) -> dict[str, Any]:
    """Answer what the step makes of the order."""
    return steps.ship(data)
