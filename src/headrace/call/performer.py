"""What a performer is, and how the outcome of a call is put into words.

Inside this package a failed call is a `CallError` in flight; at the edge it becomes a `CallFailed`, the
value that the engine understands.
"""

from __future__ import annotations

import os
import socket
from typing import Any, Protocol

import msgspec

from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.errors import HeadraceError, WorkflowError
from headrace.spec.duration import Duration, parse_duration

DETAIL_CHARACTERS_MAX = 500  # of a foreign text (a body, a stderr) that is quoted in an error's detail

_HOST = socket.gethostname()


class Performer(Protocol):
    """Performs the calls of one kind."""

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Perform `call` and answer; performing one again must be harmless.

        Raises nothing but `asyncio.CancelledError`, after it has stopped what it had begun.
        """
        ...

    async def aclose(self) -> None:
        """Give back connections, processes and threads. No call is performed afterwards."""
        ...


class CallError(HeadraceError):
    """A call failed with `error`; `retryable` says that the same call may succeed later.

    `http_status` is the status of the answer, where one came.
    """

    def __init__(
        self, error: WorkflowError, *, retryable: bool = False, http_status: int | None = None
    ) -> None:
        super().__init__(error.detail or error.title or error.type)
        self.error = error
        self.retryable = retryable
        self.http_status = http_status


def call_error(
    kind: str, title: str, detail: str | None = None, *, status: int | None = None, retryable: bool = False
) -> CallError:
    """Make a `CallError` of a standard error `kind` (dsl-reference.md, "Standard Error Types")."""
    return CallError(
        WorkflowError.standard(kind, title=title, detail=detail, status=status), retryable=retryable
    )


def here() -> str:
    """Return the name of this process as a worker: what it performs itself, no address could say."""
    return f"{_HOST}-{os.getpid()}"


def completed(
    call: Invoke,
    output: Any,
    authorization: dict[str, str] | None = None,
    *,
    http_status: int | None = None,
    worker: str | None = None,
) -> CallCompleted:
    """Answer `call` with `output`; `worker` says who performed it (an address, `here()`)."""
    return CallCompleted(
        run_id=call.run_id,
        attempt=call.attempt,
        output=output,
        authorization=authorization,
        http_status=http_status,
        worker=worker,
    )


def failed(call: Invoke, failure: CallError, *, worker: str | None = None) -> CallFailed:
    """Answer `call` with the error of `failure`; `worker` is as for `completed`."""
    return CallFailed(
        run_id=call.run_id,
        attempt=call.attempt,
        error=failure.error,
        retryable=failure.retryable,
        http_status=failure.http_status,
        worker=worker,
    )


def excerpt(text: str, characters_max: int = DETAIL_CHARACTERS_MAX) -> str:
    """Return the beginning of `text`, at most `characters_max` characters, marked where it was cut."""
    text = text.strip()
    return text if len(text) <= characters_max else text[:characters_max].rstrip() + " [...]"


def seconds_of(value: Any, what: str) -> float:
    """Return a duration in seconds: ISO 8601 text, the DSL's object form, or a number of seconds.

    Raises `CallError` (configuration) that names `what` when `value` is none of these.
    """
    try:
        if isinstance(value, str):
            return parse_duration(value) / 1000
        if isinstance(value, dict):
            return msgspec.convert(value, Duration).total_milliseconds() / 1000
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
            return float(value)
    except (ValueError, msgspec.ValidationError) as error:
        raise call_error("configuration", f"{what} is not a duration", str(error)) from error
    raise call_error(
        "configuration",
        f"{what} is not a duration",
        f"{value!r} is neither an ISO 8601 duration such as PT30S, nor {{minutes: 5}}, nor seconds",
    )
