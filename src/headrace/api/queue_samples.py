"""What work queues were like lately: the counts that the server read before anybody looked."""

from __future__ import annotations

import msgspec

from headrace.api.platform import Platform
from headrace.api.problem import not_found
from headrace.api.queue import Namespace, Queue
from headrace.api.route import get
from headrace.api.rule import rule
from headrace.queue.samples import QueueSample


class QueueSamples(msgspec.Struct, kw_only=True):
    """The counts of a queue, oldest first. Times are epoch seconds (UTC) by the server's clock.

    They are read every `step_seconds` and kept for `kept_seconds`, by this process: a restart forgets them.
    Neighbours that are further apart tell that nothing changed between them, or that the queue could not be
    read; what was put and completed meanwhile is the difference of their totals, in any case. `since` is the
    time of the first one, null where the queue is not read: beyond the number of queues that a server keeps
    in mind, or new. `now` is when this was answered.
    """

    since: float | None
    now: float
    step_seconds: float
    kept_seconds: float
    items: list[QueueSample]


@get("/queues/{queue:str}/samples", rule("viewer"), tag="Queues", id="getQueueSamples")
async def get_queue_samples(platform: Platform, namespace: Namespace, queue: Queue) -> QueueSamples:
    """Return what a queue was like in the last hour, as the server has seen it."""
    if queue not in await platform.queues.names(namespace):
        raise not_found("queue", queue, "its first item makes it")
    seen = platform.samples.of(namespace, queue)
    return QueueSamples(
        since=seen.since,
        now=platform.clock.now(),
        step_seconds=platform.samples.step_seconds,
        kept_seconds=platform.samples.kept_seconds,
        items=list(seen),
    )


NAMESPACED = (get_queue_samples,)
