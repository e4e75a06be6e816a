"""An answer after which the server closes reaches a sender who is not done yet."""

from __future__ import annotations

import asyncio
import socket

import pytest

from headrace.api.app import BODY_BYTES_MAX
from headrace.api.listener import HEAD_BYTES_MAX
from integration.api.served import TOKEN, Served

LARGE = (
    f"host: a\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n"
    f"content-type: application/json\r\ncontent-length: {BODY_BYTES_MAX * 2}\r\n\r\n"
).encode()


def _send_on_after_the_answer(port: int, request: bytes) -> bytes:
    """Send until after the answer is here, as one does who looks for it at the end; return it."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        # The answer is here, and not taken yet.
        assert connection.recv(1, socket.MSG_PEEK)
        for _ in range(5):
            connection.sendall(b" " * 1000)
        received = b""
        while part := connection.recv(65536):
            received += part
        return received


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"POST /hooks/default/orders HTTP/1.1\r\n" + LARGE, b"404"),
        (b"POST /api/v1/users HTTP/1.1\r\n" + LARGE, b"413"),
        (b"GET / HTTP/1.1\r\nhost: a\r\nx-long: " + b"x" * (HEAD_BYTES_MAX + 1), b"431"),
    ],
    ids=["hook", "api", "head"],
)
async def test_a_refusal_reaches_who_still_sends(served: Served, request_head: bytes, status: bytes) -> None:
    """What comes after the answer is dropped; a reset would take the answer away."""
    port = int(served.server.url.rpartition(":")[2])
    answer = await asyncio.to_thread(_send_on_after_the_answer, port, request_head)
    assert answer.startswith(b"HTTP/1.1 " + status), answer
