"""How a call introduces itself to a function: CloudEvent attributes and trace context as HTTP headers."""

from __future__ import annotations

import re
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
        return given
    trace_id = blake2b(call.execution_id.encode(), digest_size=16).hexdigest()
    span_id = blake2b(call.invocation_id.encode(), digest_size=8).hexdigest()
    return f"00-{trace_id}-{span_id}-01"


def event_headers(call: Invoke) -> list[tuple[str, str]]:
    """Return the headers that are particular to `call`, encoded for the wire."""
    headers = [
        ("ce-id", _encoded(call.invocation_id)),
        ("ce-source", _encoded("/" + call.flow)),
        ("ce-subject", _encoded(call.execution_id)),
        ("ce-headracetask", _encoded(call.pointer)),
        ("ce-headraceattempt", str(call.attempt)),
        ("traceparent", _encoded(trace_parent(call))),
    ]
    if call.flow:  # CloudEvents has no empty attributes
        headers.append(("ce-headraceflow", _encoded(call.flow)))
    return headers


def _encoded(value: str) -> str:
    return quote(value, safe=_SAFE) if _TO_ENCODE.search(value) else value
