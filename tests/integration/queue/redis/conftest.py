from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from contract.queue.redis_server import RedisServer, needed_program


@pytest.fixture(scope="session")
def program() -> str:
    """The server program; without it tests are skipped, or fail in CI."""
    return needed_program()


@pytest.fixture(scope="session")
def shared_server(program: str) -> Iterator[RedisServer]:
    server = RedisServer(program)
    yield server
    server.stop()


@pytest.fixture
def server(shared_server: RedisServer) -> RedisServer:
    """A running server, empty, that the test leaves running."""
    redis.Redis(port=shared_server.port).flushall()
    return shared_server


@pytest.fixture
def other_program(server: RedisServer) -> redis.Redis:
    """What another program, or a person, sends to the server."""
    return redis.Redis(port=server.port)


@pytest.fixture
def kept_server(program: str, tmp_path: Path) -> Iterator[RedisServer]:
    """A server of this test's own that keeps what it acknowledged (AOF, synced each time)."""
    server = RedisServer(program, "--appendonly", "yes", "--appendfsync", "always", directory=tmp_path)
    yield server
    server.stop()
