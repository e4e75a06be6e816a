"""Leases: fencing, expiry, extension, release."""

from __future__ import annotations

import asyncio

import pytest

from contract.queue.backend import Backend
from contract.queue.sample import done, failed, held, ids, lease_one, payloads, put, put_all, until
from headrace.queue.port import Done, Failed, Held, Leased, LeaseExpired, WorkQueue, raise_refused


async def refused_by_all(queue: WorkQueue, leased: Leased) -> None:
    """Hold that nothing can be done under this lease."""
    before = await queue.inspect(leased.id)
    assert await queue.complete([done(leased, b"late")]) == [leased.id]
    assert await queue.extend([held(leased)], 60.0) == [leased.id]
    assert await queue.release([held(leased)]) == [leased.id]
    assert await queue.fail([failed(leased)]) == [leased.id]
    assert await queue.fail([failed(leased, final=True)]) == [leased.id]
    assert await queue.complete_and_lease([done(leased)], 0, 60.0) == ([leased.id], [])
    after = await queue.inspect(leased.id)
    if before is not None and after is not None:
        assert (after.result, after.error, after.attempts) == (before.result, before.error, before.attempts)


async def test_leased_item_is_nobody_elses(backend: Backend, queue: WorkQueue) -> None:
    await put(queue)
    other = await backend.open()
    assert await lease_one(queue)
    assert await other.lease(1, 60.0) == []
    stats = await other.stats()
    assert (stats.ready, stats.leased, stats.drained) == (0, 1, False)


async def test_token_holds_for_any_client(backend: Backend, queue: WorkQueue) -> None:
    await put(queue)
    leased = await lease_one(queue)
    other = await backend.open()
    assert await other.extend([held(leased)], 90.0) == []
    assert await other.complete([done(leased)]) == []


async def test_completed_twice(queue: WorkQueue) -> None:
    await put(queue)
    leased = await lease_one(queue)
    assert await queue.complete([done(leased, b"first")]) == []
    await refused_by_all(queue, leased)
    record = await queue.inspect(leased.id)
    assert record is not None
    assert record.result == b"first"
    assert (await queue.stats()).completed_total == 1


async def test_same_lease_twice_in_one_call(queue: WorkQueue) -> None:
    first, second = await put_all(queue, [b"1", b"2"])
    leased = await queue.lease(2, 60.0)
    assert await queue.complete([done(leased[0]), done(leased[1]), done(leased[0])]) == [first]
    await refused_by_all(queue, leased[1])
    assert (await queue.stats()).completed_total == 2
    assert second == leased[1].id


async def test_wrong_tokens_and_unknown_items(queue: WorkQueue) -> None:
    await put(queue)
    leased = await lease_one(queue)
    for token in (leased.token - 1, leased.token + 1, 0, -1):
        assert await queue.complete([Done(leased.id, token)]) == [leased.id]
        assert await queue.extend([Held(leased.id, token)], 60.0) == [leased.id]
        assert await queue.release([Held(leased.id, token)]) == [leased.id]
        assert await queue.fail([Failed(id=leased.id, token=token, error="")]) == [leased.id]
    assert await queue.complete([Done("nobody", leased.token)]) == ["nobody"]
    assert await queue.complete([Done("nobody", 1), done(leased)]) == ["nobody"]


async def test_ready_item_has_no_lease(queue: WorkQueue) -> None:
    item = await put(queue)
    assert await queue.complete([Done(item, 0)]) == [item]
    assert await queue.complete([Done(item, 1)]) == [item]
    assert ids(await queue.lease(1, 60.0)) == [item]


async def test_late_after_the_lease_is_over(backend: Backend, queue: WorkQueue) -> None:
    await put(queue)
    leased = await lease_one(queue, 0.1)
    await backend.pass_time(0.15)
    # Nobody has leased it again, and it may not even be back yet.
    await refused_by_all(queue, leased)
    assert (await queue.stats()).completed_total == 0


async def test_late_after_another_lease(backend: Backend, queue: WorkQueue) -> None:
    item = await put(queue, b"body")
    first = await lease_one(queue, 0.1, worker="slow")
    await backend.pass_time(0.15)
    second = await lease_one(queue, 60.0, worker="fast")
    assert (second.id, second.payload, second.attempt) == (item, b"body", 2)
    assert second.token > first.token
    await refused_by_all(queue, first)
    assert await queue.complete([done(second, b"result")]) == []
    await refused_by_all(queue, first)
    record = await queue.inspect(item)
    assert record is not None
    assert (record.state, record.result) == ("completed", b"result")


async def test_late_after_fail_and_release(queue: WorkQueue) -> None:
    await put(queue)
    first = await lease_one(queue)
    await queue.release([held(first)])
    await refused_by_all(queue, first)
    second = await lease_one(queue)
    await queue.fail([failed(second, retry_in=0.0)])
    await refused_by_all(queue, second)
    third = await lease_one(queue)
    await queue.fail([failed(third, final=True)])
    await refused_by_all(queue, third)
    assert first.token < second.token < third.token


async def test_expired_lease_comes_back_on_an_idle_queue(backend: Backend, queue: WorkQueue) -> None:
    item = await put(queue)
    await lease_one(queue, 0.2)
    await backend.pass_time(0.25)

    async def is_back() -> bool:
        # Looking does not bring items back; only the queue itself is left to do it.
        return ids_of(await queue.peek()) == [item]

    await until(is_back)
    stats = await queue.stats()
    assert (stats.ready, stats.leased, stats.expired_total) == (1, 0, 1)


async def test_who_waits_gets_what_expires(backend: Backend, queue: WorkQueue) -> None:
    item = await put(queue)
    await lease_one(queue, 0.2)
    waiting = asyncio.create_task(queue.lease(1, 60.0, wait_seconds=30.0))
    await asyncio.sleep(0)
    await backend.pass_time(0.25)
    assert ids(await waiting) == [item]


async def test_expired_items_are_served_first_again(backend: Backend, queue: WorkQueue) -> None:
    await put_all(queue, [b"1", b"2"])
    await lease_one(queue, 0.1)
    await backend.pass_time(0.15)
    await put(queue, b"3")
    assert payloads(await queue.lease(9, 60.0)) == [b"1", b"2", b"3"]


async def test_extend(backend: Backend, queue: WorkQueue) -> None:
    await put_all(queue, [b"kept", b"lost"])
    kept, lost = await queue.lease(2, 0.3)
    assert await queue.extend([held(kept)], 60.0) == []
    await backend.pass_time(0.3)
    assert await queue.extend([held(kept), held(lost)], 90.0) == [lost.id]
    record = await queue.inspect(kept.id)
    assert record is not None
    assert record.state == "leased"
    assert record.expires_at == pytest.approx(backend.now() + 90.0, abs=10.0)
    assert ids(await queue.lease(9, 60.0)) == [lost.id]
    assert await queue.complete([done(kept)]) == []


async def test_extend_can_shorten(backend: Backend, queue: WorkQueue) -> None:
    await put(queue)
    leased = await lease_one(queue, 60.0)
    assert await queue.extend([held(leased)], 0.1) == []
    await backend.pass_time(0.15)
    assert ids(await queue.lease(1, 60.0)) == [leased.id]


async def test_release_does_not_count(queue: WorkQueue) -> None:
    await put(queue, b"1", max_attempts=1)
    await put(queue, b"2")
    for _ in range(5):
        leased = await lease_one(queue)
        assert (leased.payload, leased.attempt) == (b"1", 1)
        assert await queue.release([held(leased)]) == []
    stats = await queue.stats()
    assert (stats.ready, stats.leased, stats.dead, stats.retried_total) == (2, 0, 0, 0)


async def test_released_items_are_served_first_again(queue: WorkQueue) -> None:
    bodies = [str(number).encode() for number in range(10)]
    await put_all(queue, bodies)
    leased = await queue.lease(5, 60.0)
    await queue.release([held(item) for item in leased])
    again = await queue.lease(10, 60.0)
    assert set(payloads(again[:5])) == set(bodies[:5])
    assert payloads(again[5:]) == bodies[5:]


async def test_complete_and_lease(queue: WorkQueue) -> None:
    await put_all(queue, [b"1", b"2", b"3"])
    first = await lease_one(queue)
    refused, second = await queue.complete_and_lease([done(first, b"r")], 1, 60.0, worker="w")
    assert refused == []
    assert payloads(second) == [b"2"]
    refused, rest = await queue.complete_and_lease([done(first), done(second[0])], 9, 60.0)
    assert refused == [first.id]
    assert payloads(rest) == [b"3"]
    record = await queue.inspect(first.id)
    assert record is not None
    assert record.result == b"r"
    assert await queue.complete_and_lease([done(rest[0])], 1, 60.0) == ([], [])
    assert (await queue.stats()).drained


async def test_a_late_result_is_an_error_for_those_who_want_one(backend: Backend, queue: WorkQueue) -> None:
    await put(queue)
    late = await lease_one(queue, 0.1)
    await backend.pass_time(0.15)
    with pytest.raises(LeaseExpired, match=late.id) as caught:
        raise_refused(await queue.complete([done(late)]))
    assert caught.value.item_ids == (late.id,)
    raise_refused(await queue.complete([done(await lease_one(queue))]))
    assert (await queue.stats()).drained


def test_lease_expired_names_the_items() -> None:
    error = LeaseExpired([str(number) for number in range(7)])
    assert error.item_ids == tuple("0123456")
    assert "0, 1, 2, 3, 4 ..." in str(error)


def ids_of(records: list) -> list[str]:  # type: ignore[type-arg]
    return [record.id for record in records]


async def test_a_lease_that_is_cancelled_keeps_nothing(queue: WorkQueue) -> None:
    for number in range(20):
        waiting = asyncio.create_task(queue.lease(1, 600.0, wait_seconds=30.0))
        for _ in range(number % 5):
            await asyncio.sleep(0.001)
        item = await put(queue, b"%d" % number)
        for _ in range(number % 3):
            await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait((waiting,))
        if not waiting.cancelled():
            # It had the item before: that is the caller's now.
            (leased,) = waiting.result()
        else:
            # Given back unharmed, at once: long before the lease would have ended.
            (leased,) = await queue.lease(1, 600.0, wait_seconds=20.0)
        assert (leased.id, leased.attempt) == (item, 1)
        assert await queue.complete([done(leased)]) == []
