"""A load client as cheap as Python allows, so that what is measured is the server: HTTP/1.1, kept alive."""

from __future__ import annotations

import asyncio

import httptools


class Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[tuple[int, bytes]] | None = None

    @classmethod
    async def open(cls, port: int, path: str, headers: str = "") -> Connection:
        """Connect to `port` on loopback, for POST requests to `path`; `headers` are whole lines."""
        _, connection = await asyncio.get_running_loop().create_connection(cls, "127.0.0.1", port)
        connection._head = (
            f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\ncontent-type: application/json\r\n{headers}"
        ).encode()
        return connection

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer."""
        self._answer = asyncio.get_running_loop().create_future()
        self._parser = httptools.HttpResponseParser(self)
        self._body = b""
        self._transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (self._head, len(body), body))
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_exception(ConnectionError("the server hung up before it answered"))

    # httptools

    def on_body(self, body: bytes) -> None:
        self._body += body

    def on_message_complete(self) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_result((self._parser.get_status_code(), self._body))


class Connections:
    """As many connections as requests are under way; each is used again and again."""

    def __init__(self, port: int, path: str, headers: str = "") -> None:
        self._port, self._path, self._headers = port, path, headers
        self._idle: list[Connection] = []

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """POST on an idle connection, or on a new one when none is idle."""
        connection = self._idle.pop() if self._idle else await self._open()
        answer = await connection.post(body)
        self._idle.append(connection)
        return answer

    async def _open(self) -> Connection:
        return await Connection.open(self._port, self._path, self._headers)

    def close(self) -> None:
        """Hang up all idle connections."""
        for connection in self._idle:
            connection.close()
        self._idle.clear()
