"""An HTTP server as application: a POST per item, as a CloudEvent in binary mode; its answer decides.

The request's body is the item as it is, so that a server that knows nothing of CloudEvents can take it too.
Answers: 2xx completes the item with the body as result; 408, 429 and 5xx fail it with another attempt, after
`Retry-After` seconds where the answer says so; any other status is final.
"""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from time import monotonic
from urllib.parse import quote, urlsplit

import orjson

from headrace.call.answer import is_retryable_status
from headrace.call.wire import (
    Answer,
    AnswerTooLargeError,
    ConnectFailedError,
    Origin,
    WireClient,
    WireError,
)
from headrace.queue.port import Done, Leased
from headrace.worker.application import ApplicationError, Outcome, failed, text_of
from headrace.worker.invocation import (
    event_lines,
    is_event,
    is_invocation,
    outcome_of_answer,
    outcome_of_no_answer,
)

ITEM_EVENT_TYPE = "dev.headrace.queue.item.v1"


_CONTROL = re.compile(r"[^\x20-\x7e]")
_TO_ENCODE = re.compile(r"[^\x21\x23\x24\x26-\x7e]")
_SAFE = "".join(chr(c) for c in range(0x21, 0x7F) if chr(c) not in '"%')

CONNECT_PAUSE_SECONDS_MIN, CONNECT_PAUSE_SECONDS_MAX = 0.05, 2.0


class HttpEndpoint:
    """Where the application listens, and how requests get there."""

    def __init__(
        self,
        url: str,
        *,
        connections_max: int,
        timeout_seconds: float = 3600.0,
        answer_bytes_max: int = 1024 * 1024,
        connect_seconds: float = 60.0,
    ) -> None:
        """`connect_seconds`: how long a server that does not listen (it may be restarting) is waited for.

        Raises `ApplicationError` for what is no http or https URL.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
            raise ApplicationError(f"{url!r} is no http or https URL")
        if parts.username is not None:
            raise ApplicationError("the URL of the application holds a user name; the reader sends none")
        tls = parts.scheme == "https"
        self.shown = f"{parts.scheme}://{parts.netloc}{parts.path}"
        self._origin = Origin(parts.hostname, port or (443 if tls else 80), tls)
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=-._~")
        if parts.query:
            path += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=-._~?")
        self._tail = f" {path} HTTP/1.1\r\nhost: {parts.netloc}\r\nuser-agent: headrace\r\n"
        self.timeout_seconds = timeout_seconds
        self._connect_seconds = connect_seconds
        self._wire = WireClient(
            answer_bytes_max=answer_bytes_max,
            resolve=_unchecked,
            connections_max=connections_max,
            # Shorter than servers keep idle connections: an item must not be sent into one that is closing.
            idle_seconds=4.0,
        )

    async def post(self, headers: str, body: bytes) -> Answer:
        """Send a POST and return its answer; `headers` are whole lines. Raises `WireError`.

        A server that does not listen has seen nothing of the item, so that no attempt is spent on it: it is
        tried again for `connect_seconds`.
        """
        head = f"POST{self._tail}{headers}content-length: {len(body)}\r\n\r\n"
        message = head.encode("ascii") + body
        give_up_at, pause = monotonic() + self._connect_seconds, CONNECT_PAUSE_SECONDS_MIN
        while True:
            try:
                # Not repeatable: the application may have begun with the item when the connection broke.
                return await self._wire.exchange(
                    self._origin, message, self.timeout_seconds, repeatable=False
                )
            except ConnectFailedError:
                if monotonic() + pause > give_up_at:
                    raise
            await asyncio.sleep(pause)
            pause = min(pause * 2, CONNECT_PAUSE_SECONDS_MAX)

    async def get(self) -> Answer:
        """Send a GET (is the application ready?) and return its answer. Raises `WireError`."""
        return await self._wire.exchange(
            self._origin, f"GET{self._tail}\r\n".encode("ascii"), min(5.0, self.timeout_seconds)
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._wire.aclose()


class HttpApplication:
    """An `Application`: each item is a CloudEvent of its own, or the one that its headers say it is."""

    def __init__(self, endpoint: HttpEndpoint, *, queue: str) -> None:
        self._endpoint = endpoint
        self._common = (
            f"accept: */*\r\nce-specversion: 1.0\r\nce-type: {ITEM_EVENT_TYPE}\r\n"
            f"ce-source: {event_source(queue)}\r\n"
        )

    async def start(self) -> None:
        """Nothing to do: whether the application is ready is asked for by `wait_until_ready`."""

    async def handle(self, item: Leased) -> Outcome:
        """Send an item and return what its answer means."""
        headers = f"accept: */*\r\n{event_lines(item)}" if is_event(item) else self._headers(item)
        try:
            answer = await self._endpoint.post(headers, item.payload)
        except WireError as error:
            if is_invocation(item):
                endpoint = self._endpoint
                return outcome_of_no_answer(item, error, endpoint.shown, endpoint.timeout_seconds)
            return no_answer(item, error, self._endpoint.shown)
        if is_invocation(item):
            return outcome_of_answer(item, answer, self._endpoint.shown, retry_after_of(answer))
        return outcome_of(item, answer.status, answer.reason, answer.body, retry_after_of(answer))

    def _headers(self, item: Leased) -> str:
        headers = (
            f"{self._common}ce-id: {_encoded(item.id)}\r\nce-time: {event_time(item)}\r\n"
            f"ce-headraceattempt: {item.attempt}\r\ncontent-type: {content_type_of(item)}\r\n"
        )
        if item.headers:
            for name in ("traceparent", "tracestate"):
                value = item.headers.get(name)
                if value and not _CONTROL.search(value):
                    headers += f"{name}: {value}\r\n"
        return headers

    async def aclose(self) -> None:
        """Close the connections."""
        await self._endpoint.aclose()


def outcome_of(
    item: Leased, status: int, reason: str, body: bytes | None, retry_in: float | None = None
) -> Outcome:
    """Return what an HTTP status means for an item; `body` is the result, or quoted in the error."""
    if 200 <= status < 300:
        return Done(item.id, item.token, body or None)
    text = f"the application answered {status}{' ' + reason if reason else ''}"
    if body:
        text += f": {body[:1000].decode('utf-8', 'replace').strip()}"
    if is_retryable_status(status):
        return failed(item, text, retry_in=retry_in)
    return failed(item, text, final=True)


def no_answer(item: Leased, error: WireError, shown: str) -> Outcome:
    """Return the outcome of an item that got no usable answer."""
    if isinstance(error, AnswerTooLargeError):
        return failed(item, f"{shown}: {error}", final=True)
    return failed(item, f"{shown} gave no usable answer: {error}")


def retry_after_of(answer: Answer) -> float | None:
    """Return the seconds of `Retry-After`; None where it says none (dates are not read: clocks differ)."""
    value = answer.header(b"retry-after").strip()
    return float(value) if value.isdigit() and len(value) < 8 else None


def content_type_of(item: Leased) -> str:
    """Return the content type that the item's headers name, or what its bytes are."""
    if item.headers:
        named = item.headers.get("content-type")
        if named and not _CONTROL.search(named):
            return named
    if item.payload[:1] in b'{["0123456789-tfn ' and _is_json(item.payload):
        return "application/json"
    return "application/octet-stream" if text_of(item.payload) is None else "text/plain; charset=utf-8"


def event_source(queue: str) -> str:
    """Return the CloudEvents `source` of a queue's items, a URI reference."""
    return "/queues/" + quote(queue, safe="")


def event_time(item: Leased) -> str:
    """Return when the item was enqueued, as RFC 3339."""
    at = datetime.fromtimestamp(item.enqueued_at, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


async def wait_until_ready(url: str, timeout_seconds: float) -> None:
    """Return once `url` answers 2xx. Raises `ApplicationError` with the last reason when time is up."""
    endpoint = HttpEndpoint(url, connections_max=1, timeout_seconds=5.0)
    end = monotonic() + timeout_seconds
    pause = CONNECT_PAUSE_SECONDS_MIN
    try:
        while True:
            try:
                answer = await endpoint.get()
                if 200 <= answer.status < 300:
                    return
                reason = f"it answers {answer.status}"
            except (WireError, OSError) as error:
                reason = str(error)
            if monotonic() + pause > end:
                raise ApplicationError(
                    f"the application at {endpoint.shown} is not ready after {timeout_seconds:g} s: {reason}"
                )
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, 1.0)
    finally:
        await endpoint.aclose()


async def _unchecked(host: str, port: int) -> list[tuple[str, int]]:
    # Whoever starts the reader says where its application is: no policy is between.
    return [(host, port)]


def _is_json(payload: bytes) -> bool:
    try:
        orjson.loads(payload)
    except orjson.JSONDecodeError:
        return False
    return True


def _encoded(value: str) -> str:
    return quote(value, safe=_SAFE) if _TO_ENCODE.search(value) else value
