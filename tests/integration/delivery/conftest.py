from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract.queue.redis_server import RedisServer, needed_program


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    """A private Redis; where none is installed the test is skipped, or fails in CI."""
    server = RedisServer(needed_program())
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "redis"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where work queues are: on each backend."""
    if request.param == "redis":
        server: RedisServer = request.getfixturevalue("redis")
        return server.url
    return str(tmp_path / "queue.db")
