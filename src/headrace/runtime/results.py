"""Who waits for the end of which execution."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from typing import Any

import msgspec

from headrace.runtime.failure import Stopping


class Result(msgspec.Struct, frozen=True):
    """How an execution ended."""

    execution_id: str
    status: str
    output: Any = None
    error: dict[str, Any] | None = None


class Results:
    """Futures by execution."""

    def __init__(self) -> None:
        self._futures: dict[str, list[asyncio.Future[Result]]] = {}

    @contextlib.contextmanager
    def awaited(self, execution_id: str) -> Iterator[asyncio.Future[Result]]:
        """Register somebody who waits, for as long as the block lasts."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._futures.setdefault(execution_id, []).append(future)
        try:
            yield future
        finally:
            waiting = self._futures.get(execution_id)
            if waiting is not None:
                with contextlib.suppress(ValueError):
                    waiting.remove(future)
                if not waiting:
                    del self._futures[execution_id]

    def give(self, result: Result) -> None:
        """Tell all who wait for this execution."""
        for future in self._futures.pop(result.execution_id, ()):
            if not future.done():
                future.set_result(result)

    def stop(self) -> None:
        """Tell all who still wait that this process will not see the end."""
        for futures in self._futures.values():
            for future in futures:
                if not future.done():
                    future.set_exception(
                        Stopping("the runtime stopped; the execution goes on when it runs again")
                    )
        self._futures.clear()
