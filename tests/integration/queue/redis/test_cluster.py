"""The queue on servers in cluster mode: every script's keys in one slot, and the way to the right node."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest
import redis

from contract.queue.redis_server import RedisServer
from contract.queue.sample import done, fail_for_good, failed, held, lease_one, payloads, put, put_all
from headrace.queue.port import Put
from headrace.queue.redis import Adopted, RedisQueue, RedisQueues
from headrace.queue.redis.keys import SLOTS, QueueKeys, slot

PATIENCE_SECONDS = 30.0


def node(program: str) -> tuple[RedisServer, redis.Redis]:
    for _ in range(20):
        # Nodes talk to each other on their port + 10,000, which has to be a port, and free.
        with contextlib.suppress(RuntimeError):
            server = RedisServer(program, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
            return server, redis.Redis(port=server.port)
    raise AssertionError("no node started")


def well(control: redis.Redis) -> bool:
    """Whether a node knows of others that have every slot."""
    return "cluster_state:ok" in str(control.execute_command("CLUSTER", "INFO"))


def wait_until_well(*controls: redis.Redis) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not all(map(well, controls)):
        assert time.monotonic() < deadline, "the cluster did not come up"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def cluster(program: str) -> Iterator[list[RedisServer]]:
    """Two nodes, each with one half of the slots."""
    (first, first_control), (second, second_control) = node(program), node(program)
    half = SLOTS // 2
    first_control.execute_command("CLUSTER", "ADDSLOTS", *range(half))
    second_control.execute_command("CLUSTER", "ADDSLOTS", *range(half, SLOTS))
    first_control.execute_command("CLUSTER", "MEET", "127.0.0.1", second.port)
    wait_until_well(first_control, second_control)
    yield [first, second]
    first.stop()
    second.stop()


@pytest.mark.parametrize("name", ["job", "jobs", "{a}", "x{a}y", "}{", "{}", "a}b", "队列"])
@pytest.mark.parametrize("asked", [0, 1])
async def test_every_call(cluster: list[RedisServer], name: str, asked: int) -> None:
    queue = await RedisQueue.connect(cluster[asked].url, name)
    await queue.purge("all")
    await put_all(queue, [b"a", b"b"], priority=3)
    await queue.enqueue_many(
        [
            Put(payload=b"c", dedupe_key="{k}", id="{i}"),
            Put(payload=b"c", dedupe_key="{k}"),
            Put(payload=b"later", delay_seconds=60.0, id=f"later {asked}"),
        ]
    )
    first = await lease_one(queue, worker="w")
    refused, leased = await queue.complete_and_lease([done(first, b"r")], 2, 60.0)
    assert refused == []
    assert payloads(leased)[0] == b"b"
    assert await queue.extend([held(leased[0])], 60.0) == []
    assert await queue.release([held(leased[0])]) == []
    assert (await lease_one(queue)).payload == b"b"
    await put(queue)
    await fail_for_good(queue)
    assert len(await queue.dead_letters()) == 1
    assert await queue.redrive() == 1
    await queue.fail([failed(await lease_one(queue), retry_in=0.0)])
    assert len(await queue.peek()) == 1
    assert await queue.inspect(f"later {asked}") is not None
    assert await queue.lease(1, 60.0, wait_seconds=5.0)
    assert await queue.lease(1, 60.0, wait_seconds=0.1) == []
    assert (await queue.stats()).delayed == 1
    await queue.aclose()


async def test_how_all_queues_are(cluster: list[RedisServer]) -> None:
    """From any node, of queues on each of them."""
    names = [f"all-{number}" for number in range(8)]
    assert {slot(QueueKeys(name).wake) < SLOTS // 2 for name in names} == {True, False}
    for count, name in enumerate(names):
        queue = await RedisQueue.connect(cluster[0].url, name)
        await put_all(queue, [b"x"] * count)
        await queue.aclose()
    for each in cluster:
        queues = await RedisQueues.connect(each.url)
        found = await queues.stats([*names, "nobody"])
        assert [(name, stats.ready) for name, stats in found.items()] == [
            (name, count) for count, name in enumerate(names)
        ]
        assert set(names) <= set(await queues.names())
        await queues.aclose()


async def test_plain_lists(cluster: list[RedisServer]) -> None:
    name = "fruits"
    holder = cluster[slot(name.encode()) >= SLOTS // 2]
    control = redis.Redis(port=holder.port)
    control.rpush(name, b"apple", b"apple")
    control.rpush(f"{{{name}}}:processing", b"fig", b"fig")
    for server in cluster:
        queue = await RedisQueue.connect(server.url, name)
        assert payloads(await queue.lease(1, 60.0)) == [b"apple"]
        await queue.aclose()
    queue = await RedisQueue.connect(cluster[0].url, name)
    assert await queue.adopt_rediswq(f"{{{name}}}") == Adopted(recovered=2, leased=0)
    assert payloads(await queue.lease(2, 60.0)) == [b"fig", b"fig"]
    await queue.aclose()
