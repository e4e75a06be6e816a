"""Conditional requests (RFC 9110, section 13): changes are made to what was read, or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import blake2b
from typing import Any, TypeVar
from weakref import WeakValueDictionary

from litestar import Request, Response

from headrace.api.problem import bad_request, changed_meanwhile

T = TypeVar("T")


def etag(generation: int, *facts: object) -> str:
    """Return the ETag of an object at a generation; `facts` are what else its representation shows."""
    rest = "".join(f".{int(fact) if isinstance(fact, bool) else fact}" for fact in facts)
    return f'"{generation}{rest}"'


def etag_of(*facts: object) -> str:
    """Return the ETag of an object without a generation: of all that its representation shows."""
    return f'"{blake2b(repr(facts).encode(), digest_size=10).hexdigest()}"'


def not_modified(request: Request[Any, Any, Any], tag: str) -> bool:
    """Return whether the caller has this representation already (If-None-Match)."""
    known = request.headers.get("if-none-match", "")
    return any(each.strip().removeprefix("W/") == tag for each in known.split(","))


def unless_known(
    request: Request[Any, Any, Any], tag: str, content: Callable[[], T], *, media_type: str | None = None
) -> Response[T]:
    """Return a representation with its ETag; 304 without it where the caller has it already.

    `content` is asked for only where it is sent.
    """
    headers = {"etag": tag}
    if not_modified(request, tag):
        # Nothing, as what each media type can write.
        nothing: Any = None if media_type is None else ""
        return Response(nothing, status_code=304, media_type=media_type, headers=headers)
    return Response(content(), media_type=media_type, headers=headers)


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


def require(request: Request[Any, Any, Any], current: str | None, what: str) -> None:
    """Let a change pass that is meant for what is there: If-Match, or `If-None-Match: *`, or neither.

    `current` is the ETag of what is there, None where nothing is. Raises `Problem` 412, with that ETag.
    """
    if request.headers.get("if-none-match", "").strip() == "*" and current is not None:
        raise changed_meanwhile(f"there is {what} already", current)
    wanted = [each.strip().removeprefix("W/") for each in request.headers.get("if-match", "").split(",")]
    if wanted != [""] and (current is None or not {"*", current} & set(wanted)):
        raise changed_meanwhile(
            f"there is no {what} any more" if current is None else f"the {what} was changed meanwhile",
            current,
        )


class Changing:
    """Lets one change of an object be made at a time, so that what was required still holds when it is made.

    Within this process: it is the only one that writes its store.
    """

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[tuple[str, ...], asyncio.Lock] = WeakValueDictionary()

    def __call__(self, *name: str) -> asyncio.Lock:
        """Return the lock of an object: `async with platform.changing("user", name)`."""
        lock = self._locks.get(name)
        if lock is None:
            lock = self._locks[name] = asyncio.Lock()
        return lock
