"""Retention in a server: what FlowApps say of how long their finished executions are kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from headrace.errors import HeadraceError
from headrace.runtime.clock import Clock
from headrace.runtime.definitions import Deployed
from headrace.store.port import Retention

LOOK_SECONDS = 300.0

_log = logging.getLogger(__name__)

# Deletes what a retention gives up; returns how many executions.
Prune = Callable[[Retention], Awaitable[int]]


class Retaining:
    """Prunes by the `retention` of what is deployed (`headrace.api.deploying.Listener`)."""

    def __init__(self, prune: Prune, clock: Clock, *, look_seconds: float = LOOK_SECONDS) -> None:
        self._prune = prune
        self._clock = clock
        self._look_seconds = look_seconds
        self._kept_seconds: dict[tuple[str, str], float] = {}
        self._task: asyncio.Task[None] | None = None

    def check(self, deployed: Deployed) -> None:
        """Any retention that validation accepted can be kept to."""

    async def apply(self, deployed: Deployed, *, paused: bool) -> None:
        """Keep to the retention of this content from now on."""
        kept_ms = deployed.definition.retention_ms
        key = (deployed.namespace, deployed.name)
        if kept_ms is None:
            self._kept_seconds.pop(key, None)
        else:
            self._kept_seconds[key] = kept_ms / 1000

    async def remove(self, namespace: str, name: str) -> None:
        """Executions of a FlowApp that is gone stay: nobody says any more how long."""
        self._kept_seconds.pop((namespace, name), None)

    def start(self) -> None:
        """Begin to look, from time to time."""
        self._task = asyncio.create_task(self._run(), name="headrace-retention")

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while True:
            await self.look()
            await self._clock.sleep_until(self._clock.now() + self._look_seconds)

    async def look(self) -> int:
        """Prune once; return how many executions were deleted. What cannot be written is tried next time."""
        deleted = 0
        for (namespace, name), seconds in list(self._kept_seconds.items()):
            retention = Retention(namespace=namespace, name=name, max_age_seconds=seconds)
            try:
                deleted += await self._prune(retention)
            except HeadraceError as error:
                _log.warning("executions of %s/%s are not pruned now: %s", namespace, name, error)
        return deleted
