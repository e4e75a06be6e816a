"""One request and its answer on a connection of uvicorn's, with an answer that goes out in one piece.

uvicorn writes head and body apart, which is a system call and a packet more for each answer, and checks every
header with two expressions, also those that are always the same. Together that was most of what the listener
cost per request.
"""

from __future__ import annotations

import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

# Field names and values (RFC 9110, sections 5.1 and 5.5): a line break would begin another header.
_NAME = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z")
_BAD_VALUE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
# Headers that have few values: their lines are kept when they were checked.
_REPEATED = frozenset(
    {b"cache-control", b"content-encoding", b"content-type", b"referrer-policy", b"vary",
     b"x-accel-buffering", b"x-content-type-options", b"x-frame-options"}
)  # fmt: skip
_KEPT_MAX = 256
# A body that is longer goes out by itself: copying it behind the head would take longer.
_JOINED_BYTES_MAX = 64 * 1024
# Answers that never have a body (RFC 9110).
_BODILESS = frozenset({204, 304})

_kept: dict[tuple[bytes, bytes], bytes] = {}


class _Default:
    """What uvicorn adds to every answer (`date`): a list that it makes anew each second, and its lines."""

    headers: list[tuple[bytes, bytes]] | None = None
    lines = b""


class Cycle(RequestResponseCycle):
    """Sends what uvicorn sends. A head that announces the length of its body waits for the body."""

    _head = b""

    async def send(self, message: Any) -> None:
        """Take a message of ASGI. Raises `RuntimeError` for one that may not come now, or cannot be sent."""
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        kind = message["type"]
        if not self.response_started:
            if kind != "http.response.start":
                raise RuntimeError(f"an answer begins with 'http.response.start', not with {kind!r}")
            self._begin(message["status"], message.get("headers", ()))
        elif self.response_complete or kind != "http.response.body":
            raise RuntimeError(f"the message {kind!r} may not come now")
        else:
            self._go_on(message.get("body", b""), bool(message.get("more_body", False)))

    def _begin(self, status: int, headers: Any) -> None:
        if self.default_headers is not _Default.headers:
            _Default.headers = self.default_headers
            _Default.lines = b"".join([_line(name, value) for name, value in self.default_headers])
        lines = [STATUS_LINE[status], _Default.lines]
        closes = False
        length: int | None = None
        chunked = False
        for name, value in headers:
            line = _kept.get((name, value))
            if line is None:
                line = _line(name, value)
                lower = name.lower()
                if lower == b"content-length":
                    length = int(value)
                elif lower == b"transfer-encoding":
                    chunked = value.lower() == b"chunked"
                elif lower == b"connection":
                    closes = b"close" in [token.strip().lower() for token in value.split(b",")]
            lines.append(line)
        # Only what was checked whole is an answer that began: else uvicorn sends its own, a 500.
        self.response_started = True
        self.waiting_for_100_continue = False
        if closes:
            self.keep_alive = False
        elif not self.keep_alive:
            lines.append(b"connection: close\r\n")
        if length is None and not chunked and self.scope["method"] != "HEAD" and status not in _BODILESS:
            chunked = True
            lines.append(b"transfer-encoding: chunked\r\n")
        self.chunked_encoding = chunked
        self.expected_content_length = 0 if length is None or chunked else length
        lines.append(b"\r\n")
        head = b"".join(lines)
        if length is not None and not chunked:
            self._head = head
        else:
            # How soon something of the body comes nobody knows.
            self.transport.write(head)

    def _go_on(self, body: bytes, more: bool) -> None:
        if self.scope["method"] == "HEAD":
            self.expected_content_length = 0
            body = b""
        elif self.chunked_encoding:
            body = (b"%x\r\n%b\r\n" % (len(body), body) if body else b"") + (b"" if more else b"0\r\n\r\n")
        elif len(body) > self.expected_content_length:
            raise RuntimeError("the body is longer than its content-length")
        else:
            self.expected_content_length -= len(body)
        head = self._head
        if head:
            self._head = b""
            if len(body) > _JOINED_BYTES_MAX:
                self.transport.write(head)
            else:
                body = head + body
        if body:
            self.transport.write(body)
        if not more:
            if self.expected_content_length:
                raise RuntimeError("the body is shorter than its content-length")
            self.response_complete = True
            self.message_event.set()
            if not self.keep_alive:
                if "headrace_whole" in self.scope:
                    self.transport.close()
                else:
                    self.transport.get_protocol().linger()  # type: ignore[attr-defined]
            self.on_response()


def _line(name: bytes, value: bytes) -> bytes:
    """Return a header as it is sent. Raises `RuntimeError` where it would not stay one header."""
    if not _NAME.match(name):
        raise RuntimeError("a header's name has a character that it may not have")
    if _BAD_VALUE.search(value):
        raise RuntimeError(f"the value of the header {name.decode('ascii')} has a control character")
    lower = name.lower()
    line = b"%b: %b\r\n" % (lower, value)
    if lower in _REPEATED and len(_kept) < _KEPT_MAX:
        _kept[name, value] = line
    return line
