"""One HTTP/1.1 exchange per connection, on asyncio: little to import, nothing that runs beside it.

A client library with threads of its own costs a short command more than all its requests, and must not be
in the middle of something when the interpreter ends.
"""

from __future__ import annotations

import asyncio
import os
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httptools

from headrace.errors import HeadraceError

CONNECT_SECONDS = 10.0
CHUNK_BYTES = 64 * 1024
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class WireError(Exception):
    """There was no answer, or not a whole one. The text is the reason, for people."""


class Response:
    """An answer, whose body is still to be read. `headers` have lower-case names."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self._reader = reader
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._head_complete = self._complete = False

    # Called by the parser.

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        """Take the end of the head."""
        self.status = self._parser.get_status_code()
        self._head_complete = True

    def on_body(self, data: bytes) -> None:
        """Take a part of the body."""
        self._body.append(data)

    def on_message_complete(self) -> None:
        """Take the end."""
        self._complete = True

    async def head(self) -> None:
        """Read until status and headers are there."""
        while not self._head_complete:
            if not await self._more():
                raise WireError("the connection was closed before an answer came")

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it comes."""
        while True:
            while self._body:
                yield self._body.pop(0)
            if self._complete:
                return
            if not await self._more():
                if "content-length" in self.headers or "transfer-encoding" in self.headers:
                    raise WireError("the connection was closed in the middle of the answer")
                return

    async def _more(self) -> bool:
        try:
            data = await self._reader.read(CHUNK_BYTES)
            if data:
                self._parser.feed_data(data)
            return bool(data)
        except httptools.HttpParserError as error:
            raise WireError(f"what answers there does not speak HTTP ({error})") from error
        except (OSError, ssl.SSLError) as error:
            raise WireError(reason_of(error)) from error


@asynccontextmanager
async def exchange(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes | None,
    *,
    tls: ssl.SSLContext | None,
) -> AsyncIterator[Response]:
    """Send a request and give the answer once its head is there. Raises `WireError`.

    Cancelling it closes the connection. `tls` is for https.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            reader, writer = await asyncio.open_connection(
                host, port, ssl=tls, server_hostname=host if tls is not None else None
            )
    except TimeoutError as error:
        raise WireError(f"no connection within {CONNECT_SECONDS:g} s") from error
    except (OSError, ssl.SSLError) as error:
        raise WireError(reason_of(error)) from error
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        lines = [f"{method} {target or '/'} HTTP/1.1", f"host: {parts.netloc}", "connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body is not None or method in ("POST", "PUT", "PATCH"):
            lines.append(f"content-length: {len(body or b'')}")
        if any(_CONTROL.search(line) for line in lines):
            # A line break within one would be the beginning of another header.
            raise HeadraceError("what would be sent in a header has control characters; leave them out")
        response = Response(reader)
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + (body or b""))
            await writer.drain()
        except (OSError, ssl.SSLError):
            # A server that refuses a long body answers before it has taken all of it.
            pass
        await response.head()
        yield response
    finally:
        # Without waiting for the other side: all that was wanted of it is here.
        writer.transport.abort()


def tls_context(certificates: Path | None) -> ssl.SSLContext:
    """Return what checks a server's certificate: by the system's roots, and those in a PEM file."""
    context = ssl.create_default_context()
    if certificates is not None:
        try:
            context.load_verify_locations(cafile=certificates)
        except (OSError, ssl.SSLError) as error:
            raise HeadraceError(f"the certificates {certificates} cannot be used: {error}") from error
    return context


def reason_of(error: OSError) -> str:
    """Return why a connection failed, in the system's words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({error.verify_message}); `headrace login --ca FILE`"
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)  # asyncio puts words of its own in its place
    return error.strerror or str(error) or type(error).__name__
