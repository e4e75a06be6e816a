"""What a trigger gets when people fire it by hand."""

from __future__ import annotations

from typing import Any

from headrace.engine.evaluate import iso8601
from headrace.source.build import Parts
from headrace.source.port import Delivery, SourceError


def manual_delivery(parts: Parts, payload: Any, key: str, now: float) -> Delivery:
    """Return the delivery of what would have come. Raises `SourceError` where `payload` cannot be that."""
    trigger = parts.trigger
    given = None if payload is ... else payload
    if trigger.http is not None:
        request: dict[str, Any] = {
            "method": trigger.http.method,
            "path": trigger.http.path,
            "params": {},
            "query": {},
            "headers": {},
            "body": given,
        }
        return Delivery(payload=request, default_input=given, key=key)
    if trigger.cron is not None or trigger.interval is not None:
        if given is None:
            given = {"scheduledAt": iso8601(now), "trigger": trigger.name}
            return Delivery(
                payload=given, default_input=None if trigger.scheduled else given, key=key, due_at=now
            )
        return Delivery(payload=given, default_input=given, key=key, due_at=now)
    if parts.event is not None:
        if isinstance(given, list) and given and all(isinstance(event, dict) for event in given):
            return parts.event.deliveries(given, key)
        if not isinstance(given, dict):
            raise SourceError(
                f"trigger {trigger.name!r} is fired by events: give a CloudEvent in JSON format, "
                "or a list of them"
            )
        delivery = parts.event.delivery(given)
        return Delivery(payload=delivery.payload, default_input=delivery.default_input, key=key)
    if trigger.queue is not None:
        if trigger.queue.batch > 1:
            items = given if isinstance(given, list) else [given]
            return Delivery(payload=[_item(key, data) for data in items], default_input=items, key=key)
        return Delivery(payload=_item(key, given), default_input=given, key=key)
    return Delivery(payload=given, default_input=given, key=key)


def _item(key: str, data: Any) -> dict[str, Any]:
    return {"id": key, "data": data, "attempt": 1, "enqueuedAt": None, "headers": {}}
