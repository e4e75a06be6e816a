"""The file: whose it is, what is wrong with it, how it is searched, what is left in it."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from headrace.queue.port import Done, Failed, Put, QueueError, QueueOptions, QueueUnavailable
from headrace.queue.sqlite import SqliteQueue, bell, connect
from headrace.queue.sqlite.queries import QUERIES
from headrace.queue.sqlite.schema import load_migrations, migrate, recognise
from integration.queue.sqlite.inspect_file import check_file, execute


async def test_made_where_missing_for_this_user_only(tmp_path: Path) -> None:
    path = tmp_path / "new" / "queue.db"
    async with await SqliteQueue.open(path, "work") as queue:
        await queue.enqueue(Put(payload=b"x"))
        for file in path.parent.iterdir():
            assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0, file
    check_file(path)


async def test_one_writer_for_all_queues_of_a_file(tmp_path: Path) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(tmp_path / "queue.db")
    queues = await asyncio.gather(
        *(
            SqliteQueue.open(path, f"q{number}")
            for number, path in enumerate([tmp_path / "queue.db", link] * 3)
        )
    )
    assert len({id(queue._file) for queue in queues}) == 1
    await asyncio.gather(*(queue.enqueue(Put(payload=b"x")) for queue in queues))
    for queue in queues[:-1]:
        await queue.aclose()
    assert len(await queues[-1].lease(1, 60.0)) == 1
    await queues[-1].aclose()
    check_file(tmp_path / "queue.db")


async def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    execute(path, "CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(QueueError, match="file of their own"):
        await SqliteQueue.open(path, "work")
    assert path.read_bytes() == before
    path.write_bytes(b"no database at all" * 1000)
    with pytest.raises(QueueError, match="damaged or is no SQLite"):
        await SqliteQueue.open(path, "work")
    with pytest.raises(QueueUnavailable, match="path exists"):
        await SqliteQueue.open(tmp_path / "no" / "such" / "queue.db", "work")
    with pytest.raises(QueueUnavailable):
        await SqliteQueue.open(tmp_path, "work")


async def test_files_of_other_versions_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    await (await SqliteQueue.open(path, "work")).aclose()
    last = load_migrations()[-1]
    execute(path, "UPDATE migrations SET checksum = 'other' WHERE number = ?", last.number)
    with pytest.raises(QueueError, match="other SQL"):
        await SqliteQueue.open(path, "work")
    execute(path, "UPDATE migrations SET checksum = ? WHERE number = ?", last.checksum, last.number)
    execute(path, "INSERT INTO migrations VALUES (9999, '9999_later.sql', '', 0)")
    with pytest.raises(QueueError, match="upgrade Headrace"):
        await SqliteQueue.open(path, "work")


async def test_files_of_earlier_versions_are_brought_up(tmp_path: Path) -> None:
    """What is in them stays, and goes on where it was."""
    path = tmp_path / "queue.db"
    with closing(connect.open_writer(str(path))) as connection:
        migrate(connection, str(path), 1.0, load_migrations()[:1])
    execute(path, "INSERT INTO queues (name, options, ready) VALUES ('work', '{}', 1)")
    execute(
        path,
        "INSERT INTO items (queue, id, state, priority, position, enqueued_at, large, payload) "
        "VALUES (1, 'old', 0, 0, 1, 1.0, 0, ?)",
        b"x",
    )
    async with await SqliteQueue.open(path, "work") as queue:
        assert not (await queue.stats()).paused
        (item,) = await queue.lease(9, 60.0)
        assert (item.id, item.payload) == ("old", b"x")
    check_file(path)


async def test_opened_by_many_at_once(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    # A clock each: connections of their own.
    queues = await asyncio.gather(*(SqliteQueue.open(path, "work", clock=lambda: 1000.0) for _ in range(8)))
    for queue in queues:
        await queue.enqueue(Put(payload=b"x"))
        await queue.aclose()
    check_file(path)


@pytest.mark.parametrize("before_statement", [1, 2])
def test_made_by_another_process_while_it_is_looked_at(tmp_path: Path, before_statement: int) -> None:
    path = tmp_path / "queue.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as looking:
        statements = 0

        def meanwhile(_: str) -> None:
            nonlocal statements
            statements += 1
            if statements == before_statement:
                with closing(sqlite3.connect(path, isolation_level=None)) as other:
                    migrate(other, str(path), 1000.0)

        looking.set_trace_callback(meanwhile)
        assert recognise(looking, str(path))


async def test_cancelled_opening_leaves_others_alone(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    first = asyncio.create_task(SqliteQueue.open(path, "work"))
    second = asyncio.create_task(SqliteQueue.open(path, "work"))
    await asyncio.sleep(0.001)
    first.cancel()
    await asyncio.wait((first,))
    queue = await second
    await queue.enqueue(Put(payload=b"x"))
    await queue.aclose()
    if not first.cancelled():
        await first.result().aclose()


async def test_locked_by_another_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "BUSY_SECONDS", 0.05)
    path = tmp_path / "queue.db"
    async with await SqliteQueue.open(path, "work") as queue:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(QueueUnavailable, match="holds a lock"):
                await queue.enqueue(Put(payload=b"x"))
            assert (await queue.stats()).ready == 0
            other.execute("ROLLBACK")
        await queue.enqueue(Put(payload=b"x"))
        assert (await queue.stats()).ready == 1


async def test_one_bad_item_fails_alone(tmp_path: Path) -> None:
    async with await SqliteQueue.open(tmp_path / "queue.db", "work") as queue:
        bad = Put(payload=b"bad", id="\ud800")
        answers = await asyncio.gather(
            *(queue.enqueue(put) for put in (Put(payload=b"1"), bad, Put(payload=b"2"))),
            return_exceptions=True,
        )
        assert isinstance(answers[1], QueueError)
        assert [item.payload for item in await queue.lease(9, 60.0)] == [b"1", b"2"]
    check_file(tmp_path / "queue.db")


async def test_cancelled_lease_is_given_back(tmp_path: Path) -> None:
    async with await SqliteQueue.open(tmp_path / "queue.db", "work") as queue:
        await queue.enqueue(Put(payload=b"x"))
        task = asyncio.create_task(queue.lease(1, 600.0))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait((task,))
        assert task.cancelled()
        (leased,) = await queue.lease(1, 600.0, wait_seconds=30.0)
        assert leased.attempt == 1


async def test_waiting_without_a_bell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell.Bell, "can_listen", lambda self: False)
    path = tmp_path / "queue.db"
    queues = [await SqliteQueue.open(path, "work", clock=lambda: 1000.0) for _ in range(2)]
    task = asyncio.create_task(queues[0].lease(1, 60.0, wait_seconds=30.0))
    await asyncio.sleep(0.05)
    await queues[1].enqueue(Put(payload=b"x"))
    assert len(await task) == 1
    for queue in queues:
        await queue.aclose()


async def test_large_payloads_leave_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    queue = await SqliteQueue.open(path, "work", options=QueueOptions(result_seconds=600.0))
    large = b"x" * 100_000
    await queue.enqueue_many([Put(payload=large) for _ in range(4)])
    first, second, third = await queue.lease(3, 60.0)
    assert first.payload == large
    await queue.complete([Done(first.id, first.token)])
    await queue.fail([Failed(id=second.id, token=second.token, error="", final=True)])
    assert [letter.payload for letter in await queue.dead_letters()] == [large]
    assert [record.payload for record in await queue.peek()] == [large]
    check_file(path)
    await queue.complete([Done(third.id, third.token)])
    await queue.purge("all")
    await queue.aclose()
    check_file(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM bodies").fetchone() == (0,)


USED_INDEX = {
    "lease": "items_ready",
    "complete": "items_id",
    "complete_and_forget": "items_id",
    "extend": "items_id",
    "select_held": "items_id",
    "select_expired": "items_leased",
    "select_due": "items_delayed",
    "prune_completed": "items_completed",
    "prune_dead": "items_dead",
    "prune_dedupe": "dedupe_until",
    "select_dead": "items_dead",
    "select_dead_by_id": "items_id",
    "purge_ready": "items_ready",
    "purge_delayed": "items_delayed",
    "purge_completed": "items_completed",
    "purge_dead": "items_dead",
    "peek_ready": "items_ready",
    "peek_delayed": "items_delayed",
    "peek_leased": "items_leased",
    "peek_completed": "items_completed",
    "peek_dead": "items_dead",
    "inspect": "items_id",
    "is_known": "items_id",
    "select_dead_letters": "items_dead",
    "oldest_ready": "items_ready",
}


@pytest.mark.parametrize(("name", "index"), USED_INDEX.items())
async def test_statements_use_their_index(tmp_path: Path, name: str, index: str) -> None:
    path = tmp_path / "queue.db"
    await (await SqliteQueue.open(path, "work")).aclose()
    with closing(sqlite3.connect(path)) as connection:
        values = [None] * _parameters(QUERIES[name])
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {QUERIES[name]}", values)]
    assert any(f"INDEX {index} (queue=?" in step for step in plan), plan
    assert not any(step.startswith("SCAN items") for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan


def _parameters(statement: str) -> int:
    numbered = {word for word in ("?1", "?2", "?3", "?4") if word in statement}
    return len(numbered) or statement.count("?")


async def test_page_and_log_stay_small(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    async with await SqliteQueue.open(path, "work", options=QueueOptions(result_seconds=0.0)) as queue:
        for _ in range(60):
            await queue.enqueue_many([Put(payload=b"x" * 200) for _ in range(500)])
            leased = await queue.lease(500, 60.0)
            await queue.complete([Done(item.id, item.token) for item in leased])
        # Room is used again: 30,000 items were here, 500 at a time.
        assert os.path.getsize(path) < 4_000_000
        assert os.path.getsize(f"{path}-wal") < 64_000_000


async def test_clocks_an_hour_apart(tmp_path: Path) -> None:
    """A client whose clock is ahead takes leases for over: items run twice, and one result counts."""
    path = tmp_path / "queue.db"
    async with (
        await SqliteQueue.open(path, "work", clock=lambda: 10_000.0) as right,
        await SqliteQueue.open(path, "work", clock=lambda: 13_600.0) as ahead,
    ):
        await right.enqueue(Put(payload=b"x"))
        (first,) = await right.lease(1, 30.0)
        (second,) = await ahead.lease(1, 30.0)
        assert (second.id, second.attempt) == (first.id, 2) and second.token > first.token
        assert await right.complete([Done(first.id, first.token, b"late")]) == [first.id]
        assert await ahead.complete([Done(second.id, second.token, b"counts")]) == []
        record = await ahead.inspect(first.id)
        assert record is not None and record.result == b"counts"
        assert (await right.stats()).drained
    check_file(path)
