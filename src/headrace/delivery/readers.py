"""The readers that this process runs itself: one per queue of a function, with `parallelism` slots."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

import orjson

from headrace.call.performer import CallError, call_error, seconds_of
from headrace.delivery.item import invocation_of
from headrace.delivery.outstanding import Outstanding
from headrace.delivery.place import QueuePlace
from headrace.engine.commands import Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.queue.port import Done, Leased, QueueError, WorkQueue
from headrace.worker.application import Application, Outcome
from headrace.worker.invocation import REPLY_HEADER, outcome_of_error
from headrace.worker.options import ReaderOptions
from headrace.worker.reader import OnSettled, Reader
from headrace.worker.replies import Replies

LEASE_SECONDS = 30.0
PARALLELISM = 1

Perform = Callable[[Invoke], Awaitable[CallCompleted | CallFailed]]

_log = logging.getLogger(__name__)


class FunctionApplication:
    """An `Application` that makes the calls which items ask for, as they are made without a queue."""

    def __init__(self, function: str, settings: Mapping[str, Any], perform: Perform) -> None:
        self._function = function
        self._settings = {name: value for name, value in settings.items() if name != "delivery"}
        self._perform = perform

    async def start(self) -> None:
        """Nothing to do: functions are started by their host."""

    async def handle(self, item: Leased) -> Outcome:
        """Make the call and return how it ended."""
        try:
            call = invocation_of(item, self._function, self._settings)
        except CallError as error:
            return outcome_of_error(item, error)
        answer = await self._perform(call)
        if isinstance(answer, CallFailed):
            return outcome_of_error(item, CallError(answer.error, retryable=answer.retryable))
        return Done(item.id, item.token, orjson.dumps(answer.output))

    async def aclose(self) -> None:
        """Nothing to give back: the performers are the engine's."""


class Slots(NamedTuple):
    """How a queue is read: as many items at a time, and leased for so long."""

    parallelism: int
    lease_seconds: float

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Slots:
        """Read a function's settings. Raises `CallError` (configuration)."""
        lease = settings.get("lease")
        parallelism = settings.get("parallelism", PARALLELISM)
        if not isinstance(parallelism, int | float) or parallelism < 0:
            raise call_error(
                "configuration", "unusable parallelism", f"{parallelism!r} is no number of calls at a time"
            )
        return cls(int(parallelism), LEASE_SECONDS if lease is None else seconds_of(lease, "the lease"))


class _Running(NamedTuple):
    settings: Mapping[str, Any]
    reader: Reader
    task: asyncio.Task[None]


class Readers:
    """Starts a reader when the first call for its queue is made, and another one when its settings change."""

    def __init__(self, place: QueuePlace, outstanding: Outstanding, perform: Perform) -> None:
        self._place = place
        self._outstanding = outstanding
        self._perform = perform
        self._running: dict[str, _Running] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._replies = Replies(place.beside)
        self._stopping = False
        self.worker_id = f"{socket.gethostname()}-{os.getpid()}"

    def read(
        self, queue: WorkQueue, function: str, settings: Mapping[str, Any], grace_seconds: float
    ) -> None:
        """Have a queue read, unless it is, or `parallelism` is 0. Raises `CallError` for odd settings."""
        running = self._running.get(queue.name)
        if self._stopping or (running is not None and running.settings == settings):
            return
        slots = Slots.of(settings)
        if running is not None:
            self._end(self._running.pop(queue.name))
        if slots.parallelism == 0:
            return  # the work of readers elsewhere
        reader = self.reader(
            queue,
            FunctionApplication(function, settings, self._perform),
            slots,
            grace_seconds,
            self._settled,
        )
        self._running[queue.name] = _Running(
            dict(settings), reader, asyncio.create_task(_run(reader, queue.name))
        )

    def reader(
        self,
        queue: WorkQueue,
        application: Application,
        slots: Slots,
        grace_seconds: float,
        on_settled: OnSettled,
        *,
        batch: int = 100,
    ) -> Reader:
        """Return a reader of this process; `batch` is the most items of one round trip."""
        return Reader(
            queue,
            application,
            ReaderOptions(
                concurrency=slots.parallelism,
                lease_seconds=slots.lease_seconds,
                batch=batch,
                grace_seconds=grace_seconds,
                worker_id=self.worker_id,
            ),
            on_settled=on_settled,
        )

    def _settled(self, settled: Any) -> None:
        others = self._outstanding.settled(settled, self.worker_id)
        if others:
            self._replies.settled([each for each in others if not self._is_own(each[0])])

    def _is_own(self, item: Leased) -> bool:
        """Tell whether only this engine could wait for an item, and does not."""
        return (item.headers or {}).get(REPLY_HEADER) == self._outstanding.reply_to

    def _end(self, running: _Running) -> None:
        running.reader.stop()
        self._ending.add(running.task)
        running.task.add_done_callback(self._ending.discard)

    async def stop(self) -> None:
        """Let what is worked on be finished within the grace, and give the rest back."""
        self._stopping = True
        for running in self._running.values():
            self._end(running)
        self._running.clear()
        await asyncio.gather(*self._ending, return_exceptions=True)
        await self._replies.aclose()


async def _run(reader: Reader, name: str) -> None:
    try:
        await reader.run()
    except QueueError as error:
        _log.error("queue %s is no longer read by this process: %s", name, error)
    except Exception:
        _log.exception("the reader of queue %s failed; its items are left to other readers", name)
