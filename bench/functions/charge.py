"""The charge step of W1 as a function behind HTTP."""

from typing import Any

from bench import steps

from headrace.function import function


@function
async def charge(data: dict[str, Any]) -> dict[str, Any]:
    """Answer what the step makes of the order."""
    return steps.charge(data)
