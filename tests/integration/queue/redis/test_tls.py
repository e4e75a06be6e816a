"""A queue over TLS: the connection is encrypted, and its other end is checked."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from contract.queue.redis_server import RedisServer
from contract.queue.sample import done, lease_one, put
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


async def test_every_kind_of_call(encrypted: tuple[str, Path]) -> None:
    address, trusted = encrypted
    queue = await RedisQueue.connect(f"{address}?ssl_ca_certs={trusted}", "work")
    large = os.urandom(3_000_000)
    await put(queue, large)
    leased = await lease_one(queue, wait_seconds=5.0)
    assert leased.payload == large
    assert await queue.complete([done(leased, large)]) == []
    assert await queue.lease(1, 60.0, wait_seconds=0.05) == []
    await queue.aclose()


async def test_a_server_that_is_not_trusted(encrypted: tuple[str, Path]) -> None:
    address, _ = encrypted
    with pytest.raises(QueueUnavailable, match="certificate"):
        await RedisQueue.connect(address, "work")
