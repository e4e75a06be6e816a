"""One trigger that runs: its source under supervision, and what people see of it."""

from __future__ import annotations

import asyncio
import contextlib
import logging

import msgspec

from headrace.source.build import Parts
from headrace.source.pause import pause_seconds
from headrace.source.port import Clock, StartUnavailable
from headrace.store.port import StoreUnavailable
from headrace.store.triggers import Firing, TriggerState

# A source that ran so long before it failed begins its pauses anew.
STEADY_SECONDS = 60.0

_log = logging.getLogger(__name__)


class TriggerStatus(msgspec.Struct, kw_only=True):
    """A trigger as people see it. `counts` are firings by outcome since this process runs it."""

    namespace: str
    flow: str
    trigger: str
    kind: str
    paused: bool  # by itself
    held: bool  # with its FlowApp
    last: Firing | None = None
    next_at: float | None = None
    lag_seconds: float | None = None
    open: int | None = None  # executions, where there is a limit
    max_open: int | None = None
    counts: dict[str, int] = {}
    error: str | None = None
    method: str | None = None  # of http triggers
    path: str | None = None


class Running:
    """A trigger that is deployed."""

    def __init__(self, parts: Parts, clock: Clock) -> None:
        self.parts = parts
        self.gate = parts.gate
        self._clock = clock
        self._task: asyncio.Task[None] | None = None

    @property
    def state(self) -> TriggerState:
        """What is kept of it."""
        return self.gate.kept.state

    def start(self) -> None:
        """Let its source run."""
        if self.parts.source is not None:
            name = f"headrace-trigger {self.gate.name}"
            self._task = asyncio.create_task(self._supervise(), name=name)

    async def stop(self) -> None:
        """Stop its source, and wait for starts that are on their way."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        if self.parts.event is not None:
            await self.parts.event.stop()
        await self.gate.settle()

    async def _supervise(self) -> None:
        source, gate = self.parts.source, self.gate
        assert source is not None
        attempt = 0
        while True:
            began = self._clock.now()
            try:
                await source.run(gate)
                return
            except (StoreUnavailable, StartUnavailable) as error:
                gate.error = str(error)
                if attempt == 0:
                    _log.warning("trigger %s is held up, trying again: %s", gate.name, error)
            except Exception as error:
                gate.error = f"{type(error).__name__}: {error}"
                _log.exception("trigger %s failed, and is started again", gate.name)
            if self._clock.now() - began > STEADY_SECONDS:
                attempt = 0
            await self._clock.sleep_until(self._clock.now() + pause_seconds(attempt))
            attempt += 1

    async def set_paused(self, paused: bool) -> None:
        """Pause or resume it by itself, durably."""
        if paused:
            await self._hold()
        await self.gate.kept.set_paused(paused)
        self._changed()

    async def set_held(self, held: bool) -> None:
        """Pause or resume it with its FlowApp."""
        if held:
            await self._hold()
        self.gate.held = held
        self._changed()

    async def _hold(self) -> None:
        if self.parts.event is not None:
            await self.parts.event.hold()

    def _changed(self) -> None:
        self.gate.wake()
        if self.parts.event is not None and not self.gate.paused:
            self.parts.event.resume()

    async def status(self, last: Firing | None) -> TriggerStatus:
        """Return it as people see it."""
        gate, source, target = self.gate, self.parts.source, self.parts.target
        return TriggerStatus(
            namespace=gate.name.namespace,
            flow=gate.name.flow,
            trigger=gate.name.trigger,
            kind=self.parts.trigger.kind,
            paused=gate.kept.paused,
            held=gate.held,
            last=last,
            next_at=None if source is None or gate.paused else source.next_at(),
            lag_seconds=None if source is None or gate.paused else await source.lag_seconds(),
            open=None if gate.max_open is None else gate.open,
            max_open=gate.max_open,
            counts=dict(gate.counts),
            error=gate.error,
            method=None if target is None else target.method,
            path=None if target is None else target.path,
        )
