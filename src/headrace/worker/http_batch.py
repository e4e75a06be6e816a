"""An HTTP server that takes many items at once: a POST of a CloudEvents batch.

The request's content type is `application/cloudevents-batch+json`; each event has the item's id as `id`. The
answer is a JSON array with one object per item, in the order of the request, or with `id` in any order:

    [{"status": 200, "data": {"total": 3}}, {"status": 503, "error": "busy", "retryAfter": 10}]

`status` (200 where it is left out) means what the status of a single item's answer would; `data` is the
result. An empty 2xx answer completes all. An answer with another status is for all items of the request;
after a final one (4xx) each is sent again alone, at once, to find the one that it was for.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import orjson

from headrace.call.answer import is_retryable_status
from headrace.call.wire import Answer, WireError
from headrace.queue.port import Leased
from headrace.worker.application import Outcome, failed, text_of
from headrace.worker.http_application import (
    ITEM_EVENT_TYPE,
    HttpEndpoint,
    content_type_of,
    event_source,
    event_time,
    no_answer,
    outcome_of,
    retry_after_of,
)

_HEADERS = "accept: application/json\r\ncontent-type: application/cloudevents-batch+json; charset=utf-8\r\n"


class HttpBatchApplication:
    """A `BatchApplication`: up to `batch_max` items per request."""

    def __init__(self, endpoint: HttpEndpoint, *, queue: str, batch_max: int) -> None:
        self.batch_max = batch_max
        self._endpoint = endpoint
        self._source = event_source(queue)

    async def start(self) -> None:
        """Nothing to do: whether the application is ready is asked for by `wait_until_ready`."""

    async def handle_batch(self, items: Sequence[Leased]) -> list[Outcome]:
        """Send items together and return what the answer means for each."""
        body = orjson.dumps([self._event(item) for item in items])
        try:
            answer = await self._endpoint.post(_HEADERS, body)
        except WireError as error:
            return [no_answer(item, error, self._endpoint.shown) for item in items]
        if 200 <= answer.status < 300:
            return _outcomes(items, answer)
        if len(items) > 1 and not is_retryable_status(answer.status):
            return [outcome for item in items for outcome in await self.handle_batch([item])]
        retry_in = retry_after_of(answer)
        return [outcome_of(item, answer.status, answer.reason, answer.body, retry_in) for item in items]

    async def aclose(self) -> None:
        """Close the connections."""
        await self._endpoint.aclose()

    def _event(self, item: Leased) -> dict[str, Any]:
        content_type = content_type_of(item)
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": item.id,
            "type": ITEM_EVENT_TYPE,
            "source": self._source,
            "time": event_time(item),
            "datacontenttype": content_type,
            "headraceattempt": item.attempt,
        }
        for name in ("traceparent", "tracestate"):
            if item.headers and item.headers.get(name):
                event[name] = item.headers[name]
        if content_type == "application/json":
            try:
                event["data"] = orjson.loads(item.payload)
                return event
            except orjson.JSONDecodeError:  # the item's headers promise what its payload does not keep
                pass
        text = text_of(item.payload)
        if text is None:
            event["data_base64"] = base64.b64encode(item.payload).decode("ascii")
        else:
            event["data"] = text
        return event


def _outcomes(items: Sequence[Leased], answer: Answer) -> list[Outcome]:
    if not answer.body.strip():
        return [outcome_of(item, 200, "", None) for item in items]
    try:
        parts = orjson.loads(answer.body)
    except orjson.JSONDecodeError as error:
        return [failed(item, f"the application's answer is not JSON: {error}") for item in items]
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return [failed(item, "the application's answer is not a JSON array of objects") for item in items]
    by_id = {part["id"]: part for part in parts if isinstance(part.get("id"), str)}
    if not by_id and len(parts) != len(items):
        reason = f"the application answered for {len(parts)} items of {len(items)}, without their ids"
        return [failed(item, reason) for item in items]
    outcomes: list[Outcome] = []
    for number, item in enumerate(items):
        part = by_id.get(item.id) if by_id else parts[number]
        if part is None:
            outcomes.append(failed(item, "the application's answer leaves this item out"))
        else:
            outcomes.append(_outcome(item, part))
    return outcomes


def _outcome(item: Leased, part: dict[str, Any]) -> Outcome:
    status = part.get("status", 200)
    if not isinstance(status, int) or isinstance(status, bool) or not 100 <= status < 600:
        return failed(item, f"the application answered with status {status!r}, which is none")
    if 200 <= status < 300:
        result = part.get("data")
        return outcome_of(item, status, "", None if result is None else orjson.dumps(result))
    error = part.get("error", part.get("data"))
    body = None if error is None else error.encode() if isinstance(error, str) else orjson.dumps(error)
    pause = part.get("retryAfter")
    retry_in = float(pause) if isinstance(pause, (int, float)) and 0 <= pause < 1e8 else None
    return outcome_of(item, status, "", body, retry_in)
