"""What metrics learn from calls: which ended, how, and after how long."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Protocol

from headrace.engine.commands import CancelInvocation, Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.metrics import Metrics


class Performs(Protocol):
    """Calls, as the runtime asks for them (`headrace.runtime.runtime.Calls`)."""

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed: ...

    def cancel(self, invocation_id: str) -> None: ...

    async def withdraw(self, call: CancelInvocation) -> None: ...


class MeteredCalls:
    """Counts and times every call that goes through it.

    Functions by the HTTP status of their answer; where they are called otherwise (in this process, by a
    queue) by 200 or the status of their error. Other calls by kind.
    """

    def __init__(
        self, calls: Performs, metrics: Metrics, now: Callable[[], float] = time.perf_counter
    ) -> None:
        self._calls = calls
        self._metrics = metrics
        self._now = now

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        began = self._now()
        try:
            answer = await self._calls.perform(call)
        except asyncio.CancelledError:
            if call.kind != "function":
                namespace, flow = flow_of(call.flow)
                self._metrics.call_ended(namespace, flow, call.kind, "cancelled", self._now() - began)
            raise
        seconds = self._now() - began
        metrics = self._metrics
        namespace, flow = flow_of(call.flow)
        completed = answer.__class__ is CallCompleted
        if call.kind == "function":
            status = answer.http_status
            if status is None:
                if completed:
                    status = 200
                elif call.queued:
                    status = answer.error.status  # type: ignore[union-attr]
            metrics.function_answered(namespace, flow, call.target, status, seconds)
        else:
            metrics.call_ended(namespace, flow, call.kind, "completed" if completed else "failed", seconds)
        if call.attempt > 1:
            metrics.call_retried(namespace, flow, call.kind)
        return answer

    def cancel(self, invocation_id: str) -> None:
        self._calls.cancel(invocation_id)

    async def withdraw(self, call: CancelInvocation) -> None:
        await self._calls.withdraw(call)


@lru_cache(maxsize=4096)
def flow_of(flow: str) -> tuple[str, str]:
    """Return (namespace, name) of `namespace/name:version`."""
    namespace, _, rest = flow.partition("/")
    return namespace, rest.partition(":")[0]
