"""Values that other programs put into plain lists, and queues of the RedisWQ class."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import redis

from contract.queue.redis_server import RedisServer
from contract.queue.sample import done, failed, ids, lease_one, payloads, put, until
from headrace.queue.redis import Adopted, RedisQueue

FRUITS = [b"apple", b"banana", b"cherry", b"date", b"fig"]


@asynccontextmanager
async def connected(server: RedisServer, name: str) -> AsyncIterator[RedisQueue]:
    """A client for the time of a block."""
    queue = await RedisQueue.connect(server.url, name)
    try:
        yield queue
    finally:
        await queue.aclose()


class RedisWQ:
    """The layout of the class by that name, as far as these tests need it."""

    def __init__(self, name: str, client: redis.Redis) -> None:
        self._name = name
        self._client = client

    def lease(self, lease_seconds: float) -> bytes:
        value = self._client.rpoplpush(self._name, f"{self._name}:processing")
        assert isinstance(value, bytes)
        key = f"{self._name}:leased_by_session:{hashlib.sha224(value).hexdigest()}"
        self._client.set(key, "session", px=int(lease_seconds * 1000))
        return value


async def test_pushed_values_are_leased_and_completed(
    server: RedisServer, other_program: redis.Redis
) -> None:
    for fruit in FRUITS:
        other_program.rpush("job", fruit)
    workers = [await RedisQueue.connect(server.url, "job") for _ in range(2)]
    taken: list[bytes] = []
    leased = [await worker.lease(1, 60.0, worker=f"w{n}") for n, worker in enumerate(workers)]
    while any(leased):
        for n, worker in enumerate(workers):
            taken += payloads(leased[n])
            refused, leased[n] = await worker.complete_and_lease(
                [done(item, item.payload.upper()) for item in leased[n]], 1, 60.0, worker=f"w{n}"
            )
            assert refused == []
    assert taken == FRUITS
    assert other_program.lrange("job", 0, -1) == []
    completed = await workers[0].peek(state="completed")
    assert {record.result for record in completed} == {fruit.upper() for fruit in FRUITS}
    assert {record.history[-1].worker for record in completed} == {"w0", "w1"}
    stats = await workers[0].stats()
    assert (stats.enqueued_total, stats.completed_total, stats.drained) == (5, 5, True)
    for worker in workers:
        await worker.aclose()


async def test_equal_values_are_kept_apart(server: RedisServer, other_program: redis.Redis) -> None:
    other_program.rpush("job", *[b"apple"] * 3, b"\0\xff")
    async with connected(server, "job") as queue:
        first = await lease_one(queue)
        rest = await queue.lease(9, 60.0)
        assert len({first.id, *ids(rest)}) == 4
        assert payloads([first, *rest]) == [b"apple", b"apple", b"apple", b"\0\xff"]
        await queue.complete([done(first)])
        await queue.fail([failed(rest[0], final=True)])
        stats = await queue.stats()
        assert (stats.completed_total, stats.dead, stats.leased) == (1, 1, 2)


async def test_a_waiting_reader_gets_a_pushed_value(server: RedisServer, other_program: redis.Redis) -> None:
    async with connected(server, "job") as queue:
        waiting = asyncio.create_task(queue.lease(1, 60.0, wait_seconds=30.0))
        await asyncio.sleep(0.1)
        other_program.rpush("job", b"apple")
        assert payloads(await waiting) == [b"apple"]


async def test_many_values_are_taken_in_shares(server: RedisServer, other_program: redis.Redis) -> None:
    values = [str(number).encode() for number in range(3_500)]
    other_program.rpush("job", *values)
    async with connected(server, "job") as queue:
        assert (await queue.stats()).ready == 3_500
        taken: list[bytes] = []
        while leased := await queue.lease(700, 60.0):
            taken += payloads(leased)
        assert taken == values


async def test_pushed_values_are_looked_at_and_purged(
    server: RedisServer, other_program: redis.Redis
) -> None:
    async with connected(server, "job") as queue:
        other_program.rpush("job", *FRUITS)

        async def seen() -> bool:
            return [record.payload for record in await queue.peek()] == FRUITS

        await until(seen)
        other_program.rpush("job", *FRUITS)
        assert await queue.purge("ready") == 10
        assert (await queue.stats()).drained


async def test_another_kind_of_value_under_the_name_is_left_alone(
    server: RedisServer, other_program: redis.Redis
) -> None:
    other_program.set("job", "mine")
    async with connected(server, "job") as queue:
        item = await put(queue)
        assert ids(await queue.lease(9, 60.0)) == [item]
        assert await queue.lease(9, 60.0, wait_seconds=0.05) == []
        assert (await queue.stats()).ready == 0
        await queue.purge("all")
    assert other_program.get("job") == b"mine"


async def test_a_rediswq_is_drained(server: RedisServer, other_program: redis.Redis) -> None:
    other_program.rpush("job", *FRUITS, b"apple", b"apple")
    old = RedisWQ("job", other_program)
    # Both copies in hands; one lease key between them, which ends.
    assert (old.lease(0.05), old.lease(0.05)) == (b"apple", b"apple")
    assert old.lease(60.0) == b"fig"
    await asyncio.sleep(0.1)
    async with connected(server, "job") as queue:
        assert await queue.adopt_rediswq() == Adopted(recovered=2, leased=1)
        assert await queue.adopt_rediswq() == Adopted(recovered=0, leased=1)
        leased = await queue.lease(99, 60.0)
        assert sorted(payloads(leased)) == sorted([*FRUITS[:-1], b"apple", b"apple"])
        assert await queue.complete([done(item) for item in leased]) == []
        assert other_program.lrange("job:processing", 0, -1) == [b"fig"]
        assert other_program.lrange("job", 0, -1) == []


async def test_a_rediswq_of_another_name(server: RedisServer, other_program: redis.Redis) -> None:
    other_program.rpush("old:processing", *[b"same"] * 2_500, *(str(n).encode() for n in range(1_500)))
    async with connected(server, "job") as queue:
        assert await queue.adopt_rediswq("old") == Adopted(recovered=4_000, leased=0)
        assert (await queue.stats()).ready == 4_000
    assert other_program.llen("old:processing") == 0
