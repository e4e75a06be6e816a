"""The calls of a runtime, of which some are put on work queues for readers to perform."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from headrace.call.performer import CallError, call_error, failed
from headrace.delivery.batch.batches import Batches
from headrace.delivery.batch.files import BatchFiles
from headrace.delivery.ended import Ended, answer_of
from headrace.delivery.item import put_of
from headrace.delivery.looking import look
from headrace.delivery.names import queue_name, reply_queue_name
from headrace.delivery.outstanding import Outstanding
from headrace.delivery.place import QueuePlace
from headrace.delivery.reached import reached
from headrace.delivery.readers import Readers
from headrace.engine.commands import CancelInvocation, Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.engine.waiting import Waiting
from headrace.queue.port import QueueError, WorkQueue

_log = logging.getLogger(__name__)


class DirectCalls(Protocol):
    """What performs calls without a queue."""

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed: ...

    def cancel(self, invocation_id: str) -> None: ...


class QueuedCalls:
    """Performs calls of functions with `delivery: queue` by the work queues at `place`, all others directly.

    `engine` names this engine, the same in each of its lives: on its reply queue it is told of the ends of
    items that readers elsewhere worked on.
    """

    def __init__(
        self,
        direct: DirectCalls,
        place: QueuePlace,
        *,
        engine: str,
        batches: BatchFiles,
        grace_seconds: float = 10.0,
    ) -> None:
        self._direct = direct
        self.place = place
        self._grace_seconds = grace_seconds
        self.outstanding = Outstanding(place, reply_queue_name(engine))
        self.readers = Readers(place, self.outstanding, direct.perform)
        self.files = batches
        self._waiting: set[asyncio.Future[Ended]] = set()
        self.batches = Batches(
            place, self.outstanding, self.readers, direct.perform, batches, grace_seconds=grace_seconds
        )

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Perform a call. A queued one is answered when a reader has finished it, or given up on it.

        Made again with the same invocation id it finds the item that is there, or what came of it. Raises
        nothing but `asyncio.CancelledError`; what is on the queue stays there then, see `withdraw`.
        """
        if not call.queued:
            return await self._direct.perform(call)
        if call.kind == "batch":
            return await self.batches.perform(call)
        name = queue_name(call.flow, call.target)
        try:
            queue = await reached(lambda: self.place.queue(name), name)
            self.readers.read(queue, call.target, call.settings or {}, self._grace_seconds)
            return answer_of(call, await self._deliver(call, queue), name)
        except CallError as error:
            return failed(call, error)
        except QueueError as error:
            return failed(call, call_error("configuration", f"the queue {name} cannot be used", str(error)))

    async def _deliver(self, call: Invoke, queue: WorkQueue) -> Ended:
        item_id = call.invocation_id
        put = put_of(call, self.outstanding.reply_to)
        future: asyncio.Future[Ended] = asyncio.get_running_loop().create_future()

        def on_end(ended: Ended) -> None:
            if not future.done():
                future.set_result(ended)

        self.outstanding.expect(item_id, on_end)
        self._waiting.add(future)
        try:
            enqueued = await reached(lambda: queue.enqueue(put), queue.name)
            self.outstanding.watch(item_id, queue)
            if enqueued.duplicate:
                # Of an earlier life: it may have ended while nobody listened.
                await reached(lambda: self.outstanding.look(queue, (item_id,)), queue.name)
            return await future
        finally:
            self._waiting.discard(future)
            self.outstanding.forget(item_id)

    async def look(self, waiting: Sequence[Waiting]) -> None:
        """Fill in where the items are that an execution waits for (`delivery.looking`)."""
        await look(waiting, self.place, self.files, self.batches.progress)

    def cancel(self, invocation_id: str) -> None:
        """Cancel a call that is made directly."""
        self._direct.cancel(invocation_id)

    async def withdraw(self, call: CancelInvocation) -> None:
        """Take an item off its queue, unless a reader has it: then its result is of no interest."""
        if call.kind == "batch":
            await self.batches.withdraw(call)
            return
        name = queue_name(call.flow, call.target)
        try:
            queue = await self.place.queue(name)
            await queue.purge("all", ids=[call.invocation_id])
        except QueueError as error:
            _log.warning(
                "item %s could not be withdrawn from queue %s; a reader may work on it for nothing: %s",
                call.invocation_id,
                name,
                error,
            )

    async def forget(self, exists: Callable[[str], Awaitable[bool]]) -> int:
        """Delete the files of batches whose executions are gone; return of how many executions."""
        kept = await asyncio.to_thread(self.files.kept)
        gone = [execution_id for execution_id in kept if not await exists(execution_id)]
        for execution_id in gone:
            for path in kept[execution_id]:
                path.unlink(missing_ok=True)
        return len(gone)

    async def stop(self) -> None:
        """Wait for no answer any longer, and let readers finish what they work on; items stay queued."""
        for future in self._waiting:
            future.cancel()
        await asyncio.gather(self.batches.stop(), self.readers.stop())

    async def aclose(self) -> None:
        """Close the queues."""
        await self.outstanding.aclose()
        await self.place.aclose()
        await asyncio.to_thread(self.files.close)
