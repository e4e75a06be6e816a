from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contract.lists.backend import lists_of
from contract.store.backend import BACKENDS, ClosableStore
from headrace.store.lists import Lists


@pytest.fixture(params=list(BACKENDS))
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ClosableStore]:
    backend = BACKENDS[request.param]()
    missing = backend.missing()
    if missing is not None:
        if os.environ.get("CI"):
            pytest.fail(f"{request.param}: {missing}")
        pytest.skip(f"{request.param}: {missing}")
    opened = await backend.open(tmp_path, lambda: 1_000.0)
    yield opened
    await opened.close()


@pytest.fixture
def lists(store: ClosableStore) -> Lists:
    return lists_of(store)
