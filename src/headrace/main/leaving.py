"""FlowApps that were deleted while executions of theirs are open: what runs goes on, with its functions.

Those are served until the last of these executions has ended, or the FlowApp is deployed again.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from headrace.main.hosts import Hosts
from headrace.store.port import ExecutionQuery, Store

OPEN = ("pending", "running", "waiting", "suspended")
# Many executions may end at once; it is looked once for all of them.
PAUSE_SECONDS = 0.5

_log = logging.getLogger(__name__)


class Leaving:
    """Stops the functions of FlowApps that are gone, each when nothing of it is open any more."""

    def __init__(self, store: Store, hosts: Hosts) -> None:
        self._store = store
        self._hosts = hosts
        self._names: set[tuple[str, str]] = set()
        self._ended = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def leave(self, namespace: str, name: str) -> None:
        """Stop the functions of a FlowApp as soon as no execution of it is open."""
        self._names.add((namespace, name))
        self._ended.set()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._stop_ended())

    def stay(self, namespace: str, name: str) -> None:
        """Let a FlowApp keep its functions: it is deployed again."""
        self._names.discard((namespace, name))

    def ended(self, result: Any) -> None:
        """Hear that an execution has ended."""
        if self._names:
            self._ended.set()

    async def stop(self) -> None:
        """Look no more; what is served stays so until its host is stopped."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _stop_ended(self) -> None:
        while True:
            await self._ended.wait()
            self._ended.clear()
            try:
                for namespace, name in tuple(self._names):
                    if not await self._has_open(namespace, name) and (namespace, name) in self._names:
                        self._names.discard((namespace, name))
                        self._hosts.forget(f"{namespace}/{name}")
            except Exception:
                # With the next execution that ends it is looked again.
                _log.exception("which functions are needed no more cannot be told")
            await asyncio.sleep(PAUSE_SECONDS)

    async def _has_open(self, namespace: str, name: str) -> bool:
        query = ExecutionQuery(namespace=namespace, name=name, status=OPEN, limit=1)
        return bool(await self._store.executions(query))
