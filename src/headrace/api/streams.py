"""Server-sent events: an execution, a flow, a namespace, a queue, as they change.

A stream costs one waiting task. What is to be sent is sent by a task of its own that lives no longer than
that; a reader that does not take what it is sent is cut off, and nobody else waits for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from litestar import Request
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import HeaderParameter, PathParameter, QueryParameter
from litestar.response.base import ASGIResponse

from headrace.api.execution import ExecutionId, Namespace, known
from headrace.api.flowapps import Name
from headrace.api.live import ENDED, Hub
from headrace.api.platform import Platform
from headrace.api.problem import Problem, not_found
from headrace.api.reader import Reader, Topic
from headrace.api.route import get
from headrace.api.rule import rule
from headrace.engine.state import FINAL_STATUSES

MEDIA_TYPE = "text/event-stream"
HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    # A proxy that gathers answers would hold events back.
    (b"x-accel-buffering", b"no"),
)
# Compression would gather events, and costs a stream more memory than all the rest.
UNCOMPRESSED = {"headrace_uncompressed": True}
STREAMS_MAX = 5_000

LastEventId = Annotated[
    str | None,
    HeaderParameter(
        name="Last-Event-ID",
        max_length=100,
        description="The id of the last event that came: go on after it.",
    ),
]
LastId = Annotated[
    str | None,
    QueryParameter(name="last_event_id", max_length=100, description="The same, where no header is sent."),
]
Tasks = Annotated[bool, QueryParameter(description="Task runs too, not only executions.")]
Logs = Annotated[bool, QueryParameter(description="Lines that functions write, too.")]

EVENTS = (
    "Server-sent events. `ready` comes first (or `reset`: what came after the given id is not known any "
    "more, so read the state again); then `execution` and `task` with a `phase`{more}. Each has an id to go "
    "on after. A comment comes every 15 seconds at least; a reader that falls behind is cut off, and comes "
    "back with its last id."
)

_responses = {200: ResponseSpec(str, description="Events.", media_type=MEDIA_TYPE, generate_examples=False)}


class EventStream(ASGIResponse):
    """An answer that goes on until its reader is gone, ended, or too slow."""

    def __init__(
        self,
        hub: Hub,
        subscribe: Callable[[Callable[[], None]], Reader],
        leave: Callable[[Reader], None],
        settle: Callable[[Reader], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(status_code=200, media_type=MEDIA_TYPE)
        self._hub = hub
        self._subscribe = subscribe
        self._leave = leave
        self._settle = settle

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Send events until the end."""
        await send({"type": "http.response.start", "status": 200, "headers": list(HEADERS)})
        stream = _Stream(self._hub, scope, send)
        reader = self._subscribe(stream.wake)
        stream.reader = reader
        stream.wake()
        try:
            if self._settle is not None:
                await self._settle(reader)
            # Also what comes when the answer is complete.
            while (await receive())["type"] != "http.disconnect":
                pass
        finally:
            self._leave(reader)
            await stream.stop()


class _Stream:
    """Sends what waits for a reader."""

    __slots__ = ("_abort", "_hub", "_send", "_sending", "reader")

    def __init__(self, hub: Hub, scope: Any, send: Any) -> None:
        self._hub = hub
        self._send = send
        self._sending: asyncio.Task[None] | None = None
        self._abort: Callable[[], None] | None = scope.get("headrace_abort")
        self.reader: Reader | None = None

    def wake(self) -> None:
        """Send what waits, now or after what is being sent; cut off who is too slow for it."""
        reader = self.reader
        if reader is None:
            return
        if reader.lost:
            if self._abort is not None:
                self._abort()
            elif self._sending is not None:
                self._sending.cancel()
        elif self._sending is None:
            self._sending = asyncio.get_running_loop().create_task(self._run(reader))

    async def _run(self, reader: Reader) -> None:
        try:
            while not reader.lost and (body := reader.take()):
                reader.sent_at = asyncio.get_running_loop().time()
                await self._send({"type": "http.response.body", "body": body, "more_body": True})
                if not reader.ended:
                    await asyncio.sleep(self._hub.gather_seconds)
            if reader.ended or reader.lost:
                await self._send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self._sending = None

    async def stop(self) -> None:
        """Leave off sending."""
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)


def of_events() -> dict[int, ResponseSpec]:
    """Return the `responses` of a route that streams."""
    return dict(_responses)


def hub_of(platform: Platform) -> Hub:
    """Return the hub. Raises `Problem` 503 where there is none, or too many streams are open."""
    hub = platform.hub
    if hub is None or hub.readers >= STREAMS_MAX:
        raise Problem(
            503,
            "too-many-streams" if hub is not None else "unavailable",
            f"{STREAMS_MAX} streams are open" if hub is not None else "this process has no live updates",
            remedy="close some, or read the state now and then",
        )
    found: Hub = hub
    return found


def _stream(
    platform: Platform, topic: Topic, last_id: str | None, *, tasks: bool = False, logs: bool = False
) -> EventStream:
    hub = hub_of(platform)
    return EventStream(
        hub,
        lambda wake: hub.subscribe(topic, wake, tasks=tasks, logs=logs, last_id=last_id),
        hub.unsubscribe,
    )


@get(
    "/executions/{execution_id:str}/stream",
    rule("viewer") | UNCOMPRESSED,
    tag="Executions",
    id="streamExecution",
    responses=_responses,
    description=EVENTS.format(
        more=", `log` with a line that a function wrote, and `end`, after which it closes"
    ),
)
async def stream_execution(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    execution_id: ExecutionId,
    last_event_id: LastEventId = None,
    last_id: LastId = None,
) -> EventStream:
    """Follow an execution to its end."""
    await known(platform, namespace, execution_id)
    hub = hub_of(platform)
    topic = Topic(namespace, "", execution_id)

    async def settle(reader: Reader) -> None:
        # Asked after subscribing: an end that comes in between is one of the events.
        row = await platform.store.execution(execution_id)
        if row is None or row.status in FINAL_STATUSES:
            reader.end(ENDED)

    return EventStream(
        hub,
        lambda wake: hub.subscribe(topic, wake, last_id=last_event_id or last_id or None),
        hub.unsubscribe,
        settle,
    )


@get(
    "/flowapps/{name:str}/stream",
    rule("viewer") | UNCOMPRESSED,
    tag="FlowApps",
    id="streamFlowApp",
    responses=_responses,
    description=EVENTS.format(more=""),
)
async def stream_flowapp(
    platform: Platform,
    namespace: Namespace,
    name: Name,
    tasks: Tasks = False,
    logs: Logs = False,
    last_event_id: LastEventId = None,
    last_id: LastId = None,
) -> EventStream:
    """Follow the executions of a FlowApp."""
    if await platform.flowapps.get(namespace, name) is None:
        raise not_found("FlowApp", name)
    return _stream(platform, Topic(namespace, name), last_event_id or last_id or None, tasks=tasks, logs=logs)


@get(
    "/stream",
    rule("viewer") | UNCOMPRESSED,
    tag="Executions",
    id="streamNamespace",
    responses=_responses,
    description=EVENTS.format(more=""),
)
async def stream_namespace(
    platform: Platform,
    namespace: Namespace,
    tasks: Tasks = False,
    logs: Logs = False,
    last_event_id: LastEventId = None,
    last_id: LastId = None,
) -> EventStream:
    """Follow the executions of a namespace."""
    return _stream(platform, Topic(namespace), last_event_id or last_id or None, tasks=tasks, logs=logs)


@get(
    "/queues/{queue:str}/stream",
    rule("viewer") | UNCOMPRESSED,
    tag="Queues",
    id="streamQueue",
    responses=_responses,
    description="Server-sent events: `queue` with its counts, at first and once a second when they changed.",
)
async def stream_queue(
    platform: Platform,
    namespace: Namespace,
    queue: Annotated[str, PathParameter(max_length=200, description="A queue's name.")],
) -> EventStream:
    """Follow the counts of a work queue."""
    if queue not in await platform.queues.names(namespace):
        raise not_found("queue", queue, "its first item makes it")
    opened = await platform.queues.open(namespace, queue)
    hub = hub_of(platform)
    gauge = hub.gauges.of(namespace, queue, opened)
    return EventStream(hub, gauge.subscribe, gauge.unsubscribe)


NAMESPACED = (stream_execution, stream_flowapp, stream_namespace, stream_queue)
