"""Requests to a server's API: bounded in time, repeated where that is harmless, problems as errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

import orjson

from headrace.cli.client.failure import ServerUnavailable, error_of
from headrace.cli.client.wire import Response, WireError, exchange, tls_context
from headrace.cli.where import Server
from headrace.errors import HeadraceError

ANSWER_SECONDS = 60.0
# A request that may be made again is, after these pauses.
PAUSES_SECONDS = (0.1, 0.5)
PAGE = 500

Query = Mapping[str, str | int | float | bool | Sequence[str] | None]


class Answer(NamedTuple):
    """A success. `headers` have lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        """The body as JSON data; None where there is none."""
        return orjson.loads(self.body) if self.body else None


class Client:
    """One server, for one command. Use it as an async context manager."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._tls = tls_context(server.certificates) if server.url.startswith("https:") else None

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    def path(self, *parts: str | int) -> str:
        """Return the path of something in the namespace; each part is encoded."""
        return "/".join(
            ["/api/v1/namespaces", quote(self.server.namespace, safe=""), *(quoted(part) for part in parts)]
        )

    async def get(self, path: str, query: Query | None = None, *, seconds: float = ANSWER_SECONDS) -> Any:
        """Return what is at a path, as JSON data."""
        return (await self.send("GET", path, query=query, repeatable=True, seconds=seconds)).data

    async def post(self, path: str, body: Any = None, **more: Any) -> Any:
        """Have something done; return the answer as JSON data."""
        return (await self.send("POST", path, body, **more)).data

    async def pages(self, path: str, query: Query | None = None, limit: int | None = None) -> list[Any]:
        """Return the items of a list, up to `limit`, page after page."""
        items: list[Any] = []
        after: str | None = None
        while limit is None or len(items) < limit:
            size = PAGE if limit is None else min(limit - len(items), PAGE)
            page = await self.get(path, {**(query or {}), "limit": size, "after": after})
            items += page["items"]
            after = page.get("next")
            if after is None:
                break
        return items

    async def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        content_type: str = "application/json",
        repeatable: bool = False,
        seconds: float = ANSWER_SECONDS,
    ) -> Answer:
        """Send a request: `body` as JSON, or `content` as it is. Return the answer, of 2xx and 304.

        `repeatable`: making it twice does no harm, so it is made again where no answer came. Raises
        `ServerRefused` for what the server says no to, `ServerUnavailable` when it cannot be reached.
        """
        sent = content if content is not None or body is None else orjson.dumps(body)
        for pause in (*PAUSES_SECONDS, None) if repeatable else (None,):
            try:
                return await self._send_once(
                    method, path, query, dict(headers or {}), sent, content_type, seconds
                )
            except ServerUnavailable:
                if pause is None:
                    raise
                await asyncio.sleep(pause)
        raise AssertionError

    async def _send_once(
        self,
        method: str,
        path: str,
        query: Query | None,
        headers: dict[str, str],
        content: bytes | None,
        content_type: str,
        seconds: float,
    ) -> Answer:
        if content is not None:
            headers["content-type"] = content_type
        try:
            async with (
                asyncio.timeout(seconds),
                exchange(
                    method, self._url(path, query), self._headers(headers), content, tls=self._tls
                ) as response,
            ):
                body = b"".join([chunk async for chunk in response.chunks()])
        except WireError as error:
            raise self.unreachable(str(error)) from error
        except TimeoutError as error:
            raise self.unreachable(f"no answer within {seconds:g} s") from error
        answer = Answer(response.status, response.headers, body)
        self.check(answer)
        return answer

    def _url(self, path: str, query: Query | None) -> str:
        pairs = _pairs(query or {})
        return self.server.url + path + (f"?{urlencode(pairs)}" if pairs else "")

    def _headers(self, more: Mapping[str, str]) -> dict[str, str]:
        return {
            "authorization": f"Bearer {self.server.token}",
            "user-agent": "headrace-cli",
            "accept": "application/json",
            **more,
        }

    @asynccontextmanager
    async def opened(
        self, path: str, query: Query | None, headers: Mapping[str, str]
    ) -> AsyncIterator[Response]:
        """Open an answer without end. Raises as `send` does; reading its body raises `WireError`."""
        try:
            async with exchange(
                "GET", self._url(path, query), self._headers(headers), None, tls=self._tls
            ) as response:
                if response.status != 200:
                    body = b"".join([chunk async for chunk in response.chunks()])
                    self.check(Answer(response.status, response.headers, body))
                yield response
        except WireError as error:
            raise self.unreachable(str(error)) from error

    def check(self, answer: Answer) -> None:
        """Raise the error that an answer stands for, if it is none of success."""
        if 200 <= answer.status < 300 or answer.status == 304:
            return
        try:
            body = answer.data
        except orjson.JSONDecodeError:
            body = None
        raise error_of(answer.status, body, url=self.server.url, login=self.login)

    @property
    def login(self) -> str:
        """The command that asks for another token."""
        name = "" if self.server.context is None else f" --name {self.server.context}"
        return f"headrace login {self.server.url}{name}"

    def unreachable(self, reason: str) -> ServerUnavailable:
        """Return the error for a server that gave no answer."""
        return ServerUnavailable(
            f"{self.server.url} cannot be reached: {reason}; see that it runs (`headrace up`) and that the "
            "address is right (`headrace context list`)"
        )


def quoted(part: str | int) -> str:
    """Return a part of a path, encoded; refuses what would be another path."""
    text = str(part)
    if text in ("", ".", ".."):
        raise HeadraceError(f"{text!r} is no name")
    return quote(text, safe="")


def _pairs(query: Query) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for name, value in query.items():
        if value is None:
            continue
        if isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        elif isinstance(value, str | int | float):
            pairs.append((name, str(value)))
        else:
            pairs += [(name, each) for each in value]
    return pairs
