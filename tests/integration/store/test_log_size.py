"""The write-ahead log stays bounded, also where readers stay in it."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from contract.store.sample import a_run, a_start, a_step
from headrace.store.sqlite import SqliteStore, connect

LIMIT = 2_000_000
STATE = b'"' + b"s" * 50_000 + b'"'


async def test_log_is_cut_once_readers_leave(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "WAL_LIMIT_BYTES", LIMIT)
    monkeypatch.setattr(connect, "CUT_LOG_SECONDS", 0.0)
    path = tmp_path / "store.db"
    log = f"{path}-wal"
    store = await SqliteStore.open(path)
    await store.commit(a_start())
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    assert reader.execute("SELECT version FROM states").fetchall() == [(1,)]
    version = 1
    while os.stat(log).st_size < 2 * LIMIT:
        version = (
            await store.commit(a_step("e1", version, state=STATE, runs=[a_run(run_id=version)]))
        ).version
    # The reader still sees its own moment, and the writer was not stopped by it.
    assert reader.execute("SELECT version FROM states").fetchall() == [(1,)]
    reader.execute("COMMIT")
    for _ in range(60):
        version = (
            await store.commit(a_step("e1", version, state=STATE, runs=[a_run(run_id=version)]))
        ).version
    await store.load("e1")
    assert os.stat(log).st_size <= LIMIT
    reader.close()
    await store.close()
    assert not os.path.exists(log)
