"""What a queue was like before anybody looked: sampled by the server, on each backend of queues."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from contract.queue.redis_server import RedisServer, needed_program
from headrace import ManualClock
from headrace.delivery.place import QueuePlace
from headrace.main.platform_queues import PlatformQueues
from headrace.main.sampling import KEPT_SECONDS, QUEUES_MAX, STEP_SECONDS, Sampling
from headrace.queue.open import open_queue
from headrace.queue.port import Done, Put, QueueUnavailable, Stats
from headrace.queue.sqlite.file import _open
from integration.api.served import Served, options

BEGIN = 1_800_000_000.0


@pytest.fixture(scope="module")
def redis() -> Iterator[RedisServer]:
    server = RedisServer(needed_program())
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "redis"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where the queues are; empty at first."""
    if request.param == "sqlite":
        return str(tmp_path / "queue.db")
    server: RedisServer = request.getfixturevalue("redis")
    return server.url


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock(BEGIN)


@pytest.fixture
async def served(tmp_path: Path, address: str, clock: ManualClock) -> AsyncIterator[Served]:
    running = Served(options(tmp_path, queue=address), clock=clock)
    await running.start()
    # The tests say when it looks.
    await running.server.sampling.stop()
    yield running
    await running.stop()


async def samples(served: Served, queue: str, **more: Any) -> dict[str, Any]:
    reply = await served.get(f"queues/{queue}/samples", **more)
    assert reply.status == 200, reply.text
    data: dict[str, Any] = reply.data
    return data


async def step(served: Served, clock: ManualClock) -> None:
    """Let a step go by, and let the server look."""
    clock.advance(STEP_SECONDS)
    await served.server.sampling.look()


async def test_the_past_of_a_queue_is_there_for_who_comes_later(
    served: Served, clock: ManualClock, address: str, request: pytest.FixtureRequest
) -> None:
    name = f"past-{request.node.callspec.params['address']}"
    # Another process puts and works; nobody has asked this server about the queue.
    queue = await open_queue(address, name)
    await queue.enqueue_many([Put(payload=b"1")] * 30)
    await step(served, clock)
    leased = await queue.lease(20, 600.0)
    await queue.complete([Done(each.id, each.token) for each in leased[:15]])
    await step(served, clock)
    await step(served, clock)
    await step(served, clock)
    await queue.aclose()
    seen = await samples(served, name)
    assert (seen["since"], seen["now"]) == (BEGIN + 10, BEGIN + 40)
    assert (seen["step_seconds"], seen["kept_seconds"]) == (STEP_SECONDS, KEPT_SECONDS)
    shown = [
        [each[key] for key in ("at", "ready", "leased", "enqueued_total", "completed_total")]
        for each in seen["items"]
    ]
    # A rest takes its two ends.
    assert shown == [
        [BEGIN + 10, 30, 0, 30, 0],
        [BEGIN + 20, 10, 5, 30, 15],
        [BEGIN + 40, 10, 5, 30, 15],
    ]
    assert seen["items"][0].keys() == {
        *("at", "ready", "delayed", "leased", "dead"),
        *("enqueued_total", "completed_total", "retried_total", "expired_total", "dead_total"),
    }


async def test_it_is_of_a_namespace_and_is_forgotten_by_a_restart(
    served: Served, clock: ManualClock, request: pytest.FixtureRequest
) -> None:
    name = f"home-{request.node.callspec.params['address']}"
    path = f"queues/{name}/samples"
    assert (await served.get(path)).code == "not-found"
    assert (await served.post(f"queues/{name}/items", {"items": [{"data": 1}]})).status == 201
    assert (await samples(served, name))["items"] == []
    assert (await samples(served, name))["since"] is None
    await step(served, clock)
    assert len((await samples(served, name))["items"]) == 1
    assert (await served.get(path, namespace="shop")).code == "not-found"
    put = {"items": [{"data": 1}, {"data": 2}]}
    assert (await served.post(f"queues/{name}/items", put, namespace="shop")).status == 201
    await step(served, clock)
    assert [each["ready"] for each in (await samples(served, name, namespace="shop"))["items"]] == [2]
    clock.advance(5.0)
    await served.restart()
    await served.server.sampling.look()
    # By the step of all, and from when it runs.
    assert (await samples(served, name))["since"] == BEGIN + 25


async def test_the_server_looks_by_itself_at_each_full_step() -> None:
    clock = ManualClock(BEGIN + 3)
    looks: asyncio.Queue[float] = asyncio.Queue()

    async def read(queues_max: int) -> dict[str, Stats]:
        assert queues_max == QUEUES_MAX
        looks.put_nowait(clock.now() - BEGIN)
        return {}

    sampling = Sampling(read, clock)
    sampling.start()
    assert await asyncio.wait_for(looks.get(), 10) == 3
    for moment in (10, 20):
        await settled()
        clock.advance(BEGIN + moment - 0.5 - clock.now())
        await settled()
        assert looks.empty()
        clock.advance(0.5)
        assert await asyncio.wait_for(looks.get(), 10) == moment
    await sampling.stop()
    clock.advance(100)
    await settled()
    assert looks.empty()


async def settled() -> None:
    """Let tasks run that have something to do at once."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_what_cannot_be_read_is_a_gap(caplog: pytest.LogCaptureFixture) -> None:
    clock = ManualClock(BEGIN)
    answers: list[int | Exception] = [3, QueueUnavailable("it is away"), QueueUnavailable("it is away"), 8]

    async def read(queues_max: int) -> dict[str, Stats]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"jobs": stats(answer)}

    sampling = Sampling(read, clock)
    while answers:
        await sampling.look()
        clock.advance(STEP_SECONDS)
    seen = sampling.of("default", "jobs")
    assert [(each.at - BEGIN, each.enqueued_total) for each in seen] == [(0, 3), (30, 8)]
    assert [record.getMessage() for record in caplog.records] == [
        "the queues cannot be sampled now: it is away"
    ]


async def test_queues_that_are_gone_take_no_memory() -> None:
    there = ["a", "b"]

    async def read(queues_max: int) -> dict[str, Stats]:
        return {name: stats(1) for name in there}

    sampling = Sampling(read, ManualClock(BEGIN))
    await sampling.look()
    assert len(sampling.of("default", "a")) == 1
    there.remove("a")
    await sampling.look()
    assert len(sampling.of("default", "a")) == 0
    assert len(sampling.of("default", "b")) == 1


def stats(enqueued: int) -> Stats:
    totals = dict.fromkeys(("completed_total", "retried_total", "expired_total", "dead_total"), 0)
    return Stats(ready=enqueued, delayed=0, leased=0, dead=0, enqueued_total=enqueued, **totals)


async def test_of_too_many_queues_old_batches_are_left_out_first(tmp_path: Path) -> None:
    file = str(tmp_path / "queue.db")
    older, newer = "z.f.batch-01aaa.1.1", "a.f.batch-01bbb.1.1"
    for name in (newer, older, "jobs", "shop/mail", "headrace.replies.1"):
        queue = await open_queue(file, name)
        await queue.aclose()
    queues = PlatformQueues(QueuePlace(file))
    try:
        assert set(await queues.sampled(4)) == {"jobs", "shop/mail", older, newer}
        assert set(await queues.sampled(3)) == {"jobs", "shop/mail", newer}
        assert set(await queues.sampled(1)) == {"jobs"}
    finally:
        await queues.aclose()


async def test_who_reads_at_the_same_time_reads_the_same(tmp_path: Path) -> None:
    file = str(tmp_path.resolve() / "queue.db")
    queue = await open_queue(file, "jobs")
    await queue.aclose()
    queues = PlatformQueues(QueuePlace(file))
    found = await asyncio.gather(*(queues.sampled(9) for _ in range(5)), queues.names("default"))
    assert [list(each) for each in found] == [["jobs"]] * 6
    await queues.aclose()
    # Whoever came second has closed what it had opened.
    assert file not in {key[0] for key in _open}


async def test_reading_all_queues_brings_back_what_is_due(tmp_path: Path) -> None:
    """Of a reader that died, whose queue nobody else has open: who looks at the list sees it ready again."""
    file = str(tmp_path / "queue.db")
    queue = await open_queue(file, "jobs")
    await queue.enqueue(Put(payload=b"1"))
    await queue.lease(1, 0.01)
    await queue.aclose()
    queues = PlatformQueues(QueuePlace(file))
    try:
        async with asyncio.timeout(20):
            while not (await queues.stats("default"))["jobs"].ready:
                await asyncio.sleep(0.05)
        assert (await queues.figures())["jobs"].expired_total == 1
    finally:
        await queues.aclose()
