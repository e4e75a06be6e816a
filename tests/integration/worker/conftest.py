from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headrace.queue.port import WorkQueue
from integration.worker.place import Place, require


@pytest.fixture(params=["sqlite", "redis"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """A new queue on each backend; one whose server is missing is skipped, or fails in CI."""
    require(request.param)
    place = Place(request.param, tmp_path)
    yield place
    await place.close()


@pytest.fixture
async def queue(place: Place) -> WorkQueue:
    return await place.open()
