from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headrace.store.sqlite import SqliteStore


@pytest.fixture(params=["sqlite-file", "sqlite-memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SqliteStore]:
    path = ":memory:" if request.param == "sqlite-memory" else tmp_path / "store.db"
    async with await SqliteStore.open(path) as opened:
        yield opened
