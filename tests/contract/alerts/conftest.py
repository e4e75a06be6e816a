from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headrace.store.alerts import AlertStore
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.alerts import SqliteAlerts


class Place:
    """A store with its alerts."""

    def __init__(self, store: SqliteStore, alerts: AlertStore) -> None:
        self.store = store
        self.alerts = alerts


@pytest.fixture(params=["sqlite-file", "sqlite-memory"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    path = ":memory:" if request.param == "sqlite-memory" else tmp_path / "a.db"
    store = await SqliteStore.open(path, clock=lambda: 1_000.0)
    yield Place(store, SqliteAlerts(store))
    await store.close()
