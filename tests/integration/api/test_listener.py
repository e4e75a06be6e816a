"""The listening socket against senders that are slow, endless or gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from headrace.api import front, listener
from headrace.api.front import Front
from headrace.api.listener import Listener
from headrace.errors import HeadraceError


async def echo(scope: Any, receive: Any, send: Any) -> None:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]}
    )
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
async def address(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(listener, "HEAD_SECONDS_MAX", 0.2)
    monkeypatch.setattr(front, "BODY_SECONDS_MAX", 0.2)
    listening = Listener("127.0.0.1", 0, grace_seconds=1)
    await listening.start(Front(echo))
    yield listening.port
    await listening.stop()


async def exchange(port: int, *parts: bytes) -> bytes:
    """Send the parts, and return everything that comes until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


async def test_a_head_that_does_not_come_is_not_waited_for(address: int) -> None:
    assert (await exchange(address)).startswith(b"HTTP/1.1 408")
    assert (await exchange(address, b"GET / HTTP/1.1\r\nhost: a\r\n")).startswith(b"HTTP/1.1 408")


async def test_a_second_head_is_bounded_too(address: int) -> None:
    answer = await exchange(address, b"GET / HTTP/1.1\r\nhost: a\r\n\r\nGET /again HT")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 408" in answer


async def test_an_endless_head_is_refused(address: int) -> None:
    lines = b"".join(b"x-%d: %s\r\n" % (number, b"a" * 1000) for number in range(80))
    assert (await exchange(address, b"GET / HTTP/1.1\r\n" + lines)).startswith(b"HTTP/1.1 431")


async def test_a_body_that_stops_is_a_problem(address: int) -> None:
    head = b"POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 10\r\n\r\n"
    answer = await exchange(address, head, b"abc")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b'"code":"too-slow"' in answer


async def test_a_large_body_is_not_bounded_by_the_limit_of_heads(address: int) -> None:
    body = b"b" * 300_000
    head = b"POST / HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body)
    assert (await exchange(address, head + body)).endswith(body)


async def test_an_idle_connection_between_requests_stays(address: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", address)
    for _ in range(2):
        writer.write(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        await asyncio.sleep(0.3)  # longer than a head may take
    writer.close()


async def test_request_ids_are_taken_over_and_made(address: int) -> None:
    head = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n"
    assert b"x-request-id: mine-1\r\n" in await exchange(address, head + b"x-request-id: mine-1\r\n\r\n")
    made = await exchange(address, head + b"x-request-id: <script>\r\n\r\n")
    assert b"x-request-id: " in made
    assert b"script" not in made


async def test_an_address_that_is_taken_is_named(address: int) -> None:
    with pytest.raises(HeadraceError, match=rf"cannot listen on 127.0.0.1:{address}.*--port"):
        Listener("127.0.0.1", address)


async def test_the_rest_of_a_refused_body_is_dropped_and_must_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener, "REST_SECONDS_MAX", 0.2)

    async def refuse(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 413, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})

    listening = Listener("127.0.0.1", 0, grace_seconds=1)
    await listening.start(Front(refuse))
    head = b"POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", listening.port)
    for _ in range(2):
        # Whole, the rest of a body is no reason to close.
        writer.write(head)
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 413")
        writer.write(b"a" * 1000)
    writer.write(head)
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 413")
    ended = asyncio.ensure_future(reader.read())
    while not ended.done():
        writer.write(b"a")
        await asyncio.wait({ended}, timeout=0.05)
    writer.close()
    await asyncio.gather(ended, return_exceptions=True)
    await listening.stop()


async def served(app: Any, *parts: bytes) -> bytes:
    """Return all that one connection to an application of the test brings."""
    listening = Listener("127.0.0.1", 0, grace_seconds=1)
    await listening.start(app)
    try:
        return await exchange(listening.port, *parts)
    finally:
        await listening.stop()


GET = b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"


def answering(*messages: dict[str, Any]) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        for message in messages:
            await send(message)

    return app


def begin(*headers: tuple[bytes, bytes], status: int = 200) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status, "headers": headers}


def part(body: bytes, more: bool = False) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def test_an_answer_of_known_length_comes_whole_and_dated() -> None:
    headers = ((b"Content-Type", b"text/plain"), (b"content-length", b"5"))
    answer = await served(answering(begin(*headers), part(b"he", more=True), part(b"llo")), GET)
    head, _, body = answer.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert lines[0] == b"HTTP/1.1 200 OK"
    assert body == b"hello"
    names = [line.partition(b":")[0] for line in lines[1:]]
    assert sorted(names) == [b"connection", b"content-length", b"content-type", b"date"]
    # Again, from what is kept of headers that are always the same.
    again = await served(answering(begin(*headers), part(b"hello")), GET)
    assert b"\r\ncontent-type: text/plain\r\n" in again


async def test_an_answer_of_unknown_length_is_sent_in_chunks() -> None:
    answer = await served(answering(begin(), part(b"hel", more=True), part(b"", more=True), part(b"lo")), GET)
    assert b"\r\ntransfer-encoding: chunked\r\n" in answer
    assert answer.endswith(b"\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n")


async def test_the_head_of_a_stream_does_not_wait_for_its_body() -> None:
    go_on = asyncio.Event()

    async def stream(scope: Any, receive: Any, send: Any) -> None:
        await send(begin((b"content-type", b"text/event-stream")))
        await go_on.wait()
        await send(part(b"data: 1\n\n"))

    listening = Listener("127.0.0.1", 0, grace_seconds=1)
    await listening.start(stream)
    reader, writer = await asyncio.open_connection("127.0.0.1", listening.port)
    writer.write(GET)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    assert b"content-type: text/event-stream\r\n" in head
    go_on.set()
    assert await asyncio.wait_for(reader.read(), 10) == b"9\r\ndata: 1\n\n\r\n0\r\n\r\n"
    writer.close()
    await listening.stop()


async def test_a_long_body_follows_its_head() -> None:
    body = b"b" * 200_000
    answer = await served(answering(begin((b"content-length", b"200000")), part(body)), GET)
    assert answer.endswith(b"\r\n\r\n" + body)


async def test_answers_without_a_body_have_none() -> None:
    head = GET.replace(b"GET", b"HEAD")
    answer = await served(answering(begin((b"content-length", b"5")), part(b"hello")), head)
    assert b"content-length: 5\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")
    answer = await served(answering(begin(status=204), part(b"")), GET)
    assert answer.startswith(b"HTTP/1.1 204")
    assert b"transfer-encoding" not in answer
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "header",
    [(b"x-a", b"1\r\nset-cookie: b=c"), (b"x-a\r\nb", b"1"), (b"content-type", b"a\nb"), (b"x", b"\x00")],
)
async def test_no_header_becomes_two(header: tuple[bytes, bytes]) -> None:
    answer = await served(answering(begin((b"content-length", b"2"), header), part(b"ok")), GET)
    assert answer.startswith(b"HTTP/1.1 500")
    assert b"set-cookie" not in answer


async def test_a_body_of_another_length_than_was_said_is_cut_off() -> None:
    for length, body in ((b"2", b"long"), (b"9", b"short")):
        answer = await served(answering(begin((b"content-length", length)), part(body)), GET)
        assert not answer.endswith(b"long")
        assert len(answer.partition(b"\r\n\r\n")[2]) < 9


async def test_requests_in_one_piece_are_answered_in_their_order() -> None:
    def request(body: bytes, last: bool = False) -> bytes:
        close = b"connection: close\r\n" if last else b""
        return b"POST / HTTP/1.1\r\nhost: a\r\n%bcontent-length: %d\r\n\r\n%b" % (close, len(body), body)

    answer = await served(Front(echo), request(b"one") + request(b"two") + request(b"three", last=True))
    assert [each.partition(b"\r\n\r\n")[2] for each in answer.split(b"HTTP/1.1 200 OK\r\n")[1:]] == [
        b"one",
        b"two",
        b"three",
    ]


async def test_nobody_is_cancelled_when_their_client_goes_away() -> None:
    """What http triggers rely on: a start that began comes to its end."""
    begun, go_on, over = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        begun.set()
        assert (await receive())["type"] == "http.disconnect"
        await go_on.wait()
        over.set()

    listening = Listener("127.0.0.1", 0, grace_seconds=1)
    await listening.start(Front(slow))
    _, writer = await asyncio.open_connection("127.0.0.1", listening.port)
    writer.write(GET)
    await asyncio.wait_for(begun.wait(), 10)
    writer.transport.abort()
    go_on.set()
    await asyncio.wait_for(over.wait(), 10)
    await listening.stop()
