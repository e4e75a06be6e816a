"""Triggers that go by time: cron and interval, also those of a workflow's `schedule`."""

from __future__ import annotations

import logging
from typing import Any, Literal

from headrace.engine.evaluate import iso8601
from headrace.source.gate import Gate
from headrace.source.port import Clock, Delivery
from headrace.source.times import Times

# A time counts as missed when it is later than this: a restart over the hour must not cost the nightly run.
GRACE_SECONDS = 60.0
# A cursor further ahead than this was written while the clock was wrong.
AHEAD_SECONDS_MAX = 86_400.0
# Missed times are counted up to here.
COUNT_MAX = 1000

Missed = Literal["skip", "once", "all"]
WhenFull = Literal["wait", "skip"]

_log = logging.getLogger(__name__)


class TimedSource:
    """Fires at each of the `times`, exactly once: a start has its time as key, and the cursor is durable.

    What passed while nothing ran (a stop, a pause, a wait for executions to end) is `missed`: with `all`
    every time fires, one after the other; with `once` the last one; with `skip` the last one only if it is
    not older than `GRACE_SECONDS`.
    """

    def __init__(
        self, times: Times, clock: Clock, *, missed: Missed, when_full: WhenFull, scheduled: bool
    ) -> None:
        self._times = times
        self._clock = clock
        self._missed = missed
        self._when_full = when_full
        self._scheduled = scheduled  # part of a workflow's `schedule`, which gives no input
        self._next: float | None = None

    def next_at(self) -> float | None:
        """Return when it fires next."""
        return self._next

    async def lag_seconds(self) -> float | None:
        """Return how late it is."""
        if self._next is None:
            return None
        late = self._clock.now() - self._next
        return late if late > 0 else None

    def payload(self, gate: Gate, due: float) -> dict[str, Any]:
        """Return what `input:` sees of a firing."""
        return {"scheduledAt": iso8601(due), "trigger": gate.name.trigger}

    async def run(self, gate: Gate) -> None:
        """Fire whenever it is time."""
        kept = gate.kept
        now = self._clock.now()
        if kept.cursor is None:
            await kept.save(cursor=now)
        elif kept.cursor > now + AHEAD_SECONDS_MAX:
            _log.warning("trigger %s got to %s, which is yet to come", gate.name, iso8601(kept.cursor))
            gate.record("missed", "the clock was set back; going on from now", due_at=kept.cursor)
            await kept.save(cursor=now)
        while True:
            assert kept.cursor is not None
            due = self._next = self._times.after(kept.cursor)
            if due is None:
                gate.error = "the schedule has no further time"
                return
            await self._clock.sleep_until(due)
            await gate.unpaused()
            await self._fire_due(gate, due)

    async def _fire_due(self, gate: Gate, due: float) -> None:
        kept = gate.kept
        now = self._clock.now()
        if due > now or kept.cursor is None:
            return
        if self._missed == "all":
            if await self._fire(gate, due):
                await kept.save(cursor=due)
            return
        last = self._times.last(kept.cursor, now) or due
        fires = self._missed == "once" or now - last <= GRACE_SECONDS
        if fires and not await self._fire(gate, last):
            return
        passed = self._times.count(kept.cursor, last, COUNT_MAX) - fires
        if passed > 0:
            gate.record(
                "missed",
                f"{passed}{' or more' if passed >= COUNT_MAX - 1 else ''} of its times passed while it could "
                f"not fire (missed: {self._missed})",
                due_at=due,
                count=passed,
            )
        await kept.save(cursor=last)

    async def _fire(self, gate: Gate, due: float) -> bool:
        """Fire for one time; False when it was paused meanwhile, so that the time may count as missed."""
        payload = self.payload(gate, due)
        delivery = Delivery(
            payload=payload,
            default_input=None if self._scheduled else payload,
            key=iso8601(due),
            due_at=due,
        )
        while True:
            if self._when_full == "wait":
                await gate.room()
            elif gate.paused:
                return False
            fired = await gate.deliver(delivery)
            if fired.reason == "paused":
                return False
            if fired.reason == "full" and self._when_full == "wait":
                continue
            return True
