"""Declaring a route: its rule, its place in the documentation, and the problems that it can end in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import litestar
from litestar.handlers import HTTPRouteHandler
from litestar.openapi.datastructures import ResponseSpec

from headrace.api.problem import MEDIA_TYPE, ProblemBody

Declare = Callable[[Callable[..., Any]], HTTPRouteHandler]

_REFUSALS = {
    400: "The request cannot be understood; `pointer` says where.",
    401: "Who is it? The token is missing, wrong or expired.",
    403: "The role does not allow it.",
    404: "There is no such thing here.",
    405: "The method is not one of this path.",
    409: "It does not fit the state of things.",
    412: "It was changed since it was read.",
    413: "The body is too large.",
    415: "The body is of another media type.",
    422: "The definition has problems; `problems` has all of them.",
    429: "Too often; `Retry-After` says when to come back.",
    501: "The backend cannot do that.",
    502: "A server that this one has to ask does not answer.",
    503: "It cannot be done now; nothing was changed.",
}
# What any route can end in.
USUAL = (400, 401, 403, 404, 405, 413, 503)
# What one with a body can end in, too: it may be encoded, or of another media type.
WITH_BODY = 415


def problem_specs(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the OpenAPI descriptions of the usual problems and of these statuses."""
    return {
        status: ResponseSpec(
            ProblemBody,
            description=_REFUSALS[status],
            media_type=MEDIA_TYPE,
            generate_examples=False,
        )
        for status in sorted({*USUAL, *statuses})
    }


def _route(
    verb: Any, path: str, rule: dict[str, Any], tag: str, id: str, problems: tuple[int, ...], more: Any
) -> Declare:
    responses = {**problem_specs(*problems), **more.pop("responses", {})}

    def declare(handler: Callable[..., Any]) -> HTTPRouteHandler:
        declared: HTTPRouteHandler = verb(
            path,
            opt=rule,
            tags=[tag],
            operation_id=id,
            responses=responses,
            summary=_summary(handler),
            response_description=_answer(handler, more.get("status_code")),
            **more,
        )(handler)
        return declared

    return declare


def also(status: int, body: Any, what: str) -> dict[int, ResponseSpec]:
    """Return the `responses` of a route that succeeds with another status, too."""
    return {status: ResponseSpec(body, description=what, generate_examples=False)}


# `responses` of a route that heeds If-None-Match.
NOT_MODIFIED = also(304, None, "It is what the caller has already.")


def _summary(handler: Callable[..., Any]) -> str:
    """Return the first sentence of what a handler says of itself, up to a colon or semicolon."""
    text = " ".join((handler.__doc__ or "").split())
    return re.split(r"[.:;](?: |$)", text, maxsplit=1)[0]


def _answer(handler: Callable[..., Any], status: int | None) -> str:
    """Return what the answer of a success is: what a handler says that it returns, or that it was done."""
    first = _summary(handler)
    if first.startswith("Return "):
        what = first.removeprefix("Return ")
        return f"{what[:1].upper()}{what[1:]}."
    return {201: "It is made.", 202: "It is taken, durably."}.get(status or 200, "It is done.")


def get(
    path: str, rule: dict[str, Any], *, tag: str, id: str, problems: tuple[int, ...] = (), **more: Any
) -> Declare:
    """Declare a route that reads. `id` is the operation's name in clients; `more` goes to Litestar."""
    return _route(litestar.get, path, rule, tag, id, problems, more)


def post(
    path: str, rule: dict[str, Any], *, tag: str, id: str, problems: tuple[int, ...] = (), **more: Any
) -> Declare:
    """Declare a route that does something; 200 unless `status_code` says otherwise."""
    more.setdefault("status_code", 200)
    return _route(litestar.post, path, rule, tag, id, (*problems, WITH_BODY), more)


def put(
    path: str, rule: dict[str, Any], *, tag: str, id: str, problems: tuple[int, ...] = (), **more: Any
) -> Declare:
    """Declare a route that makes or replaces an object."""
    return _route(litestar.put, path, rule, tag, id, (*problems, WITH_BODY), more)


def patch(
    path: str, rule: dict[str, Any], *, tag: str, id: str, problems: tuple[int, ...] = (), **more: Any
) -> Declare:
    """Declare a route that changes parts of an object."""
    return _route(litestar.patch, path, rule, tag, id, (*problems, WITH_BODY), more)


def delete(
    path: str, rule: dict[str, Any], *, tag: str, id: str, problems: tuple[int, ...] = (), **more: Any
) -> Declare:
    """Declare a route that deletes; 204 without a body."""
    return _route(litestar.delete, path, rule, tag, id, problems, more)
