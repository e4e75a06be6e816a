"""A real server on a free port, in the test's event loop, and a client for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from headrace.api.platform import RunningPlatform
from headrace.main.server import Server, ServerOptions
from headrace.runtime.clock import Clock

TOKEN = "a-token-of-the-tests-0123456789abcdef"
NAMESPACE = "default"


@dataclass
class Reply:
    """An answer. `data` is its JSON, `text` the body as it came."""

    status: int
    headers: Mapping[str, str]
    text: str
    data: Any = None

    @property
    def code(self) -> str:
        """The stable code of a problem."""
        assert self.headers["content-type"].startswith("application/problem+json"), self.text
        return str(self.data["code"])


@dataclass
class Served:
    """A server that runs, with what a test asks of it. Paths begin in the namespace `default`."""

    options: ServerOptions
    clock: Clock | None = None
    session: aiohttp.ClientSession | None = None
    server: Server = field(init=False)
    platform: RunningPlatform = field(init=False)

    async def start(self) -> None:
        self.server = Server(self.options, clock=self.clock)
        self.platform = await self.server.start()
        self.session = aiohttp.ClientSession(
            self.server.url, headers={"authorization": f"Bearer {self.options.token}"}
        )

    async def stop(self) -> None:
        if self.session is not None:
            await self.session.close()
            self.session = None
        await self.server.stop()

    async def restart(self) -> None:
        """Stop, and start again on the same store (and another port)."""
        await self.stop()
        await self.start()

    def path(self, path: str, namespace: str = NAMESPACE) -> str:
        return path if path.startswith("/") else f"/api/v1/namespaces/{namespace}/{path}"

    async def call(
        self,
        method: str,
        path: str,
        body: Any = ...,
        *,
        namespace: str = NAMESPACE,
        headers: Mapping[str, str] | None = None,
        query: Any = None,
        data: bytes | None = None,
    ) -> Reply:
        assert self.session is not None
        given = dict(headers or {})
        if body is not ...:
            data = json.dumps(body).encode()
            given.setdefault("content-type", "application/json")
        async with self.session.request(
            method,
            self.path(path, namespace),
            data=data,
            headers=given,
            params=query,
            skip_auto_headers=["content-type"],
        ) as answer:
            text = await answer.text()
            is_json = "json" in answer.headers.get("content-type", "")
            return Reply(
                answer.status,
                {name.lower(): value for name, value in answer.headers.items()},
                text,
                json.loads(text) if is_json and text else None,
            )

    async def get(self, path: str, query: Any = None, **more: Any) -> Reply:
        return await self.call("GET", path, query=query, **more)

    async def post(self, path: str, body: Any = ..., **more: Any) -> Reply:
        return await self.call("POST", path, body, **more)

    async def deploy(self, definition: str, namespace: str = NAMESPACE) -> None:
        """Apply a FlowApp."""
        reply = await self.call("POST", "flowapps", data=definition.encode(), namespace=namespace)
        assert reply.status in (200, 201), reply.text


def options(path: Path, **changes: Any) -> ServerOptions:
    """Return options of a server on a store in `path`, with the tests' token, that watches no files."""
    return ServerOptions(
        **{"store": path / "headrace.db", "port": 0, "token": TOKEN, "watch": False, "grace_seconds": 2.0}
        | changes
    )
