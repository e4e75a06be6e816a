"""The general HTTP client of calls: any method, any host that the policy allows, bounded in every way.

On pyreqwest. It has no hook for name resolution, so that a policy can only be held by resolving here and
pinning the checked address: there is one client per checked address, each with its own kept connections.
Without restrictions one client serves all. Redirects are followed here, one checked hop at a time.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from pyreqwest.client import Client, ClientBuilder
from pyreqwest.exceptions import (
    BuilderError,
    ConnectError,
    DecodeError,
    PyreqwestError,
    RequestTimeoutError,
)
from pyreqwest.http import Url

from headrace.call.performer import CallError, call_error
from headrace.call.policy import HostPolicy

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
    connect_timeout_seconds: float = 10.0
    max_redirects: int = 10
    pool_idle_seconds: float = 30.0
    pool_max_idle_per_host: int = 64
    pinned_clients_max: int = 128  # kept clients of checked addresses, least recently used go first
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
        self._shared: Client | None = None
        self._pinned: OrderedDict[tuple[str, str, int], Client] = OrderedDict()

    async def send(
        self, request: Request, *, follow: bool = False, timeout_seconds: float | None = None
    ) -> Response:
        """Send `request` and return the response, whatever its status; with `follow`, after redirects.

        Raises `CallError`: communication (retryable when no answer came), timeout, authorization when the
        policy refuses a host, configuration when the request cannot be sent at all.
        """
        seconds = self.options.timeout_seconds if timeout_seconds is None else timeout_seconds
        try:
            async with asyncio.timeout(seconds) as scope:
                return await self._send_and_follow(request, follow)
        except TimeoutError as error:
            if not scope.expired():
                raise
            raise _timed_out(request.url, seconds) from error

    async def _send_and_follow(self, request: Request, follow: bool) -> Response:
        for _ in range(self.options.max_redirects + 1):
            response = await self._send_once(request)
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

    async def _send_once(self, request: Request) -> Response:
        url = parse_url(request.url)
        failure: CallError | None = None
        for client, target, host in await self._clients(url):
            try:
                return await self._exchange(client, target, host, request)
            except _Unreachable as error:  # the next address may be reachable: nothing was sent
                failure = error
        assert failure is not None
        raise failure

    async def _exchange(self, client: Client, target: Url, host: str | None, request: Request) -> Response:
        limit = self.options.max_response_bytes
        try:
            builder = client.request(request.method, target)
            for name, value in request.headers:
                builder = builder.header(name, value, is_sensitive=name.lower() in _CREDENTIAL_HEADERS)
            if host is not None:
                builder = builder.header("host", host)
            if request.body is not None:
                builder = builder.body_bytes(request.body)
            async with builder.build_streamed() as response:
                headers = [(name.lower(), value) for name, value in response.headers.items()]
                chunks: list[bytes] = []
                received = 0
                while (chunk := await response.body_reader.read_chunk()) is not None:
                    received += len(chunk)
                    if received > limit:
                        raise call_error(
                            "communication",
                            "the answer is too large",
                            f"{shown(request.url)} answered more than {limit} bytes",
                            status=502,
                        )
                    chunks.append(bytes(chunk))
                body = chunks[0] if len(chunks) == 1 else b"".join(chunks)
                return Response(request, response.status, headers, body)
        except PyreqwestError as error:
            raise _translated(error, request.url) from error
        except ValueError as error:
            raise call_error(
                "configuration", "the request cannot be sent", f"{shown(request.url)}: {error}"
            ) from error

    async def _clients(self, url: Url) -> list[tuple[Client, Url, str | None]]:
        """Return the clients to try, each with the URL for it and the `Host` header, if it differs."""
        host = url.host_str or ""
        override = self.options.resolve.get(host)
        if override is not None:
            if self._shared is None:
                self._shared = await asyncio.to_thread(self._build, dict(self.options.resolve))
            if url.port_or_known_default == override[1]:
                return [(self._shared, url, None)]
            return [(self._shared, url.with_port(override[1]), url.authority.rpartition("@")[2])]
        policy = self.options.policy
        if policy.unrestricted:
            if self._shared is None:
                self._shared = await asyncio.to_thread(self._build, dict(self.options.resolve))
            return [(self._shared, url, None)]
        port = url.port_or_known_default or 0
        addresses = await policy.addresses(host, port)
        return [(await self._pin(host, address, port), url, None) for address in addresses[:4]]

    async def _pin(self, host: str, address: str, port: int) -> Client:
        key = (host, address, port)
        client = self._pinned.get(key)
        if client is None:
            # Loading the root certificates takes milliseconds: not on the event loop.
            client = await asyncio.to_thread(self._build, {host: (address, port)})
            client = self._pinned.setdefault(key, client)
            if len(self._pinned) > self.options.pinned_clients_max:
                self._pinned.popitem(last=False)  # dropped, not closed: it may be in use
        self._pinned.move_to_end(key)
        return client

    def _build(self, resolve: Mapping[str, tuple[str, int]]) -> Client:
        options = self.options
        builder = (
            ClientBuilder()
            .user_agent(options.user_agent)
            .follow_redirects(False)
            .no_proxy()  # a proxy would resolve names by itself, past the policy
            .connect_timeout(timedelta(seconds=options.connect_timeout_seconds))
            .pool_idle_timeout(timedelta(seconds=options.pool_idle_seconds))
            .pool_max_idle_per_host(options.pool_max_idle_per_host)
            .referer(False)
        )
        for host, (address, port) in resolve.items():
            builder = builder.resolve(host, address, port)
        if options.root_certificates_pem is not None:
            builder = builder.add_root_certificate_pem(options.root_certificates_pem)
        return builder.build()

    async def aclose(self) -> None:
        """Close all connections."""
        clients = [*self._pinned.values(), *([self._shared] if self._shared is not None else [])]
        self._pinned.clear()
        self._shared = None
        for client in clients:
            await client.close()


class _Unreachable(CallError):
    """No connection was made: another address of the same host may be tried."""


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


def _timed_out(url: str, seconds: float) -> CallError:
    return call_error("timeout", f"no answer in {seconds:g} s", f"from {shown(url)}", retryable=True)


def _translated(error: PyreqwestError, url: str) -> CallError:
    details = getattr(error, "details", None) or {}
    # The last cause is the reason; the first ones repeat the URL, with a query that may hold secrets.
    causes = details.get("causes") or []
    reason = causes[-1]["message"] if causes else error.message
    where = shown(url)
    if isinstance(error, RequestTimeoutError):
        return call_error("timeout", "no answer in time", f"{where}: {reason}", retryable=True)
    if isinstance(error, ConnectError):
        made = call_error("communication", "not reachable", f"{where}: {reason}", status=503, retryable=True)
        return _Unreachable(made.error, retryable=True)
    if isinstance(error, BuilderError):
        return call_error("configuration", "the request cannot be sent", f"{where}: {reason}")
    if isinstance(error, DecodeError):
        return call_error(
            "communication", "unusable answer", f"{where}: {reason}", status=502, retryable=True
        )
    return call_error(
        "communication", "the connection was lost", f"{where}: {reason}", status=502, retryable=True
    )
