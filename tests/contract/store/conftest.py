from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from contract.store.backend import BACKENDS, WRAPPED, ClosableStore

ALL = {**BACKENDS, **WRAPPED}


@pytest.fixture(params=list(ALL))
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[ClosableStore]:
    backend = ALL[request.param]()
    missing = backend.missing()
    if missing is not None:
        if os.environ.get("CI"):
            pytest.fail(f"{request.param}: {missing}")
        pytest.skip(f"{request.param}: {missing}")
    opened = await backend.open(tmp_path, lambda: 1_000.0)
    yield opened
    await opened.close()
