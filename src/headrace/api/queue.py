"""What the routes of queues share: names, and how a queue is found."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar.params import PathParameter

from headrace.api.platform import RunningPlatform
from headrace.api.problem import not_found
from headrace.queue.port import ITEMS_PER_CALL_MAX, WorkQueue

DELAY_SECONDS_MAX = 366 * 86_400.0

Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]
Queue = Annotated[str, PathParameter(max_length=180, description="The queue's name.")]
Few = Annotated[int, msgspec.Meta(ge=1, le=ITEMS_PER_CALL_MAX)]
ItemId = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=DELAY_SECONDS_MAX)]


class Count(msgspec.Struct, kw_only=True):
    """How many items it was."""

    count: int


async def queue_of(platform: RunningPlatform, namespace: str, name: str) -> WorkQueue:
    """Open a queue that is there: looking at one must not make it."""
    if name not in await platform.queues.names(namespace):
        raise not_found("queue", name, "its first item makes it")
    return await platform.queues.open(namespace, name)
