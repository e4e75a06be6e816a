"""What access refuses, as the API tells it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from headrace.errors import HeadraceError


class Refused(HeadraceError):
    """A request that is not let through. `status` is the HTTP status, `code` a stable name.

    The text never says what would help to guess: whether a user exists, or how a token is wrong.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        remedy: str = "",
        pointer: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.remedy = remedy
        self.pointer = pointer
        self.headers = dict(headers or {})


def bad(detail: str, pointer: str, remedy: str = "") -> Refused:
    """Return the refusal of a value; `pointer` is its place in the request's body."""
    return Refused(400, "bad-request", detail, remedy=remedy, pointer=pointer)


def missing(what: str, name: str) -> Refused:
    """Return the refusal to do something with what does not exist."""
    return Refused(404, "not-found", f"there is no {what} {name!r} here")


def unauthenticated(detail: str, *, invalid: bool = False) -> Refused:
    """Return the refusal of a request that does not say, or says wrongly, who makes it."""
    challenge = 'Bearer realm="headrace"' + (', error="invalid_token"' if invalid else "")
    return Refused(
        401,
        "unauthenticated",
        detail,
        remedy="send `Authorization: Bearer <token>`, or log in",
        headers={"www-authenticate": challenge},
    )


def too_many(detail: str, wait_seconds: float, *, status: int = 429) -> Refused:
    """Return the refusal of what may be done again in so many seconds."""
    seconds = max(1, math.ceil(wait_seconds))
    return Refused(
        status,
        "too-many-requests" if status == 429 else "unavailable",
        detail,
        remedy=f"try again in {seconds} s",
        headers={"retry-after": str(seconds)},
    )
