"""Traces against a real OTLP/HTTP receiver: whole, nested, with the caller's parent, across restarts."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from headrace import Headrace
from headrace.call.traced import TracedCalls
from headrace.engine.trace import run_identity, span_of, trace_of
from headrace.metrics import traces
from headrace.metrics.traces import Traces, wanted
from headrace.store.traced import StoreTracer
from headrace.store.watched import WatchedStore
from integration.metrics.counted_engine import served

pytest.importorskip("opentelemetry.proto", reason="the extra `otel` is not installed")

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
GIVEN = f"00-{TRACE}-{PARENT}-01"
FLOW = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: orders}
spec:
  version: 1.0.0
  functions:
    charge: {url: "URL/charge", retries: 1}
  steps:
    - both:
        do:
          - first: {set: {a: 1}}
          - charge: {call: charge}
"""


class Receiver:
    """An OTLP/HTTP receiver and, beside it, the functions of the flow."""

    def __init__(self) -> None:
        self.url = ""
        self.spans: dict[str, Any] = {}
        self.resources: list[dict[str, str]] = []
        self.parents: list[str] = []
        self.statuses = [200]
        self.hold: asyncio.Event | None = None
        self.called = asyncio.Event()

    async def take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if request.headers.get("content-encoding") == "gzip":
            with contextlib.suppress(gzip.BadGzipFile):  # aiohttp has undone it already
                body = gzip.decompress(body)
        message = ExportTraceServiceRequest.FromString(body)
        for of_resource in message.resource_spans:
            self.resources.append(
                {each.key: each.value.string_value for each in of_resource.resource.attributes}
            )
            for of_scope in of_resource.scope_spans:
                for span in of_scope.spans:
                    assert span.span_id.hex() not in self.spans, "the same span was sent twice"
                    self.spans[span.span_id.hex()] = span
        answer = ExportTraceServiceResponse().SerializeToString()
        return web.Response(body=answer, content_type="application/x-protobuf")

    async def charge(self, request: web.Request) -> web.Response:
        self.parents.append(request.headers["traceparent"])
        self.called.set()
        if self.hold is not None:
            await self.hold.wait()
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        return web.json_response({}, status=status)

    def span(self, identity: str) -> Any:
        return self.spans[span_of(identity)]


@contextlib.asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    found = Receiver()
    async with served(web.post("/v1/traces", found.take), web.post("/charge", found.charge)) as url:
        found.url = url
        yield found


@contextlib.asynccontextmanager
async def traced(store: Path, collector: Receiver) -> AsyncIterator[Headrace]:
    """Run an engine that is traced; at its end all spans are sent."""
    sent = Traces.open(endpoint=collector.url, version="1.2.3")
    headrace = Headrace(store, grace_seconds=0)
    await headrace.start_up(recover=False)
    headrace.runtime.store = WatchedStore(headrace.sqlite, [StoreTracer(sent)])
    headrace.runtime.calls = TracedCalls(headrace.runtime.calls, sent)
    await headrace.recover()
    try:
        yield headrace
    finally:
        await headrace.shut_down()
        await sent.aclose()


def attributes(span: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in span.attributes}


async def test_an_execution_its_task_runs_and_its_calls_are_nested_spans(tmp_path: Path) -> None:
    async with receiver() as collector:
        collector.statuses = [503, 200]
        async with traced(tmp_path / "a.db", collector) as headrace:
            flow = await headrace.deploy(FLOW.replace("URL", collector.url))
            execution_id = await headrace.runtime.start_execution(flow, {}, traceparent=GIVEN)
            assert (await headrace.runtime.result(execution_id)).status == "completed"
            runs = {run.name: run for run in await headrace.history(execution_id)}
        assert {span.trace_id.hex() for span in collector.spans.values()} == {TRACE}
        root = collector.span(execution_id)
        assert (root.name, root.parent_span_id.hex()) == ("default/orders", PARENT)
        assert attributes(root)["headrace.status"] == "completed"
        both = collector.span(run_identity(execution_id, runs["both"].run_id))
        assert both.parent_span_id == root.span_id
        charge = collector.span(run_identity(execution_id, runs["charge"].run_id))
        assert charge.parent_span_id == both.span_id
        assert attributes(charge)["headrace.task"] == "/do/0/both/do/1/charge"
        attempts = [collector.span(f"{execution_id}.{runs['charge'].run_id}.{attempt}") for attempt in (1, 2)]
        assert [attempt.parent_span_id for attempt in attempts] == [charge.span_id] * 2
        assert [attributes(each)["http.response.status_code"] for each in attempts] == [503, 200]
        assert [each.status.code for each in attempts] == [2, 0]
        assert [each.kind for each in attempts] == [3, 3]
        # The function sees the call as its parent.
        assert collector.parents == [f"00-{TRACE}-{each.span_id.hex()}-01" for each in attempts]
        assert len(collector.spans) == 6  # the two above, `first`, and these
        assert root.start_time_unix_nano <= charge.start_time_unix_nano <= charge.end_time_unix_nano
        assert charge.end_time_unix_nano <= root.end_time_unix_nano
        assert collector.resources[0]["service.name"] == "headrace"
        assert collector.resources[0]["service.version"] == "1.2.3"


async def test_a_trace_goes_on_after_a_restart(tmp_path: Path) -> None:
    async with receiver() as collector:
        held = collector.hold = asyncio.Event()
        # The first process has no tracer at its end: as after a kill, what it saw of the call is lost.
        first = Headrace(tmp_path / "a.db", grace_seconds=0)
        await first.start_up()
        flow = await first.deploy(FLOW.replace("URL", collector.url))
        given = await first.runtime.start_execution(flow, {}, traceparent=GIVEN)
        own = await first.runtime.start_execution(flow, {})
        while len(collector.parents) < 2:
            await asyncio.sleep(0.005)
        await first.shut_down()
        held.set()
        collector.hold = None
        async with traced(tmp_path / "a.db", collector) as headrace:
            for execution_id in (given, own):
                assert (await headrace.runtime.result(execution_id)).status == "completed"
        assert collector.span(given).trace_id.hex() == TRACE
        assert collector.span(given).parent_span_id.hex() == PARENT
        assert collector.span(own).trace_id.hex() == trace_of(own, None)[0]
        assert collector.span(own).parent_span_id == b""
        # Made again, a call is the same span to the function.
        assert sorted(collector.parents[:2]) == sorted(collector.parents[2:])


async def test_a_child_execution_is_in_the_trace_of_its_parent(tmp_path: Path) -> None:
    parent = """
    document: {dsl: 1.0.3, namespace: default, name: parent, version: 1.0.0}
    do: [{inner: {run: {workflow: {namespace: default, name: orders, version: 1.0.0}}}}]
    """
    async with receiver() as collector:
        async with traced(tmp_path / "a.db", collector) as headrace:
            await headrace.deploy(FLOW.replace("URL", collector.url))
            flow = await headrace.deploy(parent)
            execution_id = await headrace.runtime.start_execution(flow, {}, traceparent=GIVEN)
            assert (await headrace.runtime.result(execution_id)).status == "completed"
        assert {span.trace_id.hex() for span in collector.spans.values()} == {TRACE}
        child = collector.span(f"{execution_id}.1")
        children = [span for span in collector.spans.values() if span.name == "default/orders"]
        assert [span.parent_span_id for span in children] == [child.span_id]


async def test_a_trace_that_is_not_sampled_is_not_sampled_here(tmp_path: Path) -> None:
    async with receiver() as collector:
        async with traced(tmp_path / "a.db", collector) as headrace:
            flow = await headrace.deploy(FLOW.replace("URL", collector.url))
            not_sampled = GIVEN[:-2] + "00"
            execution_id = await headrace.runtime.start_execution(flow, {}, traceparent=not_sampled)
            await headrace.runtime.result(execution_id)
        assert collector.spans == {}
        assert collector.parents[0].startswith(f"00-{TRACE}-")
        assert collector.parents[0].endswith("-00")


async def test_a_fault_is_an_error_without_what_it_says_in_detail(tmp_path: Path) -> None:
    async with receiver() as collector:
        collector.statuses = [402]
        async with traced(tmp_path / "a.db", collector) as headrace:
            flow = await headrace.deploy(FLOW.replace("URL", collector.url))
            execution_id = await headrace.runtime.start_execution(flow, {})
            assert (await headrace.runtime.result(execution_id)).status == "faulted"
        root = collector.span(execution_id)
        assert root.status.code == 2
        assert root.status.message.endswith("/communication: Payment Required")


async def test_what_starts_an_execution_is_a_span_above_it(tmp_path: Path) -> None:
    async with receiver() as collector:
        own_traces = Traces.open(endpoint=collector.url)
        with own_traces.entered("POST /hooks/orders", GIVEN, attributes={"headrace.trigger": "api"}) as inner:
            assert inner is not None and inner.startswith(f"00-{TRACE}-") and inner.endswith("-01")
        with own_traces.entered("cron nightly", None, kind="internal") as own:
            assert own is not None and TRACE not in own
        with pytest.raises(ZeroDivisionError), own_traces.entered("broken", GIVEN):
            raise ZeroDivisionError
        with own_traces.entered("quiet", GIVEN[:-2] + "00") as quiet:
            assert quiet == GIVEN[:-2] + "00"
        await own_traces.aclose()
        spans = {span.name: span for span in collector.spans.values()}
        assert set(spans) == {"POST /hooks/orders", "cron nightly", "broken"}
        assert spans["POST /hooks/orders"].span_id.hex() == inner.split("-")[2]
        assert spans["POST /hooks/orders"].parent_span_id.hex() == PARENT
        assert spans["broken"].status.code == 2


async def test_a_collector_that_is_away_harms_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(traces, "STOP_SECONDS", 0.05)
    async with receiver() as collector:
        away = Receiver()
        away.url = "http://127.0.0.1:1"
        async with traced(tmp_path / "a.db", away) as headrace:
            flow = await headrace.deploy(FLOW.replace("URL", collector.url))
            assert await headrace.run(flow, {}) == {}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318"}, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://localhost:4318/v1/traces"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_SDK_DISABLED": "true"}, False),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4318", "OTEL_TRACES_EXPORTER": "none"}, False),
    ],
)
def test_the_environment_switches_traces_on(environment: dict[str, str], expected: bool) -> None:
    assert wanted(environment) is expected
