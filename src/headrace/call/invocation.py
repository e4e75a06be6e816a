"""How a call introduces itself to a function: CloudEvent attributes and trace context as HTTP headers."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from urllib.parse import quote

from headrace.engine.commands import Invoke

INVOKE_EVENT_TYPE = "dev.headrace.function.invoke.v1"

# Per the CloudEvents HTTP binding, 3.1.3.2: space, quote, percent and all outside of printable ASCII.
_TO_ENCODE = re.compile(r"[^\x21\x23\x24\x26-\x7e]")
_SAFE = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '"%')


def trace_parent(call: Invoke) -> str:
    """Return the W3C `traceparent` of a call.

    The one in `call.settings`, if there is; otherwise the trace id is derived from the execution id and
    the span id from the invocation id, so that every call of an execution falls into one trace and a
    redelivery into the same span.
    """
    given = call.settings.get("traceparent") if call.settings else None
    if isinstance(given, str):
        return _encoded(given)
    span_id = blake2b(call.invocation_id.encode(), digest_size=8).hexdigest()
    return f"00-{_trace_id(call.execution_id)}-{span_id}-01"


def event_headers(call: Invoke) -> list[tuple[str, str]]:
    """Return the headers that are particular to `call`, encoded for the wire."""
    subject = _encoded(call.execution_id)
    headers = [
        ("ce-id", f"{subject}.{call.run_id}.{call.attempt}"),
        ("ce-subject", subject),
        ("ce-headraceattempt", str(call.attempt)),
        ("traceparent", trace_parent(call)),
    ]
    headers += _of_task(call.flow, call.pointer)
    return headers


# The same for every execution of a flow, and an execution's calls come close together.
@lru_cache(maxsize=4096)
def _of_task(flow: str, pointer: str) -> tuple[tuple[str, str], ...]:
    headers = [("ce-source", _encoded("/" + flow)), ("ce-headracetask", _encoded(pointer))]
    if flow:  # CloudEvents has no empty attributes
        headers.append(("ce-headraceflow", _encoded(flow)))
    return tuple(headers)


@lru_cache(maxsize=4096)
def _trace_id(execution_id: str) -> str:
    return blake2b(execution_id.encode(), digest_size=16).hexdigest()


def _encoded(value: str) -> str:
    return quote(value, safe=_SAFE) if _TO_ENCODE.search(value) else value
