"""Triggers on CloudEvents.

Where one event is enough, an event starts an execution as it is dispatched, and counts as delivered only
then. While such a trigger is paused it keeps, as its cursor, which event it saw last, and reads on from
there in the store when it goes on. A trigger that gathers several events always works that way, event by
event in their order: the group and the cursor are written together, so that no event is taken twice or
missed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable
from typing import Any

import msgspec
import orjson

from headrace.engine.correlate import read_event
from headrace.source.gate import Gate
from headrace.source.groups import Change, Group, Groups, identity
from headrace.source.matching import Filters
from headrace.source.pause import pause_seconds
from headrace.source.port import Clock, Delivery, StartUnavailable
from headrace.store.triggers import Gathered

NAMESPACE = "headracenamespace"
# An event that has it is a signal for one execution, and starts nothing.
EXECUTION = "headraceexecution"
PAGE = 500

_log = logging.getLogger(__name__)


class EventSource:
    """One trigger on events. `offer` is called with every published event, in order."""

    def __init__(
        self, filters: Filters, clock: Clock, *, read: str, listed: bool, missed: str, gate: Gate
    ) -> None:
        self._filters = filters
        self._clock = clock
        self._read = read
        self._listed = listed  # the input is a list, however many events there are
        self._missed = missed
        self._gate = gate
        self._groups = Groups(filters, read)
        # Whether events are read from the store, behind the cursor, instead of taken as they come.
        self.reading = filters.gathers or gate.paused or gate.kept.cursor is not None
        self._bell = asyncio.Event()
        self._offered = 0  # the last event that came by
        self._in_hand: dict[int, float] = {}  # events that wait to start something, and since when
        self._tasks: set[asyncio.Task[None]] = set()

    # --- events that come by ----------------------------------------------------------------------------

    def offer(self, sequence: int, event: dict[str, Any]) -> Awaitable[None] | None:
        """Take an event, or not; what is returned is done when what it caused is durable."""
        if not self._ours(event) or not self._filters.may_want(event):
            return None
        self._offered = max(self._offered, sequence)
        if self.reading:
            self._bell.set()
            if self._gate.paused and self._missed == "skip" and not self._filters.gathers:
                self._skip(event)
            return None
        if not self._filters.wants(event, self._clock.now()):
            self._gate.passed_over(event)
            return None
        self._in_hand[sequence] = self._clock.now()
        task = asyncio.create_task(self._start_for(sequence, event))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _ours(self, event: dict[str, Any]) -> bool:
        namespace = event.get(NAMESPACE)
        return EXECUTION not in event and (namespace is None or namespace == self._gate.name.namespace)

    def _skip(self, event: dict[str, Any]) -> None:
        if self._filters.wants(event, self._clock.now()):
            self._gate.record("refused", "the trigger is paused (missed: skip)", key=identity(event))

    async def _start_for(self, sequence: int, event: dict[str, Any]) -> None:
        try:
            await self._deliver(self.delivery(event))
        finally:
            del self._in_hand[sequence]

    async def _deliver(self, delivery: Delivery) -> None:
        """Deliver until it is decided what comes of it, however long that takes."""
        attempt = 0
        while True:
            await self._gate.room()
            try:
                fired = await self._gate.deliver(delivery)
            except StartUnavailable as error:
                if attempt == 0:
                    _log.warning("trigger %s cannot start, trying again: %s", self._gate.name, error)
                await self._clock.sleep_until(self._clock.now() + pause_seconds(attempt))
                attempt += 1
                continue
            if fired.reason not in ("full", "paused"):
                return

    def delivery(self, event: dict[str, Any]) -> Delivery:
        """Return the delivery of one event."""
        read = read_event(event, self._read)
        return Delivery(
            payload=event,
            default_input=[read] if self._listed else read,
            key=identity(event),
            traceparent=_text(event, "traceparent"),
            tracestate=_text(event, "tracestate"),
        )

    def deliveries(self, events: list[dict[str, Any]], key: str) -> Delivery:
        """Return the delivery of several events."""
        return Delivery(
            payload=events,
            default_input=[read_event(event, self._read) for event in events],
            key=key,
            traceparent=_text(events[0], "traceparent"),
            tracestate=_text(events[0], "tracestate"),
        )

    # --- pausing ----------------------------------------------------------------------------------------

    async def hold(self) -> None:
        """From now on only remember where events were; the trigger is being paused."""
        if self.reading:
            return
        self.reading = True
        # What waits to start something is not delivered yet, and comes again after a restart: behind it.
        cursor = min(self._in_hand, default=self._offered + 1) - 1
        if not self._offered:
            cursor = await self._gate.kept.store.settled_event()
        await self._gate.kept.save(cursor=cursor)

    def resume(self) -> None:
        """Go on: with the events since, or from now on."""
        self._bell.set()

    # --- events behind the cursor -----------------------------------------------------------------------

    async def run(self, gate: Gate) -> None:
        """Read events behind the cursor whenever there may be some."""
        kept = gate.kept
        if self._filters.gathers:
            self._groups.load(
                [msgspec.json.decode(one.data, type=Group) for one in await kept.store.gathered(gate.name)]
            )
        if self.reading and kept.cursor is None:
            await kept.save(cursor=await kept.store.last_event())
        self._bell.set()
        while True:
            await self._bell.wait()
            await gate.unpaused()
            self._bell.clear()
            if not self.reading:
                continue
            if self._missed == "skip" and not self._filters.gathers:
                await self._go_live()
            else:
                await self._catch_up()

    async def _catch_up(self) -> None:
        gate, kept = self._gate, self._gate.kept
        while not gate.paused:
            assert kept.cursor is not None
            offered = self._offered
            page = await kept.store.events_after(int(kept.cursor), PAGE)
            for stored in page:
                if gate.paused:
                    return
                event = orjson.loads(stored.event)
                if self._ours(event) and self._filters.may_want(event):
                    await self._take(stored.sequence, event)
                else:
                    kept.moved(stored.sequence)
            if page:
                await kept.save(cursor=kept.cursor)
            elif self._offered == offered:
                # None came while the store was asked, so none is between it and those that come now.
                if not self._filters.gathers:
                    await self._go_live()
                return

    async def _go_live(self) -> None:
        # At once, without a wait in between: an event that comes now must find it so.
        self.reading = False
        await self._gate.kept.forget_cursor()

    async def _take(self, sequence: int, event: dict[str, Any]) -> None:
        kept = self._gate.kept
        if not self._filters.gathers:
            if self._filters.wants(event, self._clock.now()):
                await self._deliver(self.delivery(event))
            else:
                self._gate.passed_over(event)
            kept.moved(sequence)
            return
        change = self._groups.take(event, self._clock.now())
        if change is None:
            self._gate.passed_over(event)
            kept.moved(sequence)
            return
        try:
            await self._apply(sequence, change)
        except BaseException:
            # What is in memory is ahead of what is kept: `run` begins anew, with what is kept.
            self._groups.load([])
            raise

    async def _apply(self, sequence: int, change: Change) -> None:
        gate, kept = self._gate, self._gate.kept
        if change.given_up is not None:
            detail = "too many groups of events wait; the oldest is given up"
            gate.record("failed", detail, key=change.given_up.key)
        dropped = [group.id for group in (change.complete, change.given_up) if group is not None]
        if change.complete is not None:
            await self._deliver(self.deliveries(change.complete.events, change.complete.key))
        group = change.kept
        saved = (
            []
            if group is None
            else [Gathered(id=group.id, since=group.since, data=msgspec.json.encode(group))]
        )
        await kept.store.gather(gate.name, sequence, saved, dropped)
        kept.moved(sequence)

    # --- asking -----------------------------------------------------------------------------------------

    def next_at(self) -> float | None:
        """Return None: nobody knows when an event comes."""
        return None

    async def lag_seconds(self) -> float | None:
        """Return how long the oldest event waits to start something."""
        since = min(self._in_hand.values(), default=None)
        return None if since is None else max(0.0, self._clock.now() - since)

    async def stop(self) -> None:
        """Let go of events that wait: they are not delivered yet, and come again."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _text(event: dict[str, Any], name: str) -> str | None:
    """Return an attribute; the trace context is one (CloudEvents' Distributed Tracing extension)."""
    value = event.get(name)
    return value if isinstance(value, str) else None
