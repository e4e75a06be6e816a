"""The synchronous face, over each backend."""

from __future__ import annotations

import asyncio
import threading

import pytest

from contract.queue.backend import Backend
from contract.queue.sample import PATIENCE_SECONDS, done, failed, held
from headrace.queue.port import Put, QueueError, QueueOptions, WorkQueue
from headrace.queue.sync import SyncQueue


async def test_every_call(backend: Backend, queue: WorkQueue) -> None:
    await asyncio.to_thread(all_calls, backend.address, queue.name)
    assert (await queue.stats()).drained


def all_calls(address: str, name: str) -> None:
    with SyncQueue.open(address, name, options=QueueOptions(max_attempts=2)) as queue:
        assert queue.name == name
        assert queue.capabilities.extend
        first = queue.put(b"1", priority=5)
        assert queue.enqueue(Put(payload=b"2", id="two")).id == "two"
        assert len(queue.enqueue_many([Put(payload=b"3"), Put(payload=b"4")])) == 2
        assert [record.id for record in queue.peek(limit=1)] == [first.id]
        (leased,) = queue.lease(1, 60.0, worker="w")
        assert leased.id == first.id
        assert queue.extend([held(leased)], 90.0) == []
        assert queue.release([held(leased)]) == []
        (leased,) = queue.lease(1, 60.0)
        assert queue.complete([done(leased, b"r")]) == []
        record = queue.inspect(first.id)
        assert record is not None
        assert record.result == b"r"
        (second,) = queue.lease(1, 60.0)
        assert queue.fail([failed(second, final=True)]) == []
        assert [letter.id for letter in queue.dead_letters()] == ["two"]
        assert queue.redrive() == 1
        refused, leased_ = queue.complete_and_lease([done(second)], 1, 60.0, wait_seconds=1.0)
        assert refused == ["two"]
        assert queue.complete([done(item) for item in leased_]) == []
        assert queue.stats().ready == 2
        assert queue.purge("ready") == 2
    queue.close()
    with pytest.raises(QueueError, match="closed"):
        queue.stats()


async def test_a_thread_waits_for_what_another_puts(backend: Backend, queue: WorkQueue) -> None:
    def wait_and_put() -> bytes:
        with SyncQueue.open(backend.address, queue.name) as client:
            putting = threading.Timer(0.05, client.put, [b"from a thread"])
            putting.start()
            (leased,) = client.lease(1, 60.0, wait_seconds=PATIENCE_SECONDS)
            putting.join()
            return leased.payload

    assert await asyncio.to_thread(wait_and_put) == b"from a thread"


def test_what_cannot_be_opened() -> None:
    for address in ("ftp://x", "", "/proc/nowhere/queue.db"):
        with pytest.raises(QueueError):
            SyncQueue.open(address, "work")
