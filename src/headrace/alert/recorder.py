"""Writes what happened, many at once, and does not lose it while the store cannot."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from headrace.store.alerts import AlertStore, Changes, Happening, Ongoing, RuleName
from headrace.store.port import StoreError

AGAIN_SECONDS = 1.0

_log = logging.getLogger(__name__)


class Recorder:
    """Gathers changes for as long as the store takes to write the last ones."""

    def __init__(self, store: AlertStore, written: Callable[[], None]) -> None:
        self._store = store
        self._written = written
        self._happenings: list[Happening] = []
        self._counted: list[tuple[RuleName, str, float]] = []
        self._begun: list[Ongoing] = []
        self._over: list[tuple[RuleName, str]] = []
        self._cursor: float | None = None
        self._task: asyncio.Task[None] | None = None

    def add(
        self,
        *,
        happenings: tuple[Happening, ...] = (),
        counted: tuple[tuple[RuleName, str, float], ...] = (),
        begun: tuple[Ongoing, ...] = (),
        over: tuple[tuple[RuleName, str], ...] = (),
        cursor: float | None = None,
    ) -> None:
        """Have these written soon. What belongs together comes in one call, and is written together."""
        self._happenings += happenings
        self._counted += counted
        self._begun += begun
        self._over += over
        if cursor is not None:
            self._cursor = max(cursor, self._cursor or cursor)
        if self._task is None:
            self._task = asyncio.create_task(self._write(), name="headrace-alerts-recorder")

    async def flush(self) -> None:
        """Return when all that was added is written."""
        while self._task is not None:
            await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Try once more to write what is left."""
        task = self._task
        if task is not None:
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.shield(task), AGAIN_SECONDS)
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _take(self) -> Changes | None:
        if not (self._happenings or self._counted or self._begun or self._over or self._cursor is not None):
            return None
        changes = Changes(
            happenings=self._happenings,
            counted=self._counted,
            begun=self._begun,
            over=self._over,
            cursor=self._cursor,
        )
        self._happenings, self._counted, self._begun, self._over, self._cursor = [], [], [], [], None
        return changes

    async def _write(self) -> None:
        try:
            while (changes := self._take()) is not None:
                trouble = False
                while True:
                    try:
                        await self._store.record(changes)
                        break
                    except StoreError as error:
                        if not trouble:
                            _log.error("alerts cannot be written, trying again: %s", error)
                        trouble = True
                        await asyncio.sleep(AGAIN_SECONDS)
                self._written()
        finally:
            self._task = None
