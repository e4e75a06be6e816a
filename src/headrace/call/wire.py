"""A small HTTP/1.1 client: sends whole requests over kept connections, and returns whole answers.

Raw asyncio protocol and httptools, because a call to a function is made for nearly every step of every
execution; and because it must drop a connection the moment that a call is cancelled, and connect to
exactly the address that the host policy has checked. It knows nothing of URLs, redirects or content:
that is for `function.py` and `client.py`.
"""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import NamedTuple, cast

import httptools

_HEAD_BYTES_MAX = 64 * 1024

Resolve = Callable[[str, int], Awaitable[list[tuple[str, int]]]]


class Origin(NamedTuple):
    """Where connections go. `checked`: the client's `resolve` says to which addresses, or refuses."""

    host: str
    port: int
    tls: bool
    checked: bool = False


@dataclass(slots=True)
class Answer:
    """A whole HTTP response. Header names are in lower case, in the order of the wire."""

    status: int
    reason: str
    headers: list[tuple[bytes, bytes]]
    body: bytes

    def header(self, name: bytes) -> bytes:
        """Return the first value of a header (lower-case name), or nothing."""
        for key, value in self.headers:
            if key == name:
                return value
        return b""


class WireError(Exception):
    """No usable answer came."""


class ConnectFailedError(WireError):
    """No connection could be made: nothing was sent."""


class ConnectionLostError(WireError):
    """The connection ended before the answer was whole."""

    def __init__(self, message: str, *, anything_sent: bool, anything_received: bool) -> None:
        super().__init__(message)
        self.anything_sent = anything_sent
        self.anything_received = anything_received


class BadAnswerError(WireError):
    """What came back is not HTTP/1.1."""


class AnswerTooLargeError(WireError):
    """The answer is longer than the limit; it was not read to its end."""


class AnswerTimeoutError(WireError):
    """The answer was not whole in time."""


class _Connection(asyncio.Protocol):
    """One connection: idle, or in one exchange."""

    __slots__ = (
        "_answer",
        "_bodiless",
        "_body",
        "_body_bytes",
        "_body_bytes_max",
        "_final",
        "_framed",
        "_head_bytes",
        "_headers",
        "_loop",
        "_parser",
        "_pool",
        "_reason",
        "_received",
        "_reusable",
        "_status",
        "idle_since",
        "transport",
    )

    def __init__(self, loop: asyncio.AbstractEventLoop, pool: _Pool, body_bytes_max: int) -> None:
        self._loop = loop
        self._pool = pool
        self._body_bytes_max = body_bytes_max
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[Answer] | None = None
        self._reusable = True
        self.transport: asyncio.Transport | None = None
        self.idle_since = 0.0
        self._reset()

    def _reset(self) -> None:
        self._status = 0
        self._reason = b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._head_bytes = 0
        self._body: list[bytes] = []
        self._body_bytes = 0
        self._framed = False
        self._final = False

    @property
    def usable(self) -> bool:
        return self._reusable and self.transport is not None and not self.transport.is_closing()

    async def exchange(self, message: bytes, when: float, *, bodiless: bool) -> Answer:
        """Send `message` and return the answer to it, at loop time `when` at the latest.

        Raises `WireError`; the connection is then closed, as it is when the caller is cancelled.
        """
        if not self.usable:
            raise ConnectionLostError(
                "the connection was closed while idle", anything_sent=False, anything_received=False
            )
        answer: asyncio.Future[Answer] = self._loop.create_future()
        self._answer = answer
        self._received = False
        self._bodiless = bodiless
        self._reset()
        timer = self._loop.call_at(when, self._time_out)
        assert self.transport is not None
        self.transport.write(message)
        try:
            return await answer
        except BaseException:
            self.close()  # a cancelled or failed exchange may still have an answer under way
            raise
        finally:
            self._answer = None
            timer.cancel()

    def close(self) -> None:
        self._reusable = False
        if self.transport is not None:
            self.transport.abort()

    def _fail(self, error: WireError) -> None:
        self._reusable = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
        if self.transport is not None:
            self.transport.abort()

    def _time_out(self) -> None:
        what = "the answer was not whole" if self._received else "no answer"
        self._fail(AnswerTimeoutError(f"{what} in time"))

    def _finish(self) -> None:
        body = self._body
        whole = body[0] if len(body) == 1 else b"".join(body)
        answer = self._answer
        if answer is not None and not answer.done():
            answer.set_result(Answer(self._status, self._reason.decode("latin-1"), self._headers, whole))

    # --- asyncio.Protocol -----------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # A cast: uvloop's transports are no subclasses of asyncio's.
        self.transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._final:
            self._reusable = False  # nothing was asked: what comes now can belong to no answer
            if self._answer is None and self.transport is not None:
                self.transport.abort()
            return
        self._received = True
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            self._fail(BadAnswerError("the server switched to another protocol"))
        except httptools.HttpParserError as error:
            if self._final:
                self._reusable = False  # the answer is whole; garbage after it costs only the connection
            else:
                self._fail(BadAnswerError(f"not an HTTP/1.1 answer: {error}"))

    def eof_received(self) -> bool:
        if self._status and not self._framed and not self._final:
            # A body without a length ends with the connection (RFC 9112, section 6.3).
            self._final = True
            self._reusable = False
            self._finish()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._reusable = False
        answer = self._answer
        if answer is not None and not answer.done():
            where = "in the middle of the answer" if self._received else "before an answer"
            cause = f": {exc.strerror or exc}" if isinstance(exc, OSError) else ""
            answer.set_exception(
                ConnectionLostError(
                    f"the connection was closed {where}{cause}",
                    anything_sent=True,
                    anything_received=self._received,
                )
            )
        self._pool.forget(self)

    # --- httptools.HttpResponseParser -----------------------------------------------------------------

    def on_message_begin(self) -> None:
        if self._final:
            self._reusable = False  # a second answer to one request

    def on_status(self, reason: bytes) -> None:
        if not self._final:
            self._reason += reason

    def on_header(self, name: bytes, value: bytes) -> None:
        if self._final:
            return
        self._head_bytes += len(name) + len(value) + 4
        if self._head_bytes > _HEAD_BYTES_MAX:
            self._fail(BadAnswerError(f"the headers are longer than {_HEAD_BYTES_MAX} bytes"))
            return
        if self._status:
            return  # a trailer, after the body: it must not overwrite a header
        name = name.lower()
        if name == b"content-length":
            self._framed = True
            if value.isdigit() and int(value) > self._body_bytes_max and not self._bodiless:
                self._too_large()
        elif name == b"transfer-encoding":
            self._framed = True
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        if self._final:
            return
        self._status = self._parser.get_status_code()
        if self._bodiless and self._status >= 200:
            # The parser cannot know that no body follows, so it can read no second answer.
            self._final = True
            self._reusable = False
            self._finish()

    def on_body(self, body: bytes) -> None:
        if self._final:
            return
        self._body_bytes += len(body)
        if self._body_bytes > self._body_bytes_max:
            self._too_large()
            return
        self._body.append(body)

    def on_message_complete(self) -> None:
        if self._final:
            return
        if self._status < 200:
            self._reset()  # 100 Continue, 103 Early Hints: the answer is still to come
            return
        self._final = True
        transport = self.transport
        if not self._parser.should_keep_alive() or (
            # An answer that came before the request was sent: its rest would spoil the next exchange.
            transport is not None and transport.get_write_buffer_size() > 0
        ):
            self._reusable = False
        self._finish()

    def _too_large(self) -> None:
        self._fail(AnswerTooLargeError(f"the answer is longer than {self._body_bytes_max} bytes"))


class _Pool:
    """The connections of one origin. `open` counts those in use, idle, or being made."""

    __slots__ = ("idle", "open", "waiting")

    def __init__(self) -> None:
        self.idle: list[_Connection] = []
        self.open = 0
        # Given an idle connection, or `None`: permission to open one in the place of one that ended.
        self.waiting: deque[asyncio.Future[_Connection | None]] = deque()

    def release(self, connection: _Connection | None, now: float) -> None:
        """Give back a connection after an exchange; `None` gives back a place without a connection."""
        if connection is not None and not connection.usable:
            if connection.transport is not None:
                connection.transport.close()
            connection = None
        while self.waiting:
            waiter = self.waiting.popleft()
            if not waiter.done():
                waiter.set_result(connection)
                return
        if connection is None:
            self.open -= 1
        else:
            connection.idle_since = now
            self.idle.append(connection)

    def forget(self, connection: _Connection) -> None:
        """Drop a connection that ended while idle; one in an exchange is given back by its user."""
        if connection in self.idle:
            self.idle.remove(connection)
            self.open -= 1


class WireClient:
    """Sends messages to origins over kept connections, and returns their answers.

    `resolve` returns the addresses and ports to connect to for a host and port whose origin is `checked`;
    it may raise to refuse. At most `connections_max` connections per origin are open; further exchanges
    wait their turn, first come, first served. Idle connections are closed after `idle_seconds`.
    """

    def __init__(
        self,
        *,
        answer_bytes_max: int,
        resolve: Resolve,
        tls: ssl.SSLContext | None = None,
        connections_max: int = 256,
        idle_seconds: float = 30.0,
    ) -> None:
        self._answer_bytes_max = answer_bytes_max
        self._resolve = resolve
        self._tls = tls
        self._connections_max = connections_max
        self._idle_seconds = idle_seconds
        self._pools: dict[Origin, _Pool] = {}
        self._sweeper: asyncio.TimerHandle | None = None

    async def exchange(
        self,
        origin: Origin,
        message: bytes,
        timeout_seconds: float,
        *,
        repeatable: bool = True,
        bodiless: bool = False,
    ) -> Answer:
        """Send a whole request `message` to `origin` and return the answer.

        Servers close idle connections whenever they like. A `repeatable` message (one that may arrive
        twice) is sent a second time, on a fresh connection, when a kept one was closed and not one byte of
        an answer has come; any other only when it was not sent at all. `bodiless`: the answer has no body
        whatever its head says, as that to HEAD. Raises `WireError`, and what `resolve` raises.
        """
        loop = asyncio.get_running_loop()
        when = loop.time() + timeout_seconds
        pool = self._pools.get(origin)
        if pool is None:
            pool = self._pools[origin] = _Pool()
        connection = await self._kept(loop, pool, when)
        if connection is not None:
            try:
                return await connection.exchange(message, when, bodiless=bodiless)
            except ConnectionLostError as error:
                if error.anything_received or (error.anything_sent and not repeatable):
                    raise
            finally:
                pool.release(connection, loop.time())
            # A place of our own is needed again; it may be taken by now.
            await self._place(loop, pool, when)
        try:
            connection = await self._connect(loop, pool, origin, when)
        except BaseException:
            pool.release(None, loop.time())
            raise
        try:
            return await connection.exchange(message, when, bodiless=bodiless)
        finally:
            pool.release(connection, loop.time())

    async def _kept(self, loop: asyncio.AbstractEventLoop, pool: _Pool, when: float) -> _Connection | None:
        """Return a kept connection, or `None`: then a place for a new one is reserved."""
        now = loop.time()
        while pool.idle:
            connection = pool.idle.pop()
            if connection.usable and now - connection.idle_since < self._idle_seconds:
                return connection
            pool.open -= 1
            connection.close()
        return await self._place(loop, pool, when, kept_will_do=True)

    async def _place(
        self, loop: asyncio.AbstractEventLoop, pool: _Pool, when: float, *, kept_will_do: bool = False
    ) -> _Connection | None:
        if pool.open < self._connections_max:
            pool.open += 1
            return None
        waiter: asyncio.Future[_Connection | None] = loop.create_future()
        pool.waiting.append(waiter)
        try:
            async with asyncio.timeout_at(when):
                connection = await waiter
        except BaseException as error:
            if waiter.done() and not waiter.cancelled():
                pool.release(waiter.result(), loop.time())
            if isinstance(error, TimeoutError):
                raise AnswerTimeoutError(
                    f"no connection became free in time; {self._connections_max} are in use"
                ) from None
            raise
        if connection is not None and not kept_will_do:
            connection.close()
            return None
        return connection

    async def _connect(
        self, loop: asyncio.AbstractEventLoop, pool: _Pool, origin: Origin, when: float
    ) -> _Connection:
        hosts = await self._addresses(origin, when)
        tls = self._context() if origin.tls else None
        failure: OSError | None = None
        self._sweep_later(loop)
        for host, port in hosts:
            try:
                async with asyncio.timeout_at(when):
                    _, connection = await loop.create_connection(
                        lambda: _Connection(loop, pool, self._answer_bytes_max),
                        host,
                        port,
                        ssl=tls,
                        server_hostname=origin.host if tls is not None else None,
                    )
                    return connection
            except TimeoutError:
                raise ConnectFailedError("no connection could be made in time") from None
            except OSError as error:
                failure = error
        assert failure is not None
        raise ConnectFailedError(_reason_of(failure)) from failure

    async def _addresses(self, origin: Origin, when: float) -> list[tuple[str, int]]:
        if not origin.checked:
            return [(origin.host, origin.port)]
        try:
            async with asyncio.timeout_at(when):
                return await self._resolve(origin.host, origin.port)
        except TimeoutError:
            raise ConnectFailedError(f"{origin.host} did not resolve in time") from None

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = ssl.create_default_context()
        return self._tls

    def _sweep_later(self, loop: asyncio.AbstractEventLoop) -> None:
        if self._sweeper is None:
            self._sweeper = loop.call_later(self._idle_seconds, self._sweep, loop)

    def _sweep(self, loop: asyncio.AbstractEventLoop) -> None:
        self._sweeper = None
        before = loop.time() - self._idle_seconds
        for origin, pool in list(self._pools.items()):
            fresh = [connection for connection in pool.idle if connection.idle_since > before]
            stale = [connection for connection in pool.idle if connection.idle_since <= before]
            pool.idle = fresh
            pool.open -= len(stale)
            for connection in stale:
                connection.close()
            if pool.open == 0 and not pool.waiting:
                del self._pools[origin]
        if self._pools:
            self._sweep_later(loop)

    async def aclose(self) -> None:
        """Close all idle connections; those in an exchange end with it."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for pool in self._pools.values():
            idle, pool.idle = pool.idle, []
            pool.open -= len(idle)
            for connection in idle:
                connection.close()
        self._pools.clear()


def _reason_of(error: OSError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the server's certificate is not trusted: {error.verify_message}"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed: {error.reason or error}"
    if error.errno and not isinstance(error, socket.gaierror):
        return os.strerror(error.errno)  # asyncio's own text tells the address that a name resolved to
    return error.strerror or str(error)
