"""Public hosts, served on loopback: over real TLS, under a certificate authority made for the test run."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

import trustme
from aiohttp import web

from headrace.call import HostPolicy, HttpOptions

# Answers every request for one host.
Service = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Hosts:
    """The services of a test, and the requests that they got: `(method, URL, body)`."""

    def __init__(self, services: Mapping[str, Service], http: HttpOptions) -> None:
        self.services = services
        self.http = http
        self.requests: list[tuple[str, str, bytes]] = []


@asynccontextmanager
async def hosts(https: Mapping[str, Service], http: Mapping[str, Service]) -> AsyncIterator[Hosts]:
    """Serve host names: `HttpOptions` that reach them are in `.http` of what this gives."""
    authority = trustme.CA()
    certificate = authority.issue_cert(*https)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(tls)
    found = Hosts({**https, **http}, HttpOptions())

    async def answer(request: web.Request) -> web.StreamResponse:
        found.requests.append((request.method, str(request.url), await request.read()))
        service = found.services.get(request.url.host or "")
        if service is None:
            return web.json_response({"title": "no such host here"}, status=421)
        return await service(request)

    async with AsyncExitStack() as stack:
        tls_port = await _serve(stack, answer, tls)
        plain_port = await _serve(stack, answer, None)
        found.http = HttpOptions(
            policy=HostPolicy.local(),
            resolve={
                **dict.fromkeys(https, ("127.0.0.1", tls_port)),
                **dict.fromkeys(http, ("127.0.0.1", plain_port)),
            },
            root_certificates_pem=authority.cert_pem.bytes(),
        )
        yield found


async def _serve(stack: AsyncExitStack, answer: Service, tls: ssl.SSLContext | None) -> int:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    port: int = runner.addresses[0][1]
    return port
