"""Threads for sync callables, so that they do not block the server."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue


class WorkerThreads:
    """Up to `size` daemon threads, started as they are needed. Submit from one thread only.

    Not `ThreadPoolExecutor`: that one joins its threads at exit, so one stuck invocation would keep a
    terminated server alive, and it costs about twice as much per job.
    """

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"threads must be at least 1, not {size}")
        self._size = size
        self._started = 0
        self._submitted = 0
        # One counter per worker, which alone writes it.
        self._finished: list[int] = []
        self._jobs: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def submit(self, job: Callable[[], None]) -> None:
        """Run `job` in a thread; it must not raise."""
        self._submitted += 1
        if self._started < self._size and self._submitted - sum(self._finished) > self._started:
            index = self._started
            self._finished.append(0)
            self._started += 1
            threading.Thread(target=self._work, args=(index,), name=f"function-{index}", daemon=True).start()
        self._jobs.put(job)

    def _work(self, index: int) -> None:
        while True:
            job = self._jobs.get()
            job()
            self._finished[index] += 1
            del job  # or the last invocation's data would live until the next one
