"""Trace context (W3C): which trace an execution belongs to, and the ids of its spans.

All ids are derived from ids that are there anyway, so that after a restart, and on every redelivery, the same
thing has the same span. The trace is that of whoever started the execution, where they gave one; otherwise it
is derived from the execution's id.
"""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b

# Trace Context, "traceparent Header Field Values". A later version may have more fields behind the flags.
_TRACEPARENT = re.compile(
    r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?"
)


def accepted(given: str | None) -> str | None:
    """Return a `traceparent` as version 00 writes it; None where it is none, which starts a trace anew."""
    match = None if given is None else _TRACEPARENT.fullmatch(given.strip())
    if match is None or (match[1] == "00" and match[5]):
        return None
    return f"00-{match[2]}-{match[3]}-{match[4]}"


@lru_cache(maxsize=4096)
def trace_of(execution_id: str, given: str | None) -> tuple[str, str | None, bool]:
    """Return (trace id, span id of the parent if there is one, whether the trace is sampled).

    `given` is what `accepted` returned when the execution was started.
    """
    if given is None:
        return blake2b(execution_id.encode(), digest_size=16).hexdigest(), None, True
    _, trace_id, parent_id, flags = given.split("-")
    return trace_id, parent_id, bool(int(flags, 16) & 1)


def span_of(identity: str) -> str:
    """Return the span id of an execution, a task run (`<execution>.<run>`) or a call (its invocation id)."""
    return blake2b(identity.encode(), digest_size=8).hexdigest()


def run_identity(execution_id: str, run_id: int) -> str:
    """Name a task run; run 0 is the execution."""
    return f"{execution_id}.{run_id}" if run_id else execution_id


def traceparent(execution_id: str, given: str | None, identity: str) -> str:
    """Return the `traceparent` of what has the span of `identity` as its parent."""
    trace_id, _, sampled = trace_of(execution_id, given)
    return f"00-{trace_id}-{span_of(identity)}-{'01' if sampled else '00'}"
