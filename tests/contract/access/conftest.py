"""The access ports on each backend of the store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headrace.access.access import AccessStore
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.access import SqliteAccess


@pytest.fixture(params=["sqlite-file", "sqlite-memory"])
async def access_store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AccessStore]:
    path = ":memory:" if request.param == "sqlite-memory" else tmp_path / "store.db"
    async with await SqliteStore.open(path, clock=lambda: 1_000.0) as store:
        yield SqliteAccess(store)
