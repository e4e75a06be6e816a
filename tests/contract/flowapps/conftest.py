from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headrace.store.flowapps import FlowApps
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.flowapps import SqliteFlowApps


@pytest.fixture(params=["sqlite-file", "sqlite-memory"])
async def flowapps(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FlowApps]:
    path = ":memory:" if request.param == "sqlite-memory" else tmp_path / "store.db"
    async with await SqliteStore.open(path) as store:
        yield SqliteFlowApps(store)
