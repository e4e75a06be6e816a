"""Several clients of one queue, several queues in one place, and waiting for items."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from contract.queue.backend import Backend
from contract.queue.sample import (
    PATIENCE_SECONDS,
    done,
    fail_for_good,
    failed,
    held,
    ids,
    lease_one,
    payloads,
    put,
    put_all,
    until,
)
from headrace.queue.port import Leased, QueueError, QueueOptions, WorkQueue

OTHER_PROCESS = Path(__file__).with_name("other_process.py")


async def waiting(queue: WorkQueue, max_items: int = 1) -> asyncio.Task[list[Leased]]:
    """Start a lease that waits, and let it come to waiting."""
    task = asyncio.create_task(queue.lease(max_items, 60.0, wait_seconds=PATIENCE_SECONDS))
    await asyncio.sleep(0.1)
    assert not task.done()
    return task


async def test_two_race_for_one_item(backend: Backend) -> None:
    clients = [await backend.open() for _ in range(2)]
    for _ in range(20):
        item = await put(clients[0])
        answers = await asyncio.gather(*(client.lease(1, 60.0) for client in clients))
        assert [leased.id for answer in answers for leased in answer] == [item]


async def test_two_waiting_race_for_one_item(backend: Backend) -> None:
    clients = [await backend.open() for _ in range(2)]
    tasks = [asyncio.create_task(client.lease(1, 60.0, wait_seconds=0.5)) for client in clients]
    await asyncio.sleep(0.05)
    item = await put(clients[0])
    assert [leased.id for answer in await asyncio.gather(*tasks) for leased in answer] == [item]


async def test_concurrent_leases_share_nothing(backend: Backend) -> None:
    clients = [await backend.open() for _ in range(4)]
    bodies = {str(number).encode() for number in range(400)}
    await put_all(clients[0], bodies)

    async def drain(client: WorkQueue) -> list[bytes]:
        taken: list[bytes] = []
        leased = await client.lease(7, 60.0)
        while leased:
            taken += payloads(leased)
            refused, leased = await client.complete_and_lease([done(item) for item in leased], 7, 60.0)
            assert refused == []
        return taken

    taken = [body for bodies_ in await asyncio.gather(*map(drain, clients)) for body in bodies_]
    assert len(taken) == 400
    assert set(taken) == bodies
    stats = await clients[1].stats()
    assert (stats.completed_total, stats.drained) == (400, True)


async def test_one_lease_completed_by_two(backend: Backend) -> None:
    clients = [await backend.open() for _ in range(2)]
    item = await put(clients[0])
    leased = await lease_one(clients[0])
    answers = await asyncio.gather(*(client.complete([done(leased)]) for client in clients))
    assert sorted(answers) == [[], [item]]


async def test_queues_are_apart(backend: Backend) -> None:
    names = ["a", "b", "Größe/ключ 队列 😀", "a:b", "{a}", "a b*?[x]"]
    queues = {name: await backend.open(name) for name in names}
    for name, queue in queues.items():
        await put(queue, name.encode(), id="same", dedupe_key="same")
    for name, queue in queues.items():
        leased = await lease_one(queue)
        assert leased.payload == name.encode()
        assert (await queue.stats()).enqueued_total == 1
        assert await queue.complete([done(leased, name.encode())]) == []
    for name in names:
        record = await (await backend.open(name)).inspect("same")
        assert record is not None
        assert record.result == name.encode()
    await queues["a"].purge("all")
    assert await queues["a:b"].inspect("same") is not None


@pytest.mark.parametrize("name", ["", "x" * 300, "a\0b"])
async def test_bad_names_are_refused(backend: Backend, name: str) -> None:
    from headrace.queue.open import open_queue

    with pytest.raises(QueueError, match="name"):
        await open_queue(backend.address, name)


async def test_items_outlive_clients(backend: Backend) -> None:
    first = await backend.open()
    await put(first, b"kept")
    await put(first, b"in hands")
    second = await backend.open()
    leased = await queue_leaves(second)
    await first.aclose()
    third = await backend.open()
    assert payloads(await third.lease(9, 60.0)) == [b"in hands"]
    assert await third.complete([done(leased)]) == []


async def queue_leaves(queue: WorkQueue) -> Leased:
    """Lease one item and go away with it."""
    leased = await lease_one(queue)
    await queue.aclose()
    return leased


async def test_closing_twice_does_nothing(backend: Backend) -> None:
    queue = await backend.open()
    await queue.aclose()
    await queue.aclose()
    with pytest.raises(QueueError):
        await put(queue)


async def test_options_hold_for_all_clients(backend: Backend) -> None:
    first = await backend.open(options=QueueOptions(max_attempts=1))
    second = await backend.open()
    await put(second)
    leased = await lease_one(second)
    assert leased.max_attempts == 1
    await second.fail([failed(leased)])
    assert (await first.stats()).dead == 1


async def test_new_options_reach_running_clients(backend: Backend) -> None:
    first = await backend.open(options=QueueOptions(max_attempts=1, result_seconds=0.0))
    await backend.open(options=QueueOptions(max_attempts=2, result_seconds=60.0))
    item = await put(first)
    leased = await lease_one(first)
    assert leased.max_attempts == 2
    await first.complete([done(leased)])
    assert await first.inspect(item) is not None


async def test_bad_options_are_refused(backend: Backend) -> None:
    for options in (
        QueueOptions(max_attempts=0),
        QueueOptions(backoff_seconds=-1.0),
        QueueOptions(result_seconds=float("nan")),
    ):
        with pytest.raises(QueueError):
            await backend.open(options=options)


async def test_wait_ends_empty(queue: WorkQueue) -> None:
    assert await queue.lease(1, 60.0, wait_seconds=0.05) == []
    assert await queue.complete_and_lease([], 1, 60.0, wait_seconds=0.05) == ([], [])


async def test_who_waits_gets_what_the_same_client_puts(queue: WorkQueue) -> None:
    task = await waiting(queue)
    item = await put(queue)
    assert ids(await task) == [item]


async def test_who_waits_gets_what_another_client_puts(backend: Backend, queue: WorkQueue) -> None:
    task = await waiting(queue, 9)
    other = await backend.open()
    item = await put(other)
    assert ids(await task) == [item]


async def test_who_waits_after_completing(backend: Backend, queue: WorkQueue) -> None:
    other = await backend.open()
    await put(queue)
    leased = await lease_one(queue)
    task = asyncio.create_task(
        queue.complete_and_lease([done(leased)], 1, 60.0, wait_seconds=PATIENCE_SECONDS)
    )

    async def completed() -> bool:
        return (await other.stats()).completed_total == 1

    # The completion does not wait for the next item.
    await until(completed)
    item = await put(other)
    refused, following = await task
    assert refused == []
    assert ids(following) == [item]


async def test_all_who_wait_are_served(backend: Backend) -> None:
    clients = [await backend.open() for _ in range(3)]
    tasks = [await waiting(client) for client in clients]
    await put_all(clients[0], [b"1", b"2", b"3"])
    taken = [body for answer in await asyncio.gather(*tasks) for body in payloads(answer)]
    assert sorted(taken) == [b"1", b"2", b"3"]


@pytest.mark.parametrize("how", ["released", "failed", "redriven", "delayed"])
async def test_who_waits_gets_what_comes_back(backend: Backend, queue: WorkQueue, how: str) -> None:
    other = await backend.open()
    item = await put(other, delay_seconds=0.2 if how == "delayed" else 0.0)
    if how == "redriven":
        await fail_for_good(other)
    elif how != "delayed":
        leased = await lease_one(other)
    if how == "delayed":
        task = asyncio.create_task(queue.lease(1, 60.0, wait_seconds=PATIENCE_SECONDS))
    else:
        task = await waiting(queue)
    if how == "released":
        await other.release([held(leased)])
    elif how == "failed":
        await other.fail([failed(leased, retry_in=0.0)])
    elif how == "redriven":
        await other.redrive()
    else:
        await asyncio.sleep(0)
        await backend.pass_time(0.25)
    assert ids(await task) == [item]


async def test_who_stops_waiting_takes_nothing_with_it(backend: Backend, queue: WorkQueue) -> None:
    task = await waiting(queue)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    other = await backend.open()
    item = await put(other)
    assert ids(await other.lease(1, 60.0, wait_seconds=PATIENCE_SECONDS)) == [item]
    # And the client goes on working.
    second = await put(queue)
    assert ids(await queue.lease(1, 60.0)) == [second]


async def test_items_of_another_process(backend: Backend, queue: WorkQueue) -> None:
    task = await waiting(queue, 1)
    process = await asyncio.create_subprocess_exec(
        sys.executable, OTHER_PROCESS, backend.address, queue.name, "one", "two"
    )
    leased = await task
    assert payloads(leased) == [b"one"]
    assert await process.wait() == 0
    assert payloads(await queue.lease(9, 60.0)) == [b"two"]
