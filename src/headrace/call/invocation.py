"""How a call introduces itself to a function: CloudEvent attributes and trace context as HTTP headers."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from headrace.engine.commands import Invoke
from headrace.engine.trace import traceparent

INVOKE_EVENT_TYPE = "dev.headrace.function.invoke.v1"

# Per the CloudEvents HTTP binding, 3.1.3.2: space, quote, percent and all outside of printable ASCII.
_TO_ENCODE = re.compile(r"[^\x21\x23\x24\x26-\x7e]")
_SAFE = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '"%')


def trace_parent(call: Invoke) -> str:
    """Return the W3C `traceparent` of a call.

    The one in `call.settings`, if there is; otherwise the execution's trace with the call as the span, so
    that every call of an execution falls into one trace and a redelivery into the same span.
    """
    given = call.settings.get("traceparent") if call.settings else None
    if isinstance(given, str):
        return encoded(given)
    return traceparent(call.execution_id, call.trace, call.invocation_id)


def event_headers(call: Invoke) -> list[tuple[str, str]]:
    """Return the headers that are particular to `call`, encoded for the wire."""
    subject = encoded(call.execution_id)
    headers = [
        ("ce-id", encoded(call.item) if call.item else f"{subject}.{call.run_id}.{call.attempt}"),
        ("ce-subject", subject),
        ("ce-headraceattempt", str(call.attempt)),
        ("traceparent", trace_parent(call)),
    ]
    headers += _of_task(call.flow, call.pointer)
    return headers


# The same for every execution of a flow, and an execution's calls come close together.
@lru_cache(maxsize=4096)
def _of_task(flow: str, pointer: str) -> tuple[tuple[str, str], ...]:
    headers = [("ce-source", encoded("/" + flow)), ("ce-headracetask", encoded(pointer))]
    if flow:  # CloudEvents has no empty attributes
        headers.append(("ce-headraceflow", encoded(flow)))
    return tuple(headers)


def encoded(value: str) -> str:
    """Return an attribute's value as a header says it (CloudEvents HTTP binding, 3.1.3.2)."""
    return quote(value, safe=_SAFE) if _TO_ENCODE.search(value) else value
