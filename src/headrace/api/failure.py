"""From exceptions to problems: nothing leaves the server as a traceback."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from headrace.access.failure import Refused
from headrace.api.conditional import etag
from headrace.api.problem import MEDIA_TYPE, Problem, changed_meanwhile
from headrace.engine.rerun import RerunError
from headrace.errors import HeadraceError
from headrace.queue.port import LeaseExpired, QueueError, QueueUnavailable, Unsupported
from headrace.runtime.definitions import InvalidDefinition
from headrace.runtime.failure import Stopping
from headrace.store.access import LastAdministrator, NameTaken, RevisionConflict
from headrace.store.port import StoreError, StoreUnavailable

if TYPE_CHECKING:
    from litestar import Request, Response

_log = logging.getLogger(__name__)

RETRY_LATER = {"retry-after": "1"}


def problem_of(error: Exception) -> Problem:
    """Return the problem that tells a caller about `error`. What is nobody's fault but ours is logged."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, Refused):
        return Problem(
            error.status,
            error.code,
            error.detail,
            remedy=error.remedy,
            pointer=error.pointer,
            headers=error.headers,
        )
    if isinstance(error, InvalidDefinition):
        return Problem(
            422,
            "invalid-definition",
            f"the definition has {len(error.problems)} problems" if len(error.problems) != 1 else str(error),
            remedy="see `problems` for each place and remedy",
            problems=[place_of(each) for each in error.problems],
        )
    if isinstance(error, StoreUnavailable | QueueUnavailable | Stopping):
        return Problem(503, "unavailable", str(error), remedy="ask again later", headers=RETRY_LATER)
    if isinstance(error, LeaseExpired):
        return Problem(
            409, "lease-expired", str(error), members={"items": list(error.item_ids)}, remedy="lease again"
        )
    if isinstance(error, Unsupported):
        return Problem(501, "unsupported", str(error), remedy="use a backend that can do it")
    if isinstance(error, RerunError):
        return Problem(409, "cannot-rerun", str(error))
    if isinstance(error, QueueError):
        return Problem(400, "bad-item", str(error))
    if isinstance(error, LastAdministrator):
        return Problem(409, "last-administrator", str(error))
    if isinstance(error, NameTaken):
        return Problem(409, "name-taken", str(error))
    if isinstance(error, RevisionConflict):
        return changed_meanwhile(str(error), etag(error.revision))
    if isinstance(error, StoreError):
        return Problem(409, "conflict", str(error))
    if isinstance(error, HeadraceError):
        return Problem(400, "bad-request", str(error))
    return _of_framework(error)


def place_of(problem: Any) -> dict[str, Any]:
    """Return a problem of a definition as JSON data."""
    data = {
        "severity": problem.severity,
        "code": problem.code,
        "message": problem.message,
        "remedy": problem.remedy,
        "file": problem.file,
        "line": problem.line,
        "column": problem.column,
        "pointer": problem.pointer,
    }
    return {name: value for name, value in data.items() if value not in (None, "")}


def _of_framework(error: Exception) -> Problem:
    from litestar.exceptions import HTTPException, ValidationException

    if isinstance(error, ValidationException):
        places = error.extra if isinstance(error.extra, list) else []
        problems = [
            {"message": str(each.get("message", "")), "pointer": _pointer(each)}
            for each in places
            if isinstance(each, dict)
        ]
        # The framework's own text repeats its route and method; the places say it better.
        detail = "; ".join(f"{each['pointer']}: {each['message']}" for each in problems) or error.detail
        return Problem(400, "bad-request", detail, pointer=problems[0]["pointer"] if problems else None)
    if isinstance(error, HTTPException):
        code = _CODES.get(error.status_code, "bad-request" if error.status_code < 500 else "internal")
        if error.status_code >= 500:
            _log.error("a request failed: %s", error, exc_info=error)
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        return Problem(error.status_code, code, error.detail, headers=headers)
    _log.error("a request failed unexpectedly", exc_info=error)
    return Problem(
        500,
        "internal",
        "this is a defect of Headrace, not of the request",
        remedy="the server's log has the details; report it",
    )


_CODES = {
    400: "bad-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    406: "not-acceptable",
    413: "too-large",
    415: "unsupported-media-type",
    429: "too-many-requests",
}


def _pointer(place: dict[str, Any]) -> str:
    key = str(place.get("key") or "")
    source = str(getattr(place.get("source"), "value", place.get("source") or ""))
    path = "/" + key.replace(".", "/").replace("[", "/").replace("]", "") if key else ""
    return path if source in ("", "body") else f"{source}:{key}"


def answer(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return the answer for an exception that a handler raised."""
    from litestar import Response

    problem = problem_of(error)
    return Response(
        problem.encoded(request.url.path),
        status_code=problem.status,
        media_type=MEDIA_TYPE,
        headers=problem.headers,
    )
