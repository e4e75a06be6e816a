"""Samples of all queues while the server runs: what they were like before anybody looked."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from headrace.delivery.names import queue_of_namespace
from headrace.queue.port import QueueError, Stats
from headrace.queue.samples import Samples
from headrace.runtime.clock import Clock

STEP_SECONDS = 10.0
KEPT_SECONDS = 3600.0
# All samples of one queue are 29 kB at most, those of so many 7.4 MB.
QUEUES_MAX = 256

_log = logging.getLogger(__name__)

# Returns the counts of queues by their full names, of at most so many.
Read = Callable[[int], Awaitable[Mapping[str, Stats]]]


class Sampling:
    """Looks at the queues at a steady step and remembers the last hour; in memory, so a restart forgets it.

    A look is one reading for all queues. `QUEUES_MAX` bounds the cost of it, and the memory.
    """

    def __init__(
        self,
        read: Read,
        clock: Clock,
        *,
        step_seconds: float = STEP_SECONDS,
        kept_seconds: float = KEPT_SECONDS,
        queues_max: int = QUEUES_MAX,
    ) -> None:
        self.step_seconds = step_seconds
        self.kept_seconds = kept_seconds
        self._read = read
        self._clock = clock
        self._queues_max = queues_max
        self._samples: dict[str, Samples] = {}
        self._away = False
        self._task: asyncio.Task[None] | None = None

    def of(self, namespace: str, queue: str) -> Samples:
        """Return the samples of a queue; none where it is not looked at, or was not there yet."""
        found = self._samples.get(queue_of_namespace(namespace, queue))
        return Samples(self.kept_seconds) if found is None else found

    def start(self) -> None:
        """Look now, and from now on at each full step."""
        self._task = asyncio.create_task(self._run(), name="headrace-queue-samples")

    async def stop(self) -> None:
        """Look no more; what was seen stays."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception:
                _log.exception("the queues cannot be sampled; the next look comes all the same")
            now = self._clock.now()
            await self._clock.sleep_until((now // self.step_seconds + 1) * self.step_seconds)

    async def look(self) -> None:
        """Look once. What cannot be read now is a gap; the totals tell later what happened in it."""
        now = self._clock.now()
        try:
            found = await self._read(self._queues_max)
        except QueueError as error:
            if not self._away:
                _log.warning("the queues cannot be sampled now: %s", error)
            self._away = True
            return
        self._away = False
        for name in self._samples.keys() - found.keys():
            del self._samples[name]
        for name, stats in found.items():
            samples = self._samples.get(name)
            if samples is None:
                samples = self._samples[name] = Samples(self.kept_seconds)
            samples.add(now, stats)
