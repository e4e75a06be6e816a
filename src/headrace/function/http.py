"""HTTP/1.1 for one function: an asyncio protocol around httptools.

One request of a connection is answered at a time and in order; further ones that a client has pipelined
wait, and reading pauses meanwhile.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import httptools
import orjson

from headrace.function.problem import PROBLEM_TYPE, reason

HEAD_BYTES_MAX = 65_536
# How long, and how much, to go on reading from a client that sends what was refused already: closing at
# once would reset the connection, and the client would never see the answer.
_LINGER_SECONDS = 5.0
_LINGER_BYTES_MAX = 64 * 1024 * 1024

_STATUS_LINES = {
    status: f"HTTP/1.1 {status} {reason(status)}\r\n".encode()
    for status in (*range(200, 209), *range(400, 600))
}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Request:
    """One request; `headers` have lower-case names, repeated ones are joined with a comma.

    `on_abandoned` is called when the client goes away before the answer.
    """

    __slots__ = (
        "body",
        "connection",
        "headers",
        "keep_alive",
        "method",
        "on_abandoned",
        "target",
        "wants_100",
    )

    def __init__(self, connection: HttpConnection) -> None:
        self.connection = connection
        self.method = b""
        self.target = b""
        self.headers: dict[bytes, bytes] = {}
        self.body = b""
        self.keep_alive = True
        self.wants_100 = False
        self.on_abandoned: Callable[[], object] | None = None

    def respond(self, status: int, content_type: bytes, body: bytes, extra: bytes = b"") -> None:
        """Send the answer; `extra` are further header lines. Only the first call has an effect."""
        self.connection.respond(self, status, content_type, body, extra)


class HttpConnection(asyncio.Protocol):
    """Parses requests, hands complete ones to `handle`, and writes answers."""

    def __init__(
        self,
        handle: Callable[[Request], None],
        opened: Callable[[HttpConnection], None],
        closed: Callable[[HttpConnection], None],
        body_bytes_max: int,
    ) -> None:
        self._handle = handle
        self._opened = opened
        self._closed = closed
        self._body_bytes_max = body_bytes_max
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpRequestParser(self)
        self._incoming: Request | None = None  # being parsed
        self._chunks: list[bytes] = []
        self._body_bytes = 0
        self._head_bytes = 0
        self._in_head = True
        self._active: Request | None = None  # being answered
        self._waiting: deque[Request] = deque()
        self._writable = True
        self._reading = True
        self._refused: tuple[int, str] | None = None  # the answer after which the connection closes
        self._lingering_bytes = -1  # at least 0 once a refusal is sent
        self._draining = False

    # --- asyncio ------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._closed(self)
        self._transport = None
        self._waiting.clear()
        active, self._active = self._active, None
        del self._parser  # it holds our methods: a reference cycle
        if active is not None and active.on_abandoned is not None:
            active.on_abandoned()

    def pause_writing(self) -> None:
        self._writable = False

    def resume_writing(self) -> None:
        self._writable = True
        self._next()

    def data_received(self, data: bytes) -> None:
        if self._lingering_bytes >= 0:
            self._lingering_bytes += len(data)
            if self._lingering_bytes > _LINGER_BYTES_MAX:
                self._close()
            return
        if self._refused is not None:
            return
        unfinished = self._incoming
        try:
            self._feed(data)
        except httptools.HttpParserCallbackError:
            raise  # a defect of ours, not of the request: asyncio logs it and closes the connection
        except httptools.HttpParserError as error:
            self._refuse(400, f"Bad HTTP request: {error}")
            return
        # Counted from the second read on: the first may hold many complete requests before this one.
        if self._in_head and unfinished is not None and self._incoming is unfinished:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self._refuse(431, f"Request line and headers are over {HEAD_BYTES_MAX} bytes")

    def _feed(self, data: bytes) -> None:
        while True:
            try:
                self._parser.feed_data(data)
                return
            except httptools.HttpParserUpgrade as upgrade:
                # No upgrade is offered, so the request counts as it is; Java's client always asks for h2c.
                # The parser leaves out the body then: parse the same request again without the wish.
                asking, self._incoming = self._incoming, None
                data = data[upgrade.args[0] :]
                self._parser = httptools.HttpRequestParser(self)
                if asking is not None:
                    data = _without_upgrade(asking) + data

    # --- httptools ----------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        self._incoming = Request(self)
        self._in_head = True
        self._head_bytes = 0

    def on_url(self, url: bytes) -> None:
        if self._incoming is not None:
            self._incoming.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        request = self._incoming
        if request is None or not self._in_head:  # trailers say nothing that a function needs
            return
        name = name.lower()
        headers = request.headers
        headers[name] = headers[name] + b", " + value if name in headers else value

    def on_headers_complete(self) -> None:
        request = self._incoming
        if request is None:
            return
        self._in_head = False
        self._chunks = []
        self._body_bytes = 0
        request.method = self._parser.get_method()
        request.keep_alive = self._parser.should_keep_alive()
        if request.method == b"CONNECT":
            self._refuse(405, "CONNECT is not served")
            return
        if self._parser.should_upgrade():
            return
        headers = request.headers
        if int(headers.get(b"content-length", b"0")) > self._body_bytes_max:
            self._refuse_body()
        elif b"expect" in headers:
            if headers[b"expect"].lower() != b"100-continue":
                self._refuse(417, "Only Expect: 100-continue is understood")
            elif self._active is None and self._transport is not None:
                self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            else:
                request.wants_100 = True

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        if self._body_bytes > self._body_bytes_max:
            self._refuse_body()
        elif self._refused is None:
            self._chunks.append(body)

    def on_message_complete(self) -> None:
        if self._parser.should_upgrade():
            return  # see `_feed`
        request, self._incoming = self._incoming, None
        if request is None or self._refused is not None:
            return
        request.wants_100 = False  # the client did not wait for it
        chunks = self._chunks
        request.body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
        self._chunks = []
        if self._active is None and not self._waiting and self._writable:
            self._active = request
            self._handle(request)
        else:
            self._waiting.append(request)
            if self._reading and self._transport is not None:
                self._reading = False
                self._transport.pause_reading()

    # --- answers ------------------------------------------------------------------------------------------

    def respond(self, request: Request, status: int, content_type: bytes, body: bytes, extra: bytes) -> None:
        """Write the answer to `request` if it is the one being answered, and go on with the next."""
        transport = self._transport
        if transport is None or request is not self._active:
            return
        self._active = None
        closing = self._draining or not request.keep_alive
        head = b"".join(
            (
                _STATUS_LINES[status],
                _date_line(),
                b"content-type: ",
                content_type,
                b"\r\ncontent-length: %d\r\n" % len(body),
                extra,
                b"connection: close\r\n\r\n" if closing else b"\r\n",
            )
        )
        transport.write(head if request.method == b"HEAD" else head + body)
        if closing:
            self._close()
        else:
            self._next()

    def drain(self) -> None:
        """Close now if idle, else after the answer to what is in flight."""
        self._draining = True
        if self._active is None and self._incoming is None and not self._waiting:
            self._close()

    def abort(self) -> None:
        """Close at once; nothing in flight is answered."""
        if self._transport is not None:
            self._transport.abort()

    @property
    def busy(self) -> bool:
        """Whether a request is being received or answered."""
        return self._active is not None or bool(self._waiting) or self._incoming is not None

    def _next(self) -> None:
        if self._active is not None or not self._writable or self._transport is None:
            return
        if self._waiting:
            request = self._active = self._waiting.popleft()
            # Not called from here: a chain of pipelined requests would recurse.
            asyncio.get_running_loop().call_soon(self._handle_waiting, request)
            return
        if not self._reading:
            self._reading = True
            self._transport.resume_reading()
        if self._refused is not None:
            self._send_refusal()
        elif self._incoming is not None and self._incoming.wants_100:
            self._incoming.wants_100 = False
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def _handle_waiting(self, request: Request) -> None:
        if request is self._active:  # else the client has gone
            self._handle(request)

    def _refuse_body(self) -> None:
        self._refuse(413, f"The body is over {self._body_bytes_max} bytes")

    def _refuse(self, status: int, detail: str) -> None:
        """Answer with a problem once what came before is answered, and close."""
        if self._refused is not None:
            return
        self._refused = (status, detail)
        self._incoming = None
        self._chunks = []
        self._next()

    def _send_refusal(self) -> None:
        transport = self._transport
        if transport is None or self._refused is None or self._lingering_bytes >= 0:
            return
        status, detail = self._refused
        body = orjson.dumps({"status": status, "title": reason(status), "detail": detail})
        transport.write(
            b"%scontent-type: %s\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s"
            % (_STATUS_LINES[status], PROBLEM_TYPE.encode(), len(body), body)
        )
        self._lingering_bytes = 0
        with suppress(OSError, RuntimeError):
            transport.write_eof()
        asyncio.get_running_loop().call_later(_LINGER_SECONDS, self._close)

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()


def _without_upgrade(request: Request) -> bytes:
    """The head of a request as it was sent, but for the wish to speak another protocol."""
    lines = [b"%s %s HTTP/1.1" % (request.method, request.target)]
    for name, value in request.headers.items():
        if name == b"connection":
            value = b"close" if b"close" in value.lower() else b"keep-alive"
        if name not in (b"upgrade", b"http2-settings"):
            lines.append(b"%s: %s" % (name, value))
    return b"\r\n".join(lines) + b"\r\n\r\n"


_date_second = 0
_date = b""


def _date_line() -> bytes:
    """The Date header, formatted once a second. Not strftime: its names follow the locale."""
    global _date_second, _date
    now = int(time.time())
    if now != _date_second:
        year, month, day, hour, minute, second, weekday, *_ = time.gmtime(now)
        clock = f"{hour:02}:{minute:02}:{second:02}"
        _date = f"date: {_DAYS[weekday]}, {day:02} {_MONTHS[month - 1]} {year} {clock} GMT\r\n".encode()
        _date_second = now
    return _date
