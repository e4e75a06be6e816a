"""A store that tells others what happens to it: metrics, traces and alerts follow executions this way.

What is told is durable already, and telling costs the store nothing when nobody watches.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol, TypeVar

from headrace.store.port import (
    Committed,
    DefinitionRow,
    ExecutionQuery,
    ExecutionRow,
    LogLine,
    Retention,
    Store,
    StoredEvent,
    StoredState,
    StoreError,
    TaskRun,
    Transition,
)

_Result = TypeVar("_Result")
_log = logging.getLogger(__name__)


class Watcher(Protocol):
    """Who watches. Both are called in the event loop and must not wait; what they raise is logged."""

    def committed(self, transition: Transition, seconds: float) -> None:
        """Take note of a transition that is durable, and of how long that took."""

    def operated(self, operation: str, seconds: float, error: StoreError | None) -> None:
        """Take note of another operation (a method of the port), or of a `commit` that failed."""


class WatchedStore:
    """Hands every call on to `store` and tells `watchers` in their order."""

    def __init__(
        self,
        store: Store,
        watchers: Sequence[Watcher],
        now: Callable[[], float] = time.perf_counter,
    ) -> None:
        self.store = store
        self._watchers = tuple(watchers)
        self._now = now

    def watch(self, watcher: Watcher) -> None:
        """Tell one more, of what happens from now on."""
        self._watchers = (*self._watchers, watcher)

    async def commit(self, transition: Transition) -> Committed:
        began = self._now()
        try:
            committed = await self.store.commit(transition)
        except StoreError as error:
            self._operated("commit", began, error)
            raise
        seconds = self._now() - began
        for watcher in self._watchers:
            try:
                watcher.committed(transition, seconds)
            except Exception:
                _log.exception("a watcher of the store failed; the execution goes on")
        return committed

    def _operated(self, operation: str, began: float, error: StoreError | None) -> None:
        seconds = self._now() - began
        for watcher in self._watchers:
            try:
                watcher.operated(operation, seconds, error)
            except Exception:
                _log.exception("a watcher of the store failed; the store goes on")

    async def _watch(self, operation: str, call: Awaitable[_Result]) -> _Result:
        began = self._now()
        try:
            result = await call
        except StoreError as error:
            self._operated(operation, began, error)
            raise
        self._operated(operation, began, None)
        return result

    async def load(self, execution_id: str) -> StoredState | None:
        return await self._watch("load", self.store.load(execution_id))

    async def due(self, until: float, limit: int) -> tuple[list[str], float | None]:
        return await self._watch("due", self.store.due(until, limit))

    async def in_flight(self, after: str, limit: int) -> list[str]:
        return await self._watch("in_flight", self.store.in_flight(after, limit))

    async def subscribers(self, event_type: str, namespace: str | None = None) -> list[str]:
        return await self._watch("subscribers", self.store.subscribers(event_type, namespace))

    async def publish(self, events: Sequence[bytes]) -> list[int | None]:
        return await self._watch("publish", self.store.publish(events))

    async def undelivered(self, limit: int, after: int = 0) -> list[StoredEvent]:
        return await self._watch("undelivered", self.store.undelivered(limit, after))

    async def delivered(self, sequences: Sequence[int]) -> None:
        await self._watch("delivered", self.store.delivered(sequences))

    async def put_definition(self, definition: DefinitionRow) -> DefinitionRow:
        return await self._watch("put_definition", self.store.put_definition(definition))

    async def definitions(
        self, namespace: str | None = None, name: str | None = None, *, digest: str | None = None
    ) -> list[DefinitionRow]:
        return await self._watch("definitions", self.store.definitions(namespace, name, digest=digest))

    async def executions(self, query: ExecutionQuery) -> list[ExecutionRow]:
        return await self._watch("executions", self.store.executions(query))

    async def execution(self, execution_id: str) -> ExecutionRow | None:
        return await self._watch("execution", self.store.execution(execution_id))

    async def history(self, execution_id: str, *, after: int = -1, limit: int = 10_000) -> list[TaskRun]:
        return await self._watch("history", self.store.history(execution_id, after=after, limit=limit))

    async def logs(
        self, execution_id: str, run_id: int | None = None, *, append: Sequence[LogLine] = ()
    ) -> list[LogLine]:
        return await self._watch("logs", self.store.logs(execution_id, run_id, append=append))

    async def prune(self, retention: Retention, now: float, *, batch: int = 500) -> int:
        return await self._watch("prune", self.store.prune(retention, now, batch=batch))
