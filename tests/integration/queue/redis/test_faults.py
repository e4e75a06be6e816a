"""What goes wrong around a queue: lost answers, cut connections, restarts, killed readers, wrong clocks."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import redis

from contract.queue.redis_server import RedisServer
from contract.queue.sample import (
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
from headrace.queue.port import Done, Put, QueueError, QueueUnavailable
from headrace.queue.redis import RedisQueue, script
from headrace.queue.redis.wire import Wire
from integration.queue.redis.proxy import LossyProxy

READER = Path(__file__).with_name("reader.py")


@pytest.fixture
async def queue(server: RedisServer) -> AsyncIterator[RedisQueue]:
    queue = await RedisQueue.connect(server.url, "work")
    yield queue
    await queue.aclose()


async def test_scripts_are_forgotten(queue: RedisQueue, other_program: redis.Redis) -> None:
    for _ in range(3):
        other_program.script_flush()
        await put(queue, b"body", dedupe_key="k", dedupe_seconds=0.0)
        other_program.script_flush()
        leased = await lease_one(queue)
        other_program.script_flush()
        assert await queue.complete([done(leased)]) == []
        other_program.script_flush()
        assert (await queue.stats()).drained
    assert (await queue.stats()).completed_total == 3


async def test_all_connections_are_cut(queue: RedisQueue, other_program: redis.Redis) -> None:
    waiting = asyncio.create_task(queue.lease(1, 60.0, wait_seconds=30.0))
    for number in range(10):
        other_program.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        if number == 5:
            item = await put(queue)
            assert ids(await waiting) == [item]
        else:
            await put(queue, delay_seconds=60.0)
    assert (await queue.stats()).enqueued_total == 10


async def test_lost_answers_do_nothing_twice(server: RedisServer) -> None:
    async with LossyProxy(server.port) as proxy:
        queue = await RedisQueue.connect(proxy.url, "work")

        def lose(of: script.Script) -> None:
            proxy.lose = of.sha

        lose(script.ENQUEUE)
        answers = await queue.enqueue_many([Put(payload=b"1"), Put(payload=b"2", dedupe_key="k")])
        assert [answer.duplicate for answer in answers] == [False, False]
        lose(script.ENQUEUE)
        assert not (await queue.enqueue(Put(payload=b"3", id="mine"))).duplicate
        assert (await queue.stats()).enqueued_total == 3
        lose(script.ENQUEUE_PLAIN)
        await put(queue, b"4", priority=9)
        (last,) = await queue.lease(1, 60.0)
        assert (last.payload, await queue.complete([done(last)])) == (b"4", [])
        assert (await queue.stats()).enqueued_total == 4

        lose(script.COMPLETE_AND_LEASE)
        leased = await queue.lease(3, 60.0, worker="w")
        assert payloads(leased) == [b"1", b"2", b"3"]
        assert [item.attempt for item in leased] == [1, 1, 1]

        lose(script.COMPLETE_AND_LEASE)
        refused, _ = await queue.complete_and_lease([done(leased[0], b"r"), Done("nobody", 1)], 1, 60.0)
        assert refused == ["nobody"]
        assert (await queue.stats()).completed_total == 2
        lose(script.EXTEND)
        assert await queue.extend([held(leased[1])], 60.0) == []
        lose(script.RELEASE)
        assert await queue.release([held(leased[1])]) == []
        lose(script.FAIL)
        assert await queue.fail([failed(leased[2], final=True)]) == []
        lose(script.REDRIVE)
        assert await queue.redrive() == 1
        lose(script.COMPLETE_AND_LEASE)
        (again,) = await queue.lease(1, 60.0)
        assert again.payload == b"2"
        lose(script.PURGE)
        assert await queue.purge("ready") == 1
        stats = await queue.stats()
        assert (stats.leased, stats.completed_total, stats.dead_total, stats.ready) == (1, 2, 1, 0)
        assert proxy.lost == 11
        await queue.aclose()


async def test_a_call_that_comes_late_is_not_run(
    queue: RedisQueue, server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes of a given-up connection may reach the server after the call was asked again and more."""
    sent: list[bytes] = []
    plain = Wire.ask

    async def recording(wire: Wire, command: bytes, seconds: float) -> object:
        sent.append(command)
        return await plain(wire, command, seconds)

    monkeypatch.setattr(Wire, "ask", recording)
    item = await put(queue, b"once")
    enqueueing = next(command for command in sent if script.ENQUEUE_PLAIN.sha in command)
    leased = await lease_one(queue)
    await queue.complete([done(leased)])
    await queue.purge("all")
    with socket.create_connection(("127.0.0.1", server.port)) as late:
        late.sendall(enqueueing)
        assert late.recv(100)  # the server has dealt with it
    assert await queue.inspect(item) is None
    assert (await queue.stats()).enqueued_total == 1


async def test_restart_in_the_middle(kept_server: RedisServer) -> None:
    producer = await RedisQueue.connect(kept_server.url, "work", patience_seconds=60.0)
    reader = await RedisQueue.connect(kept_server.url, "work", patience_seconds=60.0)
    acknowledged: list[str] = []
    completed: list[str] = []
    enough, produced = asyncio.Event(), asyncio.Event()

    async def produce() -> None:
        while not enough.is_set():
            acknowledged.extend(await put_all(producer, [b"x"] * 10))
            await asyncio.sleep(0.002)
        produced.set()

    async def read() -> None:
        while not produced.is_set() or not (await reader.stats()).drained:
            leased = await reader.lease(7, 30.0, wait_seconds=0.2)
            assert await reader.complete([done(item, item.id.encode()) for item in leased]) == []
            completed.extend(ids(leased))

    tasks = [asyncio.create_task(produce()), asyncio.create_task(read())]
    for _ in range(3):
        before = len(completed)

        async def moving(before: int = before) -> bool:
            return len(completed) > before + 50

        await until(moving)
        await asyncio.to_thread(kept_server.kill)
        await asyncio.to_thread(kept_server.restart)
    enough.set()
    async with asyncio.timeout(60):
        await asyncio.gather(*tasks)
    assert len(acknowledged) > 100
    assert sorted(completed) == sorted(acknowledged)
    assert (await reader.stats()).completed_total == len(completed)
    for item in acknowledged[:: len(acknowledged) // 20]:
        record = await reader.inspect(item)
        assert record is not None
        assert record.result == item.encode()
    await producer.aclose()
    await reader.aclose()


async def test_server_is_away(program: str) -> None:
    server = RedisServer(program)
    secret = server.url.replace("redis://", "redis://:pass%40word@")
    queue = await RedisQueue.connect(server.url, "work", patience_seconds=0.1)
    server.kill()
    with pytest.raises(QueueUnavailable, match=rf"127\.0\.0\.1:{server.port} cannot be reached"):
        await put(queue)
    with pytest.raises(QueueUnavailable) as caught:
        await RedisQueue.connect(secret, "work")
    assert "pass" not in str(caught.value)
    assert caught.value.__cause__ is not None
    server.restart()
    await put(queue)
    await queue.aclose()
    server.stop()


async def test_another_server_takes_over(queue: RedisQueue, other_program: redis.Redis) -> None:
    item = await put(queue)
    # Until it is made the primary, a replica takes no writes.
    other_program.replicaof("127.0.0.1", "1")
    leasing = asyncio.create_task(queue.lease(1, 60.0))
    await asyncio.sleep(0.2)
    assert not leasing.done()
    other_program.replicaof("NO", "ONE")
    assert ids(await leasing) == [item]


async def test_bad_addresses_and_passwords(server: RedisServer) -> None:
    for url in ("nonsense", "http://host", "redis://:secret@host:port/0"):
        with pytest.raises(QueueError, match="address") as bad:
            await RedisQueue.connect(url, "work")
        assert "secret" not in str(bad.value)
        assert bad.value.__cause__ is None
    with pytest.raises(QueueUnavailable, match="let us in") as caught:
        await RedisQueue.connect(server.url.replace("redis://", "redis://nobody:secret@"), "work")
    assert "secret" not in str(caught.value)


async def test_killed_reader(queue: RedisQueue, server: RedisServer) -> None:
    items = await put_all(queue, [b"x"] * 150)
    process = await asyncio.create_subprocess_exec(
        sys.executable, READER, server.url, "work", "100", "1.0", stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"100\n"
    process.send_signal(signal.SIGKILL)
    await process.wait()

    async def are_back() -> bool:
        # This client neither puts nor leases meanwhile.
        return (await queue.stats()).ready == 150

    await until(are_back)
    leased = await queue.lease(150, 60.0)
    assert ids(leased) == items
    assert [item.attempt for item in leased] == [2] * 100 + [1] * 50
    record = await queue.inspect(items[0])
    assert record is not None
    assert [event.what for event in record.history] == ["enqueued", "leased", "expired", "leased"]
    assert record.history[2].worker == "doomed"


@pytest.mark.parametrize("hours", [-1, 1])
async def test_wrong_clock_of_a_client(
    queue: RedisQueue, server: RedisServer, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    right = time.time
    monkeypatch.setattr(time, "time", lambda: right() + hours * 3600)
    wrong = await RedisQueue.connect(server.url, "work")
    delayed = await put(wrong, b"delayed", delay_seconds=30.0)
    await put(wrong, b"now", dedupe_key="k")
    assert (await wrong.enqueue(Put(payload=b"", dedupe_key="k"))).duplicate
    (leased,) = await wrong.lease(9, 30.0)
    assert leased.expires_at == pytest.approx(right() + 30.0, abs=10.0)
    assert leased.enqueued_at == pytest.approx(right(), abs=10.0)
    assert await queue.lease(9, 30.0, wait_seconds=0.6) == []
    assert await wrong.extend([held(leased)], 30.0) == []
    assert await wrong.complete([done(leased)]) == []
    record = await wrong.inspect(delayed)
    assert record is not None
    assert record.run_at == pytest.approx(right() + 30.0, abs=10.0)
    await wrong.aclose()


async def test_cancelled_leases_give_back(queue: RedisQueue, server: RedisServer) -> None:
    other = await RedisQueue.connect(server.url, "work")
    await put_all(other, [b"x"] * 20)
    for step in range(20):
        task = asyncio.create_task(queue.lease(5, 60.0))
        for _ in range(step):
            await asyncio.sleep(0)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await queue.release([held(item) for item in await task])

    async def all_ready() -> bool:
        return (await other.stats()).ready == 20

    await until(all_ready)
    assert [item.attempt for item in await other.lease(20, 60.0)] == [1] * 20
    await other.aclose()


async def test_full_memory_loses_nothing(program: str) -> None:
    server = RedisServer(program)
    control = redis.Redis(port=server.port)
    queue = await RedisQueue.connect(server.url, "work")
    await put_all(queue, [b"x"] * 10)
    await put(queue, b"soon", delay_seconds=0.1)
    control.rpush("work", *[b"plain"] * 10)
    control.config_set("maxmemory", 1)
    with pytest.raises(QueueUnavailable, match="memory"):
        await put(queue)
    with pytest.raises(QueueUnavailable, match="memory"):
        await queue.lease(5, 60.0)
    await asyncio.sleep(0.6)
    control.config_set("maxmemory", 0)
    leased = await queue.lease(30, 60.0)
    while more := await queue.lease(30, 60.0):
        leased += more
    assert sorted(payloads(leased)) == [b"plain"] * 10 + [b"soon"] + [b"x"] * 10
    control.config_set("maxmemory", 1)
    with pytest.raises(QueueUnavailable, match="memory"):
        await queue.complete([done(item) for item in leased])
    with pytest.raises(QueueUnavailable, match="memory"):
        await queue.fail([failed(item) for item in leased])
    control.config_set("maxmemory", 0)
    await put(queue, b"too many")
    control.config_set("maxmemory", 1)
    assert await queue.purge("ready") == 1
    control.config_set("maxmemory", 0)
    assert await queue.complete([done(item) for item in leased]) == []
    stats = await queue.stats()
    assert (stats.completed_total, stats.retried_total, stats.drained) == (21, 0, True)
    await queue.aclose()
    server.stop()


async def test_text_that_is_not_unicode(queue: RedisQueue) -> None:
    for odd in ({"id": "\ud800"}, {"dedupe_key": "\ud800"}, {"headers": {"a": "\ud800"}}):
        with pytest.raises(QueueError, match="Unicode"):
            await put(queue, **odd)
    await put(queue)
    leased = await lease_one(queue, worker="\ud800")
    await queue.fail([failed(leased, "\ud800", final=True)])
    (letter,) = await queue.dead_letters()
    assert letter.error == "?"


async def test_names_of_keys_are_no_names_of_queues(queue: RedisQueue, server: RedisServer) -> None:
    await put(queue)
    for name in ("{work}:ready:0", "{work}:wake", "{a}({a}):items", "{work}:dedupe:x"):
        with pytest.raises(QueueError, match="Choose another name"):
            await RedisQueue.connect(server.url, name)
    await fail_for_good(queue)
