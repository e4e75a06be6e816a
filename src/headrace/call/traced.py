"""What traces learn from calls: each attempt, with what came of it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from headrace.call.metered import Performs, flow_of
from headrace.engine.commands import CancelInvocation, Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.engine.trace import run_identity, span_of, trace_of
from headrace.metrics.traces import Traces, Value


class TracedCalls:
    """Makes a span of every call that goes through it, the one that its `traceparent` names to the function.

    A call that is made again after a restart has the same span, as it has the same invocation id.
    """

    def __init__(self, calls: Performs, traces: Traces, now: Callable[[], float] = time.time) -> None:
        self._calls = calls
        self._traces = traces
        self._now = now

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        trace_id, _, sampled = trace_of(call.execution_id, call.trace)
        if not sampled:
            return await self._calls.perform(call)
        began = self._now()
        try:
            answer = await self._calls.perform(call)
        except asyncio.CancelledError:
            self._span(call, trace_id, began, {"headrace.cancelled": True}, None)
            raise
        more: dict[str, Value] = {}
        if answer.http_status is not None:
            more["http.response.status_code"] = answer.http_status
        error = None
        if isinstance(answer, CallFailed):
            # Not its title: that may be what a function said, and secrets are not masked yet.
            error = f"{answer.error.type} {answer.error.status}"
        self._span(call, trace_id, began, more, error)
        return answer

    def _span(
        self, call: Invoke, trace_id: str, began: float, more: dict[str, Value], error: str | None
    ) -> None:
        namespace, flow = flow_of(call.flow)
        self._traces.span(
            f"{call.kind} {call.target}".rstrip(),
            trace_id=trace_id,
            span_id=span_of(call.invocation_id),
            parent_id=span_of(run_identity(call.execution_id, call.run_id)),
            started_at=began,
            ended_at=self._now(),
            kind="client",
            attributes={
                "headrace.namespace": namespace,
                "headrace.flow": flow,
                "headrace.execution": call.execution_id,
                "headrace.task": call.pointer,
                "headrace.attempt": call.attempt,
                **more,
            },
            error=error,
        )

    def cancel(self, invocation_id: str) -> None:
        self._calls.cancel(invocation_id)

    async def withdraw(self, call: CancelInvocation) -> None:
        await self._calls.withdraw(call)
