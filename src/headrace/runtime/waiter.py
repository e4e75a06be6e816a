"""Waiting for the end of an execution, for a while."""

from __future__ import annotations

import asyncio

from headrace.runtime.failure import Stopping
from headrace.runtime.results import Result
from headrace.runtime.runtime import Runtime


async def result_within(runtime: Runtime, execution_id: str, seconds: float) -> Result | None:
    """Return how an execution ended; None when it has not within `seconds`, or when the runtime stops.

    Raises `HeadraceError` for one that does not exist.
    """
    try:
        async with asyncio.timeout(seconds):
            return await runtime.result(execution_id)
    except (TimeoutError, Stopping):
        return None
