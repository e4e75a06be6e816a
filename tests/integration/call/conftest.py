"""Real servers on loopback, and calls to make to them."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import uvloop
from aiohttp import web

from headrace.call import HostPolicy, HttpOptions, StandardCalls, standard_calls
from headrace.engine.commands import Invoke
from headrace.errors import HeadraceError

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> dict[str, Callable[..., Any]]:
    """Run every test on both loops: they differ in just what these tests are about."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@dataclasses.dataclass
class Targets:
    """Where functions are: one address for every name."""

    url: str | None = None

    async def address(self, name: str, flow: str) -> str:
        if self.url is None:
            raise HeadraceError(f"function {name} did not start: exit code 1")
        return self.url


class RawServer:
    """A TCP server that does exactly what a test says, one handler per connection; the last one repeats."""

    def __init__(self) -> None:
        self.connections = 0
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        self.handlers: list[Handler] = []
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def read(self, reader: asyncio.StreamReader) -> tuple[str, dict[str, str], bytes]:
        """Read one request with a content length; keep and return it."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        line, *fields = head.rstrip("\r\n").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (f.partition(":") for f in fields)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.requests.append((line, headers, body))
        return self.requests[-1]

    def answering(self, *answers: bytes, close: bool = True) -> Handler:
        """Return a handler that answers each request of its connection with the next of `answers`."""

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            for answer in answers:
                await self.read(reader)
                writer.write(answer)
                await writer.drain()
            if not close:
                await reader.read()

        return handle

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handler = self.handlers[min(self.connections, len(self.handlers) - 1)]
        self.connections += 1
        try:
            await handler(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


@pytest.fixture
async def raw() -> AsyncIterator[RawServer]:
    raw = RawServer()
    server = await asyncio.start_server(raw._handle, "127.0.0.1", 0)
    raw.port = server.sockets[0].getsockname()[1]
    yield raw
    server.close()


@pytest.fixture
def targets() -> Targets:
    return Targets()


@pytest.fixture
async def make_calls(targets: Targets, tmp_path: Path) -> AsyncIterator[Callable[..., StandardCalls]]:
    """Make `StandardCalls` that may reach loopback; keywords of `HttpOptions` or `standard_calls`."""
    made: list[StandardCalls] = []
    http_names = {field.name for field in dataclasses.fields(HttpOptions)}

    def make(**options: Any) -> StandardCalls:
        http = {name: options.pop(name) for name in list(options) if name in http_names}
        http.setdefault("policy", HostPolicy.local())
        calls = standard_calls(
            functions=targets, http=HttpOptions(**http), base_dir=options.pop("base_dir", tmp_path), **options
        )
        made.append(calls)
        return calls

    yield make
    for calls in made:
        await calls.aclose()


@pytest.fixture
def invoke() -> Callable[..., Invoke]:
    """Make an `Invoke`: `invoke("http", {...})`; keywords replace its fields."""

    def make(kind: str = "function", arguments: Any = None, **fields: Any) -> Invoke:
        given: dict[str, Any] = {
            "execution_id": "exec-1",
            "run_id": 7,
            "attempt": 1,
            "target": "score" if kind == "function" else "",
            "pointer": "/do/0/score",
            "flow": "shop/orders:1.0.0",
        }
        return Invoke(kind=kind, arguments=arguments, **{**given, **fields})

    return make


@pytest.fixture
def serve() -> Any:
    """`async with serve(app, ssl=None) as url`: an aiohttp application on loopback."""

    @asynccontextmanager
    async def serve(routes: list[web.RouteDef], ssl: Any = None) -> AsyncIterator[str]:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.add_routes(routes)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=ssl, shutdown_timeout=0.1)
        await site.start()
        port = runner.addresses[0][1]
        try:
            yield f"{'https' if ssl else 'http'}://127.0.0.1:{port}"
        finally:
            await runner.cleanup()

    return serve
