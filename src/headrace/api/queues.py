"""Work queues: which there are, how they are, pause, purge. Items and leases stand beside this file."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request
from litestar.params import JSONBody

from headrace.api.page import Page
from headrace.api.platform import Platform
from headrace.api.queue import Count, ItemId, Namespace, Queue, queue_of
from headrace.api.route import get, post
from headrace.api.rule import rule
from headrace.delivery.names import BATCH
from headrace.queue.port import ITEMS_PER_CALL_MAX, Stats, WorkQueue


class QueueStats(msgspec.Struct, kw_only=True):
    """How a queue is. The totals count since it was made."""

    name: str
    ready: int
    delayed: int
    leased: int
    dead: int
    enqueued_total: int
    completed_total: int
    retried_total: int
    expired_total: int
    dead_total: int
    oldest_ready_seconds: float | None
    drained: bool
    paused: bool


class QueueDetail(QueueStats, kw_only=True):
    """How a queue is, and what its backend can do."""

    capabilities: dict[str, bool]


class Purge(msgspec.Struct, kw_only=True):
    """What to delete; what is leased stays. With `ids` only these of them."""

    what: Literal["ready", "delayed", "dead", "all"]
    ids: Annotated[list[ItemId], msgspec.Meta(min_length=1, max_length=ITEMS_PER_CALL_MAX)] | None = None


@get("/queues", rule("viewer"), tag="Queues", id="listQueues")
async def list_queues(platform: Platform, namespace: Namespace) -> Page[QueueStats]:
    """Return the queues of a namespace, with their counts."""
    found = [_view(name, stats) for name, stats in (await platform.queues.stats(namespace)).items()]
    # A batch over a function leaves a queue of its own, of no more interest when it is empty.
    return Page(items=[each for each in found if not (BATCH in each.name and each.drained and not each.dead)])


@get("/queues/{queue:str}", rule("viewer"), tag="Queues", id="getQueue")
async def get_queue(platform: Platform, namespace: Namespace, queue: Queue) -> QueueDetail:
    """Return how a queue is."""
    opened = await queue_of(platform, namespace, queue)
    stats = await _stats(opened, queue)
    return QueueDetail(**msgspec.structs.asdict(stats), capabilities=msgspec.to_builtins(opened.capabilities))


@post("/queues/{queue:str}/purge", rule("operator"), tag="Queues", id="purgeQueue")
async def purge_queue(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    queue: Queue,
    data: JSONBody[Purge],
) -> Count:
    """Delete items that nobody has leased: all of a state, or some."""
    opened = await queue_of(platform, namespace, queue)
    count = await opened.purge(data.what, ids=data.ids)
    after = {"what": data.what, "ids": data.ids, "count": count}
    await platform.record(request, "queue.purge", queue, after=after)
    return Count(count=count)


@post("/queues/{queue:str}/pause", rule("operator"), tag="Queues", id="pauseQueue")
async def pause_queue(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, queue: Queue
) -> QueueStats:
    """Let a queue give out no items, to anybody; what is leased goes on, and items can be put."""
    return await _pause(request, platform, namespace, queue, True)


@post("/queues/{queue:str}/resume", rule("operator"), tag="Queues", id="resumeQueue")
async def resume_queue(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, queue: Queue
) -> QueueStats:
    """Let a queue give out items again."""
    return await _pause(request, platform, namespace, queue, False)


async def _pause(
    request: Request[Any, Any, Any], platform: Platform, namespace: str, name: str, paused: bool
) -> QueueStats:
    opened = await queue_of(platform, namespace, name)
    before = await opened.stats()
    await platform.queues.pause(namespace, name, paused)
    if before.paused != paused:
        verb = "pause" if paused else "resume"
        await platform.record(
            request, f"queue.{verb}", name, before={"paused": before.paused}, after={"paused": paused}
        )
    return await _stats(opened, name)


async def _stats(queue: WorkQueue, name: str) -> QueueStats:
    return _view(name, await queue.stats())


def _view(name: str, stats: Stats) -> QueueStats:
    return QueueStats(name=name, drained=stats.drained, **msgspec.structs.asdict(stats))


NAMESPACED = (list_queues, get_queue, purge_queue, pause_queue, resume_queue)
