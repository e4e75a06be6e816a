from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contract.store.backend import BACKENDS, ClosableStore
from contract.triggers.backend import triggers_of
from headrace.store.triggers import TriggerStore


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
def triggers(store: ClosableStore) -> TriggerStore:
    return triggers_of(store)
