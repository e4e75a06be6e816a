"""The event loop: what it may commit itself, and what it must never wait for."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from pathlib import Path

import pytest

from contract.store.sample import a_run, a_start, a_step
from headrace.store.port import BLOB_THRESHOLD_BYTES, Transition
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.writer import Writer


def _on_a_fast_disk(store: SqliteStore) -> Writer:
    """Let the store believe that its disk is fast, so that the loop commits what it may."""
    assert store._writer is not None
    store._writer._group_seconds = 0.0
    return store._writer


def _note_threads(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    names: list[str] = []
    commit = writer._commit

    def noting(*arguments: object) -> object:
        names.append(threading.current_thread().name)
        return commit(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(writer, "_commit", noting)
    return names


async def test_small_lone_transition_is_committed_in_the_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = await SqliteStore.open(tmp_path / "store.db")
    names = _note_threads(_on_a_fast_disk(store), monkeypatch)
    await store.commit(a_start())
    assert names == [threading.current_thread().name]
    await store.close()


LARGE = b"1" * (BLOB_THRESHOLD_BYTES + 1)


@pytest.mark.parametrize(
    "transition",
    [
        a_start(state=LARGE),
        a_start(large={"0" * 64: LARGE}),
        a_start(execution={"input": LARGE}),
        a_start(runs=[a_run(output=LARGE)]),
        a_start(runs=[a_run(run_id=number) for number in range(100)]),
    ],
    ids=["state", "state's payloads", "input", "output of a run", "many runs"],
)
async def test_large_transition_is_committed_by_the_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transition: Transition
) -> None:
    store = await SqliteStore.open(tmp_path / "store.db")
    names = _note_threads(_on_a_fast_disk(store), monkeypatch)
    await store.commit(transition)
    assert names == ["headrace-store-writer"]
    await store.close()


async def test_other_work_is_done_by_the_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = await SqliteStore.open(tmp_path / "store.db")
    names = _note_threads(_on_a_fast_disk(store), monkeypatch)
    await store.delivered([1])
    assert names == ["headrace-store-writer"]
    await store.close()


async def test_loop_does_not_wait_for_the_lock_of_another_program(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    await store.commit(a_start())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    _on_a_fast_disk(store)
    committing = asyncio.ensure_future(store.commit(a_step("e1", 1)))
    # Only a loop that goes on gets here to free the lock; one that waited would see the commit fail.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not committing.done()
    other.execute("ROLLBACK")
    other.close()
    assert (await committing).version == 2
    await store.close()


async def test_refused_and_faulty_transitions_in_the_loop(tmp_path: Path) -> None:
    store = await SqliteStore.open(tmp_path / "store.db")
    await store.commit(a_start())
    for transition in (a_step("e1", 7), a_step("e1", 1, runs=[a_run(run_id=2**70)]), a_start("e1")):
        _on_a_fast_disk(store)
        with pytest.raises(Exception, match="e1"):
            await store.commit(transition)
    _on_a_fast_disk(store)
    assert (await store.commit(a_step("e1", 1))).version == 2
    await store.close()
