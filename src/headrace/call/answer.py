"""What the body of an HTTP answer means: its content as JSON data, and its error as an OWS error."""

from __future__ import annotations

import base64
from http import HTTPStatus
from typing import Any

import orjson

from headrace.call.performer import CallError, call_error, excerpt
from headrace.call.wire import AnswerTimeoutError, AnswerTooLargeError, ConnectFailedError, WireError
from headrace.errors import STANDARD_ERROR_BASE, WorkflowError, canonical_error_type

_TEXT_TYPES = frozenset(
    {
        "application/xml",
        "application/yaml",
        "application/x-yaml",
        "application/javascript",
        "application/x-www-form-urlencoded",
        "application/x-ndjson",
        "application/graphql",
        "application/sql",
    }
)


class ContentError(Exception):
    """The content is not what its content type says; the message says why, without the content."""


def media_type_of(content_type: str) -> tuple[str, str | None]:
    """Return the media type in lower case, and the charset if one is named."""
    media_type, _, parameters = content_type.partition(";")
    charset = None
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'").lower() or None
    return media_type.strip().lower(), charset


def is_json(media_type: str) -> bool:
    """Tell whether a media type (lower case, no parameters) says that the content is one JSON value."""
    return media_type == "application/json" or media_type.endswith("+json") or media_type == "text/json"


def is_text(media_type: str) -> bool:
    """Tell whether content of this media type is text that a person can read."""
    return (
        media_type.startswith("text/") or media_type in _TEXT_TYPES or media_type.endswith(("+xml", "+yaml"))
    )


def content_of(body: bytes, content_type: str) -> Any:
    """Return content as JSON data (dsl-reference.md, "HTTP Response", `content`).

    JSON types are parsed; other text becomes a string (YAML too: it stays text); anything else becomes
    base64 text. Content without a type is what it can be: JSON, else text, else base64. Empty content is
    `None`. Raises `ContentError` when JSON does not parse or text is not in its charset.
    """
    if not body:
        return None
    if content_type == "application/json":  # by far the most frequent
        return _parse_json(body, None)
    media_type, charset = media_type_of(content_type)
    if is_json(media_type):
        return _parse_json(body, charset)
    if media_type == "":
        return _guessed(body)
    if is_text(media_type):
        return _decode(body, charset)
    return base64.b64encode(body).decode("ascii")


def _parse_json(body: bytes, charset: str | None) -> Any:
    if charset not in (None, "utf-8", "utf8", "us-ascii"):
        body = _decode(body, charset).encode()
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if body.startswith(b"\xef\xbb\xbf"):
            return _parse_json(body[3:], None)
        if not body.strip():
            return None
        raise ContentError(f"it says that it is JSON, but does not parse: {error}") from error


def _decode(body: bytes, charset: str | None) -> str:
    try:
        return body.decode(charset or "utf-8")
    except UnicodeDecodeError as error:
        if charset is None:
            return body.decode("latin-1")  # what old servers mean when they do not say
        raise ContentError(f"it is not {charset} text: {error.reason} at byte {error.start}") from error
    except LookupError as error:
        raise ContentError(f"its charset {charset!r} is unknown") from error


def _guessed(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        pass
    try:
        return body.decode()
    except UnicodeDecodeError:
        return base64.b64encode(body).decode("ascii")


def is_retryable_status(status: int) -> bool:
    """Tell whether the same request may succeed later: 5xx, 408 and 429."""
    return status >= 500 or status == 408 or status == 429


def phrase_of(status: int, reason: str = "") -> str:
    """Return what the server calls the status, or its standard phrase, or `HTTP <status>`."""
    if reason:
        return reason
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"HTTP {status}"


def status_error(status: int, reason: str, content_type: str, body: bytes, *, source: str) -> CallError:
    """Make the error of an answer whose status is not a success.

    A problem+json body is the error (RFC 9457). Otherwise it is a `communication` error with the answer's
    status, the reason phrase as title and the beginning of a textual body as detail. `source` says who
    answered, without secrets.
    """
    retryable = is_retryable_status(status)
    media_type, charset = media_type_of(content_type)
    if media_type == "application/problem+json":
        try:
            problem = _parse_json(body, charset)
        except ContentError:
            problem = None
        if isinstance(problem, dict):
            return CallError(problem_error(problem, status, reason), retryable=retryable, http_status=status)
    detail = f"{source} answered {status}"
    if body and (media_type == "" or is_json(media_type) or is_text(media_type)):
        text = excerpt(body[:4000].decode(charset if charset in ("utf-8", "latin-1") else "utf-8", "replace"))
        if text:
            detail += f": {text}"
    failure = call_error(
        "communication", phrase_of(status, reason), detail, status=status, retryable=retryable
    )
    failure.http_status = status
    return failure


def problem_error(problem: dict[str, Any], status: int, reason: str = "") -> WorkflowError:
    """Turn problem details (RFC 9457) into an OWS error; `status` is used where they name none.

    A missing type or `about:blank` means the standard `communication` type. `instance` is not taken over:
    in OWS it is the task's reference, which the engine sets. Members of wrong types are dropped.
    """
    type_uri = problem.get("type")
    own_status = problem.get("status")
    title, detail = problem.get("title"), problem.get("detail")
    if not isinstance(type_uri, str) or type_uri in ("", "about:blank"):
        type_uri = STANDARD_ERROR_BASE + "communication"
    if not isinstance(own_status, int) or isinstance(own_status, bool):
        own_status = status
    extensions = {
        name: value
        for name, value in problem.items()
        if name not in ("type", "status", "title", "detail", "instance")
    }
    return WorkflowError(
        type=canonical_error_type(type_uri),
        status=own_status,
        title=title if isinstance(title, str) else phrase_of(status, reason),
        detail=detail if isinstance(detail, str) else None,
        extensions=extensions or None,
    )


def content_error(error: ContentError, *, source: str) -> CallError:
    """Make the error of a successful answer whose content is not usable. The server is at fault: 502."""
    return call_error(
        "communication", "unusable answer", f"the content {source} answered is unusable: {error}", status=502
    )


def no_answer(error: WireError, source: str, seconds: float) -> CallError:
    """Make the error of a request that got no usable answer; retryable, unless the answer is too large."""
    if isinstance(error, AnswerTimeoutError):
        return call_error("timeout", f"{source} did not answer in {seconds:g} s", str(error), retryable=True)
    if isinstance(error, ConnectFailedError):
        return call_error(
            "communication", f"{source} is not reachable", str(error), status=503, retryable=True
        )
    if isinstance(error, AnswerTooLargeError):
        return call_error("communication", f"the answer of {source} is too large", str(error), status=502)
    return call_error(
        "communication", f"{source} gave no usable answer", str(error), status=502, retryable=True
    )
