"""Problems: what every refusal and failure of the API looks like (RFC 9457)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import msgspec
import orjson

from headrace.errors import HeadraceError

MEDIA_TYPE = "application/problem+json"
TYPE_BASE = "https://headrace.dev/problems/"


class ProblemBody(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The body of every answer that is not a success (RFC 9457, section 3).

    `code` is stable and is what programs look at; `pointer` is the place in the request's body.
    """

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    remedy: str = ""
    pointer: str | None = None
    problems: list[dict[str, Any]] | None = None
    instance: str | None = None


class Problem(HeadraceError):
    """A request that is refused or failed. `status` is the HTTP status, `code` the stable name."""

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        remedy: str = "",
        pointer: str | None = None,
        problems: Sequence[Mapping[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.remedy = remedy
        self.pointer = pointer
        self.problems = problems
        self.headers = dict(headers or {})
        self.members = dict(members or {})

    def body(self, instance: str | None = None) -> dict[str, Any]:
        """Return the problem as JSON data."""
        data = msgspec.to_builtins(
            ProblemBody(
                type=TYPE_BASE + self.code,
                title=HTTPStatus(self.status).phrase,
                status=self.status,
                code=self.code,
                detail=self.detail,
                remedy=self.remedy,
                pointer=self.pointer,
                problems=None if self.problems is None else [dict(each) for each in self.problems],
                instance=instance,
            )
        )
        return {**data, **self.members}

    def encoded(self, instance: str | None = None) -> bytes:
        """Return the problem as JSON text."""
        return orjson.dumps(self.body(instance), default=str)


def not_found(what: str, name: str, remedy: str = "") -> Problem:
    """Return the problem of an object that does not exist, or is in a namespace that is none of theirs."""
    return Problem(404, "not-found", f"there is no {what} {name!r} here", remedy=remedy)


def bad_request(code: str, detail: str, *, remedy: str = "", pointer: str | None = None) -> Problem:
    """Return the problem of a request that cannot be understood."""
    return Problem(400, code, detail, remedy=remedy, pointer=pointer)


def conflict(code: str, detail: str, remedy: str = "") -> Problem:
    """Return the problem of a request that does not fit the state of things."""
    return Problem(409, code, detail, remedy=remedy)


def changed_meanwhile(detail: str, etag: str | None) -> Problem:
    """Return the problem of a change that is meant for something else than what is there, at `etag` now."""
    tag = {} if etag is None else {"etag": etag}
    return Problem(
        412,
        "changed-meanwhile",
        detail,
        remedy="read it again, put the changes together, and send it with its new ETag",
        headers=tag,
        members=tag,
    )
