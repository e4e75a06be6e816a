"""Failing: attempts, backoff, dead letters, redrive."""

from __future__ import annotations

import math

import pytest

from contract.queue.backend import Backend
from contract.queue.sample import done, fail_for_good, failed, lease_one, payloads, put, put_all, until
from headrace.queue.port import QueueError, QueueOptions, WorkQueue


async def run_at(queue: WorkQueue, item: str) -> float:
    record = await queue.inspect(item)
    assert record is not None
    assert record.state == "delayed"
    assert record.run_at is not None
    return record.run_at


@pytest.mark.parametrize(("attempt", "pause"), [(1, 100.0), (2, 200.0), (3, 400.0), (4, 500.0), (80, 500.0)])
async def test_backoff_doubles_up_to_its_limit(backend: Backend, attempt: int, pause: float) -> None:
    options = QueueOptions(max_attempts=100, backoff_seconds=100.0, backoff_seconds_max=500.0)
    queue = await backend.open(options=options)
    item = await put(queue)
    for _ in range(attempt - 1):
        await queue.fail([failed(await lease_one(queue), retry_in=0.0)])
    leased = await lease_one(queue)
    assert leased.attempt == attempt
    await queue.fail([failed(leased)])
    assert await run_at(queue, item) == pytest.approx(backend.now() + pause, abs=20.0)


async def test_failed_item_comes_again_after_its_pause(backend: Backend, queue: WorkQueue) -> None:
    item = await put(queue, b"body", headers={"a": "b"})
    assert await queue.fail([failed(await lease_one(queue), "first error", retry_in=0.2)]) == []
    stats = await queue.stats()
    assert (stats.ready, stats.delayed, stats.leased, stats.retried_total) == (0, 1, 0, 1)
    assert await queue.lease(1, 60.0) == []
    await backend.pass_time(0.25)
    leased = await lease_one(queue)
    assert (leased.id, leased.payload, leased.attempt, leased.headers) == (item, b"body", 2, {"a": "b"})
    record = await queue.inspect(item)
    assert record is not None
    assert (record.error, record.attempts) == ("first error", 2)
    assert await queue.complete([done(leased)]) == []


async def test_failed_item_does_not_block_the_rest(queue: WorkQueue) -> None:
    await put_all(queue, [b"poison", b"good"])
    await queue.fail([failed(await lease_one(queue), retry_in=60.0)])
    assert payloads(await queue.lease(9, 60.0)) == [b"good"]


@pytest.mark.parametrize("own", [True, False])
async def test_dead_when_attempts_are_used_up(backend: Backend, own: bool) -> None:
    queue = await backend.open(options=QueueOptions(max_attempts=5 if own else 2))
    item = await put(queue, b"body", priority=4, headers={"a": "b"}, max_attempts=2 if own else None)
    for attempt in (1, 2):
        leased = await lease_one(queue)
        assert (leased.attempt, leased.max_attempts) == (attempt, 2)
        await queue.fail([failed(leased, f"error {attempt}", retry_in=0.0)])
    assert await queue.lease(1, 60.0) == []
    (letter,) = await queue.dead_letters()
    assert (letter.id, letter.payload, letter.reason, letter.error) == (item, b"body", "attempts", "error 2")
    assert (letter.attempts, letter.priority, letter.headers) == (2, 4, {"a": "b"})
    assert letter.died_at == pytest.approx(backend.now(), abs=10.0)
    assert letter.enqueued_at == pytest.approx(backend.now(), abs=10.0)
    stats = await queue.stats()
    assert (stats.dead, stats.dead_total, stats.retried_total, stats.drained) == (1, 1, 1, True)
    record = await queue.inspect(item)
    assert record is not None
    assert (record.state, record.error, record.attempts, record.payload) == ("dead", "error 2", 2, b"body")


async def test_final_failure(queue: WorkQueue) -> None:
    item = await put(queue)
    leased = await lease_one(queue)
    assert await queue.fail([failed(leased, "no such order", retry_in=1.0, final=True)]) == []
    (letter,) = await queue.dead_letters()
    assert (letter.id, letter.reason, letter.error, letter.attempts) == (item, "final", "no such order", 1)


async def test_dead_when_the_last_lease_runs_out(backend: Backend, queue: WorkQueue) -> None:
    item = await put(queue, max_attempts=2)
    for _ in range(2):
        await lease_one(queue, 0.1)
        await backend.pass_time(0.15)

    async def is_dead() -> bool:
        return (await queue.stats()).dead == 1

    await until(is_dead)
    assert await queue.lease(1, 60.0) == []
    (letter,) = await queue.dead_letters()
    assert (letter.id, letter.reason, letter.attempts) == (item, "expired", 2)
    stats = await queue.stats()
    assert (stats.expired_total, stats.dead_total, stats.retried_total) == (2, 1, 0)


async def test_fail_many_at_once(queue: WorkQueue) -> None:
    await put_all(queue, [b"a", b"b", b"c"], max_attempts=1)
    await put(queue, b"d")
    leased = await queue.lease(4, 60.0)
    failing = [failed(item, f"error {item.payload.decode()}", retry_in=0.0) for item in leased]
    assert await queue.fail(failing) == []
    assert [letter.error for letter in await queue.dead_letters()] == ["error a", "error b", "error c"]
    assert payloads(await queue.lease(9, 60.0)) == [b"d"]


async def test_error_texts_of_any_kind(queue: WorkQueue) -> None:
    item = await put(queue, max_attempts=9)
    for error in ("", "ünï\n\0code 😀", "x" * 100_000):
        await queue.fail([failed(await lease_one(queue), error, retry_in=0.0)])
        record = await queue.inspect(item)
        assert record is not None
        # Long ones may be cut, but not to nothing.
        assert record.error is not None
        assert error.startswith(record.error[:1000])
        assert len(record.error) >= min(len(error), 1000)


@pytest.mark.parametrize("retry_in", [-1.0, math.nan, math.inf])
async def test_bad_pauses_are_refused(queue: WorkQueue, retry_in: float) -> None:
    await put(queue)
    leased = await lease_one(queue)
    with pytest.raises(QueueError, match="retry_in"):
        await queue.fail([failed(leased, retry_in=retry_in)])
    assert await queue.complete([done(leased)]) == []


async def test_dead_letters_in_pages(backend: Backend, queue: WorkQueue) -> None:
    await put_all(queue, [str(number).encode() for number in range(7)])
    died = []
    for _ in range(7):
        died.append(await fail_for_good(queue))
        await backend.pass_time(0.002)
    seen: list[str] = []
    after = None
    while page := await queue.dead_letters(after=after, limit=3):
        assert len(page) <= 3
        seen += [letter.id for letter in page]
        after = page[-1].id
    assert seen == died
    assert await queue.dead_letters(limit=0) == []


async def test_dead_letters_of_one_moment_in_pages(queue: WorkQueue) -> None:
    await put_all(queue, [str(number).encode() for number in range(25)])
    await queue.fail([failed(item, final=True) for item in await queue.lease(25, 60.0)])
    seen: list[str] = []
    after = None
    while page := await queue.dead_letters(after=after, limit=10):
        seen += [letter.id for letter in page]
        after = page[-1].id
    assert len(seen) == len(set(seen)) == 25


async def test_redrive_gives_fresh_attempts(queue: WorkQueue) -> None:
    item = await put(queue, b"body", max_attempts=2, headers={"a": "b"}, priority=2)
    for _ in range(2):
        leased = await lease_one(queue)
        await queue.fail([failed(leased, "broken", retry_in=0.0)])
    old = leased
    assert await queue.redrive() == 1
    assert await queue.dead_letters() == []
    leased = await lease_one(queue)
    assert (leased.id, leased.payload, leased.headers, leased.priority) == (item, b"body", {"a": "b"}, 2)
    assert (leased.attempt, leased.max_attempts) == (1, 2)
    assert leased.token > old.token
    assert await queue.complete([done(old)]) == [item]
    await queue.fail([failed(leased, retry_in=0.0)])
    assert (await lease_one(queue)).attempt == 2
    stats = await queue.stats()
    assert (stats.dead, stats.dead_total, stats.enqueued_total) == (0, 1, 1)


async def test_redrive_these_or_some(queue: WorkQueue) -> None:
    await put_all(queue, [str(number).encode() for number in range(6)])
    dead = [await fail_for_good(queue) for _ in range(6)]
    ready = await put(queue, b"ready")
    assert await queue.redrive([dead[4], "nobody", ready, dead[4]]) == 1
    assert await queue.redrive(limit=2) == 2
    assert {letter.id for letter in await queue.dead_letters()} == {dead[2], dead[3], dead[5]}
    assert await queue.redrive() == 3
    assert await queue.redrive() == 0
    assert len(await queue.lease(9, 60.0)) == 7


async def test_dead_letters_are_kept_for_their_time(backend: Backend) -> None:
    queue = await backend.open(options=QueueOptions(dead_seconds=0.2))
    item = await put(queue)
    await fail_for_good(queue)
    await backend.pass_time(0.25)

    async def is_gone() -> bool:
        await queue.lease(1, 60.0)
        gone = await queue.dead_letters() == [] and await queue.inspect(item) is None
        return gone and (await queue.stats()).dead == 0

    await until(is_gone)
    assert (await queue.stats()).dead_total == 1
