"""The general HTTP client of calls: any method, any host that the policy allows, bounded in every way.

On `wire.py`, and not on a client library: it must connect to the very address that the policy has checked,
and drop the connection when a call is cancelled. Redirects are followed here, one checked hop at a time.
"""

from __future__ import annotations

import asyncio
import re
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headrace.call.answer import no_answer
from headrace.call.performer import CallError, call_error
from headrace.call.policy import HostPolicy
from headrace.call.wire import AnswerTooLargeError, Origin, WireClient, WireError
from headrace.errors import HeadraceError

if TYPE_CHECKING:
    from pyreqwest.http import Url

_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_IDEMPOTENT = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"})  # RFC 9110, section 9.2.2
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_CREDENTIAL_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie"})
_BODY_HEADERS = frozenset({"content-type", "content-length", "content-encoding", "content-language"})


@dataclass(frozen=True, slots=True)
class HttpOptions:
    """How calls by HTTP behave. Sizes are after decompression.

    `resolve` sends the connections for a host name elsewhere, to an address and port, without changing
    what the server sees (`Host`, TLS server name); the policy does not apply to it.
    """

    policy: HostPolicy = field(default_factory=HostPolicy)
    resolve: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    root_certificates_pem: bytes | None = None  # trusted besides the system's
    max_response_bytes: int = 10 * 1024 * 1024
    timeout_seconds: float = 60.0  # of one request with all its redirects
    max_redirects: int = 10
    # Shorter than servers keep connections (Node.js: 5 s): a POST on one that the server is just closing
    # fails, because nobody can tell whether it has arrived.
    pool_idle_seconds: float = 4.0
    connections_max_per_host: int = 256
    user_agent: str = "headrace"


@dataclass(slots=True)
class Request:
    """A request, ready to be sent. `url` is absolute and without user info."""

    method: str
    url: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes | None = None


@dataclass(slots=True)
class Response:
    """A whole response. `request` is the one that it answers: the last one, after redirects."""

    request: Request
    status: int
    headers: list[tuple[str, str]]  # names in lower case, repeated ones as they came
    body: bytes

    def header(self, name: str) -> str:
        """Return the first value of a header (lower-case name), or the empty string."""
        return next((value for key, value in self.headers if key == name), "")


def parse_url(url: str, what: str = "the endpoint") -> Url:
    """Return an absolute http or https URL, normalised as browsers do, so that `0x7f.1` is 127.0.0.1.

    Raises `CallError` (configuration) naming `what` otherwise.
    """
    from pyreqwest.http import Url

    try:
        parsed = Url(url)
    except ValueError as error:
        raise call_error("configuration", f"{what} is not a URL", f"{shown(url)}: {error}") from error
    if parsed.scheme not in ("http", "https") or not parsed.host_str:
        raise call_error(
            "configuration", f"{what} is not an http or https URL", f"{shown(url)} cannot be called"
        )
    return parsed


def shown(url: str) -> str:
    """Return a URL as it may stand in an error: without user info, query and fragment."""
    head = url.partition("#")[0].partition("?")[0]
    scheme, separator, rest = head.partition("//")
    authority, slash, path = rest.partition("/")
    return scheme + separator + authority.rpartition("@")[2] + slash + path


class HttpClient:
    """Sends requests; keeps connections. Close it with `aclose`."""

    def __init__(self, options: HttpOptions) -> None:
        self.options = options
        self._wire = WireClient(
            answer_bytes_max=options.max_response_bytes,
            resolve=self.resolve,
            tls=None if options.root_certificates_pem is None else tls_context(options),
            connections_max=options.connections_max_per_host,
            idle_seconds=options.pool_idle_seconds,
        )

    async def resolve(self, host: str, port: int) -> list[tuple[str, int]]:
        """Return where to connect to for a host: as overridden, or as the policy allows."""
        override = self.options.resolve.get(host)
        return [override] if override is not None else await self.options.policy.endpoints(host, port)

    async def send(
        self, request: Request, *, follow: bool = False, timeout_seconds: float | None = None
    ) -> Response:
        """Send `request` and return the response, whatever its status; with `follow`, after redirects.

        Raises `CallError`: communication (retryable when no answer came), timeout, authorization when the
        policy refuses a host, configuration when the request cannot be sent at all.
        """
        seconds = self.options.timeout_seconds if timeout_seconds is None else timeout_seconds
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        for _ in range(self.options.max_redirects + 1):
            response = await self._send_once(request, max(0.0, end - loop.time()), seconds)
            location = response.header("location")
            if not follow or response.status not in _REDIRECTS or not location:
                return response
            request = _redirected(request, response.status, location)
        raise call_error(
            "communication",
            "too many redirects",
            f"{shown(request.url)} is redirect number {self.options.max_redirects + 1}",
            status=502,
        )

    async def _send_once(self, request: Request, left_seconds: float, seconds: float) -> Response:
        url = parse_url(request.url)
        host = (url.host_str or "").strip("[]")
        origin = Origin(
            host,
            url.port_or_known_default or 0,
            url.scheme == "https",
            checked=host in self.options.resolve or not self.options.policy.unrestricted,
        )
        source = shown(request.url)
        try:
            answer = await self._wire.exchange(
                origin,
                self._message(request, url),
                left_seconds,
                repeatable=request.method in _IDEMPOTENT,
                bodiless=request.method == "HEAD",
            )
        except WireError as error:
            raise no_answer(error, source, seconds) from error
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
        response = Response(request, answer.status, headers, answer.body)
        encoding = response.header("content-encoding").strip().lower()
        if encoding and answer.body:
            response.body = _decompressed(answer.body, encoding, self.options.max_response_bytes, source)
            response.headers = [h for h in headers if h[0] not in ("content-encoding", "content-length")]
        return response

    def _message(self, request: Request, url: Url) -> bytes:
        """Return the request as bytes. What the author wrote wins over what is sent by default."""
        query = url.query_string
        lines = [
            f"{request.method} {url.path}{'' if query is None else '?' + query} HTTP/1.1",
            f"host: {url.authority.rpartition('@')[2]}",
        ]
        written = {name.lower() for name, _ in request.headers}
        defaults = (
            ("user-agent", self.options.user_agent),
            ("accept", "*/*"),
            ("accept-encoding", "gzip, deflate"),
        )
        for name, value in (*(each for each in defaults if each[0] not in written), *request.headers):
            if name.lower() == "host":
                lines[1] = f"host: {value}"
            else:
                lines.append(f"{name}: {value}")
        if request.body is not None or request.method in ("POST", "PUT", "PATCH"):
            lines.append(f"content-length: {len(request.body or b'')}")
        if any(_CONTROL.search(line) for line in lines):
            # A line break within one would be the beginning of another header, or of another request.
            raise call_error(
                "configuration", "the request cannot be sent", "a header or credential has control characters"
            )
        return "\r\n".join([*lines, "", ""]).encode() + (request.body or b"")

    async def aclose(self) -> None:
        """Close all connections."""
        await self._wire.aclose()


def tls_context(options: HttpOptions) -> ssl.SSLContext:
    """Return a context that trusts the system's roots and those of `options`. Raises `HeadraceError`."""
    context = ssl.create_default_context()
    if options.root_certificates_pem is not None:
        try:
            context.load_verify_locations(cadata=options.root_certificates_pem.decode("ascii"))
        except (ssl.SSLError, UnicodeDecodeError) as error:
            raise HeadraceError(f"the root certificates are not usable PEM: {error}") from error
    return context


def _decompressed(body: bytes, encoding: str, bytes_max: int, source: str) -> bytes:
    """Undo a content encoding, within the size limit: a few bytes may stand for gigabytes."""
    if encoding == "identity":
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise _undecodable(source, f"its content encoding {encoding!r} was not asked for")
    # `deflate` is zlib's format (RFC 9110, section 8.4.1.2); some servers send it without zlib's head.
    raw = encoding == "deflate" and (body[0] & 0x0F) != 8
    decoder = zlib.decompressobj(-zlib.MAX_WBITS if raw else zlib.MAX_WBITS | 32)
    try:
        content = decoder.decompress(body, bytes_max + 1)
    except zlib.error as error:
        raise _undecodable(source, str(error)) from error
    if len(content) > bytes_max:
        raise no_answer(AnswerTooLargeError(f"the answer is longer than {bytes_max} bytes"), source, 0)
    if not decoder.eof:
        raise _undecodable(source, "its compressed content is cut off")
    return content


def _undecodable(source: str, reason: str) -> CallError:
    return call_error("communication", f"{source} gave no usable answer", reason, status=502, retryable=True)


def _redirected(request: Request, status: int, location: str) -> Request:
    """Return the request that a redirect asks for (RFC 9110, section 15.4)."""
    before = parse_url(request.url)
    try:
        after = parse_url(str(before.join(location)), "the target of the redirect")
    except ValueError as error:
        raise call_error(
            "communication", "unusable redirect", f"{shown(request.url)} redirects to nowhere", status=502
        ) from error
    method, body, headers = request.method, request.body, request.headers
    if (status == 303 and method != "HEAD") or (status in (301, 302) and method == "POST"):
        method, body = ("GET", None)
        headers = [(name, value) for name, value in headers if name.lower() not in _BODY_HEADERS]
    if before.origin_ascii != after.origin_ascii:
        headers = [(name, value) for name, value in headers if name.lower() not in _CREDENTIAL_HEADERS]
    if after.username or after.password:
        after = after.with_username("").with_password(None)
    return Request(method, str(after), headers, body)
