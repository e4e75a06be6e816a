"""From an HTTP request to a function's data: CloudEvents 1.0 in both modes, and plain JSON.

* Binary mode: attributes in `ce-` headers, the data is the body.
* Structured mode: `content-type: application/cloudevents+json`, everything in the body.
* A post without `ce-specversion`: the body is the data, the context is empty.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any

import orjson

from headrace.function.context import Context, read_attempt
from headrace.function.problem import FunctionError

_STRUCTURED = b"application/cloudevents+json"
_BATCH = b"application/cloudevents-batch"


def read_event(headers: dict[bytes, bytes], body: bytes) -> tuple[Any, Context]:
    """Return the data and the context of a request; `headers` have lower-case names.

    Raises `FunctionError` with status 400 (not JSON, not a CloudEvent) or 415 (a batch).
    """
    content_type = headers.get(b"content-type", b"")
    if content_type.startswith(b"application/cloudevents"):
        return _read_structured(headers, content_type, body)
    if b"ce-id" not in headers:
        return _read_data(content_type, body), Context(headers=headers)
    return _read_data(content_type, body), Context.of_binary_event(headers)


def _read_structured(headers: dict[bytes, bytes], content_type: bytes, body: bytes) -> tuple[Any, Context]:
    if content_type.startswith(_BATCH):
        raise FunctionError("A function answers one event at a time, not a batch", status=415)
    if content_type.split(b";", 1)[0].strip().lower() != _STRUCTURED:
        sent = content_type.decode("latin-1")
        raise FunctionError(f"Send events as application/cloudevents+json, not {sent}", status=415)
    event = _json(body)
    if not isinstance(event, dict):
        raise FunctionError("A structured CloudEvent is a JSON object", status=400)
    missing = [name for name in ("specversion", "id", "source", "type") if not event.get(name)]
    if missing:
        raise FunctionError(f"The CloudEvent lacks {', '.join(missing)}", status=400)
    data = event.get("data")
    if "data_base64" in event:
        try:
            raw = base64.b64decode(event["data_base64"], validate=True)
        except (binascii.Error, TypeError, ValueError) as error:
            raise FunctionError(f"data_base64 is not base64: {error}", status=400) from error
        data = _read_data(str(event.get("datacontenttype", "application/octet-stream")).encode(), raw)
    context = Context(
        invocation_id=str(event["id"]),
        execution_id=str(event.get("subject") or ""),
        flow=str(event.get("headraceflow") or ""),
        task=str(event.get("headracetask") or ""),
        attempt=read_attempt(str(event.get("headraceattempt") or "")),
        headers=headers,
    )
    return data, context


def _read_data(content_type: bytes, body: bytes) -> Any:
    """JSON unless the content type says otherwise: `text/*` is a `str`, the rest `bytes`; empty is `None`."""
    if not body:
        return None
    if content_type in (b"application/json", b""):
        return _json(body)
    media_type = content_type.split(b";", 1)[0].strip().lower()
    # curl's default is declared as a form and is JSON nearly always when it is sent to a function.
    if media_type.endswith((b"/json", b"+json")) or media_type == b"application/x-www-form-urlencoded":
        return _json(body)
    if media_type.startswith(b"text/"):
        return body.decode("utf-8", "replace")
    return bytes(body)


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise FunctionError(f"The body is not JSON: {error}", status=400, title="Bad JSON") from error
