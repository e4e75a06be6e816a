"""`delivery: queue`, with the readers of this process and with readers elsewhere, on each backend."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest

from headrace import Headrace
from headrace.delivery import outstanding
from headrace.main import ExecutionFaulted
from headrace.queue.open import open_queue
from headrace.queue.port import Done, Failed, QueueOptions
from headrace.worker.callable_application import callable_application
from headrace.worker.options import ReaderOptions
from headrace.worker.reader import Reader
from headrace.worker.replies import REPLY_OPTIONS, Replies
from integration.delivery.flows import QUEUE, flow, lease_one, opened, status_of, until


class Refused(Exception):
    """Makes a function fail with an error of its own."""

    def __init__(self, status: int) -> None:
        super().__init__("no such order")
        self.problem = {
            "type": "https://shop.example/errors/refused",
            "status": status,
            "title": "Refused",
            "order": 7,
        }


async def test_the_answer_comes_back(address: str) -> None:
    seen: list[Any] = []

    async def work(data: Any, context: Any) -> Any:
        seen.append(context)
        return {"double": data["n"] * 2}

    async with Headrace(functions={"work": work}, queue=address) as headrace:
        deployed = await headrace.deploy(flow())
        handle = await headrace.start(deployed, {"n": 4})
        assert (await handle.result()).output == {"double": 8}
        (context,) = seen
        assert context.invocation_id == f"{handle.id}.1.1"
        assert (context.execution_id, context.run_id, context.attempt) == (handle.id, 1, 1)
        assert (context.flow, context.task) == ("test/shop:1.0.0", "/do/0/work")
        queue = await opened(address)
        record = await queue.inspect(f"{handle.id}.1.1")
        assert record is not None
        assert record.state == "completed"
        await queue.aclose()


async def test_as_many_at_a_time_as_parallelism_says(address: str) -> None:
    running = most = 0

    async def work(data: Any) -> Any:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return data

    async with Headrace(functions={"work": work}, queue=address) as headrace:
        deployed = await headrace.deploy(flow(parallelism=3))
        results = await asyncio.gather(*(headrace.run(deployed, n) for n in range(30)))
        assert results == list(range(30))
        assert most == 3


async def test_waiting_calls_do_not_stand_in_the_way_of_others(address: str) -> None:
    """More outstanding calls than the process has slots for calls of its own."""
    gate = asyncio.Event()

    async def work(data: Any) -> Any:
        await gate.wait()
        return data

    async def quick(data: Any) -> Any:
        return "quick"

    steps = (
        "- both:\n    fork:\n      branches:\n        - slow: {call: work}\n        - quick: {call: quick}"
    )
    async with Headrace(
        functions={"work": work, "quick": quick}, queue=address, max_concurrent_calls=2
    ) as headrace:
        deployed = await headrace.deploy(flow(steps))
        handles = [await headrace.start(deployed, n) for n in range(8)]

        async def all_quick_done() -> bool:
            runs = [run for handle in handles for run in await headrace.history(handle.id)]
            return sum(run.name == "quick" for run in runs) == len(handles)

        await until(all_quick_done)
        gate.set()
        assert [(await handle.result()).output for handle in handles] == [[n, "quick"] for n in range(8)]


@pytest.mark.parametrize(("status", "runs"), [(422, 1), (503, 3)])
async def test_errors_are_kept_and_only_some_are_tried_again(address: str, status: int, runs: int) -> None:
    attempts: list[tuple[str, int]] = []

    async def work(data: Any, context: Any) -> Any:
        attempts.append((context.invocation_id, context.attempt))
        raise Refused(status)

    queue = await open_queue(address, QUEUE)
    async with Headrace(functions={"work": work}, queue=address) as headrace:
        deployed = await headrace.deploy(flow(retries=2))
        # The queue's pauses are seconds: not in a test.
        await (await headrace.delivery.place.queue(QUEUE)).aclose()
        headrace.delivery.place._queues[QUEUE] = asyncio.ensure_future(
            open_queue(address, QUEUE, options=QueueOptions(backoff_seconds=0.001))
        )
        with pytest.raises(ExecutionFaulted) as caught:
            await headrace.run(deployed, {})
        error = caught.value.result.error
        assert error is not None
        assert (error["type"], error["status"], error["order"]) == (
            "https://shop.example/errors/refused",
            status,
            7,
        )
        assert error["instance"] == "/do/0/work"
        assert [attempt for _, attempt in attempts] == list(range(1, runs + 1))
        assert len({invocation for invocation, _ in attempts}) == 1
        assert ("given up after 3 attempts" in error["detail"]) == (runs == 3)
        (letter,) = await queue.dead_letters()
        assert letter.reason == ("attempts" if runs == 3 else "final")
    await queue.aclose()


async def test_a_retry_policy_is_the_engines(address: str) -> None:
    attempts: list[str] = []

    async def work(data: Any, context: Any) -> Any:
        attempts.append(context.invocation_id)
        if len(attempts) < 3:
            raise Refused(503)
        return "well"

    policy = "{delay: {milliseconds: 1}, limit: {attempt: {count: 5}}}"
    async with Headrace(functions={"work": work}, queue=address) as headrace:
        deployed = await headrace.deploy(flow(retries=policy))
        handle = await headrace.start(deployed, {})
        assert (await handle.result()).output == "well"
        assert attempts == [f"{handle.id}.1.{attempt}" for attempt in (1, 2, 3)]


async def test_a_reader_elsewhere(address: str) -> None:
    """What it completes comes back by its message, long before anybody looks around."""
    async with Headrace(queue=address) as headrace:
        deployed = await headrace.deploy(flow(parallelism=0, url='"http://127.0.0.1:1/"'))
        queue = await opened(address)
        replies = Replies(lambda name: open_queue(address, name, options=REPLY_OPTIONS))
        reader = Reader(
            queue,
            callable_application(lambda data, context: {"n": data["n"], "id": context.headers["ce-id"]}),
            ReaderOptions(worker_id="elsewhere"),
            on_settled=replies.settled,
        )
        reading = asyncio.create_task(reader.run())
        for _ in range(20):
            handles = [await headrace.start(deployed, {"n": n}) for n in range(5)]
            for n, handle in enumerate(handles):
                assert (await handle.result()).output == {"n": n, "id": f"{handle.id}.1.1"}
        reader.stop()
        await reading
        await replies.aclose()
        await queue.aclose()


async def test_an_item_is_a_complete_event(address: str) -> None:
    async with Headrace(queue=address) as headrace:
        deployed = await headrace.deploy(flow(parallelism=0))
        handle = await headrace.start(deployed, {"n": 1})
        queue = await opened(address)
        item = await lease_one(queue)
        assert item.id == f"{handle.id}.1.1"
        assert orjson.loads(item.payload) == {"n": 1}
        headers = dict(item.headers or {})
        assert headers.pop("traceparent").startswith("00-")
        assert headers.pop("headrace-reply-to").startswith("headrace.replies.")
        assert headers == {
            "content-type": "application/json",
            "ce-specversion": "1.0",
            "ce-type": "dev.headrace.function.invoke.v1",
            "ce-id": f"{handle.id}.1.1",
            "ce-source": "/test/shop:1.0.0",
            "ce-subject": handle.id,
            "ce-headraceflow": "test/shop:1.0.0",
            "ce-headracetask": "/do/0/work",
            "ce-headraceattempt": "1",
        }
        await queue.complete([Done(item.id, item.token, b'{"n": 2}')])
        # Nobody sent a message: looking around finds it.
        headrace.delivery.outstanding._tasks[1].cancel()
        await headrace.delivery.outstanding._look_at([item.id])
        assert (await handle.result()).output == {"n": 2}
        await queue.aclose()


async def test_results_without_a_message_are_found_by_looking(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outstanding, "LOOK_SECONDS", 0.05)
    async with Headrace(queue=address) as headrace:
        deployed = await headrace.deploy(flow(parallelism=0))
        handles = [await headrace.start(deployed, n) for n in range(3)]
        queue = await opened(address)
        results = (b"text, not JSON", b'{"a": [1]}', None)
        for _ in results:
            item = await lease_one(queue)
            await queue.complete([Done(item.id, item.token, results[int(item.payload)])])
        outputs = [(await handle.result()).output for handle in handles]
        assert outputs == ["text, not JSON", {"a": [1]}, None]
        await queue.aclose()


async def test_readers_that_die_are_the_reason(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outstanding, "LOOK_SECONDS", 0.05)
    async with Headrace(queue=address) as headrace:
        deployed = await headrace.deploy(flow(parallelism=0, retries=1))
        handle = await headrace.start(deployed, {})
        queue = await opened(address)
        for _ in range(2):
            item = await lease_one(queue, 0.05)  # and not a word any more
        result = await handle.result()
        assert result.status == "faulted"
        assert result.error is not None
        assert result.error["title"] == "The readers of the call died"
        assert "2 attempts are used up" in result.error["detail"]
        assert "elsewhere" in result.error["detail"]
        assert f"headrace queue show {QUEUE} {item.id}" in result.error["detail"]
        await queue.aclose()


async def test_a_late_result_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outstanding, "LOOK_SECONDS", 0.05)
    async with Headrace(queue=address) as headrace:
        deployed = await headrace.deploy(flow(parallelism=0))
        handle = await headrace.start(deployed, {})
        queue = await opened(address)
        late = await lease_one(queue, 0.05)
        again = await lease_one(queue)
        assert (again.id, again.attempt) == (late.id, 2)
        assert await queue.complete([Done(late.id, late.token, b'"late"')]) == [late.id]
        assert await status_of(headrace, handle.id) == "running"
        await queue.complete([Done(again.id, again.token, b'"in time"')])
        assert (await handle.result()).output == "in time"
        await queue.aclose()


async def test_cancelling_withdraws_what_nobody_has(address: str) -> None:
    async with Headrace(queue=address) as headrace:
        deployed = await headrace.deploy(flow(parallelism=0))
        handles = [await headrace.start(deployed, n) for n in range(3)]
        queue = await opened(address)
        await until(lambda: _ready(queue, 3))
        leased = await lease_one(queue)
        mine = next(handle for handle in handles if leased.id.startswith(handle.id))
        others = [handle for handle in handles if handle is not mine]
        await headrace.cancel(mine.id)
        await headrace.cancel(others[0].id)
        await until(lambda: _ready(queue, 1))
        assert len(await queue.peek(state="leased")) == 1
        # Its result is of no interest any more, and does no harm.
        assert await queue.complete([Done(leased.id, leased.token, b"1")]) == []
        last = await lease_one(queue)
        assert last.id == f"{others[1].id}.1.1"
        assert await status_of(headrace, mine.id) == "cancelled"
        await queue.aclose()


async def _ready(queue: Any, count: int) -> bool:
    return len(await queue.peek()) == count


async def test_an_earlier_life_put_the_item_that_is_withdrawn(address: str, tmp_path: Path) -> None:
    store = tmp_path / "flows.db"
    async with Headrace(store, queue=address, grace_seconds=0) as headrace:
        deployed = await headrace.deploy(flow(parallelism=0))
        handle = await headrace.start(deployed, {})
        queue = await opened(address)
        await until(lambda: _ready(queue, 1))
    headrace = Headrace(store, queue=address)
    await headrace.start_up(recover=False)
    await headrace.cancel(handle.id)
    await until(lambda: _ready(queue, 0))
    await headrace.shut_down()
    await queue.aclose()


@pytest.mark.parametrize("when", ["before", "after"])
async def test_the_next_life_finds_the_item_or_its_result(address: str, tmp_path: Path, when: str) -> None:
    store = tmp_path / "flows.db"
    async with Headrace(store, queue=address, grace_seconds=0) as headrace:
        deployed = await headrace.deploy(flow(parallelism=0))
        good = await headrace.start(deployed, 1)
        bad = await headrace.start(deployed, 2)
        queue = await opened(address)
        await until(lambda: _ready(queue, 2))

    async def work() -> None:
        for _ in range(2):
            item = await lease_one(queue)
            if item.payload == b"1":
                await queue.complete([Done(item.id, item.token, b'"one"')])
            else:
                await queue.fail([Failed(id=item.id, token=item.token, error="broken", final=True)])

    if when == "before":
        await work()
    async with Headrace(store, queue=address) as headrace:
        assert headrace.recovered == 2
        if when == "after":
            await work()
            await headrace.delivery.outstanding._look_at([f"{good.id}.1.1", f"{bad.id}.1.1"])
        assert (await headrace.runtime.result(good.id)).output == "one"
        result = await headrace.runtime.result(bad.id)
        assert result.status == "faulted"
        assert result.error is not None
        assert result.error["detail"] == "broken"
        assert (await queue.stats()).enqueued_total == 2
    await queue.aclose()


async def test_an_item_that_somebody_deleted(address: str) -> None:
    async with Headrace(queue=address) as headrace:
        deployed = await headrace.deploy(flow(parallelism=0))
        handle = await headrace.start(deployed, {})
        queue = await opened(address)
        await until(lambda: _ready(queue, 1))
        await queue.purge("ready")
        for _ in range(2):
            await headrace.delivery.outstanding._look_at([f"{handle.id}.1.1"])
        result = await handle.result()
        assert result.error is not None
        assert result.error["title"] == "The call was taken off its queue"
        await queue.aclose()


async def test_why_it_waits(address: str) -> None:
    async with Headrace(queue=address) as headrace:
        deployed = await headrace.deploy(flow(parallelism=0))
        handle = await headrace.start(deployed, {})
        queue = await opened(address)
        await until(lambda: _ready(queue, 1))
        (waiting,) = await headrace.waiting(handle.id)
        item_id = f"{handle.id}.1.1"
        assert waiting.item == {"queue": QUEUE, "id": item_id, "state": "ready", "attempt": 0}
        leased = await lease_one(queue)
        (waiting,) = await headrace.waiting(handle.id)
        assert waiting.item is not None
        assert waiting.item.pop("until") == pytest.approx(leased.expires_at, abs=0.01)
        assert waiting.item == {
            "queue": QUEUE,
            "id": item_id,
            "state": "leased",
            "attempt": 1,
            "leased_by": "elsewhere",
        }
        await queue.fail([Failed(id=leased.id, token=leased.token, error="busy\nmore", retry_in=600.0)])
        (waiting,) = await headrace.waiting(handle.id)
        assert waiting.item is not None
        assert (waiting.item["state"], waiting.item["error"]) == ("delayed", "busy")
        await queue.aclose()


async def test_calls_wait_for_a_queue_that_is_away(redis: Any) -> None:
    async def work(data: Any) -> Any:
        return data

    async with Headrace(functions={"work": work}, queue=redis.url) as headrace:
        deployed = await headrace.deploy(flow())
        assert await headrace.run(deployed, 1) == 1
        redis.kill()
        handle = await headrace.start(deployed, 2)
        await asyncio.sleep(0.3)
        assert await status_of(headrace, handle.id) == "running"
        redis.restart()
        async with asyncio.timeout(60):
            assert (await handle.result()).output == 2
