"""Disks that are full, fail or cannot be written: nothing is lost, everyone is told, work goes on after."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from contract.store.sample import a_line, a_run, a_start, a_step
from headrace.store.port import ExecutionQuery, StoreUnavailable
from headrace.store.sqlite import SqliteStore, log_lines
from integration.store.inspect_file import check_file, query

TESTS = Path(__file__).parents[2]


def _unshare() -> list[str] | None:
    """The command that gives a process mounts of its own, where this system allows it."""
    for command in (["unshare", "--mount"], ["unshare", "--map-root-user", "--mount"]):
        probe = [*command, "mount", "-t", "tmpfs", "tmpfs", "/mnt"]
        try:
            if subprocess.run(probe, capture_output=True, check=False).returncode == 0:
                return command
        except FileNotFoundError:
            return None
    return None


def test_small_disk_fills_up_and_gets_space_again(tmp_path: Path) -> None:
    unshare = _unshare()
    if unshare is None:
        pytest.skip("this system lets no test mount a small disk; test_full_database covers the store's part")
    done = subprocess.run(
        [*unshare, sys.executable, str(Path(__file__).with_name("small_disk.py")), str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["errors"]
    for error in [*seen["errors"], seen["refused_again"]]:
        assert "full" in error
        assert "store.db" in error
        assert "Free space" in error
        assert "MB are free" in error
    assert seen["acknowledged"] > 10
    assert seen["readable"]
    assert seen["after_space"] == 2
    assert seen["log_lines"] == 1
    assert seen["more"] > 0
    assert seen["lost"] == seen["unacknowledged"] == []
    assert seen["integrity"] == ""
    assert "read-only" in seen["writing_read_only_disk"].lower()
    assert seen["readable_on_read_only_disk"]


def _set_page_limit(store: SqliteStore, pages: int) -> None:
    """Let SQLite believe that its disk has so many pages."""
    assert store._connection is not None
    store._connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()


async def test_full_database(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    await store.commit(a_start("before"))
    _set_page_limit(store, 1)  # SQLite raises it to what is used already
    attempts = [
        a_start(f"e{number}", runs=[a_run(f"e{number}", output=b"1" * 30_000)]) for number in range(5)
    ]
    outcomes = await asyncio.gather(
        *(store.commit(attempt) for attempt in attempts), store.publish([]), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 6
    assert "full" in str(outcomes[0])
    assert outcomes[0] is not outcomes[1]
    assert [row.id for row in await store.executions(ExecutionQuery())] == ["before"]

    _set_page_limit(store, 2**30)
    assert (await store.commit(a_step("before", 1))).version == 2
    committed = await asyncio.gather(*(store.commit(attempt) for attempt in attempts))
    assert [one.version for one in committed] == [1] * 5
    await store.close()
    check_file(path)


async def test_log_lines_wait_for_space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_lines, "LINES_LIMIT", 3)
    store = await SqliteStore.open(tmp_path / "store.db")
    await store.commit(a_start())
    _set_page_limit(store, 1)
    lines = [a_line(text=str(number) * 30_000) for number in range(3)]
    await store.logs("e1", append=lines)
    # No more than the limit wait; who appends beyond it is told.
    with pytest.raises(StoreUnavailable):
        await store.logs("e1", append=lines)
    _set_page_limit(store, 2**30)
    assert await store.logs("e1") == lines
    await store.close()


@contextmanager
def _file_size_limit(size: int) -> Iterator[None]:
    """Make every write beyond `size` bytes of a file fail, as a failing disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)


async def test_failing_writes(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    await store.commit(a_start())
    log_bytes = os.stat(f"{path}-wal").st_size
    with _file_size_limit(log_bytes + 100):
        outcomes = await asyncio.gather(
            store.commit(a_step("e1", 1)), store.commit(a_start("e2")), return_exceptions=True
        )
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 2
    assert "nothing was written" in str(outcomes[0])
    assert (await store.commit(a_step("e1", 1))).version == 2
    assert (await store.commit(a_start("e2"))).version == 1
    await store.close()
    check_file(path)


async def test_locked_by_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store.db"
    monkeypatch.setattr("headrace.store.sqlite.connect.BUSY_TIMEOUT_SECONDS", 0.0)
    store = await SqliteStore.open(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match=r"locked.*Another program"):
        await store.commit(a_start())
    other.execute("ROLLBACK")
    other.close()
    assert (await store.commit(a_start())).version == 1
    await store.close()


async def test_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    await (await SqliteStore.open(path)).close()
    if os.access(path, os.W_OK) and os.geteuid() == 0:
        pytest.skip("root may write whatever the permissions say")
    path.chmod(0o444)
    with pytest.raises(StoreUnavailable, match="writable"):
        await SqliteStore.open(path)


async def test_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    for number in range(200):
        await store.commit(a_start(f"e{number}", runs=[a_run(f"e{number}", output=b"1" * 5_000)]))
    await store.close()
    content = bytearray(path.read_bytes())
    # Behind the schema, which is read when the file is opened.
    half = len(content) // 2
    content[half:] = b"\xff" * (len(content) - half)
    path.write_bytes(content)
    store = await SqliteStore.open(path)
    with pytest.raises(Exception, match=r"damaged.*backup"):
        for number in range(200):
            await store.history(f"e{number}")
    await store.close()
    assert query(path, "SELECT count(*) FROM migrations")
