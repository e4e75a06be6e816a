"""Drives one execution to its end on a clock that is turned only when nothing else can happen."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from headrace.engine.approval import DECISION_ATTRIBUTE, EXECUTION_ATTRIBUTE
from headrace.engine.evaluate import iso8601
from headrace.engine.state import FINAL_STATUSES
from headrace.flowtest.calls import CaseCalls
from headrace.flowtest.case import Publication
from headrace.flowtest.trace import is_of
from headrace.runtime.clock import ManualClock
from headrace.runtime.runtime import Runtime

# No call may wait for another one that waits on the clock.
CALLS_AT_ONCE = 1_000_000

# How often the clock is turned at most: a flow that waits more often has no end.
TURNS_MAX = 10_000


class Drive:
    """One execution on its way.

    Time passes when no turn is being taken, no event is undelivered and every open call waits on the clock;
    it then jumps to what is next: a timer, the answer of a mock, an event with a time.
    """

    def __init__(
        self,
        runtime: Runtime,
        calls: CaseCalls,
        clock: ManualClock,
        execution_id: str,
        publications: tuple[Publication, ...],
    ) -> None:
        self._runtime = runtime
        self._calls = calls
        self._clock = clock
        self._execution_id = execution_id
        self._began = clock.now()
        self._pending = list(publications)
        self._numbers = {id(each): number for number, each in enumerate(publications, 1)}
        self.endless = False

    @property
    def unpublished(self) -> list[Publication]:
        """Events whose time did not come, or that nobody listened for."""
        return self._pending

    async def to_end(self) -> None:
        """Return when the execution is final, or can never go on, or a call was refused."""
        for _ in range(TURNS_MAX):
            due = await self._settled()
            if self._calls.refusals:
                return
            row = await self._runtime.store.execution(self._execution_id)
            if row is None or row.status in FINAL_STATUSES:
                return
            if await self._publish_awaited():
                continue
            if not await self._turn(due):
                return
        self.endless = True

    async def _settled(self) -> float | None:
        """Return when nothing moves any more; the value is when the next timer is due (epoch seconds)."""
        while True:
            await self._calls.quiet()
            await self._runtime.acting.settle()
            if not self._still():
                await asyncio.sleep(0)  # a call that is about to begin, or was just answered
                continue
            if await self._runtime.store.undelivered(1):
                continue
            ids, due = await self._runtime.store.due(self._clock.now(), 1)
            if not ids and self._still():
                return due

    def _still(self) -> bool:
        return self._runtime.acting.at_rest and self._runtime.open_calls == self._calls.asleep

    async def _turn(self, due: float | None) -> bool:
        """Turn the clock to the next moment; False when there is none."""
        timed = [each for each in self._pending if each.at_seconds is not None]
        first = min(timed, key=lambda each: each.at_seconds or 0.0, default=None)
        published = math.inf if first is None else self._began + (first.at_seconds or 0.0)
        moment = min(each for each in (due, self._calls.next_wake(), published, math.inf) if each is not None)
        if moment == math.inf:
            return False
        self._clock.advance(max(moment - self._clock.now(), 0.0))
        if self._clock.now() < moment:  # rounded down
            self._clock.advance(math.ulp(moment))
        if first is not None and published <= self._clock.now():
            await self._publish(first)
        return True

    async def _publish_awaited(self) -> bool:
        """Publish the first event that waits for a listener, if it has one."""
        pending = [each for each in self._pending if each.at_seconds is None]
        if not pending:
            return False
        listening = [
            each for each in await self._runtime.waiting(self._execution_id) if each.reason == "event"
        ]
        for each in pending:
            if any(each.when is None or is_of(each.when, at.pointer, at.task) for at in listening):
                await self._publish(each)
                return True
            if each.when is None:
                break  # those without a task keep their order
        return False

    async def _answers(self, event: dict[str, Any]) -> dict[str, str]:
        """Return what makes an event the answer to a decision that waits for its type."""
        for each in await self._runtime.waiting(self._execution_id):
            wanted = (each.events or [{}])[0].get("with", {}).get("type")
            if each.decision is not None and wanted == event.get("type"):
                return {EXECUTION_ATTRIBUTE: self._execution_id, DECISION_ATTRIBUTE: str(each.run_id)}
        return {}

    async def _publish(self, publication: Publication) -> None:
        self._pending.remove(publication)
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": f"{self._execution_id}/{self._numbers[id(publication)]}",
            "source": "/headrace/test",
            "time": iso8601(self._clock.now()),
            **publication.event,
            **await self._answers(publication.event),
        }
        await self._runtime.publish(event)
