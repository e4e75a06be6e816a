"""The batches of this engine."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any

from headrace.call.invocation import trace_parent
from headrace.call.performer import CallError, call_error, completed, failed
from headrace.delivery.batch import progress as progresses
from headrace.delivery.batch.application import BatchApplication
from headrace.delivery.batch.files import BatchFiles, BatchId
from headrace.delivery.batch.items import FileItems, Items, ListItems, QueueItems, TakenItems
from headrace.delivery.batch.ledger import Earlier, Ledger, header_of
from headrace.delivery.batch.progress import Progress
from headrace.delivery.batch.request import BatchRequest, read_request
from headrace.delivery.batch.results import check_list, output_of
from headrace.delivery.batch.run import BatchRun
from headrace.delivery.item import common_headers, task_headers
from headrace.delivery.names import batch_queue_name, namespace_of, queue_name, queue_of_namespace
from headrace.delivery.outstanding import Outstanding
from headrace.delivery.place import FUNCTION_OPTIONS, QueuePlace
from headrace.delivery.reached import reached
from headrace.delivery.readers import Readers, Slots
from headrace.engine.commands import CancelInvocation, Invoke
from headrace.engine.events import CallCompleted, CallFailed
from headrace.queue.open import open_queue
from headrace.queue.port import Leased, QueueError, WorkQueue
from headrace.worker.application import Outcome
from headrace.worker.reader import Reader

# Quick items are read so many at a time: of its own queue a batch keeps nothing from anybody.
READ_AT_ONCE = 500

PROGRESS_SECONDS = 1.0  # between two writings of how far a batch is

_log = logging.getLogger(__name__)


class Batches:
    """Performs calls of kind `batch`."""

    def __init__(
        self,
        place: QueuePlace,
        outstanding: Outstanding,
        readers: Readers,
        perform: Callable[[Invoke], Awaitable[CallCompleted | CallFailed]],
        files: BatchFiles,
        *,
        grace_seconds: float,
    ) -> None:
        self._place = place
        self._outstanding = outstanding
        self._readers = readers
        self._perform = perform
        self._files = files
        self._grace_seconds = grace_seconds
        self._running: dict[str, BatchRun] = {}
        self._own_readers: dict[str, tuple[Reader, asyncio.Task[Any]]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._stopping = False

    async def perform(self, call: Invoke) -> CallCompleted | CallFailed:
        """Run a batch to its end; made again with the same invocation id it goes on where it was.

        Raises nothing but `asyncio.CancelledError`; unless the engine stops, what is queued is withdrawn.
        """
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            return completed(call, await self._run(call))
        except CallError as error:
            return failed(call, error)
        except QueueError as error:
            return failed(
                call, call_error("configuration", "the queue of the batch cannot be used", str(error))
            )
        finally:
            self._tasks.discard(task)

    def progress(self, invocation_id: str) -> Progress | None:
        """Return how far a batch is that runs here; None where it does not."""
        run = self._running.get(invocation_id)
        return None if run is None else run.progress()

    def of_execution(self, execution_id: str) -> list[Progress]:
        """Return how far the batches of an execution are that run here."""
        runs = [run for run in self._running.values() if run.id.rsplit(".", 2)[0] == execution_id]
        return [run.progress() for run in runs]

    def running(self) -> list[BatchId]:
        """Return the batches that run here, newest execution first."""
        parts = (run_id.rsplit(".", 2) for run_id in self._running)
        return sorted((BatchId(each[0], int(each[1]), int(each[2])) for each in parts), reverse=True)

    async def kept(self) -> list[BatchId]:
        """Return the batches that run here and those that did, newest execution first."""
        return await asyncio.to_thread(self._files.batches)

    async def told(self, batch: BatchId) -> Progress | None:
        """Return how far a batch is, or was at its end; None of one that is not known (any longer)."""
        live = self.progress(batch.invocation_id)
        if live is not None:
            return live
        return await asyncio.to_thread(progresses.read, self._files.progress(batch.invocation_id))

    async def _run(self, call: Invoke) -> dict[str, Any]:
        request = read_request(call)
        path = None if request.collect.path is None else self._files.of_author(request.collect.path)
        items, close_items = await self._items(call, request)
        ledger: Ledger | None = None
        earlier: Earlier | None = None
        try:
            check_list(request, items.total)
            header = {"batch": call.invocation_id, "collect": request.collect.as_, **items.describe()}
            ledger = await asyncio.to_thread(Ledger, self._files.ledger(call.invocation_id), header)
            if call.previous is not None:
                outputs = request.collect.as_ != "none"
                earlier = await asyncio.to_thread(
                    lambda: Earlier(self._files.ledger(call.previous or ""), outputs=outputs)
                )
            how = await self._work_off(call, request, items, ledger, earlier)
            await asyncio.to_thread(ledger.sync)
            return await asyncio.to_thread(output_of, request, ledger, how, path)
        finally:
            await close_items()
            if ledger is not None:
                ledger.close()
            if earlier is not None:
                earlier.close()

    async def _work_off(
        self, call: Invoke, request: BatchRequest, items: Items, ledger: Ledger, earlier: Earlier | None
    ) -> Progress:
        """Let all items be worked on, and return how it went."""
        queue = await self._queue(call, request)
        run = BatchRun(
            call.invocation_id,
            request,
            items,
            queue,
            ledger,
            earlier,
            self._outstanding,
            {
                **common_headers(self._outstanding.reply_to),
                **task_headers(call),
                "traceparent": trace_parent(call),
            },
        )
        self._running[run.id] = run
        telling = asyncio.create_task(self._tell(run))
        ended = False
        try:
            self._read(call, request, queue)
            await run.run()
            ended = True
            return run.progress()
        finally:
            telling.cancel()
            with contextlib.suppress(OSError):
                progresses.write(self._files.progress(run.id), run.progress())
            left = run.open_ids
            for item_id in left:
                self._outstanding.forget(item_id)
            await self._clean_up(run, request, queue, left, ended=ended)

    async def _clean_up(
        self, run: BatchRun, request: BatchRequest, queue: WorkQueue, left: list[str], *, ended: bool
    ) -> None:
        """End the batch's own reader. Unless the engine stops, nothing of the batch stays queued."""
        own = self._own_readers.pop(run.id, None)
        try:
            if own is not None:
                reader, task = own
                if self._stopping:
                    reader.stop()
                else:
                    task.cancel()  # the calls that are under way, too: nobody wants them
                await asyncio.wait((task,))
            if not self._stopping:
                if request.own_queue:
                    await queue.purge("all")
                elif left:
                    await queue.purge("all", ids=left)
        except QueueError as error:
            _log.warning("what is left of batch %s stays on queue %s: %s", run.id, queue.name, error)
        finally:
            self._running.pop(run.id, None)
            if request.own_queue:
                await queue.aclose()

    async def _queue(self, call: Invoke, request: BatchRequest) -> WorkQueue:
        if not request.own_queue:
            name = queue_name(call.flow, call.target)
            return await reached(lambda: self._place.queue(name), name)
        name = batch_queue_name(call.flow, call.target, call.invocation_id)
        return await reached(lambda: self._place.beside(name, FUNCTION_OPTIONS), name)

    def _read(self, call: Invoke, request: BatchRequest, queue: WorkQueue) -> None:
        """Have the items worked on by this process; others may help."""
        if not request.own_queue:
            self._readers.read(queue, call.target, call.settings or {}, self._grace_seconds)
            return
        assert request.concurrency is not None
        reader = self._readers.reader(
            queue,
            BatchApplication(call, self._perform),
            Slots(request.concurrency, request.lease_seconds),
            self._grace_seconds,
            self._settled,
            batch=READ_AT_ONCE,
        )
        task = asyncio.create_task(reader.run())
        task.add_done_callback(_report)
        self._own_readers[call.invocation_id] = (reader, task)

    def _settled(self, settled: Sequence[tuple[Leased, Outcome]]) -> None:
        self._outstanding.settled(settled, self._readers.worker_id)

    async def _items(
        self, call: Invoke, request: BatchRequest
    ) -> tuple[Items, Callable[[], Awaitable[None]]]:
        """Return the items of a batch, and how to let go of their source."""
        arguments = request.arguments
        if arguments.file is not None:
            written = arguments.file.path
            return FileItems(self._files.of_author(written), written, arguments.file.format), _nothing
        if arguments.queue is None:
            return ListItems(arguments.items), _nothing
        taken = self._files.taken(call.invocation_id)
        if call.previous is not None:
            # What was taken off a queue is there no more: a rerun reads it where it was written down.
            before = header_of(self._files.ledger(call.previous)).get("taken")
            if isinstance(before, str):
                taken = Path(before)
                told = progresses.read(self._files.progress(call.previous))
                if told is not None and told.total is not None:
                    return TakenItems(taken), _nothing
        name, address = arguments.queue.name, arguments.queue.address
        if address is None:
            name, address = self._own_name(call, name), await self._address()
        else:
            self._files.check_address(address)
        queue = await reached(lambda: open_queue(address, name), name)
        return QueueItems(queue, taken), queue.aclose

    @staticmethod
    def _own_name(call: Invoke, name: str) -> str:
        """Return the name of a queue of the flow's namespace. Raises `CallError` for that of another one."""
        if "/" in name:
            raise call_error(
                "authorization",
                "queue of another namespace",
                f"`queue.name` is {name!r}; without an `address` it is one of the flow's own namespace",
            )
        return queue_of_namespace(namespace_of(call.flow), name)

    async def _address(self) -> str:
        await self._place.made()
        return self._place.address

    async def _tell(self, run: BatchRun) -> None:
        """Keep on disk how far the batch is."""
        path = self._files.progress(run.id)
        while True:
            try:
                progresses.write(path, run.progress())
            except OSError as error:
                _log.warning("how far batch %s is cannot be written: %s", run.id, error)
            await asyncio.sleep(PROGRESS_SECONDS)

    async def withdraw(self, call: CancelInvocation) -> None:
        """Take the items of a batch that does not run here off their queue: an earlier life put them there.

        One that runs here does so itself, when it is cancelled.
        """
        invocation_id = call.invocation_id
        told = progresses.read(self._files.progress(invocation_id))
        if invocation_id in self._running or told is None:
            return
        try:
            if told.queue == batch_queue_name(call.flow, call.target, invocation_id):
                queue = await self._place.beside(told.queue)
                try:
                    await queue.purge("all")
                finally:
                    await queue.aclose()
            else:
                queue = await self._place.queue(told.queue)
                await queue.purge("all", ids=[f"{invocation_id}:{index}" for index in range(told.reach)])
        except QueueError as error:
            _log.warning("items of batch %s stay on queue %s: %s", invocation_id, told.queue, error)

    async def stop(self) -> None:
        """Let what is worked on be finished within the grace; the batches go on in the engine's next life."""
        self._stopping = True
        readers = list(self._own_readers.values())
        for reader, _ in readers:
            reader.stop()
        await asyncio.gather(*(task for _, task in readers), return_exceptions=True)
        for task in list(self._tasks):
            task.cancel()


async def _nothing() -> None:
    """A list or a file needs no letting go."""


def _report(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        _log.error("the reader of a batch ended, and only others work on it now: %s", error)
