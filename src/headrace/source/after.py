"""`schedule.after`: the next execution starts some time after the last one ended, however it ended."""

from __future__ import annotations

import asyncio

from headrace.source.gate import Gate
from headrace.source.port import Clock, Delivery

# How long a start that failed (the definition cannot be loaded, say) waits to be tried again.
AGAIN_SECONDS = 60.0


class AfterSource:
    """Starts once when it is deployed, and then again and again; only the chain that it started counts.

    The key of each start is the execution before it, so a start that was not noted is found again.
    """

    def __init__(self, delay_seconds: float, clock: Clock) -> None:
        self._delay_seconds = delay_seconds
        self._clock = clock
        self._next: float | None = None

    def next_at(self) -> float | None:
        """Return when it starts next; None while an execution of it is open."""
        return self._next

    async def lag_seconds(self) -> float | None:
        """Return how late it is."""
        if self._next is None or self._clock.now() <= self._next:
            return None
        return self._clock.now() - self._next

    async def run(self, gate: Gate) -> None:
        """Start, wait for the end, wait for the delay, and start again."""
        previous = gate.kept.note.get("execution")
        while True:
            if previous is not None:
                self._next = None
                self._next = await self._end_of(gate, previous) + self._delay_seconds
                await self._clock.sleep_until(self._next)
            await gate.room()
            delivery = Delivery(payload=None, default_input=None, key=previous or "first", due_at=self._next)
            fired = await gate.deliver(delivery)
            if fired.outcome == "failed":
                await self._clock.sleep_until(self._clock.now() + AGAIN_SECONDS)
            if fired.execution_id is None:
                continue
            previous = fired.execution_id
            await gate.kept.save(note={"execution": previous})

    async def _end_of(self, gate: Gate, execution_id: str) -> float:
        """Return when an execution ended, once it has; now, where it is not kept any more."""
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def note_end(status: str) -> None:
            if not ended.done():
                ended.set_result(None)

        with gate.openings.starting():  # it may end while we look
            waiting = gate.openings.add(execution_id, note_end)
            found = await gate.kept.store.execution(execution_id)
        try:
            if found is not None and found.ended_at is None and waiting:
                await ended
                found = await gate.kept.store.execution(execution_id)
        finally:
            gate.openings.drop(execution_id, note_end)
        if found is None or found.ended_at is None:
            return self._clock.now()
        return found.ended_at
