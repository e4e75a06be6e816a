"""An invocation as an item of a work queue, and back.

The item is a complete CloudEvent in binary mode (headers and payload), so that any reader can make the call:
one in this process, or `headrace worker` on another machine.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import orjson

from headrace.call.invocation import INVOKE_EVENT_TYPE, event_headers
from headrace.call.performer import call_error
from headrace.engine.commands import Invoke
from headrace.queue.port import Leased, Put
from headrace.worker.invocation import REPLY_HEADER, attempt_of

# Single calls are served before the items of batches, which are many and in no hurry.
CALL_PRIORITY = 5


def put_of(call: Invoke, reply_to: str) -> Put:
    """Return the item of a call. Raises `CallError` (validation) for data that is not JSON."""
    return Put(
        payload=payload_of(call.input if call.arguments is None else call.arguments),
        id=call.invocation_id,
        priority=CALL_PRIORITY,
        max_attempts=attempts_of((call.settings or {}).get("retries")),
        headers={**common_headers(reply_to), **dict(event_headers(call))},
    )


def common_headers(reply_to: str) -> dict[str, str]:
    """Return the headers that all invocations have alike."""
    return {
        "content-type": "application/json",
        "ce-specversion": "1.0",
        "ce-type": INVOKE_EVENT_TYPE,
        REPLY_HEADER: reply_to,
    }


def task_headers(call: Invoke) -> dict[str, str]:
    """Return the headers that all items of a batch have alike; their `ce-id` is the item's own."""
    own = ("ce-id", "ce-headraceattempt", "traceparent")
    return {name: value for name, value in event_headers(call) if name not in own}


def payload_of(data: Any) -> bytes:
    """Return data as the body of an invocation. Raises `CallError` (validation)."""
    try:
        return orjson.dumps(data)
    except TypeError as error:
        raise call_error("validation", "the data for the function is not JSON", str(error)) from error


def attempts_of(retries: Any) -> int | None:
    """Return the attempts that an item has, from a function's `retries`; None: as many as the queue gives.

    A number of retries is the queue's business. A policy is the engine's: each failure comes back to it.
    """
    if retries is None:
        return None
    return int(retries) + 1 if isinstance(retries, int | float) else 1


def invocation_of(item: Leased, function: str, settings: dict[str, Any]) -> Invoke:
    """Return the call that an item asks for, as it is delivered by HTTP.

    Raises `CallError` for an item that is none: somebody else put it there.
    """
    headers = item.headers or {}
    execution_id, run_id = _identity(item.id, headers)
    try:
        data = orjson.loads(item.payload)
    except orjson.JSONDecodeError as error:
        raise call_error("validation", "the item is not JSON", str(error)) from error
    return Invoke(
        execution_id=execution_id,
        run_id=run_id,
        attempt=attempt_of(item),
        kind="function",
        target=function,
        pointer=unquote(headers.get("ce-headracetask", "")),
        flow=unquote(headers.get("ce-headraceflow", "")),
        arguments=data,
        input=data,
        item=item.id,
        settings={**settings, "traceparent": headers.get("traceparent")},
    )


def _identity(item_id: str, headers: dict[str, str]) -> tuple[str, int]:
    execution_id = unquote(headers.get("ce-subject", ""))
    parts = item_id.removeprefix(execution_id + ".").split(".")
    if not execution_id or not item_id.startswith(execution_id + ".") or not parts[0].isdigit():
        raise call_error("validation", "the item is no invocation of a function", f"item {item_id}")
    return execution_id, int(parts[0])
