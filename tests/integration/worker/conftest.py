from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headrace.queue.port import WorkQueue
from integration.worker.place import Place


@pytest.fixture(params=["sqlite", "redis"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """A new queue on each backend; one whose server is missing is skipped, or fails in CI."""
    missing = Place.missing(request.param)
    if missing is not None:
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    place = Place(request.param, tmp_path)
    yield place
    await place.close()


@pytest.fixture
async def queue(place: Place) -> WorkQueue:
    return await place.open()
