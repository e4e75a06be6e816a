"""Enqueueing: order, delay, duplicates, what an item carries."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os

import pytest

from contract.queue.backend import Backend
from contract.queue.sample import done, fail_for_good, held, ids, lease_one, payloads, put, put_all
from headrace.queue.port import ITEMS_PER_CALL_MAX, Put, QueueError, QueueOptions, WorkQueue


async def test_first_in_first_out(queue: WorkQueue) -> None:
    await put(queue, b"1")
    await put_all(queue, [b"2", b"3"])
    await put(queue, b"4")
    assert payloads(await queue.lease(3, 60.0)) == [b"1", b"2", b"3"]
    assert payloads(await queue.lease(3, 60.0)) == [b"4"]
    assert await queue.lease(3, 60.0) == []


async def test_most_urgent_first(queue: WorkQueue) -> None:
    puts = [Put(payload=f"{p}{n}".encode(), priority=p) for n in range(2) for p in (0, 9, 5)]
    await queue.enqueue_many(puts)
    assert payloads(await queue.lease(4, 60.0)) == [b"90", b"91", b"50", b"51"]
    await put(queue, b"late", priority=9)
    assert payloads(await queue.lease(4, 60.0)) == [b"late", b"00", b"01"]


async def test_leased_item_carries_what_was_put(backend: Backend, queue: WorkQueue) -> None:
    headers = {"traceparent": "00-1-2-01", "größe": "ß"}
    put_ = Put(payload=b"body", id="mine", priority=3, max_attempts=7, headers=headers)
    answer = await queue.enqueue(put_)
    assert (answer.id, answer.duplicate) == ("mine", False)
    leased = await lease_one(queue, 60.0)
    assert leased.id == "mine"
    assert leased.payload == b"body"
    assert leased.attempt == 1
    assert leased.max_attempts == 7
    assert leased.priority == 3
    assert leased.headers == headers
    assert leased.enqueued_at == pytest.approx(backend.now(), abs=10.0)
    assert leased.expires_at == pytest.approx(backend.now() + 60.0, abs=10.0)
    plain = await put(queue)
    leased = await lease_one(queue)
    assert (leased.id, leased.headers, leased.priority, leased.max_attempts) == (plain, None, 0, 5)


async def test_many_items_with_the_same_headers_and_one_with_others(queue: WorkQueue) -> None:
    same, other = {"who": "ada"}, {"who": "größe"}
    await queue.enqueue_many([Put(payload=b"%d" % number, headers=same) for number in range(3)])
    mixed = [Put(payload=b"3", headers=same), Put(payload=b"4", headers=other), Put(payload=b"5")]
    await queue.enqueue_many(mixed)
    leased = await queue.lease(6, 60.0)
    assert payloads(leased) == [b"0", b"1", b"2", b"3", b"4", b"5"]
    assert [each.headers for each in leased] == [same, same, same, same, other, None]


async def test_ids_are_made_for_those_who_bring_none(queue: WorkQueue) -> None:
    made = await put_all(queue, [b"same"] * 100)
    assert len(set(made)) == 100
    assert all(made)


@pytest.mark.parametrize(
    "payload", [b"", b"\0\xff\xfe", bytes(range(256)), "ünï".encode(), os.urandom(3_000_000)], ids=len
)
async def test_payloads_are_bytes_of_any_kind(queue: WorkQueue, payload: bytes) -> None:
    item = await put(queue, payload)
    leased = await lease_one(queue)
    assert leased.payload == payload
    assert await queue.complete([done(leased, payload)]) == []
    record = await queue.inspect(item)
    assert record is not None
    assert record.result == payload


async def test_lists_longer_than_one_call(queue: WorkQueue) -> None:
    count = 2 * ITEMS_PER_CALL_MAX + 500
    bodies = [str(number).encode() for number in range(count)]
    made = await put_all(queue, bodies)
    assert len(set(made)) == count
    leased = await queue.lease(count, 60.0)
    assert 0 < len(leased) <= ITEMS_PER_CALL_MAX
    while more := await queue.lease(count, 60.0):
        leased += more
    assert payloads(leased) == bodies
    assert await queue.extend([held(item) for item in leased], 60.0) == []
    assert await queue.release([held(item) for item in leased[:1_200]]) == []
    refused, again = await queue.complete_and_lease([done(item) for item in leased[1_200:]], 1_000, 60.0)
    assert refused == []
    assert len(again) == 1_000
    assert await queue.complete([done(item) for item in leased]) == ids(leased)
    assert (await queue.stats()).completed_total == count - 1_200


async def test_empty_lists(queue: WorkQueue) -> None:
    assert await queue.enqueue_many([]) == []
    assert await queue.lease(0, 60.0) == []
    assert await queue.complete([]) == []
    assert await queue.complete_and_lease([], 0, 60.0) == ([], [])
    assert await queue.extend([], 60.0) == []
    assert await queue.release([]) == []
    assert await queue.fail([]) == []
    assert await queue.redrive([]) == 0
    assert await queue.dead_letters() == []
    assert await queue.peek() == []
    assert await queue.inspect("nobody") is None


async def test_delayed_items_come_when_due(backend: Backend, queue: WorkQueue) -> None:
    await put(queue, b"late", delay_seconds=60.0)
    await put(queue, b"soon", delay_seconds=0.2, priority=9)
    await put(queue, b"now")
    stats = await queue.stats()
    assert (stats.ready, stats.delayed) == (1, 2)
    assert not stats.drained
    assert payloads(await queue.lease(9, 60.0)) == [b"now"]
    await backend.pass_time(0.25)
    await put(queue, b"after")
    assert payloads(await queue.lease(9, 60.0)) == [b"soon", b"after"]
    assert (await queue.stats()).delayed == 1


async def test_a_delayed_item_queues_up_when_it_is_due(backend: Backend, queue: WorkQueue) -> None:
    await put(queue, b"delayed", delay_seconds=0.1)
    await put(queue, b"first")
    await backend.pass_time(0.15)
    assert payloads(await queue.lease(9, 60.0)) == [b"first", b"delayed"]


async def test_dedupe_key_is_known_for_its_time(backend: Backend, queue: WorkQueue) -> None:
    first = await queue.enqueue(Put(payload=b"1", dedupe_key="k", dedupe_seconds=0.2))
    second = await queue.enqueue(Put(payload=b"2", dedupe_key="k", dedupe_seconds=60.0))
    assert not first.duplicate
    assert (second.id, second.duplicate) == (first.id, True)
    other = await queue.enqueue(Put(payload=b"3", dedupe_key="ключ", dedupe_seconds=60.0))
    assert not other.duplicate
    await backend.pass_time(0.25)
    third = await queue.enqueue(Put(payload=b"4", dedupe_key="k", dedupe_seconds=60.0))
    assert not third.duplicate
    assert payloads(await queue.lease(9, 60.0)) == [b"1", b"3", b"4"]
    assert (await queue.stats()).enqueued_total == 3


async def test_dedupe_key_outlives_the_item(queue: WorkQueue) -> None:
    first = await queue.enqueue(Put(payload=b"1", dedupe_key="k"))
    await queue.complete([done(await lease_one(queue))])
    again = await queue.enqueue(Put(payload=b"2", dedupe_key="k"))
    assert (again.id, again.duplicate) == (first.id, True)
    assert await queue.lease(1, 60.0) == []


async def test_duplicates_within_one_call(queue: WorkQueue) -> None:
    keys = ["a", "b", "a", None, None, "b"]
    answers = await queue.enqueue_many(
        [Put(payload=str(n).encode(), dedupe_key=key) for n, key in enumerate(keys)]
    )
    assert [answer.duplicate for answer in answers] == [False, False, True, False, False, True]
    assert answers[2].id == answers[0].id
    assert answers[5].id == answers[1].id
    assert payloads(await queue.lease(9, 60.0)) == [b"0", b"1", b"3", b"4"]


async def test_known_id_is_a_duplicate(queue: WorkQueue) -> None:
    def same(body: bytes) -> Put:
        return Put(payload=body, id="i")

    answers = await queue.enqueue_many([same(b"1"), same(b"2")])
    assert [(answer.id, answer.duplicate) for answer in answers] == [("i", False), ("i", True)]
    leased = await lease_one(queue)
    assert leased.payload == b"1"
    assert (await queue.enqueue(same(b"3"))).duplicate
    await queue.complete([done(leased)])
    assert (await queue.enqueue(same(b"4"))).duplicate
    assert await queue.lease(1, 60.0) == []
    assert (await queue.stats()).enqueued_total == 1


async def test_id_of_a_dead_letter_is_known(queue: WorkQueue) -> None:
    await put(queue, id="i")
    await fail_for_good(queue)
    assert (await queue.enqueue(Put(payload=b"2", id="i"))).duplicate
    await queue.purge("dead")
    assert not (await queue.enqueue(Put(payload=b"2", id="i"))).duplicate


async def test_id_is_free_once_its_result_is_forgotten(backend: Backend) -> None:
    queue = await backend.open(options=QueueOptions(result_seconds=0.0))
    await put(queue, id="i")
    await queue.complete([done(await lease_one(queue))])
    assert not (await queue.enqueue(Put(payload=b"2", id="i"))).duplicate


@pytest.mark.parametrize(
    "bad",
    [
        Put(payload=b"", priority=10),
        Put(payload=b"", priority=-1),
        Put(payload=b"", delay_seconds=-1.0),
        Put(payload=b"", delay_seconds=math.nan),
        Put(payload=b"", delay_seconds=math.inf),
        Put(payload=b"", dedupe_key="k", dedupe_seconds=-1.0),
        Put(payload=b"", dedupe_key=""),
        Put(payload=b"", id=""),
        Put(payload=b"", max_attempts=0),
        Put(payload="text"),  # type: ignore[arg-type]
    ],
)
async def test_bad_items_are_refused_whole(queue: WorkQueue, bad: Put) -> None:
    with pytest.raises(QueueError, match="item 1 of 2"):
        await queue.enqueue_many([Put(payload=b"good"), bad])
    with pytest.raises(QueueError):
        await queue.enqueue(bad)
    stats = await queue.stats()
    assert (stats.ready, stats.enqueued_total) == (0, 0)


async def test_bad_leases_are_refused(queue: WorkQueue) -> None:
    await put(queue)
    for max_items, lease_seconds, wait_seconds in (
        (-1, 1.0, 0.0),
        (1, 0.0, 0.0),
        (1, -1.0, 0.0),
        (1, math.nan, 0.0),
        (1, math.inf, 0.0),
        (1, 1.0, -1.0),
        (1, 1.0, math.nan),
    ):
        with pytest.raises(QueueError):
            await queue.lease(max_items, lease_seconds, wait_seconds=wait_seconds)
        with pytest.raises(QueueError):
            await queue.complete_and_lease([], max_items, lease_seconds, wait_seconds=wait_seconds)
    leased = await lease_one(queue)
    with pytest.raises(QueueError):
        await queue.extend([held(leased)], 0.0)
    assert await queue.complete([done(leased)]) == []


async def test_a_long_list_whose_caller_stops_waiting(queue: WorkQueue) -> None:
    """What was put until then is the beginning of the list, in its order, without a gap."""
    values = [b"%d" % number for number in range(6000)]
    putting = asyncio.create_task(put_all(queue, values))
    while (await queue.stats()).ready == 0:
        await asyncio.sleep(0)
    putting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await putting
    taken: list[bytes] = []
    while leased := await queue.lease(1000, 60.0, wait_seconds=0.1):
        taken += payloads(leased)
    assert 0 < len(taken) <= len(values)
    assert taken == values[: len(taken)]
