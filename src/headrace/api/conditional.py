"""Conditional requests (RFC 9110, section 13): changes are made to what was read, or not at all."""

from __future__ import annotations

from typing import Any

from litestar import Request

from headrace.api.problem import bad_request


def etag(generation: int, *facts: object) -> str:
    """Return the ETag of an object at a generation; `facts` are what else its representation shows."""
    rest = "".join(f".{int(fact) if isinstance(fact, bool) else fact}" for fact in facts)
    return f'"{generation}{rest}"'


def not_modified(request: Request[Any, Any, Any], tag: str) -> bool:
    """Return whether the caller has this representation already (If-None-Match)."""
    known = request.headers.get("if-none-match", "")
    return any(each.strip().removeprefix("W/") == tag for each in known.split(","))


def expected_generation(request: Request[Any, Any, Any]) -> int | None:
    """Return the generation that a change is meant for: of If-Match, 0 of `If-None-Match: *`, else None.

    Raises `Problem` 400 for an ETag that is none of ours.
    """
    if request.headers.get("if-none-match", "").strip() == "*":
        return 0
    wanted = request.headers.get("if-match", "").strip()
    if wanted in ("", "*"):
        return None
    number = wanted.removeprefix("W/").strip('"').partition(".")[0]
    if not number.isdecimal() or len(number) > 15:
        raise bad_request("bad-etag", f"If-Match is {wanted[:80]!r}, which is no ETag of this object")
    return int(number)
