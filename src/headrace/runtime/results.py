"""Who waits for the end of which execution."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec

from headrace.runtime.failure import Stopping


class Result(msgspec.Struct, frozen=True):
    """How an execution ended."""

    execution_id: str
    status: str
    output: Any = None
    error: dict[str, Any] | None = None
    # Whether secrets may be in it: in memory they are where the flow has put them, in the store they are not.
    secret: bool = False


class Results:
    """Futures by execution."""

    def __init__(self) -> None:
        self._futures: dict[str, list[asyncio.Future[Result | None]]] = {}

    def expect(self, execution_id: str) -> asyncio.Future[Result | None]:
        """Register somebody who waits; `drop` ends it, and so does `give_up`."""
        future: asyncio.Future[Result | None] = asyncio.get_running_loop().create_future()
        self._futures.setdefault(execution_id, []).append(future)
        return future

    def drop(self, execution_id: str, future: asyncio.Future[Result | None]) -> None:
        """Forget somebody who waits no more."""
        waiting = self._futures.get(execution_id)
        if waiting is not None:
            if future in waiting:
                waiting.remove(future)
            if not waiting:
                del self._futures[execution_id]

    def give_up(self, future: asyncio.Future[Result | None]) -> None:
        """Tell somebody who waits, by None, that it took too long."""
        if not future.done():
            future.set_result(None)

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
