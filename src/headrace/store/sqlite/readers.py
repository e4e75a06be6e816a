"""The threads that read, each with a connection of its own: reads block neither event loop nor writer."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from headrace.store.port import StoreError
from headrace.store.sqlite.failure import translate
from headrace.store.sqlite.writer import Settled, settle

_Result = TypeVar("_Result")
_Read: TypeAlias = "tuple[Callable[..., Any], tuple[Any, ...], asyncio.Future[Any]]"

# Answers go back to the event loop together where more reads wait, but no answer waits longer than this.
ANSWER_SECONDS = 0.001


class Readers:
    """A thread per connection. Its methods are for the event loop that it was made in."""

    def __init__(self, connections: Sequence[sqlite3.Connection], path: str) -> None:
        self._path = path
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[_Read | None] = queue.SimpleQueue()
        self._threads = [
            threading.Thread(target=self._run, args=(one,), name="headrace-store-reader", daemon=True)
            for one in connections
        ]
        for thread in self._threads:
            thread.start()

    async def read(self, function: Callable[..., _Result], *arguments: Any) -> _Result:
        """Return `function(connection, *arguments)` from one of the threads. Raises `StoreError`."""
        future: asyncio.Future[_Result] = self._loop.create_future()
        self._queue.put((function, arguments, future))
        return await future

    async def close(self) -> None:
        """Answer what was asked, then stop the threads. The connections stay open."""
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            await self._loop.run_in_executor(None, thread.join)

    # ------------------------------------------------------------ on the readers' threads

    def _run(self, connection: sqlite3.Connection) -> None:
        while (read := self._queue.get()) is not None:
            settled = [self._answer(connection, read)]
            until = time.monotonic() + ANSWER_SECONDS
            last = False
            while not last and time.monotonic() < until:
                try:
                    more = self._queue.get_nowait()
                except queue.Empty:
                    break
                if more is None:
                    last = True
                else:
                    settled.append(self._answer(connection, more))
            # A closed loop raises: nobody waits any more.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(settle, settled)
            if last:
                return

    def _answer(self, connection: sqlite3.Connection, read: _Read) -> Settled:
        function, arguments, future = read
        try:
            return future, function(connection, *arguments), None
        except StoreError as refused:
            return future, None, refused
        except Exception as problem:
            error = translate(problem, self._path, "reading")
            error.__cause__ = problem
            return future, None, error
