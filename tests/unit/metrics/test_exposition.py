"""The page: formats, sources that are looked up, and what they may cost."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_openmetrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from headrace.metrics import Metrics, exposition
from headrace.queue.port import Stats

OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"


class Monotonic:
    """A monotonic clock that is turned by hand."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


async def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    """Return a sample of the page."""
    body, _ = await metrics.exposition()
    for family in parse_text(body.decode()):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return sample.value
    return None


async def test_the_format_is_negotiated() -> None:
    metrics = Metrics(version="1.2.3")
    metrics.execution_started("default", "orders")
    body, content_type = await metrics.exposition(OPENMETRICS)
    assert content_type.startswith("application/openmetrics-text; version=1.0.0")
    families = {family.name: family for family in parse_openmetrics(body.decode())}
    assert [sample.value for sample in families["headrace_executions_started"].samples] == [1]
    body, content_type = await metrics.exposition("text/html")
    assert content_type.startswith("text/plain; version=0.0.4")
    names = {family.name for family in parse_text(body.decode())}
    assert {"headrace_executions_started", "process_cpu_seconds", "python_info"} <= names
    assert await value(metrics, "headrace_info", version="1.2.3") == 1


async def test_each_has_a_registry_of_its_own() -> None:
    one, other = Metrics(), Metrics()
    one.execution_started("default", "orders")
    labels = {"namespace": "default", "flow": "orders"}
    assert await value(one, "headrace_executions_started_total", **labels) == 1
    assert await value(other, "headrace_executions_started_total", **labels) is None


async def test_methods_and_statuses_of_callers_cannot_make_series() -> None:
    metrics = Metrics()
    for method in ("GET", "BREW", "X" * 1000):
        metrics.request_ended("/api/v1/{namespace}", method, 200, 0.01)
    for status in (200, 299, 599, 777, 12345, None):
        metrics.function_answered("default", "orders", "charge", status, 0.01)
    page = (await metrics.exposition())[0].decode()
    requests = [line for line in page.splitlines() if line.startswith("headrace_api_requests_total{")]
    assert requests == [
        'headrace_api_requests_total{method="GET",route="/api/v1/{namespace}",status="2xx"} 1.0',
        'headrace_api_requests_total{method="other",route="/api/v1/{namespace}",status="2xx"} 2.0',
    ]
    found = {
        sample.labels["status"]: sample.value
        for family in parse_text(page)
        for sample in family.samples
        if sample.name == "headrace_function_requests_total"
    }
    assert found == {"200": 1, "2xx": 1, "5xx": 1, "other": 2, "none": 1}


async def test_ten_thousand_flows_are_a_page_of_bounded_size() -> None:
    few, many = Metrics(names_max=10), Metrics(names_max=10)
    for metrics, flows in ((few, 11), (many, 10_000)):
        for number in range(flows):
            name = f"flow-{number % 10}" if number < 10 else f"flow-{number}"
            metrics.execution_started("default", name)
            metrics.execution_ended("default", name, "completed", 0.1)
            metrics.task_run_ended("default", name, "call", "completed", 0.1)
            metrics.function_answered("default", name, "charge", 200, 0.1)
    lines = [(await metrics.exposition())[0].count(b"\n") for metrics in (few, many)]
    assert lines[0] == lines[1]


async def test_sources_are_read_at_the_scrape_and_no_more_often_than_every_few_seconds() -> None:
    now = Monotonic()
    metrics = Metrics(now=now)
    reads = []

    async def read() -> Mapping[str, int]:
        reads.append(now.seconds)
        return {"running": len(reads)}

    metrics.watch_executions(read)
    assert reads == []
    assert await value(metrics, "headrace_executions_open", status="running") == 1
    now.seconds += exposition.FRESH_SECONDS - 0.1
    assert await value(metrics, "headrace_executions_open", status="running") == 1
    now.seconds += 0.2
    assert await value(metrics, "headrace_executions_open", status="running") == 2


async def test_a_source_that_takes_long_is_asked_less_often() -> None:
    now = Monotonic()
    metrics = Metrics(now=now)
    reads = []

    async def read() -> Mapping[str, int]:
        reads.append(now.seconds)
        now.seconds += 2.0
        return {"running": len(reads)}

    metrics.watch_executions(read)
    await metrics.exposition()
    now.seconds += 2.0 * exposition.FRESH_TIMES_TAKEN - 1
    await metrics.exposition()
    assert len(reads) == 1
    now.seconds += 2
    await metrics.exposition()
    assert len(reads) == 2


async def test_scrapers_at_the_same_time_share_a_look() -> None:
    metrics = Metrics()
    reads = []

    async def read() -> Mapping[str, int]:
        reads.append(1)
        await asyncio.sleep(0)
        return {"running": 1}

    metrics.watch_executions(read)
    pages = await asyncio.gather(*(metrics.exposition() for _ in range(5)))
    assert len(reads) == 1
    assert all(b'headrace_executions_open{status="running"} 1.0' in body for body, _ in pages)


async def test_a_source_that_fails_leaves_the_rest_of_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exposition, "READ_SECONDS_MAX", 0.01)
    metrics = Metrics()

    async def hang() -> Mapping[str, int]:
        await asyncio.Event().wait()
        return {}

    async def fail() -> Mapping[str, Stats]:
        raise ConnectionError("the queue is away")

    metrics.watch_executions(hang)
    metrics.watch_queues(fail)
    metrics.watch_calls(lambda: 7)
    assert await value(metrics, "headrace_calls_open") == 7
    for source in ("executions", "queues"):
        assert await value(metrics, "headrace_metrics_source_failures_total", source=source) == 1


async def test_queues_are_shown_by_state_age_and_totals() -> None:
    metrics = Metrics()

    async def read() -> Mapping[str, Stats]:
        return {
            "orders": Stats(
                ready=3,
                delayed=1,
                leased=2,
                dead=4,
                enqueued_total=20,
                completed_total=10,
                retried_total=5,
                expired_total=6,
                dead_total=7,
                oldest_ready_seconds=12.5,
            )
        }

    metrics.watch_queues(read)
    for state, count in (("ready", 3), ("delayed", 1), ("leased", 2), ("dead", 4)):
        assert await value(metrics, "headrace_queue_items", queue="orders", state=state) == count
    assert await value(metrics, "headrace_queue_oldest_ready_seconds", queue="orders") == 12.5
    for what, count in (("enqueued", 20), ("completed", 10), ("retried", 5), ("expired", 6), ("dead", 7)):
        assert await value(metrics, f"headrace_queue_{what}_total", queue="orders") == count


async def test_the_loop_s_lag_is_measured() -> None:
    metrics = Metrics()
    reported = asyncio.Event()
    lag = metrics.loop_lag()
    lag._interval_seconds = 0.001
    report = lag._report

    def note(seconds: float) -> None:
        report(seconds)
        reported.set()

    lag._report = note
    lag.start()
    await asyncio.wait_for(reported.wait(), 30)
    await lag.stop()
    count = await value(metrics, "headrace_event_loop_lag_seconds_count")
    assert count is not None and count >= 1


async def test_streams_go_up_and_down() -> None:
    metrics = Metrics()
    assert await value(metrics, "headrace_live_streams") == 0
    metrics.stream_opened()
    metrics.stream_opened()
    metrics.stream_closed()
    assert await value(metrics, "headrace_live_streams") == 1


async def test_triggers_alerts_and_retries_are_counted() -> None:
    metrics = Metrics()
    metrics.trigger_fired("default", "orders", "nightly", "started", 0.2)
    metrics.trigger_fired("default", "orders", "nightly", "filtered")
    metrics.notification_ended("default", "delivered")
    metrics.call_retried("default", "orders", "function")
    names = {"namespace": "default", "flow": "orders"}
    assert (
        await value(metrics, "headrace_trigger_firings_total", **names, trigger="nightly", outcome="filtered")
        == 1
    )
    assert await value(metrics, "headrace_trigger_lag_seconds_count", **names, trigger="nightly") == 1
    assert (
        await value(metrics, "headrace_alert_notifications_total", namespace="default", outcome="delivered")
        == 1
    )
    assert await value(metrics, "headrace_call_retries_total", **names, kind="function") == 1
