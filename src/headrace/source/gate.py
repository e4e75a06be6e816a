"""The gate of one trigger: everything that may start an execution passes it.

It knows whether the trigger is paused and how many of its executions are open, makes input and key of what
came, starts, and keeps the record.
"""

from __future__ import annotations

import asyncio
import logging
import os
from typing import Any

from headrace.errors import ExpressionError, HeadraceError
from headrace.source.arrivals import Arrival, Arrivals, Cause, Payload
from headrace.source.kept import Kept
from headrace.source.mapping import Mapping, key_text, start_key
from headrace.source.openings import Openings, Then
from headrace.source.port import (
    Clock,
    Delivery,
    Fired,
    OnFired,
    Outcome,
    Reason,
    Start,
    StartRequest,
    StartUnavailable,
)
from headrace.source.recorder import Recorder
from headrace.store.port import Starter, StoreUnavailable
from headrace.store.triggers import Firing, TriggerName

_log = logging.getLogger(__name__)


class Gate:
    """One trigger's way to an execution."""

    def __init__(
        self,
        name: TriggerName,
        *,
        start: Start,
        openings: Openings,
        recorder: Recorder,
        clock: Clock,
        kept: Kept,
        input: Mapping | None = None,
        dedupe: Mapping | None = None,
        max_open: int | None = None,
        fired: OnFired | None = None,
        arrivals: Arrivals | None = None,
    ) -> None:
        self.name = name
        self.clock = clock
        self.kept = kept
        self.openings = openings
        self.max_open = max_open
        self.held = False  # its FlowApp is paused
        self.open = 0  # counted only where there is a limit
        self.error: str | None = None  # what stands in its way now, for people
        self.counts: dict[str, int] = {}  # firings by outcome, since this process has it
        self.input = input
        self.dedupe = dedupe
        self.arrivals = arrivals  # what came to it last
        self._start = start
        self._recorder = recorder
        self._fired = fired
        self._waiters: list[asyncio.Future[None]] = []
        self._in_hand: set[asyncio.Task[Fired]] = set()
        self._staying = 0  # starts in the tasks of those who asked for them

    # --- whether it may ---------------------------------------------------------------------------------

    @property
    def paused(self) -> bool:
        """Whether it starts nothing now, by itself or with its FlowApp."""
        return self.held or self.kept.paused

    @property
    def full(self) -> bool:
        """Whether as many executions are open as may be."""
        return self.max_open is not None and self.open >= self.max_open

    @property
    def free(self) -> int | None:
        """How many may start now; None: any number."""
        return None if self.max_open is None else max(0, self.max_open - self.open)

    async def room(self) -> None:
        """Return while it is neither paused nor full."""
        while self.paused or self.full:
            await self._change()

    async def unpaused(self) -> None:
        """Return while it is not paused."""
        while self.paused:
            await self._change()

    def wake(self) -> None:
        """Let those who wait look again: it was paused or resumed, or an execution ended."""
        waiters, self._waiters = self._waiters, []
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def _change(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        await waiter

    # --- starting ---------------------------------------------------------------------------------------

    def request(
        self, delivery: Delivery, *, by_hand: bool = False, started_by: Starter | None = None
    ) -> StartRequest:
        """Return what to start for a delivery. Raises `ExpressionError` where the mapping fails on it."""
        now = self.clock.now()
        payload = delivery.payload
        key = None
        if self.dedupe is not None and not by_hand:
            key = key_text(self.dedupe.evaluate(payload, now))
        if key is None:
            key = delivery.key
        return StartRequest(
            namespace=self.name.namespace,
            flow=self.name.flow,
            trigger=self.name.trigger,
            input=delivery.default_input if self.input is None else self.input.evaluate(payload, now),
            key=None if key is None else start_key(self.name.trigger, key),
            traceparent=delivery.traceparent,
            tracestate=delivery.tracestate,
            started_by=started_by,
        )

    async def deliver(
        self,
        delivery: Delivery,
        *,
        by_hand: bool = False,
        started_by: Starter | None = None,
        then: Then | None = None,
    ) -> Fired:
        """Start an execution for what came; return when that is durable, or say why nothing starts.

        `by_hand` starts also while paused or full; `started_by` says whose hand it is. `then` is told of the
        end of the execution, unless it was started before. Raises `StartUnavailable` when nothing was
        started and the same may be tried again.
        """
        fired = await self._deliver(delivery, by_hand, started_by, then)
        # What people make up did not come.
        if self.arrivals is not None and not by_hand:
            self.came(self.arrivals.payload(delivery.payload), fired)
        return fired

    async def _deliver(
        self, delivery: Delivery, by_hand: bool, started_by: Starter | None, then: Then | None
    ) -> Fired:
        refused = None if by_hand else self.refusal(delivery.due_at)
        if refused is not None:
            return refused
        try:
            request = self.request(delivery, by_hand=by_hand, started_by=started_by)
        except ExpressionError as error:
            return self.note("failed", "mapping", f"the mapping failed: {error}", due_at=delivery.due_at)
        return await self.start(request, due_at=delivery.due_at, then=then)

    def refusal(self, due_at: float | None = None) -> Fired | None:
        """Refuse, and keep that on record, while the trigger is paused or full."""
        if self.paused:
            return self.note("refused", "paused", "the trigger is paused", due_at=due_at)
        if self.full:
            detail = f"{self.open} executions of this trigger are open, as many as may be (maxOpen)"
            return self.note("refused", "full", detail, due_at=due_at)
        return None

    async def start(
        self, request: StartRequest, *, due_at: float | None = None, then: Then | None = None
    ) -> Fired:
        """Start what was mapped already. Raises as `deliver` does.

        Whoever asks may be cancelled (a client is gone, the source stops): the start goes on to its end.
        """
        if self.max_open is not None:
            self.open += 1  # at once: whoever asks next has to see it
        task = asyncio.ensure_future(self._start_counted(request, due_at, then))
        self._in_hand.add(task)
        task.add_done_callback(self._let_go)
        return await asyncio.shield(task)

    async def start_and_stay(self, request: StartRequest) -> Fired:
        """Start as `start` does, for who stays: a task less per start.

        Whoever is cancelled all the same, as when the process stops, may leave an execution that is durable
        and goes on at the next start, as after a crash. Raises as `deliver` does.
        """
        if self.max_open is not None:
            self.open += 1
        self._staying += 1
        try:
            return await self._start_counted(request, None, None)
        finally:
            self._staying -= 1
            if not self._staying and self._waiters:
                self.wake()

    def _let_go(self, task: asyncio.Task[Fired]) -> None:
        self._in_hand.discard(task)
        if not task.cancelled():
            task.exception()  # whoever asked may not be there any more to take it

    async def _start_counted(self, request: StartRequest, due_at: float | None, then: Then | None) -> Fired:
        counted = False
        try:
            if self.max_open is None and then is None:
                outcome = await self._start(request)
            else:
                with self.openings.starting():
                    outcome = await self._start(request)
                    if outcome.created:
                        if self.max_open is not None:
                            counted = self.openings.add(outcome.execution_id, self._ended)
                        if then is not None and not self.openings.add(outcome.execution_id, then):
                            then(self.openings.status_of(outcome.execution_id) or "")
        except StartUnavailable as error:
            self.error = str(error)
            raise
        except StoreUnavailable as error:
            self.error = str(error)
            raise StartUnavailable(str(error)) from error
        except HeadraceError as error:
            self.error = str(error)
            return self.note("failed", "start", str(error), key=request.key, due_at=due_at)
        finally:
            if self.max_open is not None and not counted:
                self.open -= 1
                self.wake()
        self.error = None
        if outcome.created:
            self._count("started", 1, due_at)
            return Fired(outcome="started", execution_id=outcome.execution_id)
        detail = "it was started before"
        return self.note("duplicate", "", detail, request.key, due_at, outcome.execution_id)

    async def settle(self) -> None:
        """Return when no start is on its way."""
        while self._in_hand or self._staying:
            if self._in_hand:
                await asyncio.wait(set(self._in_hand))
            else:
                await self._change()

    def _ended(self, status: str) -> None:
        self.open -= 1
        self.wake()

    async def count_open(self) -> None:
        """Count what is open already of this trigger, where there is a limit."""
        if self.max_open is None:
            return
        with self.openings.starting():
            for execution_id in await self.kept.store.open_executions(self.name):
                if self.openings.add(execution_id, self._ended):
                    self.open += 1

    # --- the record -------------------------------------------------------------------------------------

    def came(self, payload: Payload | None, fired: Fired) -> None:
        """Keep what came, with what became of it, to be looked at."""
        if self.arrivals is not None:
            self.arrivals.note(
                self.name,
                Arrival(
                    at=self.clock.now(),
                    outcome=fired.outcome,
                    cause=fired.reason,
                    detail=fired.detail,
                    execution_id=fired.execution_id,
                    payload=payload,
                ),
            )

    def turned_away(
        self, payload: Payload | None, cause: Cause, detail: str, *, let_in: bool = False
    ) -> None:
        """Keep what was refused without becoming a firing, to be looked at."""
        if self.arrivals is not None:
            arrival = Arrival(
                at=self.clock.now(), outcome="refused", cause=cause, detail=detail, payload=payload
            )
            self.arrivals.note(self.name, arrival, let_in=let_in)

    def passed_over(self, event: dict[str, Any]) -> None:
        """Keep an event that the filters did not take, to be looked at."""
        if self.arrivals is not None:
            arrival = Arrival(
                at=self.clock.now(),
                outcome="filtered",
                cause="filter",
                payload=self.arrivals.payload(event),
            )
            self.arrivals.note(self.name, arrival)

    def note(
        self,
        outcome: Outcome,
        reason: Reason,
        detail: str,
        key: str | None = None,
        due_at: float | None = None,
        execution_id: str | None = None,
    ) -> Fired:
        """Keep on record that something started nothing, and return that."""
        self.record(outcome, detail, key=key, due_at=due_at, execution_id=execution_id)
        return Fired(outcome=outcome, execution_id=execution_id, reason=reason, detail=detail)

    def _count(self, outcome: str, count: int, due_at: float | None) -> None:
        self.counts[outcome] = self.counts.get(outcome, 0) + count
        if self._fired is not None:
            self._fired(self.name, outcome, None if due_at is None else self.clock.now() - due_at)

    def record(
        self,
        outcome: str,
        detail: str,
        *,
        key: str | None = None,
        due_at: float | None = None,
        execution_id: str | None = None,
        count: int = 1,
    ) -> None:
        """Keep a firing that started nothing."""
        self._count(outcome, count, due_at)
        firing = Firing(
            at=self.clock.now(),
            outcome=outcome,
            key=key,
            execution_id=execution_id,
            reason=detail,
            due_at=due_at,
            count=count,
        )
        self._recorder.add(self.name, firing)


def unique_key() -> str:
    """Return a key for what is started by hand: no two are the same."""
    return f"by-hand/{os.urandom(10).hex()}"


def plain_delivery(payload: Any, key: str | None) -> Delivery:
    """Return a delivery whose input is what came, unless the trigger maps it."""
    return Delivery(payload=payload, default_input=payload, key=key)
