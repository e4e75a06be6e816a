"""Calls of functions: a CloudEvent by HTTP POST, or a Python callable in this process (design, "Functions").

The contract is the same for every language and place. The request is a CloudEvent in binary mode; `ce-id`
is the invocation id, the same on every redelivery, so that a function can use it as idempotency key.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable, Container, Mapping
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

import orjson

from headrace.call.answer import (
    ContentError,
    content_error,
    content_of,
    media_type_of,
    no_answer,
    status_error,
)
from headrace.call.inprocess import PythonFunctions
from headrace.call.invocation import INVOKE_EVENT_TYPE, event_headers
from headrace.call.performer import (
    CallError,
    call_error,
    completed,
    excerpt,
    failed,
    seconds_of,
)
from headrace.call.policy import HostPolicy
from headrace.call.wire import Answer, ConnectFailedError, Origin, Resolve, WireClient, WireError
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.errors import HeadraceError

# Without a `timeout` of its own, a function that readers of a queue call may take this long: that is what
# queues are for, and the reader keeps the lease meanwhile.
QUEUED_TIMEOUT_SECONDS = 86_400.0

_ADDRESSES_KEPT_MAX = 4096

# How often a function that is served here is asked for its address when nobody listens there, and the
# pause between, which doubles.
CONNECT_ATTEMPTS = 6
CONNECT_PAUSE_SECONDS = 0.01


class FunctionTargets(Protocol):
    """Where functions are. The function host is one; a cluster's Services are another."""

    async def address(self, name: str, flow: str) -> str:
        """Return the base URL of a function of `flow` (`namespace/name:version`), once it can be called.

        Raises `HeadraceError` when there is no such function or it does not start.
        """
        ...


class _Target:
    """A function's URL, prepared: where to connect, and the request's unchanging beginning.

    `worker` is how history names who performs calls there.
    """

    __slots__ = ("head", "origin", "worker")

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
            raise call_error(
                "configuration",
                "unusable address of a function",
                f"{_without_secrets(url)} is no http or https URL",
            )
        if parts.username is not None or parts.password is not None:
            raise call_error(
                "configuration",
                "unusable address of a function",
                f"{_without_secrets(url)} holds a user name or password; a function's URL cannot",
            )
        tls = parts.scheme == "https"
        host = parts.hostname
        self.origin = Origin(host, port or (443 if tls else 80), tls)
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
        if parts.query:
            path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=-._~?")
        authority = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
        self.worker = authority
        self.head = (
            f"POST {path} HTTP/1.1\r\n"
            f"host: {authority}\r\n"
            "user-agent: headrace\r\n"
            "accept: application/json, application/cloudevents+json, */*;q=0.5\r\n"
            "content-type: application/json\r\n"
            "ce-specversion: 1.0\r\n"
            f"ce-type: {INVOKE_EVENT_TYPE}\r\n"
        )


class FunctionPerformer:
    """Performs calls of kind `function`.

    A name in `python_functions` is called in process; otherwise the function is at `settings["url"]`, and
    otherwise where `targets` says. URLs of the settings are written by authors of flows, so `policy` rules
    over them, and `resolve` may send them elsewhere; addresses of `targets` are the product's own and may be
    on loopback.
    """

    def __init__(
        self,
        targets: FunctionTargets,
        *,
        policy: HostPolicy,
        python_functions: Mapping[str, Callable[..., Any]] | None = None,
        timeout_seconds: float = 300.0,
        response_bytes_max: int = 10 * 1024 * 1024,
        connections_max: int = 256,
        tls: ssl.SSLContext | None = None,
        resolve: Resolve | None = None,
        resolved_hosts: Container[str] = (),
    ) -> None:
        self._targets = targets
        self._policy = policy
        self._resolved_hosts = resolved_hosts
        self._timeout_seconds = timeout_seconds
        self._prepared: dict[tuple[str, bool], _Target] = {}
        self._python = PythonFunctions(python_functions or {}, timeout_seconds=timeout_seconds)
        self._wire = WireClient(
            answer_bytes_max=response_bytes_max,
            resolve=resolve or policy.endpoints,
            tls=tls,
            connections_max=connections_max,
        )

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Call the function and answer; 4xx are final, 5xx, 408, 429 and no answer are retryable."""
        try:
            if call.target in self._python:
                return await self._python.perform(call)
            return await self._post(call)
        except CallError as failure:
            return failed(call, failure)

    async def aclose(self) -> None:
        await self._wire.aclose()
        self._python.close()

    async def _post(self, call: Invoke) -> CallCompleted | CallFailed:
        """Return the function's answer, or that there was none. Raises `CallError` before it is asked."""
        settings = call.settings
        timeout = settings.get("timeout") if settings else None
        if timeout is not None:
            seconds = seconds_of(timeout, "the function's timeout")
        else:
            seconds = self._timeout_seconds if call.item is None else QUEUED_TIMEOUT_SECONDS
        data = call.input if call.arguments is None else call.arguments
        try:
            body = orjson.dumps(data)
        except TypeError as error:
            raise call_error("validation", "the data for the function is not JSON", str(error)) from error
        fields = "".join([f"{name}: {value}\r\n" for name, value in event_headers(call)])
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds  # of waiting for readiness and of all attempts together
        attempt = 0
        while True:
            target = await self._target(call, end)
            message = f"{target.head}{fields}content-length: {len(body)}\r\n\r\n".encode("ascii") + body
            try:
                answer = await self._wire.exchange(target.origin, message, max(0.0, end - loop.time()))
                output = _output(answer, call.target)
                return completed(call, output, http_status=answer.status, worker=target.worker)
            except CallError as failure:
                return failed(call, failure, worker=target.worker)
            except WireError as error:
                attempt += 1
                pause = CONNECT_PAUSE_SECONDS * 2**attempt
                # A connection that was refused sent nothing. A process of ours that just died has a new
                # address as soon as its death is noticed; an address of an author stays what it is.
                moved = isinstance(error, ConnectFailedError) and not (settings and settings.get("url"))
                if not moved or attempt == CONNECT_ATTEMPTS or loop.time() + pause >= end:
                    unanswered = no_answer(error, f"function {call.target}", seconds)
                    return failed(call, unanswered, worker=target.worker)
            await asyncio.sleep(pause)

    async def _target(self, call: Invoke, end: float) -> _Target:
        url = call.settings.get("url") if call.settings else None
        authored = isinstance(url, str)
        if not isinstance(url, str):
            try:
                async with asyncio.timeout_at(end) as scope:
                    url = await self._targets.address(call.target, call.flow)
            except TimeoutError:
                if not scope.expired():
                    raise
                raise call_error(
                    "timeout", f"function {call.target} was not ready in time", retryable=True
                ) from None
            except HeadraceError as error:
                raise call_error(
                    "communication",
                    f"function {call.target} is not available",
                    excerpt(str(error)),
                    status=503,
                    retryable=True,
                ) from error
        target = self._prepared.get((url, authored))
        if target is None:
            if len(self._prepared) >= _ADDRESSES_KEPT_MAX:
                self._prepared.clear()  # local hosts move with every restart of a function
            target = _Target(url)
            if authored and (not self._policy.unrestricted or target.origin.host in self._resolved_hosts):
                target.origin = target.origin._replace(checked=True)
            self._prepared[url, authored] = target
        return target


def _without_secrets(url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", url.partition("?")[0])


def _output(answer: Answer, name: str) -> Any:
    content_type = answer.header(b"content-type").decode("latin-1")
    source = f"function {name}"
    if not 200 <= answer.status < 300:
        raise status_error(answer.status, answer.reason, content_type, answer.body, source=source)
    try:
        return output_of(answer)
    except ContentError as error:
        raise content_error(error, source=source) from error


def output_of(answer: Answer) -> Any:
    """Return the output that a function's successful answer holds. Raises `ContentError`."""
    content_type = answer.header(b"content-type").decode("latin-1")
    if content_type.startswith("application/cloudevents"):
        return _event_data(answer.body, content_type)
    # A binary-mode CloudEvent needs nothing more: its data is the body, typed by content-type.
    return content_of(answer.body, content_type)


def _event_data(body: bytes, content_type: str) -> Any:
    """Return the data of a structured-mode CloudEvent."""
    media_type = media_type_of(content_type)[0]
    if media_type != "application/cloudevents+json":
        raise ContentError(f"{media_type} is not supported; one event in the JSON format is")
    event = content_of(body, content_type)
    if not isinstance(event, dict) or "specversion" not in event:
        raise ContentError("it says that it is a CloudEvent, but has no specversion")
    if "data_base64" in event:
        return event["data_base64"]
    return event.get("data")
