"""Access on a real store, with a clock that tests turn and cheap but real password hashing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from headrace.access.access import Access
from headrace.access.key import KeyFile, Keys
from headrace.runtime.clock import ManualClock
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.access import SqliteAccess

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
PASSWORD = "correct horse battery"

Open = Callable[..., Awaitable[Access]]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(1_800_000_000.0)


@pytest.fixture
async def store(tmp_path: Path, clock: ManualClock) -> AsyncIterator[SqliteStore]:
    async with await SqliteStore.open(tmp_path / "store.db", clock=clock.now) as opened:
        yield opened


@pytest.fixture
async def open_access(store: SqliteStore, clock: ManualClock, tmp_path: Path) -> AsyncIterator[Open]:
    """Open access on the store, as a start of the server does; again for another start."""
    opened: list[Access] = []

    async def make(*, keys: Keys | None = None, **options: Any) -> Access:
        options = {"now": clock.now, "hasher": CHEAP} | options
        access = await Access.open(
            SqliteAccess(store), keys or KeyFile(tmp_path / "store.db.secret-key"), **options
        )
        opened.append(access)
        return access

    yield make
    for access in opened:
        await access.close()


@pytest.fixture
async def access(open_access: Open) -> Access:
    return await open_access()
