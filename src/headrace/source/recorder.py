"""The record of firings that started nothing, written without anybody waiting for it."""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from headrace.store.port import StoreError
from headrace.store.triggers import FIRINGS_KEPT, Firing, TriggerName, TriggerStore

_log = logging.getLogger(__name__)


class Recorder:
    """Gathers firings while the last ones are being written, as many as would be kept anyway.

    A flood of refused requests so costs one write after the other, not one each. What was not written when
    the process dies is lost: it started nothing.
    """

    def __init__(self, store: TriggerStore) -> None:
        self._store = store
        self._gathered: deque[tuple[TriggerName, Firing]] = deque(maxlen=FIRINGS_KEPT)
        self._task: asyncio.Task[None] | None = None

    def add(self, name: TriggerName, firing: Firing) -> None:
        """Keep a firing, soon."""
        self._gathered.append((name, firing))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write(), name="headrace-firings")

    async def flush(self) -> None:
        """Return when all that was added is written, or could not be."""
        while self._task is not None and not self._task.done():
            await asyncio.wait({self._task})

    async def _write(self) -> None:
        while self._gathered:
            firings = list(self._gathered)
            self._gathered.clear()
            try:
                await self._store.record(firings)
            except StoreError as error:
                _log.warning("%d firings could not be recorded: %s", len(firings), error)
