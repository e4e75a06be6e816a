from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contract.queue.backend import BACKENDS, Backend
from headrace.queue.port import WorkQueue


def build(name: str, directory: Path) -> Backend:
    """Build a backend; where its server is missing, skip the test, or fail it in CI."""
    missing = BACKENDS[name].missing()
    if missing is not None:
        if os.environ.get("CI"):
            pytest.fail(f"{name}: {missing}")
        pytest.skip(f"{name}: {missing}")
    return BACKENDS[name](directory)


@pytest.fixture(params=list(BACKENDS))
async def backend(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Backend]:
    built = build(request.param, tmp_path)
    yield built
    await built.close()


@pytest.fixture
async def queue(backend: Backend) -> WorkQueue:
    return await backend.open()
