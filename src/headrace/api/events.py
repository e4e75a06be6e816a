"""CloudEvents in: for triggers, and for executions that listen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.spec import Example, OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType

from headrace.api.cloudevent import BATCH, STRUCTURED, read_events
from headrace.api.execution import Namespace
from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.platform import Platform
from headrace.api.problem import bad_request
from headrace.api.route import get, post
from headrace.api.rule import rule
from headrace.engine.approval import DECISION_ATTRIBUTE, EXECUTION_ATTRIBUTE

_EXAMPLE = {
    "specversion": "1.0",
    "id": "4711",
    "source": "/shop/till-3",
    "type": "com.example.order.paid",
    "subject": "A-1001",
    "data": {"order": "A-1001", "total": 1250},
}


@dataclass
class EventsOperation(Operation):
    """An operation whose body is one CloudEvent or a batch."""

    def __post_init__(self) -> None:
        """Describe the body."""
        event = Schema(type=OpenAPIType.OBJECT, additional_properties=True)
        self.request_body = RequestBody(
            content={
                STRUCTURED: OpenAPIMediaType(schema=event, examples={"paid": Example(value=_EXAMPLE)}),
                BATCH: OpenAPIMediaType(
                    schema=Schema(type=OpenAPIType.ARRAY, items=event),
                    examples={"one": Example(value=[_EXAMPLE])},
                ),
                "application/json": OpenAPIMediaType(schema=Schema()),
            },
            description="A CloudEvent, a batch, or in binary mode (`ce-` headers) an event's data.",
            required=False,
        )


class AcceptedEvent(msgspec.Struct, kw_only=True):
    """An event that was taken. `duplicate`: source and id were seen before; it is not delivered again."""

    id: str
    source: str
    duplicate: bool


class Accepted(msgspec.Struct, kw_only=True):
    """Events that are durably taken, in their order."""

    events: list[AcceptedEvent]
    duplicates: int


class PublishedEvent(msgspec.Struct, kw_only=True):
    """A published event. `delivered`: all that it reached have committed what it caused."""

    sequence: int
    published_at: float
    delivered: bool
    event: Any


@post(
    "/events",
    rule("operator"),
    tag="Events",
    id="publishEvents",
    problems=(415,),
    status_code=202,
    operation_class=EventsOperation,
    description=(
        "Take CloudEvents 1.0 in binary, structured or batch mode; they are durable when this answers, all "
        "of a batch or none, and reach triggers and executions of this namespace. An event whose source and "
        "id were seen before is a duplicate and reaches nothing."
    ),
)
async def publish_events(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace
) -> Accepted:
    """Take CloudEvents."""
    events = read_events(request.headers, await request.body())
    for number, event in enumerate(events):
        for attribute in (EXECUTION_ATTRIBUTE, DECISION_ATTRIBUTE):
            if attribute in event:
                raise bad_request(
                    "bad-event",
                    f"{attribute} is set by Headrace alone",
                    remedy="send events for one execution to .../executions/{id}/signal",
                    pointer=f"/{number}/{attribute}",
                )
    new = await platform.runtime.publish_all(events, namespace=namespace) if events else []
    return Accepted(
        events=[
            AcceptedEvent(id=event["id"], source=event["source"], duplicate=not accepted)
            for event, accepted in zip(events, new, strict=True)
        ],
        duplicates=new.count(False),
    )


@get("/events", rule("viewer"), tag="Events", id="listEvents")
async def list_events(
    platform: Platform,
    namespace: Namespace,
    limit: Limit = 50,
    after_cursor: Cursor = None,
) -> Page[PublishedEvent]:
    """Return recent events of a namespace, those that its executions emitted too, newest first."""
    key = after(after_cursor, (int,))
    before = None if key is None else min(int(str(key[0])), 2**62)
    rows = await platform.lists.events(namespace, before=before, limit=limit + 1)
    return Page(
        items=[
            PublishedEvent(
                sequence=row.sequence,
                published_at=row.published_at,
                delivered=row.delivered,
                event=msgspec.Raw(row.event),
            )
            for row in rows[:limit]
        ],
        next=cursor(rows[limit - 1].sequence) if len(rows) > limit else None,
    )


NAMESPACED = (publish_events, list_events)
