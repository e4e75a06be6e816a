"""Executions in a store of this machine, read beside whoever owns it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from headrace.cli.records.port import NumberedLogLine
from headrace.runtime.definitions import Definitions
from headrace.runtime.open_state import OpenState, open_state
from headrace.store.port import DefinitionRow, ExecutionQuery, ExecutionRow, LogLine, Store, TaskRun

if TYPE_CHECKING:
    from headrace.spec.flowapp import Definition

POLL_SECONDS_MIN, POLL_SECONDS_MAX = 0.05, 1.0


class LocalRecords:
    """Records in a store's file; of one namespace where that is asked for."""

    abbreviations_of: int | None = None

    def __init__(self, store: Store, path: Path, namespace: str | None = None) -> None:
        self.path = path
        self.place = f"in the store {path}" + ("" if namespace is None else f", namespace {namespace}")
        self._store = store
        self._namespace = namespace
        self._pause = POLL_SECONDS_MIN

    async def executions(self, query: ExecutionQuery) -> list[ExecutionRow]:
        """Return executions, newest first."""
        if self._namespace is not None:
            if query.namespace not in (None, self._namespace):
                return []
            query.namespace = self._namespace
        return await self._store.executions(query)

    async def execution(self, execution_id: str) -> ExecutionRow | None:
        """Return one execution."""
        row = await self._store.execution(execution_id)
        return row if row is not None and self._namespace in (None, row.namespace) else None

    async def history(self, execution_id: str, *, after: int = -1, limit: int = 10_000) -> list[TaskRun]:
        """Return task runs."""
        return await self._store.history(execution_id, after=after, limit=limit)

    async def definitions(
        self, namespace: str | None = None, name: str | None = None, *, digest: str | None = None
    ) -> list[DefinitionRow]:
        """Return definitions."""
        return await self._store.definitions(namespace, name, digest=digest)

    async def definition(self, row: ExecutionRow) -> Definition | None:
        """Return the definition of an execution."""
        from headrace.errors import HeadraceError

        try:
            return (await Definitions(self._store).by_digest(row.definition_digest)).definition
        except HeadraceError:
            return None

    async def open_state(self, row: ExecutionRow) -> OpenState:
        """Return what an execution has open."""
        from headrace.cli.open_state import look_at_queues

        if row.ended_at is not None:
            return OpenState([], [])
        state = await open_state(self._store, row.id)
        await look_at_queues(state.waiting, self.path)
        return state

    async def logs(self, execution_id: str, run_id: int | None = None) -> list[LogLine]:
        """Return log lines."""
        return await self._store.logs(execution_id, run_id)

    async def lines_after(self, execution_id: str, position: str | None) -> list[NumberedLogLine]:
        """Return log lines; their position is their number."""
        lines = await self._store.logs(execution_id)
        begin = 0 if position is None else int(position)
        return [NumberedLogLine(str(n), line) for n, line in enumerate(lines[begin:], begin + 1)]

    async def ended(self, execution_id: str, seconds: float) -> bool:
        """Look whether it has ended, at first often."""
        row = await self._store.execution(execution_id)
        if row is None or row.ended_at is not None:
            return True
        await asyncio.sleep(min(self._pause, seconds))
        self._pause = min(self._pause * 1.5, POLL_SECONDS_MAX)
        return False
