"""The server against raw sockets: what clients may send, in whatever pieces."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from .conftest import Serve

ECHO = """
    from headrace.function import function

    @function
    async def echo(data):
        return data
"""
ORDERED = """
    import asyncio
    from headrace.function import function

    release = asyncio.Event()

    @function
    async def ordered(data):
        if data == "release":
            release.set()
        elif data == "wait":
            await release.wait()
        return data
"""


def post(body: bytes, *headers: str, target: str = "/", version: str = "1.1") -> bytes:
    lines = [f"POST {target} HTTP/{version}", "Host: x", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """Read one response."""
    async with asyncio.timeout(20):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        body = await reader.readexactly(int(headers.get("content-length", "0")))
    return int(head[0].split()[1]), headers, body


async def exchange(served: Any, *pieces: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send pieces, each in a packet of its own as far as the kernel allows, and read one response."""
    reader, writer = await served.connect()
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)
    try:
        return await answer(reader)
    finally:
        writer.close()


async def test_requests_in_whatever_pieces(serve: Serve) -> None:
    served = await serve(ECHO)
    whole = post(b'{"a":[1,2]}', "ce-id: e.1.1", "ce-specversion: 1.0")
    status, headers, body = await exchange(served, whole)
    assert (status, body) == (200, b'{"a":[1,2]}')
    assert headers["content-type"] == "application/json"
    assert headers["date"].endswith("gmt")
    assert (await exchange(served, *(whole[i : i + 1] for i in range(len(whole)))))[2] == body
    for cut in range(1, len(whole), 17):
        assert (await exchange(served, whole[:cut], whole[cut:]))[2] == body


async def test_chunked_bodies_and_trailers(serve: Serve) -> None:
    served = await serve(ECHO)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = (b"5;ext=1\r\n[1,2,\r\n", b"2\r\n3]\r\n", b"0\r\nX-Trailer: 1\r\n\r\n")
    assert (await exchange(served, head, *chunks))[2] == b"[1,2,3]"
    assert (await exchange(served, head + b"".join(chunks)))[2] == b"[1,2,3]"
    assert (await exchange(served, head + b"zz\r\n"))[0] == 400


async def test_a_connection_is_kept(serve: Serve) -> None:
    served = await serve(ECHO)
    reader, writer = await served.connect()
    for number in range(50):
        writer.write(post(b"%d" % number))
        assert (await answer(reader))[2] == b"%d" % number
    writer.write(post(b"1", "Connection: close"))
    assert (await answer(reader))[1]["connection"] == "close"
    assert await reader.read() == b""
    writer.close()


async def test_http_1_0_closes(serve: Serve) -> None:
    served = await serve(ECHO)
    reader, writer = await served.connect()
    writer.write(post(b"7", version="1.0"))
    assert (await answer(reader))[2] == b"7"
    assert await reader.read() == b""
    writer.close()


async def test_pipelined_requests_are_answered_in_order(serve: Serve) -> None:
    served = await serve(ORDERED)
    reader, writer = await served.connect()
    bodies = [b'"wait"', *(b"%d" % number for number in range(500))]
    writer.write(b"".join(post(body) for body in bodies))
    other_reader, other = await served.connect()
    other.write(post(b'"release"'))
    assert (await answer(other_reader))[0] == 200
    assert [(await answer(reader))[2] for _ in bodies] == bodies
    writer.write(post(b"1"))  # reading goes on after the pause
    assert (await answer(reader))[2] == b"1"
    writer.close()
    other.close()


async def test_expect_100_continue(serve: Serve) -> None:
    served = await serve(ECHO, HEADRACE_BODY_BYTES_MAX="1000")
    reader, writer = await served.connect()
    whole = post(b"[5]", "Expect: 100-continue")
    writer.write(whole[:-3])
    async with asyncio.timeout(20):
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(whole[-3:])
    assert (await answer(reader))[2] == b"[5]"
    writer.close()
    # A body that is too large is refused before it is sent.
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\nExpect: 100-continue\r\n\r\n"
    assert (await exchange(served, head))[0] == 413
    assert (await exchange(served, post(b"1", "Expect: miracles")))[0] == 417


async def test_expect_behind_a_request_in_flight_waits_its_turn(serve: Serve) -> None:
    served = await serve(ORDERED)
    reader, writer = await served.connect()
    second = post(b"[5]", "Expect: 100-continue")
    writer.write(post(b'"wait"') + second[:-3])
    other_reader, other = await served.connect()
    other.write(post(b'"release"'))
    await answer(other_reader)
    assert (await answer(reader))[2] == b'"wait"'
    async with asyncio.timeout(20):
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(second[-3:])
    assert (await answer(reader))[2] == b"[5]"
    writer.close()
    other.close()


async def test_bodies_over_the_limit(serve: Serve) -> None:
    served = await serve(ECHO, HEADRACE_BODY_BYTES_MAX="100000")
    fits = b'"' + b"x" * 99_998 + b'"'
    assert (await exchange(served, post(fits)))[2] == fits
    # The client goes on sending: it sees the answer all the same.
    status, headers, body = await exchange(served, post(b"x" * 3_000_000))
    assert (status, headers["content-type"]) == (413, "application/problem+json")
    assert json.loads(body)["status"] == 413
    head = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert (await exchange(served, head, *(b"4000\r\n" + b"x" * 0x4000 + b"\r\n" for _ in range(20))))[
        0
    ] == 413


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"NONSENSE\r\n\r\n", 400),
        (b"POST / HTTP/9.9\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (b"POST / HTTP/1.1\r\nBad Header\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 404),
        (b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", 405),
        (b"POST / HTTP/1.1\r\nX: " + b"y" * 1_000_000, 431),
        (post(b"{"), 400),
        (post(b"[]", "Content-Type: application/cloudevents-batch+json"), 415),
    ],
)
async def test_what_is_refused(shared: Any, data: bytes, status: int) -> None:
    found, headers, body = await exchange(shared, data)
    assert found == status
    assert headers["content-type"] == "application/problem+json"
    assert json.loads(body)["status"] == status
    assert (await exchange(shared, post(b"1")))[2] == b"1"  # and it serves on


@pytest.fixture
async def shared(serve: Serve) -> Any:
    return await serve(ECHO)


async def test_a_bad_request_behind_a_good_one_does_not_spoil_it(serve: Serve) -> None:
    served = await serve(ECHO)
    reader, writer = await served.connect()
    writer.write(post(b"1") + b"NONSENSE\r\n\r\n")
    assert (await answer(reader))[2] == b"1"
    assert (await answer(reader))[0] == 400
    assert await reader.read() == b""
    writer.close()


async def test_an_offer_to_upgrade_is_ignored(serve: Serve) -> None:
    served = await serve(ECHO)
    reader, writer = await served.connect()
    upgrade = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABk")
    writer.write(post(b"1", *upgrade) + post(b"2"))
    assert (await answer(reader))[2] == b"1"
    assert (await answer(reader))[2] == b"2"
    whole = post(b"[3]", *upgrade)
    for piece in (whole[:-2], whole[-2:]):
        writer.write(piece)
        await writer.drain()
    assert (await answer(reader))[2] == b"[3]"
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
    assert (await answer(reader))[0] == 200
    writer.close()


async def test_health_needs_no_function(serve: Serve) -> None:
    served = await serve(ECHO)
    for path in ("/healthz", "/livez", "/readyz", "/healthz?verbose"):
        status, _, body = await exchange(served, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert (status, body) == (200, b'{"status":"ok"}')
    reader, writer = await served.connect()
    writer.write(b"HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n" + post(b"3"))
    async with asyncio.timeout(20):
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 OK")
    assert (await answer(reader))[2] == b"3"  # no body came with the answer to HEAD
    writer.close()


async def test_a_query_is_no_other_path(serve: Serve) -> None:
    served = await serve(ECHO)
    assert (await exchange(served, post(b"1", target="/?a=b")))[2] == b"1"


async def test_large_data_both_ways(serve: Serve) -> None:
    served = await serve(ECHO)
    data = json.dumps(["x" * 1000] * 5000, separators=(",", ":")).encode()
    assert (await exchange(served, post(data)))[2] == data
