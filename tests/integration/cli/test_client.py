"""The client against servers that behave in ways of their own: what is told, what is sent again."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trustme

from headrace.cli.client import stream
from headrace.cli.client.client import Client
from headrace.cli.client.failure import ServerRefused, ServerUnavailable
from headrace.cli.client.stream import ServerEvent, events
from headrace.cli.where import Server
from headrace.errors import HeadraceError

OK = b'HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n{"a": 1}'
Serve = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]


class Fake:
    """A server that answers each connection as the test says, and keeps the heads that it was sent."""

    def __init__(self, *answers: bytes | Serve) -> None:
        self.answers = list(answers)
        self.heads: list[str] = []

    async def on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head.decode())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
        else:
            await answer(head, writer)
        writer.close()


@asynccontextmanager
async def serving(fake: Fake, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    server = await asyncio.start_server(fake.on_connection, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def asking(fake: Fake) -> AsyncIterator[Client]:
    async with (
        serving(fake) as port,
        Client(Server(url=f"http://127.0.0.1:{port}", token="hr_token")) as client,
    ):
        yield client


async def test_a_request() -> None:
    fake = Fake(OK)
    async with asking(fake) as client:
        path = client.path("flowapps", "a/b ü")
        assert await client.get(path, {"x": "1 2", "many": ["a", "b"], "none": None, "yes": True}) == {"a": 1}
    [head] = fake.heads
    assert head.startswith(
        "GET /api/v1/namespaces/default/flowapps/a%2Fb%20%C3%BC?x=1+2&many=a&many=b&yes=true HTTP/1.1\r\n"
    )
    assert "authorization: Bearer hr_token\r\n" in head


async def test_what_is_safe_is_asked_again() -> None:
    fake = Fake(b"", b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{", OK)
    async with asking(fake) as client:
        assert await client.get("/x") == {"a": 1}
    assert len(fake.heads) == 3


async def test_what_is_not_safe_is_sent_once() -> None:
    fake = Fake(b"", OK)
    async with asking(fake) as client:
        with pytest.raises(ServerUnavailable, match="closed before an answer came"):
            await client.post("/x", {"a": 1})
        assert len(fake.heads) == 1
        fake.answers = [b"", OK]
        assert await client.post("/x", {"a": 1}, repeatable=True) == {"a": 1}
    assert len(fake.heads) == 3


async def test_a_server_that_cannot_work_now_is_asked_again_too() -> None:
    busy = b'{"code":"unavailable","detail":"the disk is full","remedy":"ask again later"}'
    refusal = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: %d\r\n\r\n%s" % (len(busy), busy)
    fake = Fake(refusal, OK)
    async with asking(fake) as client:
        assert await client.get("/x") == {"a": 1}
        fake.answers = [refusal]
        with pytest.raises(ServerUnavailable, match="the disk is full"):
            await client.get("/x")


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab",
    ],
)
async def test_half_an_answer_is_none(answer: bytes) -> None:
    async with asking(Fake(answer)) as client:
        with pytest.raises(ServerUnavailable, match="cannot be reached"):
            await client.get("/x")


async def test_no_token_goes_where_a_redirect_leads() -> None:
    other = Fake(OK)
    async with serving(other) as port:
        moved = f"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{port}/\r\ncontent-length: 0\r\n\r\n"
        async with asking(Fake(moved.encode())) as client:
            with pytest.raises(ServerRefused, match="status 302"):
                await client.get("/x")
    assert other.heads == []


async def test_nothing_gets_into_the_head_of_a_request() -> None:
    fake = Fake(OK)
    async with asking(fake) as client:
        with pytest.raises(HeadraceError, match="control characters"):
            await client.post("/x", headers={"idempotency-key": "a\r\nx-evil: 1"})
    assert fake.heads == []


async def test_certificates(tmp_path: Path) -> None:
    authority = trustme.CA()
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    roots = tmp_path / "roots.pem"
    authority.cert_pem.write_to_path(roots)
    async with serving(Fake(OK), tls) as port:
        url = f"https://127.0.0.1:{port}"
        async with Client(Server(url=url, token="hr_token", certificates=roots)) as client:
            assert await client.get("/x") == {"a": 1}
        async with Client(Server(url=url, token="hr_token")) as client:
            with pytest.raises(ServerUnavailable, match=r"certificate is not trusted .*--ca FILE"):
                await client.get("/x")
    with pytest.raises(HeadraceError, match="nosuch"):
        Client(Server(url=url, token="hr_token", certificates=tmp_path / "nosuch.pem"))


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n"


async def test_a_stream_goes_on_after_what_came(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PAUSE_SECONDS_MIN", 0.001)
    fake = Fake(
        HEAD
        + b"id: a-1\nevent: ready\ndata: {}\n\nid: a-2\nevent: task\ndata: 1\n\nid: a-3\nevent: task\nda",
        b"",
        HEAD + b"id: a-3\nevent: task\ndata: 2\n\nevent: end\ndata: {}\n\n",
    )
    async with asking(fake) as client:
        found = [event async for event in events(client, "/stream")]
    assert found == [
        ServerEvent("ready", {}),
        ServerEvent("task", 1),
        ServerEvent("task", 2),
        ServerEvent("end", {}),
    ]
    assert "last-event-id" not in fake.heads[0]
    assert "last-event-id: a-2\r\n" in fake.heads[1]
    assert "last-event-id: a-2\r\n" in fake.heads[2]


async def test_a_stream_of_a_server_that_does_not_come_back_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PAUSE_SECONDS_MIN", 0.001)
    monkeypatch.setattr(stream, "GONE_SECONDS", 0.0)
    fake = Fake(HEAD + b"id: a-1\nevent: ready\ndata: {}\n\n", b"")
    async with asking(fake) as client:
        found = []
        with pytest.raises(ServerUnavailable):
            async for event in events(client, "/stream"):
                found.append(event)
    assert found == [ServerEvent("ready", {})]


async def test_a_stream_that_is_refused_at_first_is_not_asked_for_again() -> None:
    fake = Fake(b"")
    async with asking(fake) as client:
        with pytest.raises(ServerUnavailable):
            await anext(events(client, "/stream"))
    assert len(fake.heads) == 1


async def test_a_silent_stream_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "PAUSE_SECONDS_MIN", 0.001)
    monkeypatch.setattr(stream, "SILENCE_SECONDS", 0.05)
    gone = asyncio.Event()

    async def silent(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"id: a-1\nevent: ready\ndata: {}\n\n")
        await writer.drain()
        await gone.wait()

    fake = Fake(silent, HEAD + b"event: end\ndata: {}\n\n")
    async with asking(fake) as client:
        found = [event.kind async for event in events(client, "/stream")]
        gone.set()
    assert found == ["ready", "end"]
    assert "last-event-id: a-1\r\n" in fake.heads[1]
