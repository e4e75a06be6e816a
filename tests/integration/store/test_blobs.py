"""Large payloads: kept once by content, and only as long as a row uses them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from contract.store.sample import a_run, a_start, a_step, an_end, an_event
from headrace.store.port import BLOB_THRESHOLD_BYTES, Retention, StoreConflict
from headrace.store.sqlite import SqliteStore
from integration.store.inspect_file import blob_uses, check_file, query


def _large(letter: bytes) -> bytes:
    return b'"' + letter * BLOB_THRESHOLD_BYTES + b'"'


async def test_same_content_is_kept_once(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    for execution_id in ("a", "b"):
        await store.commit(
            a_start(
                execution_id,
                execution={"input": _large(b"x")},
                runs=[a_run(execution_id, input=_large(b"x"))],
            )
        )
    assert list(blob_uses(path).values()) == [4]
    await store.close()
    check_file(path)
    assert query(path, "SELECT size FROM blobs") == [(BLOB_THRESHOLD_BYTES + 2,)]


async def test_replaced_states_leave_no_blobs(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    await store.commit(a_start(state=_large(b"0")))
    for version in range(1, 20):
        await store.commit(a_step("e1", version, state=_large(b"%d" % (version % 3))))
        assert list(blob_uses(path).values()) == [1]
    await store.commit(an_end("e1", 20))
    assert blob_uses(path) == {}
    await store.close()
    check_file(path)


async def test_refused_transition_leaves_no_blobs(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    await store.commit(a_start())
    with pytest.raises(StoreConflict):
        await store.commit(a_step("e1", 7, state=_large(b"x"), runs=[a_run(output=_large(b"y"))]))
    assert blob_uses(path) == {}
    await store.close()


async def test_output_set_again(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    await store.commit(a_start())
    await store.commit(a_step("e1", 1, output=_large(b"a"), error=_large(b"e")))
    await store.commit(a_step("e1", 2, output=_large(b"b")))
    await store.commit(a_step("e1", 3, output=_large(b"b")))
    await store.commit(a_step("e1", 4, status="waiting"))
    await asyncio.gather(
        store.commit(a_step("e1", 5, output=_large(b"c"), status="running")),
        store.commit(a_step("e1", 6, output=_large(b"c"), error=_large(b"c"))),
        store.commit(a_step("e1", 7, output=b"1", status="waiting")),
        store.commit(a_step("e1", 8, output=_large(b"c"))),
    )
    row = await store.execution("e1")
    assert row is not None
    assert (row.status, row.output, row.error) == ("waiting", _large(b"c"), _large(b"c"))
    await store.close()
    check_file(path)


async def test_pruning_everything_leaves_no_blobs(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = await SqliteStore.open(path)
    for execution_id in ("a", "b", "c"):
        run = a_run(
            execution_id,
            input=_large(b"i"),
            output=_large(b"o"),
            error=_large(b"e"),
            variables=_large(b"v"),
            context=_large(b"v"),
            details=_large(execution_id.encode()),
        )
        await store.commit(a_start(execution_id, execution={"input": _large(b"i")}, runs=[run]))
        await store.commit(an_end(execution_id, output=_large(b"o"), error=_large(b"i")))
    (sequence,) = await store.publish([an_event("1", data="x" * BLOB_THRESHOLD_BYTES)])
    assert sequence is not None
    await store.delivered([sequence])
    assert await store.prune(Retention(max_count=1), now=0.0) == 2
    check_file(path)
    assert await store.prune(Retention(max_age_seconds=0.0), now=1e12) == 1
    assert blob_uses(path) == {}
    await store.close()
    check_file(path)
