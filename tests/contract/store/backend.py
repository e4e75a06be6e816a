"""The backends that the store contract is held against.

Add a class and its name to `BACKENDS`; every test of the contract then runs on it. A backend is built only
for a test that asks for it, so one missing server skips its own tests and no others.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from headrace.metrics import Metrics
from headrace.store.metered import StoreMeter
from headrace.store.port import Store
from headrace.store.sqlite import SqliteStore
from headrace.store.watched import WatchedStore

Clock = Callable[[], float]


class ClosableStore(Store, Protocol):
    async def close(self) -> None: ...


class Backend(Protocol):
    def missing(self) -> str | None:
        """Why this backend cannot be tested here; None when it can."""

    async def open(self, directory: Path, clock: Clock) -> ClosableStore:
        """Open an empty store of its own for one test."""


class SqliteFile:
    def missing(self) -> str | None:
        return None

    async def open(self, directory: Path, clock: Clock) -> ClosableStore:
        return await SqliteStore.open(directory / "store.db", clock=clock)


class SqliteMemory:
    def missing(self) -> str | None:
        return None

    async def open(self, directory: Path, clock: Clock) -> ClosableStore:
        return await SqliteStore.open(":memory:", clock=clock)


class WatchedMemory:
    """What stands before a store in the server must not change what the store does."""

    def missing(self) -> str | None:
        return None

    async def open(self, directory: Path, clock: Clock) -> ClosableStore:
        store = await SqliteStore.open(":memory:", clock=clock)
        return _Watched(store, [StoreMeter(Metrics())])


class _Watched(WatchedStore):
    async def close(self) -> None:
        await self.store.close()  # type: ignore[attr-defined]


BACKENDS: dict[str, Callable[[], Backend]] = {
    "sqlite-file": SqliteFile,
    "sqlite-memory": SqliteMemory,
}

# For the contract of stores alone: other ports are on the stores themselves.
WRAPPED: dict[str, Callable[[], Backend]] = {"watched": WatchedMemory}
