"""`call: batch` on each backend: sources, results, failures, rerun, cancelling, what is held meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from headrace import Headrace
from headrace.call import HostPolicy, HttpOptions
from headrace.delivery.batch import request
from headrace.main import ExecutionFaulted
from headrace.queue.open import open_queue
from headrace.queue.port import Put
from headrace.store.port import Retention
from headrace.worker.callable_application import callable_application
from headrace.worker.options import ReaderOptions
from headrace.worker.reader import Reader
from headrace.worker.replies import REPLY_OPTIONS, Replies
from integration.delivery.flows import QUEUE, opened, status_of, until


class Bad(Exception):
    problem = {"type": "https://shop.example/errors/bad", "status": 422, "title": "Bad item"}  # noqa: RUF012


def flow(arguments: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """Return a FlowApp whose only task is a batch over `work` with these arguments."""
    return {
        "apiVersion": "headrace.dev/v1alpha1",
        "kind": "FlowApp",
        "metadata": {"name": "shop", "namespace": "test"},
        "spec": {
            "version": "1.0.0",
            "functions": {"work": {"source": "cmd/work", **settings}},
            "steps": [{"all": {"call": "batch", "with": {"function": "work", **arguments}}}],
        },
    }


async def double(data: Any) -> Any:
    return data["n"] * 2 if isinstance(data, dict) else data * 2


def unless(bad: Callable[[Any], bool], calls: Counter[Any]) -> Any:
    """Return a function that counts its calls, and fails for some items."""

    async def work(data: Any) -> Any:
        calls[data] += 1
        if bad(data):
            raise Bad
        return data * 2

    return work


def lines_of(path: str | Path) -> list[Any]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]


@pytest.fixture
def engine(address: str, tmp_path: Path) -> Callable[..., Headrace]:
    """Makes engines on one store and one place of queues: the lives of one engine."""

    def make(work: Any, **more: Any) -> Headrace:
        return Headrace(
            tmp_path / "flows.db", functions={"work": work}, queue=address, project=tmp_path, **more
        )

    return make


async def test_a_list_in_and_a_list_out(engine: Callable[..., Headrace]) -> None:
    async with engine(double) as headrace:
        deployed = await headrace.deploy(flow({"items": "${ .numbers }", "collect": "list"}))
        output = await headrace.run(deployed, {"numbers": list(range(250))})
        assert output == {
            "total": 250,
            "completed": 250,
            "failed": 0,
            "reused": 0,
            "results": [n * 2 for n in range(250)],
        }


async def test_no_items_at_all(engine: Callable[..., Headrace]) -> None:
    async with engine(double) as headrace:
        deployed = await headrace.deploy(flow({"items": [], "collect": "list"}))
        output = await headrace.run(deployed)
        assert output == {"total": 0, "completed": 0, "failed": 0, "reused": 0, "results": []}


@pytest.mark.parametrize(
    ("name", "text", "outputs"),
    [
        ("a.jsonl", '{"n": 1}\n\n {"n": 2} \n3', [2, 4, 6]),
        ("a.txt", "x\n\r\ny\r\n", ["xx", "yy"]),
        ("a.csv", 'n,name\nab,"A\nB"\ncd,C\n', ["abab", "cdcd"]),
    ],
)
async def test_files(
    engine: Callable[..., Headrace], tmp_path: Path, name: str, text: str, outputs: list[Any]
) -> None:
    (tmp_path / name).write_text(text)
    async with engine(double) as headrace:
        collect = {"as": "file", "path": "out/results.jsonl"}
        deployed = await headrace.deploy(flow({"file": {"path": name}, "collect": collect}))
        output = await headrace.run(deployed)
        assert output["file"] == str(tmp_path / "out" / "results.jsonl")
        found = lines_of(output["file"])
        assert [(line["index"], line["output"]) for line in found] == list(enumerate(outputs))


async def test_lines_that_are_none_are_failed_items(engine: Callable[..., Headrace], tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("1\n{broken\n3\n")
    (tmp_path / "a.csv").write_text("a,b\n1,2\n3\n")
    async with engine(lambda data: data) as headrace:
        arguments = {"tolerate": {"failures": 1}, "collect": "list"}
        deployed = await headrace.deploy(flow({"file": {"path": "a.jsonl"}, **arguments}))
        output = await headrace.run(deployed)
        assert output["results"] == [1, None, 3]
        (failure,) = output["failures"]
        assert failure["index"] == 1
        assert "line 2 is not JSON" in failure["error"]["detail"]
        deployed = await headrace.deploy(flow({"file": {"path": "a.csv"}, **arguments}))
        output = await headrace.run(deployed)
        assert output["results"] == [{"a": "1", "b": "2"}, None]
        assert "line 3 has 1 fields" in output["failures"][0]["error"]["detail"]


async def test_another_queue_until_it_is_drained(engine: Callable[..., Headrace], address: str) -> None:
    source = await open_queue(address, "test/orders")
    await source.enqueue_many([Put(payload=b"%d" % n) for n in range(1500)])
    async with engine(double) as headrace:
        deployed = await headrace.deploy(flow({"queue": {"name": "orders"}, "collect": "list"}))
        output = await headrace.run(deployed)
        assert sorted(output["results"]) == [n * 2 for n in range(1500)]
        assert (await source.stats()).drained
    await source.aclose()


async def test_results_that_nobody_wants(engine: Callable[..., Headrace]) -> None:
    async with engine(double) as headrace:
        deployed = await headrace.deploy(flow({"items": [1, 2], "collect": "none"}))
        output = await headrace.run(deployed)
        assert "results" not in output
        header, *found = lines_of(output["file"])
        assert header["list"] == 2
        assert sorted((line["index"], line["completed"]) for line in found) == [(0, True), (1, True)]


async def test_more_failures_than_may_be(engine: Callable[..., Headrace]) -> None:
    calls: Counter[Any] = Counter()
    async with engine(unless(lambda n: n % 10 == 0, calls)) as headrace:
        deployed = await headrace.deploy(flow({"items": list(range(40)), "tolerate": {"failures": 3}}))
        with pytest.raises(ExecutionFaulted) as caught:
            await headrace.run(deployed)
        error = caught.value.result.error
        assert error is not None
        assert error["title"] == "Too many items of the batch failed"
        assert error["detail"].startswith("4 of 40 items failed, and 3 may: item ")
        assert (error["total"], error["completed"], error["failed"]) == (40, 36, 4)
        assert sorted(each["index"] for each in error["failures"]) == [0, 10, 20, 30]
        assert {each["error"]["type"] for each in error["failures"]} == {"https://shop.example/errors/bad"}
        assert error["instance"] == "/do/0/all"
        # All had their turn, and bad ones only one: 422 is final.
        assert calls == Counter(range(40))


@pytest.mark.parametrize("tolerate", [{"failures": 4}, {"share": 0.1}])
async def test_as_many_failures_as_may_be(engine: Callable[..., Headrace], tolerate: dict[str, Any]) -> None:
    async with engine(unless(lambda n: n % 10 == 0, Counter())) as headrace:
        deployed = await headrace.deploy(flow({"items": list(range(40)), "tolerate": tolerate}))
        output = await headrace.run(deployed)
        assert (output["completed"], output["failed"], len(output["failures"])) == (36, 4, 4)
        found = lines_of(output["file"])[1:]
        assert sorted(line["index"] for line in found if "error" in line) == [0, 10, 20, 30]


async def test_stopping_at_the_first_failure(engine: Callable[..., Headrace], address: str) -> None:
    calls: Counter[Any] = Counter()
    async with engine(unless(lambda n: n == 0, calls)) as headrace:
        arguments = {
            "items": list(range(20_000)),
            "concurrency": 1,
            "tolerate": {"failures": 0, "stop": True},
        }
        deployed = await headrace.deploy(flow(arguments))
        with pytest.raises(ExecutionFaulted):
            await headrace.run(deployed)
        assert len(calls) < 20_000


async def test_a_rerun_runs_only_what_failed(engine: Callable[..., Headrace], tmp_path: Path) -> None:
    broken = True
    calls: Counter[Any] = Counter()
    (tmp_path / "in.jsonl").write_text("".join(f"{n}\n" for n in range(2500)))
    work = unless(lambda n: broken and n % 1000 == 7, calls)
    async with engine(work) as headrace:
        deployed = await headrace.deploy(flow({"file": {"path": "in.jsonl"}, "collect": "list"}))
        handle = await headrace.start(deployed)
        assert (await handle.result()).status == "faulted"
        assert calls == Counter(range(2500))
        broken = False
        again = await headrace.rerun(handle.id, task="all")
        result = await again.result()
        assert result.output["results"] == [n * 2 for n in range(2500)]
        assert (result.output["reused"], result.output["completed"]) == (2497, 2500)
        assert calls == Counter({**Counter(range(2500)), 7: 2, 1007: 2, 2007: 2})
        # The file was mended: what changed in it runs too, and nothing else.
        (tmp_path / "in.jsonl").write_text("".join(f"{n if n != 5 else 9005}\n" for n in range(2500)))
        once_more = await headrace.rerun(again.id, task="all")
        result = await once_more.result()
        assert result.output["results"][5] == 18010
        assert result.output["reused"] == 2499
        assert (calls[9005], sum(calls.values())) == (1, 2504)


async def test_a_rerun_of_a_queue_reads_what_was_taken(engine: Callable[..., Headrace], address: str) -> None:
    broken = True
    calls: Counter[Any] = Counter()
    source = await open_queue(address, "test/orders")
    await source.enqueue_many([Put(payload=b"%d" % n) for n in range(30)])
    async with engine(unless(lambda n: broken and n == 3, calls)) as headrace:
        deployed = await headrace.deploy(flow({"queue": {"name": "orders"}, "collect": "list"}))
        handle = await headrace.start(deployed)
        assert (await handle.result()).status == "faulted"
        broken = False
        result = await (await headrace.rerun(handle.id, task="all")).result()
        assert sorted(result.output["results"]) == [n * 2 for n in range(30)]
        assert calls == Counter({**Counter(range(30)), 3: 2})
    await source.aclose()


async def test_never_many_are_on_the_queue(
    engine: Callable[..., Headrace], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(request, "AHEAD_MAX", 50)
    most = 0

    async def work(data: Any) -> None:
        nonlocal most
        most = max(most, *(run.progress().put for run in headrace.delivery.batches._running.values()))

    headrace = engine(work)
    async with headrace:
        deployed = await headrace.deploy(flow({"items": list(range(500)), "collect": "none"}))
        assert (await headrace.run(deployed))["completed"] == 500
    assert 0 < most <= 50


async def test_as_many_at_a_time_as_concurrency_says(engine: Callable[..., Headrace]) -> None:
    running = most = 0

    async def work(data: Any) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.005)
        running -= 1

    async with engine(work) as headrace:
        deployed = await headrace.deploy(flow({"items": list(range(60)), "concurrency": 7}))
        await headrace.run(deployed)
    assert most == 7


async def test_cancelling_stops_it(engine: Callable[..., Headrace], address: str) -> None:
    begun = 0
    ended = 0

    async def work(data: Any) -> None:
        nonlocal begun, ended
        begun += 1
        await asyncio.sleep(600)
        ended += 1

    async with engine(work) as headrace:
        deployed = await headrace.deploy(flow({"items": list(range(100)), "concurrency": 5}))
        handle = await headrace.start(deployed)
        await until(lambda: begun == 5)
        (waiting,) = await headrace.waiting(handle.id)
        assert waiting.item is not None
        queue = await open_queue(address, waiting.item["queue"])
        await headrace.cancel(handle.id)
        assert await status_of(headrace, handle.id) == "cancelled"
        await until(lambda: not headrace.delivery.batches._running)
        assert (await queue.stats()).drained
        assert (begun, ended) == (5, 0)
        await queue.aclose()


async def test_how_far_it_is(engine: Callable[..., Headrace], tmp_path: Path) -> None:
    gate = asyncio.Event()

    async def work(data: Any) -> None:
        if data >= 6:
            await gate.wait()
        if data == 2:
            raise Bad

    async with engine(work) as headrace:
        arguments = {"items": list(range(10)), "concurrency": 10, "tolerate": {"failures": 1}}
        deployed = await headrace.deploy(flow(arguments))
        handle = await headrace.start(deployed)

        async def told() -> Any:
            (waiting,) = await headrace.waiting(handle.id)
            return waiting.item if waiting.item and waiting.item.get("completed") == 5 else None

        item = await until(told)
        assert item["queue"] == f"test/shop.work.batch-{handle.id}.1.1"
        assert (item["total"], item["failed"], item["put"]) == (10, 1, 4)
        assert item["rate_per_second"] > 0
        assert item["seconds_left"] > 0
        kept = orjson.loads((tmp_path / "batches" / f"{handle.id}.1.1.progress.json").read_bytes())
        assert kept["queue"] == item["queue"]
        gate.set()
        assert (await handle.result()).status == "completed"


async def test_the_next_life_goes_on(engine: Callable[..., Headrace], tmp_path: Path) -> None:
    calls: Counter[Any] = Counter()
    gate = asyncio.Event()

    async def work(data: Any) -> Any:
        calls[data] += 1
        if data >= 120:
            await gate.wait()
        return data * 2

    async with engine(work, grace_seconds=0) as headrace:
        deployed = await headrace.deploy(
            flow({"items": list(range(200)), "collect": "list", "lease": "PT0.5S"})
        )
        handle = await headrace.start(deployed)
        await until(lambda: len(calls) == 130)
    gate.set()
    async with engine(work) as headrace:
        result = await headrace.runtime.result(handle.id)
        assert result.output["results"] == [n * 2 for n in range(200)]
        assert all(calls[n] == 1 for n in range(120))
        assert {calls[n] for n in range(120, 130)} == {2}  # broken off in the first life


async def test_items_that_change_while_it_is_under_way(
    engine: Callable[..., Headrace], tmp_path: Path
) -> None:
    gate = asyncio.Event()
    begun: list[Any] = []

    async def work(data: Any) -> None:
        begun.append(data)
        await gate.wait()

    (tmp_path / "in.jsonl").write_text("1\n2\n")
    async with engine(work, grace_seconds=0) as headrace:
        deployed = await headrace.deploy(flow({"file": {"path": "in.jsonl"}}))
        handle = await headrace.start(deployed)
        await until(lambda: len(begun) == 2)
    (tmp_path / "in.jsonl").write_text("1\n2\n3\n")
    async with engine(work) as headrace:
        result = await headrace.runtime.result(handle.id)
        assert result.error is not None
        assert result.error["title"] == "the items have changed while the batch was under way"


async def test_over_the_queue_of_a_function_that_others_read(
    engine: Callable[..., Headrace], address: str
) -> None:
    most = 0
    async with engine(double) as headrace:
        arguments = {"items": list(range(60)), "concurrency": 4, "collect": "list"}
        deployed = await headrace.deploy(flow(arguments, delivery="queue", parallelism=0))
        handle = await headrace.start(deployed)
        queue = await opened(address)
        replies = Replies(lambda name: open_queue(address, name, options=REPLY_OPTIONS))

        async def work(data: Any, context: Any) -> Any:
            nonlocal most
            stats = await queue.stats()
            most = max(most, stats.ready + stats.leased)
            assert context.id.startswith(f"{handle.id}.1.1:")
            return data * 2

        reader = Reader(
            queue,
            callable_application(work),
            ReaderOptions(concurrency=10),
            on_settled=replies.settled,
        )
        reading = asyncio.create_task(reader.run())
        assert (await handle.result()).output["results"] == [n * 2 for n in range(60)]
        assert 0 < most <= 4
        reader.stop()
        await reading
        await replies.aclose()
        await queue.aclose()
        assert queue.name == QUEUE


async def test_too_many_for_a_list(engine: Callable[..., Headrace]) -> None:
    calls: Counter[Any] = Counter()
    async with engine(unless(lambda n: False, calls)) as headrace:
        many = list(range(request.LIST_ITEMS_MAX + 1))
        deployed = await headrace.deploy(flow({"items": "${ . }", "collect": "list"}))
        with pytest.raises(ExecutionFaulted, match="collect: file"):
            await headrace.run(deployed, many)
        assert not calls


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"items": "${ .nothing }"}, "`items` is None; it has to be a list"),
        ({"items": [1], "concurrency": "${ 0 }"}, "`concurrency` is 0; it has to be a whole number from 1"),
        ({"file": {"path": "missing.jsonl"}}, "missing.jsonl: No such file or directory"),
        ({"queue": {"name": "other/orders"}}, "`queue.name` is 'other/orders'"),
        ({"file": {"path": "https://shop.example/items"}}, "https:// is not read"),
    ],
)
async def test_what_only_shows_when_it_runs(
    engine: Callable[..., Headrace], arguments: dict[str, Any], expected: str
) -> None:
    async with engine(double) as headrace:
        deployed = await headrace.deploy(flow(arguments))
        with pytest.raises(ExecutionFaulted) as caught:
            await headrace.run(deployed, {})
        error = caught.value.result.error
        assert error is not None
        assert expected in error["detail"]
        assert error["type"].endswith(("/configuration", "/authorization"))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"file": {"path": "../secrets.txt"}}, "is not in the directory that files are read from"),
        ({"items": [1], "collect": {"as": "file", "path": "/etc/x"}}, "is not in the directory"),
        ({"queue": {"name": "orders", "address": "redis://inner:6379"}}, "leave `queue.address` out"),
    ],
)
async def test_what_flows_may_not_reach_on_a_server(
    engine: Callable[..., Headrace], arguments: dict[str, Any], expected: str
) -> None:
    async with engine(double, http=HttpOptions(policy=HostPolicy())) as headrace:
        deployed = await headrace.deploy(flow(arguments))
        result = await (await headrace.start(deployed, {})).result()
        assert result.error is not None
        assert expected in result.error["detail"]


async def test_a_queue_at_an_address(engine: Callable[..., Headrace], tmp_path: Path) -> None:
    address = str(tmp_path / "orders.db")
    source = await open_queue(address, "in")
    await source.enqueue_many([Put(payload=b"1"), Put(payload=b"two")])
    async with engine(double) as headrace:
        arguments = {"queue": {"name": "in", "address": address}, "collect": "list"}
        output = await headrace.run(await headrace.deploy(flow(arguments)))
        assert sorted(output["results"], key=str) == [2, "twotwo"]
    await source.aclose()


async def test_files_go_with_their_execution(engine: Callable[..., Headrace], tmp_path: Path) -> None:
    async with engine(double) as headrace:
        deployed = await headrace.deploy(flow({"items": [1, 2]}))
        first = await headrace.run(deployed)
        assert await headrace.prune(Retention(max_count=0)) == 1
        assert not Path(first["file"]).exists()
        assert list((tmp_path / "batches").iterdir()) == []
        second = await headrace.run(deployed)
        assert await headrace.prune(Retention(max_age_seconds=3600)) == 0
        assert Path(second["file"]).exists()
