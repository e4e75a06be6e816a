"""What is counted of real executions, calls, commits and queues, each once."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from headrace.engine import events
from headrace.engine.commands import Invoke
from headrace.function import FunctionError
from headrace.metrics import Metrics
from headrace.queue.metered import MeteredQueue
from headrace.queue.port import Done, Failed, Put, QueueUnavailable, WorkQueue
from headrace.queue.sqlite import SqliteQueue
from headrace.store.port import Store, StoreConflict, Transition
from headrace.store.sqlite import SqliteStore
from headrace.store.sqlite.counts import open_executions
from headrace.store.watched import WatchedStore
from integration.metrics.counted_engine import counted, functions

FLOW = {"namespace": "default", "flow": "orders"}


class Page:
    """The samples of one scrape."""

    def __init__(self, text: str) -> None:
        self.samples: dict[tuple[str, frozenset[tuple[str, str]]], float] = {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def __call__(self, name: str, **labels: str) -> float | None:
        return self.samples.get((name, frozenset(labels.items())))


async def scrape(metrics: Metrics) -> Page:
    return Page((await metrics.exposition())[0].decode())


async def test_executions_task_runs_and_functions_are_counted(tmp_path: Path) -> None:
    metrics = Metrics()
    async with functions() as text, counted(tmp_path / "a.db", metrics) as headrace:
        flow = await headrace.deploy(text)
        for mode in ("good", "good", "bad", "again"):
            await (await headrace.start(flow, {"mode": mode})).result()
        waiting = await headrace.start(flow, {"mode": "slow"})
        page = await scrape(metrics)
        assert page("headrace_executions_started_total", **FLOW) == 5
        assert page("headrace_executions_ended_total", **FLOW, status="completed") == 3
        assert page("headrace_executions_ended_total", **FLOW, status="faulted") == 1
        assert page("headrace_execution_duration_seconds_count", **FLOW, status="completed") == 3
        assert page("headrace_executions_open", status="waiting") == 1
        assert page("headrace_executions_open", status="running") == 0
        assert page("headrace_task_runs_total", **FLOW, kind="switch", status="completed") == 5
        assert page("headrace_task_runs_total", **FLOW, kind="call", status="completed") == 3
        assert page("headrace_task_runs_total", **FLOW, kind="call", status="faulted") == 1
        assert page("headrace_task_run_duration_seconds_count", **FLOW, kind="call") == 4
        requests = "headrace_function_requests_total"
        assert page(requests, **FLOW, function="charge", status="200") == 2
        assert page(requests, **FLOW, function="refuse", status="402") == 1
        assert page(requests, **FLOW, function="retried", status="503") == 1
        assert page(requests, **FLOW, function="retried", status="200") == 1
        assert page("headrace_function_duration_seconds_count", **FLOW, function="retried") == 2
        assert page("headrace_call_retries_total", **FLOW, kind="function") == 1
        assert page("headrace_calls_open") == 0
        groups = page("headrace_commit_group_items_count")
        assert groups is not None and groups > 5
        assert page("headrace_commit_group_duration_seconds_count") == groups
        commits = page("headrace_store_operation_duration_seconds_count", operation="commit")
        assert commits is not None and commits > 5
        await headrace.cancel(waiting.id)
        page = await scrape(metrics)
        assert page("headrace_executions_ended_total", **FLOW, status="cancelled") == 1
        assert page("headrace_task_runs_total", **FLOW, kind="wait", status="cancelled") == 1


async def test_a_start_that_is_repeated_and_task_runs_that_are_carried_are_not_counted_again(
    tmp_path: Path,
) -> None:
    metrics = Metrics()
    async with functions() as text, counted(tmp_path / "a.db", metrics) as headrace:
        flow = await headrace.deploy(text)
        handles = [await headrace.start(flow, {"mode": "good"}, key="one") for _ in range(3)]
        await handles[0].result()
        page = await scrape(metrics)
        assert page("headrace_executions_started_total", **FLOW) == 1
        assert page("headrace_store_failures_total", operation="commit", reason="KeyTaken") == 2
        again = await headrace.rerun(handles[0].id, task="charge")
        await again.result()
        page = await scrape(metrics)
        assert page("headrace_executions_started_total", **FLOW) == 2
        assert page("headrace_task_runs_total", **FLOW, kind="switch", status="completed") == 1
        assert page("headrace_task_runs_total", **FLOW, kind="call", status="completed") == 2


async def test_a_function_that_does_not_answer_and_a_call_of_another_kind(tmp_path: Path) -> None:
    metrics = Metrics()
    text = """
    document: {dsl: 1.0.3, namespace: shop, name: calls, version: 1.0.0}
    do:
      - away: {try: [{x: {call: gone}}], catch: {do: []}}
      - listed: {run: {shell: {command: "true"}}}
    """
    text = text.replace("call: gone", "call: http, with: {method: get, endpoint: 'http://127.0.0.1:1/'}")
    flowapp = """
    apiVersion: headrace.dev/v1alpha1
    kind: FlowApp
    metadata: {name: away}
    spec:
      version: 1.0.0
      functions: {gone: {url: "http://127.0.0.1:1/"}}
      steps: [{x: {call: gone}}]
    """
    async with counted(tmp_path / "a.db", metrics) as headrace:
        handle = await headrace.start(await headrace.deploy(text), None)
        assert (await handle.result()).status == "completed"
        handle = await headrace.start(await headrace.deploy(flowapp), None)
        assert (await handle.result()).status == "faulted"
        page = await scrape(metrics)
        calls = {"namespace": "shop", "flow": "calls"}
        assert page("headrace_calls_total", **calls, kind="http", outcome="failed") == 1
        assert page("headrace_calls_total", **calls, kind="shell", outcome="completed") == 1
        away = {"namespace": "default", "flow": "away", "function": "gone"}
        assert page("headrace_function_requests_total", **away, status="none") == 1


async def test_functions_that_are_not_called_by_http_have_the_status_that_they_would_answer(
    tmp_path: Path,
) -> None:
    def poor(data: Any) -> Any:
        raise FunctionError("no credit", status=402)

    def broken(data: Any) -> Any:
        raise ZeroDivisionError

    text = """
    document: {dsl: 1.0.3, namespace: default, name: here, version: 1.0.0}
    do: [{x: {call: NAME}}]
    """
    metrics = Metrics()
    functions = {"fine": lambda data: data, "poor": poor, "broken": broken}
    async with counted(tmp_path / "a.db", metrics, functions=functions) as headrace:
        for name in functions:
            flow = await headrace.deploy(text.replace("NAME", name).replace("here", f"here-{name}"))
            await (await headrace.start(flow, {})).result()
        page = await scrape(metrics)
        for name, status in (("fine", "200"), ("poor", "402"), ("broken", "500")):
            labels = {"namespace": "default", "flow": f"here-{name}", "function": name}
            assert page("headrace_function_requests_total", **labels, status=status) == 1, name


async def test_a_watcher_that_fails_harms_nobody(tmp_path: Path) -> None:
    class Broken:
        def committed(self, transition: Transition, seconds: float) -> None:
            raise ZeroDivisionError

        def operated(self, operation: str, seconds: float, error: Any) -> None:
            raise ZeroDivisionError

    metrics = Metrics()
    async with functions() as text, counted(tmp_path / "a.db", metrics, (Broken(),)) as headrace:
        flow = await headrace.deploy(text)
        assert (await (await headrace.start(flow, {"mode": "good"})).result()).status == "completed"
        assert (await scrape(metrics))("headrace_executions_started_total", **FLOW) == 1


async def test_what_the_store_refuses_is_counted_and_raised() -> None:
    class Refusing(SqliteStore):
        async def commit(self, transition: Transition) -> Any:
            raise StoreConflict("it moved on")

    class Note:
        def __init__(self) -> None:
            self.told: list[tuple[str, str]] = []

        def committed(self, transition: Transition, seconds: float) -> None:
            raise AssertionError("nothing was committed")

        def operated(self, operation: str, seconds: float, error: Any) -> None:
            self.told.append((operation, type(error).__name__))

    note = Note()
    with pytest.raises(StoreConflict):
        await WatchedStore(Refusing(), [note]).commit(
            Transition(execution_id="x", expected_version=3, state=b"{}")
        )
    assert note.told == [("commit", "StoreConflict")]


async def test_what_is_counted_of_a_queue(tmp_path: Path) -> None:
    metrics = Metrics()
    now = 1000.0
    inner = await SqliteQueue.open(str(tmp_path / "q.db"), "letters", clock=lambda: now)
    queue = MeteredQueue(inner, metrics, clock=lambda: now)
    try:
        await queue.enqueue_many([Put(payload=b"1", dedupe_key="a"), Put(payload=b"2"), Put(payload=b"3")])
        await queue.enqueue(Put(payload=b"4", dedupe_key="a"))
        now += 7
        first, second, third = await queue.lease(5, 30)
        assert await queue.complete([Done(first.id, first.token), Done(second.id, 99)]) == [second.id]
        await queue.fail([Failed(id=second.id, token=second.token, error="no", retry_in=0)])
        await queue.release([third])
        refused, again = await queue.complete_and_lease([], 5, 30)
        assert (refused, len(again)) == ([], 2)
        page = await scrape(metrics)
        for operation, items in (
            ("enqueued", 3),
            ("leased", 5),
            ("completed", 1),
            ("failed", 1),
            ("released", 1),
        ):
            found = page("headrace_queue_operation_items_total", queue="letters", operation=operation)
            assert found == items, operation
        waited = "headrace_queue_wait_seconds"
        # The one that was released waited on: its attempt did not count.
        assert page(f"{waited}_count", queue="letters") == 4
        assert page(f"{waited}_sum", queue="letters") == 28
    finally:
        await queue.aclose()


async def test_a_queue_that_is_away_is_counted(tmp_path: Path) -> None:
    class Away:
        name = "letters"
        capabilities = None

        async def enqueue(self, put: Put) -> Any:
            raise QueueUnavailable("away")

    metrics = Metrics()
    queue = MeteredQueue(Away(), metrics)  # type: ignore[arg-type]
    with pytest.raises(QueueUnavailable):
        await queue.enqueue(Put(payload=b"1"))
    assert (await scrape(metrics))("headrace_queue_failures_total", queue="letters") == 1


@pytest.mark.parametrize(("port", "wrapper"), [(Store, WatchedStore), (WorkQueue, MeteredQueue)])
def test_a_wrapper_has_every_method_of_its_port_with_its_parameters(port: type, wrapper: type) -> None:
    methods = {name: method for name, method in vars(port).items() if inspect.isfunction(method)}
    own = {name for name in methods if not name.startswith("_")}
    assert own
    for name in own:
        expected = inspect.signature(methods[name])
        found = inspect.signature(vars(wrapper)[name])
        assert found.parameters == expected.parameters, name


async def test_open_executions_are_counted_by_an_index_alone(tmp_path: Path) -> None:
    from headrace.store.sqlite import counts

    store = await SqliteStore.open(tmp_path / "a.db")
    try:
        assert await open_executions(store) == dict.fromkeys(counts.OPEN_STATUSES, 0)

        def plan(connection: Any) -> Mapping[str, str]:
            return {row[3]: row[3] for row in connection.execute("EXPLAIN QUERY PLAN " + counts._COUNT)}

        [step] = await store.read(plan)
        assert "COVERING INDEX executions_status" in step
    finally:
        await store.close()


async def test_a_call_that_is_cancelled_is_counted_as_such() -> None:
    from headrace.call.metered import MeteredCalls

    begun = asyncio.Event()

    class Waiting:
        async def perform(self, call: Invoke) -> events.CallCompleted:
            begun.set()
            await asyncio.sleep(3600)
            raise AssertionError

        def cancel(self, invocation_id: str) -> None: ...

        async def withdraw(self, call: Any) -> None: ...

    metrics = Metrics()
    call = Invoke(execution_id="x", run_id=1, attempt=1, kind="http", flow="shop/orders:1.0.0")
    task = asyncio.create_task(MeteredCalls(Waiting(), metrics).perform(call))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    labels = {"namespace": "shop", "flow": "orders", "kind": "http", "outcome": "cancelled"}
    assert (await scrape(metrics))("headrace_calls_total", **labels) == 1
