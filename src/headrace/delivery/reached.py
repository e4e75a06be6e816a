"""Calls of a queue that is away are made again."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from headrace.queue.port import QueueUnavailable

PAUSE_SECONDS_MIN, PAUSE_SECONDS_MAX = 0.2, 5.0  # between attempts to reach the queue

_T = TypeVar("_T")
_log = logging.getLogger(__name__)


async def reached(call: Callable[[], Coroutine[Any, Any, _T]], name: str) -> _T:
    """Make a call of a queue, again and again while it is unavailable. Raises `QueueError` for anything else.

    The execution waits meanwhile: an outage of the queue is no failure of a function.
    """
    pause = PAUSE_SECONDS_MIN
    while True:
        try:
            return await call()
        except QueueUnavailable as error:
            if pause == PAUSE_SECONDS_MIN:
                _log.warning("queue %s is unavailable, trying again: %s", name, error)
            await asyncio.sleep(pause * random.uniform(0.7, 1.3))
            pause = min(pause * 2, PAUSE_SECONDS_MAX)
