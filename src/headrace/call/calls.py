"""The registry of performers: one place that every call of a workflow goes through."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

from headrace.call.performer import Performer, call_error, failed
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed

_log = logging.getLogger(__name__)


class Calls:
    """Hands each call to the performer of its kind, within its deadline, and never raises for it.

    An unexpected exception of a performer becomes a `runtime` error of the call: a bug in one performer
    must fail one task, not the engine.
    """

    def __init__(self, performers: Mapping[str, Performer]) -> None:
        self._performers = dict(performers)
        # Nearly always one task per invocation; two while a redelivery overlaps with the first delivery.
        self._running: dict[str, tuple[asyncio.Task[object], ...]] = {}

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Perform `call`; the answer is at the latest there when `call.deadline` has come.

        Raises nothing but `asyncio.CancelledError`, when the awaiting task is cancelled (by `cancel` too).
        """
        performer = self._performers.get(call.kind)
        if performer is None:
            return failed(
                call,
                call_error(
                    "configuration",
                    f"no performer for calls of kind {call.kind!r}",
                    f"known: {', '.join(sorted(self._performers))}",
                ),
            )
        task = asyncio.current_task()
        assert task is not None
        invocation_id = call.invocation_id
        running = self._running
        running[invocation_id] = (*running.get(invocation_id, ()), task)
        try:
            if call.deadline is None:
                return await performer.perform(call)
            return await self._perform_in_time(performer, call, call.deadline)
        except Exception as error:
            _log.exception("performing %s call %s failed unexpectedly", call.kind, invocation_id)
            return failed(
                call,
                call_error(
                    "runtime",
                    f"unexpected {type(error).__name__} in a {call.kind} call",
                    "this is a defect of Headrace, not of the workflow; the server's log has the details",
                ),
            )
        finally:
            others = tuple(other for other in running[invocation_id] if other is not task)
            if others:
                running[invocation_id] = others
            else:
                del running[invocation_id]

    async def _perform_in_time(
        self, performer: Performer, call: Invoke, deadline: float
    ) -> CallCompleted | CallFailed:
        # The deadline is wall-clock time, because it is kept over restarts; the timer is monotonic.
        try:
            async with asyncio.timeout(max(0.0, deadline - time.time())) as scope:
                return await performer.perform(call)
        except TimeoutError:
            if not scope.expired():
                raise
            return failed(
                call,
                call_error(
                    "timeout", "no answer before the task's deadline", f"{call.kind} call", retryable=True
                ),
            )

    def cancel(self, invocation_id: str) -> None:
        """Cancel the task that performs this invocation; an unknown or finished one is no error."""
        for task in self._running.get(invocation_id, ()):
            task.cancel()

    async def aclose(self) -> None:
        """Close every performer once; one that fails to close does not keep the others open."""
        for performer in {id(each): each for each in self._performers.values()}.values():
            try:
                await performer.aclose()
            except Exception:
                _log.exception("closing %s failed", type(performer).__name__)
