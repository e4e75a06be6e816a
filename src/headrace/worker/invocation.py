"""Items that are invocations of functions: events that are sent as they are, outcomes that flows understand.

An item whose headers are those of a CloudEvent in binary mode (CloudEvents HTTP binding, 3.1) is sent as that
event. Where the event is the invocation of a function, its result is the function's output as JSON, and its
error has two parts: a line for people, and the OWS error as JSON in the last line, so that a flow that waits
for it gets the same error as from a call by HTTP.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from headrace.call.answer import ContentError, content_error, no_answer, status_error
from headrace.call.function import output_of
from headrace.call.invocation import INVOKE_EVENT_TYPE, encoded
from headrace.call.performer import CallError, excerpt
from headrace.call.wire import Answer, WireError
from headrace.errors import STANDARD_ERROR_BASE, WorkflowError
from headrace.queue.port import Done, Leased
from headrace.worker.application import ERROR_CHARACTERS_MAX, Outcome, failed

# Whom to tell when an item has ended: the name of a queue beside this one.
REPLY_HEADER = "headrace-reply-to"

# `ce-id` may be left out: it is the item's own then.
_REQUIRED = ("ce-specversion", "ce-source", "ce-type")
_ATTEMPT = "ce-headraceattempt"
_BESIDE = ("content-type", "traceparent", "tracestate")
_CONTROL = re.compile(r"[^\x20-\x7e]")
_NAME = re.compile(r"ce-[a-z0-9]+\Z")

TITLE_CHARACTERS_MAX = 200


def is_event(item: Leased) -> bool:
    """Tell whether the item's headers make it a complete CloudEvent."""
    headers = item.headers
    return headers is not None and all(name in headers for name in _REQUIRED)


def is_invocation(item: Leased) -> bool:
    """Tell whether the item is the invocation of a function."""
    return is_event(item) and (item.headers or {})["ce-type"] == INVOKE_EVENT_TYPE


def attempt_of(item: Leased) -> int:
    """Return which try of the task this is: the flow's own attempts and the queue's, counted together."""
    written = (item.headers or {}).get(_ATTEMPT, "1")
    return (int(written) if written.isdigit() and len(written) < 9 else 1) + item.attempt - 1


def event_lines(item: Leased) -> str:
    """Return the header lines of an item that is an event."""
    lines = [
        f"{name}: {value}\r\n"
        for name, value in (item.headers or {}).items()
        if (_NAME.match(name) or name in _BESIDE) and name != _ATTEMPT and not _CONTROL.search(value)
    ]
    if "ce-id" not in (item.headers or {}):
        lines.append(f"ce-id: {encoded(item.id)}\r\n")
    return "".join([*lines, f"{_ATTEMPT}: {attempt_of(item)}\r\n"])


def outcome_of_answer(item: Leased, answer: Answer, source: str, retry_in: float | None) -> Outcome:
    """Return what a function's answer means, as it does for a call by HTTP."""
    content_type = answer.header(b"content-type").decode("latin-1")
    if not 200 <= answer.status < 300:
        error = status_error(answer.status, answer.reason, content_type, answer.body, source=source)
        return outcome_of_error(item, error, retry_in)
    try:
        return Done(item.id, item.token, orjson.dumps(output_of(answer)))
    except ContentError as problem:
        return outcome_of_error(item, content_error(problem, source=source))


def outcome_of_no_answer(item: Leased, error: WireError, source: str, seconds: float) -> Outcome:
    """Return the outcome of an invocation that got no usable answer."""
    return outcome_of_error(item, no_answer(error, source, seconds))


def outcome_of_error(item: Leased, error: CallError, retry_in: float | None = None) -> Outcome:
    """Return a failed call as the outcome of its item: final unless it may succeed later."""
    return failed(item, error_text(error.error), retry_in=retry_in, final=not error.retryable)


def error_text(error: WorkflowError) -> str:
    """Write an OWS error: a line for people, then its JSON; long details are cut, large members left out."""
    problem = error.as_dict()
    problem.pop("instance", None)
    for name, characters_max in (("title", TITLE_CHARACTERS_MAX), ("detail", ERROR_CHARACTERS_MAX // 4)):
        if isinstance(problem.get(name), str):
            problem[name] = excerpt(problem[name], characters_max)
    known = {name: problem.get(name) for name in ("type", "status", "title", "detail")}
    words = [str(problem[name]) for name in ("status", "title") if problem.get(name)]
    line = " ".join(words) + (f": {problem['detail']}" if problem.get("detail") else "")
    line = excerpt(" ".join(line.split()), ERROR_CHARACTERS_MAX // 4)
    for each in (problem, known, {"type": error.type[:500], "status": error.status}):
        written = {name: value for name, value in each.items() if value is not None}
        text = f"{line}\n{orjson.dumps(written).decode()}"
        if len(text) <= ERROR_CHARACTERS_MAX:
            break
    return text


def error_of(text: str) -> WorkflowError:
    """Read what `error_text` wrote; any other text is the detail of a `runtime` error."""
    problem: Any = None
    last = text.rstrip().rpartition("\n")[2]
    if last.startswith("{"):
        try:
            problem = orjson.loads(last)
        except orjson.JSONDecodeError:
            problem = None
    if isinstance(problem, dict) and isinstance(problem.get("type"), str):
        return WorkflowError.from_dict(problem)
    return WorkflowError(
        type=STANDARD_ERROR_BASE + "runtime", status=500, title="The function failed", detail=text or None
    )
