"""Requests to a server's API: bounded in time, repeated where that is harmless, problems as errors."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any, NamedTuple
from urllib.parse import quote

import orjson

from headrace.cli.client.failure import ServerUnavailable, error_of
from headrace.cli.where import Server, is_loopback
from headrace.errors import HeadraceError

CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 60.0
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
        from pyreqwest.client import ClientBuilder

        self.server = server
        builder = (
            ClientBuilder()
            .user_agent("headrace-cli")
            # A server of ours sends nobody elsewhere: the token is for this one.
            .follow_redirects(False)
            .connect_timeout(timedelta(seconds=CONNECT_SECONDS))
        )
        if is_loopback(server.url):
            builder = builder.no_proxy()
        if server.certificates is not None:
            try:
                builder = builder.add_root_certificate_pem(server.certificates.read_bytes())
            except (OSError, ValueError) as error:
                raise HeadraceError(
                    f"the certificates {server.certificates} cannot be used: {error}"
                ) from error
        self._client = builder.build()

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.close()

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
        from pyreqwest.exceptions import PyreqwestError

        builder = self._request(method, path, query, headers).timeout(timedelta(seconds=seconds))
        if content is not None:
            builder = builder.header("content-type", content_type).body_bytes(content)
        try:
            response = await builder.build().send()
            answer = Answer(
                response.status,
                {name.lower(): value for name, value in response.headers.items()},
                bytes(await response.bytes()),
            )
        except PyreqwestError as error:
            raise self.unreachable(error) from error
        self.check(answer)
        return answer

    def _request(self, method: str, path: str, query: Query | None, headers: Mapping[str, str]) -> Any:
        builder = self._client.request(method, self.server.url + path)
        builder = builder.header("authorization", f"Bearer {self.server.token}", is_sensitive=True)
        for name, value in headers.items():
            builder = builder.header(name, value)
        return builder.query(list(_pairs(query or {})))

    @asynccontextmanager
    async def opened(self, path: str, query: Query | None, headers: Mapping[str, str]) -> AsyncIterator[Any]:
        """Open an answer without end; give what reads its body. Raises as `send` does."""
        from pyreqwest.exceptions import PyreqwestError

        streamed = self._request("GET", path, query, headers).build_streamed()
        try:
            response = await streamed.__aenter__()
        except PyreqwestError as error:
            raise self.unreachable(error) from error
        try:
            if response.status != 200:
                self.check(Answer(response.status, {}, bytes(await response.bytes())))
            yield response.body_reader
        finally:
            await streamed.__aexit__(None, None, None)

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

    def unreachable(self, error: Exception) -> ServerUnavailable:
        """Return the error for a server that gave no answer, with the innermost reason."""
        details = getattr(error, "details", None) or {}
        causes = [each["message"] for each in details.get("causes") or ()]
        reason = causes[-1] if causes else str(error)
        if isinstance(error, TimeoutError):
            reason = "it did not answer in time"
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
