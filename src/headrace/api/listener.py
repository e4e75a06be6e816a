"""The listening socket: uvicorn with httptools, and limits that uvicorn itself does not have."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from headrace.api.cycle import Cycle
from headrace.errors import HeadraceError

# A request's line and headers must be here within so long, and be no longer than so.
HEAD_SECONDS_MAX = 15.0
HEAD_BYTES_MAX = 64 * 1024
KEEP_ALIVE_SECONDS = 75
# After an answer that did not wait for the whole body, the rest of it may come for so long, and is dropped.
REST_SECONDS_MAX = 10.0
BACKLOG = 2048

_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class BoundedProtocol(HttpToolsProtocol):
    """HTTP/1.1 whose request heads are bounded in time and size: a slow or endless sender holds nothing."""

    _head_bytes = 0
    _head_timer: asyncio.TimerHandle | None = None
    _body_comes = False
    _rest_timer: asyncio.TimerHandle | None = None
    _lingers = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._begin_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        if self._lingers:
            return
        if self._head_timer is not None:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_timer is not None and self._head_bytes > HEAD_BYTES_MAX:
            self._refuse(_TOO_LARGE)

    def on_message_begin(self) -> None:
        """A head begins; between requests uvicorn's own limit for idle connections holds."""
        self._begin_head()
        super().on_message_begin()
        # For answers without end: a reader that takes nothing can only be cut off.
        self.scope["headrace_abort"] = self.transport.abort  # type: ignore[typeddict-unknown-key]

    def on_headers_complete(self) -> None:
        """The head is here: what follows has limits of its own."""
        self._end_head()
        self._body_comes = True
        super().on_headers_complete()
        # uvicorn has no setting for what it makes here; its task begins after we return.
        self.cycle.__class__ = Cycle

    def on_message_complete(self) -> None:
        """The request is here, whole: with its head, before its task begins, or later."""
        self._body_comes = False
        self.scope["headrace_whole"] = True  # type: ignore[typeddict-unknown-key]
        self._end_rest()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """The answer is given; a body that goes on coming must end."""
        super().on_response_complete()
        if self._body_comes and self._rest_timer is None and not self.transport.is_closing():
            self._rest_timer = self.loop.call_later(REST_SECONDS_MAX, self.transport.close)

    def linger(self) -> None:
        """Say that nothing follows the answer, and drop what goes on coming until the sender closes.

        To close at once would answer those bytes with a reset, which takes the answer away from a sender who
        has not read it yet, or who is told of a broken pipe while it still sends (RFC 9112, section 9.6).
        """
        if self._lingers or self.transport.is_closing():
            return
        self._lingers = True
        self._end_rest()
        if not self.transport.can_write_eof():
            self.transport.close()
            return
        self.transport.write_eof()
        self._rest_timer = self.loop.call_later(REST_SECONDS_MAX, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._end_head()
        self._end_rest()
        super().connection_lost(exc)

    def _begin_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS_MAX, self._too_slow)

    def _end_head(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None
        self._head_bytes = 0

    def _end_rest(self) -> None:
        if self._rest_timer is not None:
            self._rest_timer.cancel()
            self._rest_timer = None

    def _too_slow(self) -> None:
        self._refuse(_TOO_SLOW)

    def _refuse(self, answer: bytes) -> None:
        self._end_head()
        if self.cycle is not None and not self.cycle.response_complete:
            # The refusal would stand in the middle of the answer to the request before.
            self.transport.close()
        elif not self.transport.is_closing():
            self.transport.write(answer)
            self.linger()


class _Uvicorn(uvicorn.Server):
    """Leaves signals to the composition root."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


class Listener:
    """Serves one ASGI application on one address."""

    def __init__(self, host: str, port: int, *, grace_seconds: float = 10.0, tls: Any = None) -> None:
        self._host = host
        self._grace_seconds = grace_seconds
        self._socket = _bind(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._server: _Uvicorn | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where it listens, as people reach it from this machine."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self._host, self._host)
        if ":" in host and not host.startswith("["):
            host = f"[{host}]"
        return f"http://{host}:{self.port}"

    async def start(self, app: Any) -> None:
        """Begin to answer requests."""
        config = uvicorn.Config(
            app,
            http=BoundedProtocol,
            ws="none",
            lifespan="off",
            interface="asgi3",
            access_log=False,
            log_config=None,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=max(1, round(self._grace_seconds)),
            backlog=BACKLOG,
        )
        self._server = _Uvicorn(config)
        self._serving = asyncio.create_task(self._server.serve([self._socket]))
        while not self._server.started:
            if self._serving.done():
                self._serving.result()
            await asyncio.sleep(0)

    async def stop(self) -> None:
        """Take no new connections, let answers that are under way be given, close."""
        if self._server is None or self._serving is None:
            self._socket.close()
            return
        self._server.should_exit = True
        await self._serving


def _bind(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise HeadraceError(
            f"cannot listen on {host}:{port}: {error.strerror or error}; "
            "stop what listens there, or choose another --port (0: any that is free)"
        ) from error
    listening.listen(BACKLOG)
    listening.setblocking(False)
    return listening
