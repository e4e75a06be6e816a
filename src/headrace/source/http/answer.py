"""From what came of a request to its answer.

Convention: the output of the flow is the body, as JSON, with status 200. Where the trigger has a
`response`, it is evaluated on the output and gives `{status, headers, body}`, each of which may be left
out. A body that is a text is sent as it is when `headers` names a content type that is not JSON. A fault is
a problem document with the status of its OWS error.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec
import orjson

from headrace.errors import ExpressionError
from headrace.source.http.problem import HttpProblem
from headrace.source.mapping import Mapping

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_VALUE = re.compile(r"[\t\x20-\x7e\x80-\xff]*\Z")
# The server's own affair, or of one connection only.
REFUSED_HEADERS = frozenset(
    {"connection", "content-length", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "date"}
)
_JSON = "application/json"
_PROBLEM = "application/problem+json"
# Statuses whose answers have no body (RFC 9110).
_EMPTY = frozenset({204, 205, 304})


class HttpAnswer(msgspec.Struct, frozen=True):
    """What to send: status, headers (names in lower case) and body."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def problem_answer(problem: HttpProblem) -> HttpAnswer:
    """Return a problem as an answer."""
    headers = [(b"content-type", _PROBLEM.encode())]
    if problem.retry_after_seconds is not None:
        headers.append((b"retry-after", str(problem.retry_after_seconds).encode()))
    return HttpAnswer(problem.status, tuple(headers), orjson.dumps(problem.body()))


def fault_answer(execution_id: str, status: str, error: dict[str, Any] | None) -> HttpAnswer:
    """Return the end of an execution that did not end well, as an answer.

    The error's own status is used where it is one of HTTP's for errors, else 500.
    """
    given = dict(error or {})
    code = given.get("status")
    usable = isinstance(code, int) and not isinstance(code, bool) and 400 <= code <= 599
    body = {
        "title": f"The execution was {status}" if status == "cancelled" else "The execution faulted",
        **given,
        "status": code if usable else 500,
        "execution": execution_id,
    }
    body.setdefault("type", "about:blank")
    return HttpAnswer(body["status"], ((b"content-type", _PROBLEM.encode()),), orjson.dumps(body))


def output_answer(output: Any, response: Mapping | None, now: float) -> HttpAnswer:
    """Return the output of a flow as an answer. Raises `HttpProblem` 500 where `response` gives none."""
    if response is None:
        return HttpAnswer(200, ((b"content-type", _JSON.encode()),), orjson.dumps(output))
    try:
        shaped = response.evaluate(output, now)
    except ExpressionError as error:
        raise _invalid(f"the expression fails on the output: {error}") from error
    if not isinstance(shaped, dict) or not {"status", "headers", "body"}.issuperset(shaped):
        raise _invalid("it has to give an object with `status`, `headers` and `body`, and no more")
    status = shaped.get("status", 200)
    if isinstance(status, float) and status.is_integer():
        status = int(status)
    if not isinstance(status, int) or isinstance(status, bool) or not 200 <= status <= 599:
        raise _invalid(f"`status` is {status!r}, not a number from 200 to 599")
    headers = _headers(shaped.get("headers") or {})
    content_type = next((value for name, value in headers if name == b"content-type"), None)
    body = b"" if status in _EMPTY or "body" not in shaped else _body(shaped["body"], content_type)
    if content_type is None and body:
        headers.append((b"content-type", _JSON.encode()))
    return HttpAnswer(status, tuple(headers), body)


def _headers(given: Any) -> list[tuple[bytes, bytes]]:
    if not isinstance(given, dict):
        raise _invalid("`headers` is not an object")
    headers = []
    for name, values in given.items():
        lower = name.lower()
        if not _TOKEN.match(name) or lower in REFUSED_HEADERS:
            raise _invalid(f"`headers` has {name!r}, which cannot be set")
        for value in values if isinstance(values, list) else [values]:
            text = value if isinstance(value, str) else orjson.dumps(value).decode()
            if value is None or not _VALUE.match(text):
                raise _invalid(f"the value of the header {name!r} is no text for a header")
            headers.append((lower.encode("ascii"), text.encode("latin-1")))
    return headers


def _body(body: Any, content_type: bytes | None) -> bytes:
    kind = (content_type or _JSON.encode()).partition(b";")[0].strip().lower()
    if isinstance(body, str) and kind != _JSON.encode() and not kind.endswith(b"+json"):
        return body.encode("utf-8", "surrogatepass")
    return orjson.dumps(body)


def _invalid(detail: str) -> HttpProblem:
    return HttpProblem(
        500,
        "invalid-response",
        "The flow ran, but its answer cannot be sent",
        f"the trigger's `response`: {detail}",
        "correct `response`; the execution has the output",
    )
