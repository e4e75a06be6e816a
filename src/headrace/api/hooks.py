"""http triggers: `/hooks/<namespace><path>`, as a plain ASGI function because it is the hottest route.

Which trigger answers, from a request to an input, and from an output to an answer is `source.http`'s; here
are access, the body, and the wait.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

import orjson

from headrace.api.front import Receive, Scope, Send, send_problem
from headrace.api.outcome import ended, told
from headrace.api.platform import RunningPlatform
from headrace.api.prefer import wait_seconds
from headrace.api.problem import Problem
from headrace.api.rule import check
from headrace.source.http import HttpAnswer, HttpProblem, HttpRoute, signature_complaint
from headrace.source.http.answer import problem_answer

PREFIX = "/hooks/"
ROUTE = "/hooks/{namespace}/{path}"
BODY_BYTES_MAX = 8 * 1024 * 1024
# Who may call an http trigger whose `access` is `token`.
ROLE = "operator"


class Hooks:
    """Answers the requests that http triggers wait for."""

    def __init__(self, platform: RunningPlatform, *, body_bytes_max: int = BODY_BYTES_MAX) -> None:
        self._platform = platform
        self._body_bytes_max = body_bytes_max

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Raises `Problem`."""
        scope["headrace_route"] = ROUTE
        try:
            answer = await self._answer(scope, receive)
        except HttpProblem as problem:
            answer = problem_answer(problem)
        except Problem as problem:
            await send_problem(problem, send, scope["path"])
            return
        headers = [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.body", "body": body})

    async def _answer(self, scope: Scope, receive: Receive) -> HttpAnswer:
        namespace, path, route = self._route(scope)
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        target = route.target
        if target.access == "token":
            principal = await self._platform.identify(scope)
            check(principal, ROLE, namespace)
        body = await read_body(headers, receive, self._body_bytes_max)
        route.see(scope["method"], path, headers, scope["query_string"], body)
        if not isinstance(target.access, str):
            self._check_signature(route, namespace, headers, body)
        request = route.request(scope["method"], path, headers, scope["query_string"], body)
        # Before it stops the listener cancels no request, whatever becomes of the client.
        fired = await route.start(request, stays=True)
        execution_id = fired.execution_id
        assert execution_id is not None
        about = [
            (b"location", f"/api/v1/namespaces/{namespace}/executions/{execution_id}".encode()),
            (b"headrace-execution", execution_id.encode()),
        ]
        if target.reply == "output":
            seconds = target.wait_seconds
            wanted = [value.decode("latin-1") for name, value in headers if name == b"prefer"]
            if wanted and (asked := wait_seconds(wanted)) is not None:
                seconds = min(seconds, asked)
            result = await ended(self._platform.runtime, execution_id, seconds, receive)
            if result is not None:
                if result.secret:
                    result = await told(self._platform, result)
                answer = route.answer(execution_id, result.status, result.output, result.error)
                return HttpAnswer(answer.status, (*answer.headers, *about), answer.body)
        replayed = fired.outcome == "duplicate"
        data = {"id": execution_id, "location": about[0][1].decode(), "replayed": replayed}
        return HttpAnswer(202, ((b"content-type", b"application/json"), *about), orjson.dumps(data))

    def _route(self, scope: Scope) -> tuple[str, str, HttpRoute]:
        """Return namespace, path and route of a request. Raises `Problem` 404, 405."""
        sources = self._platform.sources
        raw = scope["raw_path"].decode("latin-1").removeprefix(PREFIX)
        name, _, rest = raw.partition("/")
        namespace, path, method = unquote(name), "/" + rest, scope["method"]
        if sources is None:
            raise Problem(503, "no-triggers", "this process runs no triggers")
        route: HttpRoute | None = sources.routes.match(method, namespace, path)
        if route is None and method == "HEAD":
            route = sources.routes.match("GET", namespace, path)
        if route is not None:
            return namespace, path, route
        methods = sources.routes.methods(namespace, path)
        if methods:
            raise Problem(
                405,
                "method-not-allowed",
                f"{path} in namespace {namespace!r} is answered for {', '.join(methods)}, not for {method}",
                headers={"allow": ", ".join(methods)},
            )
        raise Problem(
            404,
            "no-trigger",
            f"no http trigger of namespace {namespace!r} answers {path}",
            remedy="look at the paths of its triggers: GET /api/v1/namespaces/{namespace}/triggers",
        )

    def _check_signature(
        self, route: HttpRoute, namespace: str, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> None:
        signature: Any = route.target.access
        secret = self._platform.runtime.secret(signature.secret, namespace)
        if not isinstance(secret, str) or not secret:
            route.turned_away("signature", f"there is no secret {signature.secret!r} to check it with")
            raise Problem(
                503,
                "no-secret",
                f"{route.target.owner} checks signatures with a secret that is not there",
                remedy=f"put the secret {signature.secret!r}",
            )
        complaint = signature_complaint(signature, secret, headers, body, self._platform.clock.now())
        if complaint is not None:
            route.turned_away("signature", complaint)
            raise Problem(401, "bad-signature", complaint, remedy="sign the body as the trigger says")


async def read_body(headers: list[tuple[bytes, bytes]], receive: Receive, bytes_max: int) -> bytes:
    """Return a request's body. Raises `Problem` 413 as soon as it is too large, 400 where it is cut."""
    for name, value in headers:
        if name == b"content-length" and value.isdigit() and (len(value) > 12 or int(value) > bytes_max):
            raise _too_large(bytes_max)
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) > bytes_max:
            raise _too_large(bytes_max)
        return body
    parts: list[bytes] = []
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise Problem(400, "cut-off", "the body ended before its end")
        part = message.get("body", b"")
        size += len(part)
        if size > bytes_max:
            raise _too_large(bytes_max)
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()


def _too_large(bytes_max: int) -> Problem:
    return Problem(
        413,
        "too-large",
        f"the body is larger than {bytes_max:,} bytes",
        remedy="store the data elsewhere and send its address",
    )
