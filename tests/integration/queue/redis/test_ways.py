"""Ways to a server: TLS and Unix sockets, in both event loops; and that the other end of TLS is checked."""

from __future__ import annotations

import asyncio
import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
import uvloop

from contract.queue.redis_server import RedisServer
from contract.queue.sample import done, lease_one, put, put_all
from headrace.queue.port import QueueUnavailable
from headrace.queue.redis import RedisQueue


@pytest.fixture
def encrypted(program: str, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a server that also listens with TLS, and the authority that its certificate is of."""
    authority, trusted = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(trusted)
    certificate = authority.issue_cert("127.0.0.1")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    try:
        server = RedisServer(
            program,
            *("--tls-port", str(port), "--tls-auth-clients", "no", "--tls-ca-cert-file", str(trusted)),
            *("--tls-cert-file", str(tmp_path / "cert.pem"), "--tls-key-file", str(tmp_path / "key.pem")),
        )
    except RuntimeError:
        if os.environ.get("CI"):
            pytest.fail(f"{program} was built without TLS")
        pytest.skip(f"{program} was built without TLS")
    yield f"rediss://127.0.0.1:{port}/0", trusted
    server.stop()


async def use(address: str) -> None:
    """Make calls of every size: answers come in parts, and a reader waits for items."""
    queue = await RedisQueue.connect(address, "work")
    large = os.urandom(3_000_000)
    await put(queue, large)
    leased = await lease_one(queue, wait_seconds=5.0)
    assert leased.payload == large
    assert await queue.complete([done(leased, large)]) == []
    assert await queue.lease(1, 60.0, wait_seconds=0.05) == []
    await put_all(queue, [b"x" * 200] * 3000)
    assert len(await queue.lease(1000, 60.0)) == 1000
    await queue.aclose()


LOOPS = [asyncio.new_event_loop, uvloop.new_event_loop]


@pytest.mark.parametrize("loop", LOOPS)
def test_tls(encrypted: tuple[str, Path], loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    address, trusted = encrypted
    with asyncio.Runner(loop_factory=loop) as runner:
        runner.run(use(f"{address}?ssl_ca_certs={trusted}"))


@pytest.mark.parametrize("loop", LOOPS)
def test_unix_sockets(program: str, loop: Callable[[], asyncio.AbstractEventLoop]) -> None:
    # Not in the test's own folder: paths of sockets are short.
    with tempfile.TemporaryDirectory() as folder:
        server = RedisServer(program, "--unixsocket", f"{folder}/redis.sock")
        with asyncio.Runner(loop_factory=loop) as runner:
            runner.run(use(f"unix://{folder}/redis.sock"))
        server.stop()


async def test_a_server_that_is_not_trusted(encrypted: tuple[str, Path]) -> None:
    address, _ = encrypted
    with pytest.raises(QueueUnavailable, match="certificate"):
        await RedisQueue.connect(address, "work")
