"""The outermost ASGI layer: request ids, time limits, security headers, counting, and the hot routes.

What is asked thousands of times a second (http triggers) is answered by plain ASGI functions; everything
else goes to Litestar.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any, Protocol

from headrace.api.problem import MEDIA_TYPE, Problem

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
# ASGI, with types as loose as those of the frameworks that it is made of.
Application = Callable[[Any, Any, Any], Awaitable[None]]

# Between two parts of a request's body, and for all of it.
BODY_SECONDS_MAX = 30.0
WHOLE_BODY_SECONDS_MAX = 300.0

_ID = re.compile(rb"[A-Za-z0-9._:/-]{1,128}\Z")
# Requests without an id of their own are numbered: the first half tells processes apart.
_FIRST_HALF = secrets.token_hex(4).encode()
_NUMBERS = itertools.count(1)

HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)


class Count(Protocol):
    """What is told about every request that was answered."""

    def __call__(self, route: str, method: str, status: int, seconds: float) -> None: ...


class Pages(Protocol):
    """The dashboard (`headrace.api.assets`)."""

    def owns(self, scope: Scope) -> bool: ...

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...


class Front:
    """One application out of several: `hot` by the beginning of the path, the dashboard, and `rest`."""

    def __init__(
        self,
        rest: Application,
        hot: Mapping[str, Application] | None = None,
        *,
        pages: Pages | None = None,
        count: Count | None = None,
    ) -> None:
        self._rest = rest
        self._hot = dict(hot or {})
        self._pages = pages
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._rest(scope, receive, send)
            return
        path: str = scope["path"]
        prefix = path[: path.find("/", 1) + 1] if path.count("/") > 1 else path
        application = self._hot.get(prefix)
        if application is None:
            pages = self._pages
            application = pages if pages is not None and pages.owns(scope) else self._rest
        request_id = encoding = None
        for name, value in scope["headers"]:
            if name == b"x-request-id":
                if request_id is None and _ID.match(value):
                    request_id = value
            elif name == b"content-encoding" and value.strip().lower() not in (b"", b"identity"):
                encoding = value
        if request_id is None:
            request_id = b"%s%08x" % (_FIRST_HALF, next(_NUMBERS))
        scope["headrace_request_id"] = request_id.decode("ascii")
        began = time.perf_counter()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id), *HEADERS]
            await send(message)

        try:
            if encoding is not None:
                raise _packed(encoding)
            # What is here whole already needs no limit of time.
            await application(scope, receive if scope.get("headrace_whole") else _timed(receive), answer)
        except Problem as problem:
            await send_problem(problem, answer, path)
        finally:
            if self._count is not None:
                route = scope.get("headrace_route") or scope.get("path_template") or "other"
                self._count(route, scope["method"], status, time.perf_counter() - began)


def _packed(encoding: bytes) -> Problem:
    """Return the refusal of a body that would have to be unpacked: how large it then is nobody knows."""
    return Problem(
        415,
        "unsupported-media-type",
        f"the body is encoded as {encoding.decode('latin-1')[:80]!r}",
        remedy="send it as it is",
        # RFC 9110, section 15.5.16: what would have been taken.
        headers={"accept-encoding": "identity"},
    )


def _timed(receive: Receive) -> Receive:
    complete = False
    deadline: float | None = None

    async def next_message() -> Message:
        nonlocal complete, deadline
        if complete:
            # The body is here: what still comes is the client's going away, whenever that is.
            return await receive()
        now = asyncio.get_running_loop().time()
        if deadline is None:
            deadline = now + WHOLE_BODY_SECONDS_MAX
        try:
            async with asyncio.timeout_at(min(now + BODY_SECONDS_MAX, deadline)):
                message = await receive()
        except TimeoutError:
            detail = (
                f"no byte of the body came for {BODY_SECONDS_MAX:g} seconds, "
                f"or it was not whole after {WHOLE_BODY_SECONDS_MAX:g}"
            )
            raise Problem(408, "too-slow", detail, remedy="send it in one go") from None
        complete = not message.get("more_body", False)
        return message

    return next_message


async def send_problem(problem: Problem, send: Send, path: str | None = None) -> None:
    """Send a problem as the answer."""
    body = problem.encoded(path)
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
        *((name.encode("latin-1"), value.encode("latin-1")) for name, value in problem.headers.items()),
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
