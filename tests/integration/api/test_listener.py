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
