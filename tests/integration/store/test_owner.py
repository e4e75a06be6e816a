"""One process writes a store; others are told who, and may read."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from contract.store.sample import a_line, a_start, a_step, an_event
from headrace.store.port import StoreError, StoreOwned, StoreUnavailable
from headrace.store.sqlite import SqliteStore

_HOLD = """
import asyncio, sys
from headrace.store.sqlite import SqliteStore
async def main():
    store = await SqliteStore.open(sys.argv[1])
    print("open", flush=True)
    sys.stdin.read()
asyncio.run(main())
"""


def _owner(path: Path) -> dict[str, Any]:
    owner: dict[str, Any] = json.loads(Path(f"{path}.owner").read_text())
    return owner


async def test_second_owner_is_told_who_owns(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    holder = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _HOLD, str(path), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert await holder.stdout.readline() == b"open\n"
    with pytest.raises(StoreOwned) as owned:
        await SqliteStore.open(path)
    for part in (f"process {holder.pid} ", os.uname().nodename, str(path), " since 20", "--store"):
        assert part in str(owned.value)
    assert _owner(path)["pid"] == holder.pid

    # A dead owner's file blocks nobody.
    holder.send_signal(signal.SIGKILL)
    await holder.communicate()
    store = await SqliteStore.open(path)
    assert _owner(path)["pid"] == os.getpid()
    await store.close()


async def test_a_server_tells_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    assert _owner(path)["url"] is None
    store.announce("http://127.0.0.1:8420")
    assert _owner(path)["url"] == "http://127.0.0.1:8420"
    with pytest.raises(StoreOwned, match=r"it is a server: `headrace login http://127\.0\.0\.1:8420`"):
        await SqliteStore.open(path)
    await store.close()
    store.announce("http://127.0.0.1:8421")  # nothing is owned any more
    assert _owner(path)["url"] == "http://127.0.0.1:8420"
    # The next owner need not be a server.
    store = await SqliteStore.open(path)
    assert _owner(path)["url"] is None
    await store.close()


async def test_options_of_the_command_are_not_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/usr/bin/headrace", "serve", "flow.yaml", "--token", "hidden"])
    store = await SqliteStore.open(tmp_path / "store.db")
    assert _owner(tmp_path / "store.db")["command"] == "headrace serve flow.yaml"
    await store.close()


async def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    store = await SqliteStore.open(tmp_path / "store.db")
    await store.commit(a_start())
    for name in ("store.db", "store.db-wal", "store.db-shm"):
        assert os.stat(tmp_path / name).st_mode & 0o077 == 0
    await store.close()


async def test_close_frees_the_store(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    with pytest.raises(StoreOwned, match=str(os.getpid())):
        await SqliteStore.open(path)
    (tmp_path / "link.db").symlink_to(path)
    with pytest.raises(StoreOwned):
        await SqliteStore.open(tmp_path / "link.db")
    await store.close()
    await (await SqliteStore.open(path)).close()


async def test_failed_open_frees_the_store(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_text("this is no database, it is text that is long enough to be looked at" * 100)
    for _ in range(2):
        with pytest.raises(StoreError, match="no SQLite database"):
            await SqliteStore.open(path)
    path.unlink()
    await (await SqliteStore.open(path)).close()


async def test_reading_beside_an_owner(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    owner = await SqliteStore.open(path)
    reader = await SqliteStore.open(path, read_only=True)
    assert await reader.load("e1") is None
    await owner.commit(a_start())
    await owner.commit(a_step("e1", 1))
    state = await reader.load("e1")
    assert state is not None
    assert state.version == 2
    for attempt in (
        reader.commit(a_start("e2")),
        reader.publish([an_event()]),
        reader.delivered([1]),
        reader.logs("e1", append=[a_line()]),
    ):
        with pytest.raises(StoreUnavailable, match="read-only"):
            await attempt
    await owner.close()
    state = await reader.load("e1")
    assert state is not None
    await reader.close()


async def test_reading_what_is_not_there_creates_nothing(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="path exists"):
        await SqliteStore.open(tmp_path / "none.db", read_only=True)
    assert os.listdir(tmp_path) == []


async def test_directory_is_made_but_no_tree_of_them(tmp_path: Path) -> None:
    await (await SqliteStore.open(tmp_path / "made" / "store.db")).close()
    with pytest.raises(StoreUnavailable):
        await SqliteStore.open(tmp_path / "not" / "made" / "store.db")


async def test_closed_store_says_so(tmp_path: Path) -> None:
    store = await SqliteStore.open(tmp_path / "store.db")
    await store.close()
    await store.close()
    with pytest.raises(StoreError, match="closed"):
        await store.commit(a_start())
    with pytest.raises(StoreError, match="closed"):
        await store.load("e1")
    with pytest.raises(StoreError, match="closed"):
        await store.logs("e1")


async def test_close_writes_what_was_submitted(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    await store.commit(a_start())
    await store.logs("e1", append=[a_line()])
    await store.close()
    assert not os.path.exists(f"{path}-wal")
    store = await SqliteStore.open(path)
    assert await store.logs("e1") == [a_line()]
    await store.close()
