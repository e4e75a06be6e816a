"""Spans for OpenTelemetry, sent by OTLP over HTTP. Off unless somebody makes a `Traces`.

The ids of spans are derived from the ids of executions, task runs and calls (`headrace.engine.trace`), so
spans are made when what they are about has ended, whole, and by whichever process saw that. Nothing has to be
remembered in between, and after a restart an execution's trace goes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import SpanProcessor

Kind: TypeAlias = Literal["internal", "server", "client", "consumer"]
Value: TypeAlias = "str | int | float | bool"

STOP_SECONDS = 5.0
_SCOPE = "headrace"


class TracingMissing(ImportError):
    """The packages for tracing are not installed."""


def wanted(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether the environment asks for traces, as OpenTelemetry's specification has it."""
    if environment.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return False
    if environment.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp":
        return False
    return bool(
        environment.get("OTEL_EXPORTER_OTLP_ENDPOINT")
        or environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    )


class Traces:
    """Takes spans and sends them from a thread of its own; when that cannot keep up, spans are dropped."""

    def __init__(self, processor: SpanProcessor, *, version: str = "", now: Callable[[], float] = time.time):
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.util.instrumentation import InstrumentationScope

        self._processor = processor
        self._now = now
        attributes: dict[str, Any] = {"service.version": version}
        named = os.environ.get("OTEL_SERVICE_NAME") or "service.name=" in os.environ.get(
            "OTEL_RESOURCE_ATTRIBUTES", ""
        )
        if not named:
            attributes["service.name"] = "headrace"
        self._resource = Resource.create(attributes)
        self._scope = InstrumentationScope(_SCOPE, version)

    @classmethod
    def open(
        cls, *, endpoint: str | None = None, version: str = "", now: Callable[[], float] = time.time
    ) -> Traces:
        """Begin to send to `endpoint` (a base URL, as in `OTEL_EXPORTER_OTLP_ENDPOINT`).

        Without one, where the environment says, or to http://localhost:4318. Raises `TracingMissing`.
        """
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            raise TracingMissing(
                "traces need the packages of OpenTelemetry: pip install 'headrace[otel]'"
            ) from error
        url = None if endpoint is None else endpoint.rstrip("/") + "/v1/traces"
        return cls(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)), version=version, now=now)

    async def aclose(self) -> None:
        """Send what is left, for some seconds at most."""
        loop = asyncio.get_running_loop()
        sent = asyncio.Event()

        def shut_down() -> None:
            try:
                self._processor.shutdown()
            finally:
                with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
                    loop.call_soon_threadsafe(sent.set)

        # Not one of the loop's own threads: the process would wait for it at its end.
        threading.Thread(target=shut_down, name="headrace-traces-end", daemon=True).start()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(sent.wait(), STOP_SECONDS)

    def span(
        self,
        name: str,
        *,
        trace_id: str,
        span_id: str,
        parent_id: str | None,
        started_at: float,
        ended_at: float,
        kind: Kind = "internal",
        attributes: Mapping[str, Value] | None = None,
        error: str | None = None,
    ) -> None:
        """Send a span. Ids are hexadecimal, times epoch seconds."""
        from opentelemetry.sdk.trace import ReadableSpan
        from opentelemetry.trace import SpanContext, SpanKind, TraceFlags
        from opentelemetry.trace.status import Status, StatusCode

        def context(span: str) -> SpanContext:
            return SpanContext(int(trace_id, 16), int(span, 16), False, TraceFlags(TraceFlags.SAMPLED))

        self._processor.on_end(
            ReadableSpan(
                name,
                context=context(span_id),
                parent=None if parent_id is None else context(parent_id),
                resource=self._resource,
                attributes=dict(attributes or {}),
                kind=SpanKind[kind.upper()],
                status=Status(StatusCode.UNSET) if error is None else Status(StatusCode.ERROR, error),
                start_time=int(started_at * 1e9),
                end_time=int(max(started_at, ended_at) * 1e9),
                instrumentation_scope=self._scope,
            )
        )

    @contextlib.contextmanager
    def entered(
        self,
        name: str,
        given: str | None,
        *,
        kind: Kind = "server",
        attributes: Mapping[str, Value] | None = None,
    ) -> Iterator[str | None]:
        """A span of what starts an execution: a request, a trigger. Gives the `traceparent` to start it with.

        `given` is the `traceparent` that came in, as `headrace.engine.trace.accepted` returns it. One that is
        not sampled is given on as it is, and no span is made.
        """
        if given is not None and not int(given[-2:], 16) & 1:
            yield given
            return
        trace_id, parent_id = secrets.token_hex(16), None
        if given is not None:
            _, trace_id, parent_id, _ = given.split("-")
        span_id, began = secrets.token_hex(8), self._now()
        error: str | None = None
        try:
            yield f"00-{trace_id}-{span_id}-01"
        except BaseException as problem:
            error = type(problem).__name__
            raise
        finally:
            self.span(
                name,
                trace_id=trace_id,
                span_id=span_id,
                parent_id=parent_id,
                started_at=began,
                ended_at=self._now(),
                kind=kind,
                attributes=attributes,
                error=error,
            )
