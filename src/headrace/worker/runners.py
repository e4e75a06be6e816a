"""What runs items at the same time: tasks of the event loop, or threads for callables that block.

There are as many runners as the reader's `concurrency`, and each takes one item after the other from a common
inbox: no task and no future is made per item, which is what makes quick items cheap.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Protocol

from headrace.worker.application import (
    AnyApplication,
    Application,
    BatchApplication,
    BlockingApplication,
    Outcome,
    failed,
)
from headrace.worker.holding import Hold

# A runner that never has to wait lets the loop (heartbeats, signals) have a turn this often.
TURN_SECONDS = 0.005

# How fast the estimate of an item's duration follows.
_FOLLOW = 0.1

Report = Callable[[Hold], None]


class Runners(Protocol):
    """Runs holds; `report` is called, in the event loop, with each that has an outcome or was skipped.

    `load` counts what is in the inbox or being run. `item_seconds` is a moving mean, None before the first.
    """

    load: int
    item_seconds: float | None

    def start(self) -> None:
        """Begin to take items."""

    def add(self, holds: Sequence[Hold]) -> None:
        """Put holds into the inbox."""

    def withdraw(self) -> list[Hold]:
        """Take back everything that was not begun."""

    async def stop(self) -> None:
        """End the runners; what they still run is broken off, or left alone where it cannot be."""


def runners_of(
    application: AnyApplication, concurrency: int, report: Report, *, timeout_seconds: float | None
) -> Runners:
    """Return the runners that fit an application."""
    if isinstance(application, BlockingApplication):
        return ThreadRunners(application, concurrency, report)
    if isinstance(application, BatchApplication):
        return BatchRunners(application, concurrency, report, timeout_seconds)
    return TaskRunners(application, concurrency, report, timeout_seconds)


class _LoopRunners:
    """Tasks of the event loop with a common inbox."""

    def __init__(self, concurrency: int, report: Report, timeout_seconds: float | None) -> None:
        self._concurrency = concurrency
        self._report = report
        self._timeout_seconds = timeout_seconds
        self._inbox: deque[Hold] = deque()
        self._idle: list[asyncio.Future[None]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.load = 0
        self.item_seconds: float | None = None

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._run()) for _ in range(self._concurrency)]

    def add(self, holds: Sequence[Hold]) -> None:
        self._inbox.extend(holds)
        self.load += len(holds)
        for _ in range(min(len(holds), len(self._idle))):
            idle = self._idle.pop()
            if not idle.done():
                idle.set_result(None)

    def withdraw(self) -> list[Hold]:
        holds = list(self._inbox)
        self._inbox.clear()
        self.load -= len(holds)
        return holds

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self) -> None:
        raise NotImplementedError

    async def _sleep(self) -> None:
        idle = asyncio.get_running_loop().create_future()
        self._idle.append(idle)
        await idle

    def _took(self, seconds: float) -> None:
        mean = self.item_seconds
        self.item_seconds = seconds if mean is None else mean + (seconds - mean) * _FOLLOW


class TaskRunners(_LoopRunners):
    """Runs an `Application`."""

    def __init__(
        self,
        application: Application,
        concurrency: int,
        report: Report,
        timeout_seconds: float | None,
    ) -> None:
        super().__init__(concurrency, report, timeout_seconds)
        self._handle = application.handle

    async def _run(self) -> None:
        inbox, handle, timeout_seconds, report = (
            self._inbox,
            self._handle,
            self._timeout_seconds,
            self._report,
        )
        now = turn = monotonic()
        while True:
            if not inbox:
                await self._sleep()
                now = turn = monotonic()
                continue
            hold = inbox.popleft()
            if now < hold.until and not hold.lost:
                hold.begun_at = now
                if timeout_seconds is None:
                    hold.outcome = await handle(hold.item)
                else:
                    hold.outcome = await self._limited(hold, timeout_seconds)
                before, now = now, monotonic()
                self._took(now - before)
            self.load -= 1
            report(hold)
            if now - turn > TURN_SECONDS:
                await asyncio.sleep(0)
                now = turn = monotonic()

    async def _limited(self, hold: Hold, timeout_seconds: float) -> Outcome:
        try:
            async with asyncio.timeout(timeout_seconds):
                return await self._handle(hold.item)
        except TimeoutError:
            return out_of_time(hold, timeout_seconds)


class BatchRunners(_LoopRunners):
    """Runs a `BatchApplication`.

    Items are sent together on their first attempt, and alone on further ones: one that spoils a batch must
    not take its neighbours along to the dead letters.
    """

    def __init__(
        self,
        application: BatchApplication,
        concurrency: int,
        report: Report,
        timeout_seconds: float | None,
    ) -> None:
        super().__init__(concurrency, report, timeout_seconds)
        self._application = application

    async def _run(self) -> None:
        while True:
            holds = self._next()
            if not holds:
                await self._sleep()
                continue
            before = monotonic()
            fresh = [hold for hold in holds if before < hold.until and not hold.lost]
            for hold in fresh:
                hold.begun_at = before
            if fresh:
                await self._handle(fresh)
                self._took((monotonic() - before) / len(fresh))
            self.load -= len(holds)
            for hold in holds:
                self._report(hold)

    def _next(self) -> list[Hold]:
        inbox = self._inbox
        holds: list[Hold] = []
        while inbox and len(holds) < self._application.batch_max:
            if inbox[0].item.attempt > 1:
                if not holds:
                    holds.append(inbox.popleft())
                break
            holds.append(inbox.popleft())
        return holds

    async def _handle(self, holds: list[Hold]) -> None:
        try:
            async with asyncio.timeout(self._timeout_seconds):
                outcomes = await self._application.handle_batch([hold.item for hold in holds])
        except TimeoutError:
            assert self._timeout_seconds is not None
            for hold in holds:
                hold.outcome = out_of_time(hold, self._timeout_seconds)
            return
        by_token = {(outcome.id, outcome.token): outcome for outcome in outcomes}
        for hold in holds:
            hold.outcome = by_token.get((hold.item.id, hold.item.token)) or failed(
                hold.item, "the application said nothing about this item"
            )


class ThreadRunners:
    """Runs a `BlockingApplication` in threads, so that leases are renewed however long an item blocks.

    Outcomes are collected in the loop once for as many as have gathered, which keeps quick items cheap.
    """

    def __init__(self, application: BlockingApplication, concurrency: int, report: Report) -> None:
        self._handle = application.handle_blocking
        self._report = report
        self._inbox: SimpleQueue[Hold | None] = SimpleQueue()
        self._finished: deque[Hold] = deque()
        self._collecting = False
        self._stopped = False
        self._loop: asyncio.AbstractEventLoop | None = None
        # Daemons: an item that blocks for ever must not keep the process from ending.
        self._threads = [
            threading.Thread(target=self._run, name=f"item-{number}", daemon=True)
            for number in range(concurrency)
        ]
        self.load = 0
        self.item_seconds: float | None = None

    def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        for thread in self._threads:
            thread.start()

    def add(self, holds: Sequence[Hold]) -> None:
        self.load += len(holds)
        for hold in holds:
            self._inbox.put(hold)

    def withdraw(self) -> list[Hold]:
        holds = []
        with contextlib.suppress(Empty):
            while True:
                hold = self._inbox.get_nowait()
                if hold is not None:
                    holds.append(hold)
        self.load -= len(holds)
        return holds

    async def stop(self) -> None:
        self._stopped = True
        for _ in self._threads:
            self._inbox.put(None)

    def _run(self) -> None:
        inbox, finished, handle = self._inbox, self._finished, self._handle
        assert self._loop is not None
        while True:
            hold = inbox.get()
            if hold is None:
                return
            now = monotonic()
            if now < hold.until and not hold.lost:
                hold.begun_at = now
                hold.outcome = handle(hold.item)
                seconds = monotonic() - now
                mean = self.item_seconds
                self.item_seconds = seconds if mean is None else mean + (seconds - mean) * _FOLLOW
            finished.append(hold)
            if not self._collecting:
                self._collecting = True
                with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any longer
                    self._loop.call_soon_threadsafe(self._collect)

    def _collect(self) -> None:
        # Before the emptying: what is appended after it finds the flag down, and calls again.
        self._collecting = False
        finished, report = self._finished, self._report
        while finished and not self._stopped:
            hold = finished.popleft()
            self.load -= 1
            report(hold)


def out_of_time(hold: Hold, timeout_seconds: float) -> Outcome:
    """Return the outcome of an item that took longer than it may."""
    return failed(hold.item, f"not done after {timeout_seconds:g} s")
