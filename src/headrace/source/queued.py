"""Triggers on a work queue: an execution per item, or per batch of items.

An item is leased, starts an execution, and is completed: when the start is durable, or when the execution
ended well. Its id is the key, so an item that comes again (a lease ran out, a crash) starts nothing twice.

A batch has no identity of its own: which items form it is decided when they are leased. It is written down
before it starts, so that items that come again after a crash are known to be part of a batch that started.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal

import orjson

from headrace.queue.port import Done, Failed, Held, Leased, QueueError, WorkQueue
from headrace.source.gate import Gate
from headrace.source.mapping import start_key
from headrace.source.pause import pause_seconds
from headrace.source.port import Clock, Delivery, Fired, StartUnavailable
from headrace.store.triggers import Fired as Execution

# How long one call waits for items before it asks again.
WAIT_SECONDS = 20.0
# Executions started from one call at most, where nothing else limits them.
STARTS_MAX = 64
# Executions that hold leases at the same time, where the trigger sets no `maxOpen`.
HELD_MAX = 100
# Leases are extended when this share of them is over.
EXTEND_AFTER = 1 / 3

Complete = Literal["started", "ended"]
OpenQueue = Callable[[str, str], Awaitable[WorkQueue]]

_log = logging.getLogger(__name__)


class QueueSource:
    """Leases items and starts executions for them."""

    def __init__(
        self,
        open_queue: OpenQueue,
        queue: str,
        clock: Clock,
        *,
        batch: int,
        complete: Complete,
        lease_seconds: float,
    ) -> None:
        self._open_queue = open_queue
        self._name = queue
        self._clock = clock
        self._batch = batch
        self._complete = complete
        self._lease_seconds = lease_seconds
        self._queue: WorkQueue | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._held = 0  # executions that hold leases
        self._room = asyncio.Event()
        self._noting = asyncio.Lock()

    # --- leasing ----------------------------------------------------------------------------------------

    async def run(self, gate: Gate) -> None:
        """Lease and start, until cancelled; what is leased by then is given back or brought to its end."""
        self._queue = await self._open_queue(gate.name.namespace, self._name)
        attempt = 0
        await self._forget_unstarted(gate)
        try:
            while True:
                await gate.room()
                starts = await self._free(gate)
                if gate.paused or gate.full:
                    continue
                try:
                    items = await self._lease(starts)
                    attempt = 0
                except QueueError as error:
                    gate.error = str(error)
                    _log.warning("trigger %s cannot lease, trying again: %s", gate.name, error)
                    await self._clock.sleep_until(self._clock.now() + pause_seconds(attempt))
                    attempt += 1
                    continue
                gate.error = None
                if gate.paused:
                    await self._give_back(items)
                    continue
                pace = [
                    self._spawn(gate, items[first : first + self._batch])
                    for first in range(0, len(items), self._batch)
                ]
                if pace:
                    # The next ones are leased when these have started, or cannot.
                    await asyncio.gather(*pace)
        finally:
            await self._let_go()

    async def _lease(self, starts: int) -> list[Leased]:
        """Lease items for up to `starts` executions. Cancelled in the middle, they are given back."""
        assert self._queue is not None
        leasing = asyncio.ensure_future(
            self._queue.lease(
                starts * self._batch, self._lease_seconds, wait_seconds=WAIT_SECONDS, worker="trigger"
            )
        )
        try:
            return await asyncio.shield(leasing)
        except asyncio.CancelledError:
            leasing.cancel()
            with contextlib.suppress(asyncio.CancelledError, QueueError):
                await self._give_back(await leasing)
            raise

    async def _free(self, gate: Gate) -> int:
        """Return how many executions may be started, at least one, waiting for that."""
        limit = STARTS_MAX if gate.free is None else min(gate.free, STARTS_MAX)
        if self._complete == "started":
            return limit
        while self._held >= HELD_MAX:
            self._room.clear()
            await self._room.wait()
        return max(1, min(limit, HELD_MAX - self._held))

    def _spawn(self, gate: Gate, items: Sequence[Leased]) -> asyncio.Future[None]:
        """Bring items to their end in the background; the future is done when their start is decided."""
        started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._work(gate, items, started))
        self._tasks.add(task)

        def over(done: asyncio.Task[None]) -> None:
            self._tasks.discard(done)
            if not started.done():
                started.set_result(None)

        task.add_done_callback(over)
        return started

    async def _give_back(self, items: Sequence[Leased]) -> None:
        assert self._queue is not None
        if items:
            with contextlib.suppress(QueueError):  # then their leases end
                await self._queue.release([Held(item.id, item.token) for item in items])

    async def _let_go(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- one execution's items --------------------------------------------------------------------------

    async def _work(self, gate: Gate, items: Sequence[Leased], started: asyncio.Future[None]) -> None:
        queue = self._queue
        assert queue is not None
        extending = asyncio.create_task(self._extend(items))
        self._held += 1
        try:
            if self._complete == "started":
                await self._until_started(gate, queue, items)
            else:
                await self._until_ended(gate, queue, items, started)
        except asyncio.CancelledError:
            await self._give_back(items)
            raise
        except (StartUnavailable, QueueError) as error:
            _log.warning("trigger %s gives %d items back: %s", gate.name, len(items), error)
            gate.error = str(error)
            # Not at once: what is in the way is seldom gone in the same moment.
            await self._clock.sleep_until(self._clock.now() + pause_seconds(2))
            await self._give_back(items)
        except Exception:
            _log.exception("trigger %s gives %d items back", gate.name, len(items))
            await self._give_back(items)
        finally:
            self._held -= 1
            self._room.set()
            extending.cancel()

    async def _extend(self, items: Sequence[Leased]) -> None:
        """Keep leases alive while their execution is under way."""
        assert self._queue is not None
        while True:
            await self._clock.sleep_until(self._clock.now() + self._lease_seconds * EXTEND_AFTER)
            try:
                await self._queue.extend([Held(item.id, item.token) for item in items], self._lease_seconds)
            except QueueError as error:
                _log.warning("leases of %s cannot be extended, trying again: %s", self._name, error)

    async def _until_started(self, gate: Gate, queue: WorkQueue, items: Sequence[Leased]) -> None:
        if self._batch == 1:
            fired = await self._deliver(gate, self.delivery(items[0]))
            await self._settle(queue, items, fired)
            return
        items = await self._new_ones(gate, queue, items)
        if not items:
            return
        key = _batch_key(items)
        await self._note(gate, key, [item.id for item in items])
        fired = await self._deliver(gate, self.batch_delivery(items, key))
        await self._settle(queue, items, fired)
        await self._note(gate, key, None)

    async def _deliver(self, gate: Gate, delivery: Delivery, then: Any = None) -> Fired:
        while True:
            fired = await gate.deliver(delivery, then=then)
            if fired.reason not in ("full", "paused"):
                return fired
            await gate.room()

    async def _settle(self, queue: WorkQueue, items: Sequence[Leased], fired: Fired) -> None:
        """Complete what started something; fail what did not, for good where trying again cannot help."""
        if fired.execution_id is not None:
            result = orjson.dumps({"execution": fired.execution_id})
            # A refused completion is a lease that ran out: the item comes again, and is a duplicate.
            await queue.complete([Done(item.id, item.token, result) for item in items])
            return
        await self._fail(queue, items, fired.detail or fired.outcome, final=fired.reason == "mapping")

    @staticmethod
    async def _fail(queue: WorkQueue, items: Sequence[Leased], error: str, *, final: bool = False) -> None:
        await queue.fail([Failed(id=item.id, token=item.token, error=error, final=final) for item in items])

    # --- until the execution ended ----------------------------------------------------------------------

    async def _until_ended(
        self, gate: Gate, queue: WorkQueue, items: Sequence[Leased], started: asyncio.Future[None]
    ) -> None:
        if self._batch > 1:
            items = await self._new_ones(gate, queue, items)
            if not items:
                return
        base = items[0].id if self._batch == 1 else _batch_key(items)
        if self._batch > 1:
            await self._note(gate, base, [item.id for item in items])
        execution = await self._last_execution(gate, items, base, started)
        if execution is None:
            return  # failed, and said so
        if execution.status == "completed":
            await queue.complete([Done(item.id, item.token, execution.output) for item in items])
        else:
            text = f"execution {execution.execution_id} {execution.status}: {_said(execution.error)}"
            await self._fail(queue, items, text)
        if self._batch > 1:
            await self._note(gate, base, None)

    async def _last_execution(
        self, gate: Gate, items: Sequence[Leased], base: str, started: asyncio.Future[None]
    ) -> Execution | None:
        """Return the ended execution of these items: the one that is under way, or else a new one.

        Each try has a number in its key. The tries before are looked at, because their execution may have
        gone on while the lease ran out, and must not be started beside.
        """
        number = 1
        while True:
            key = base if number == 1 else f"{base}/{number}"
            ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

            def note_end(status: str, ended: asyncio.Future[None] = ended) -> None:
                if not ended.done():
                    ended.set_result(None)

            delivery = self.delivery(items[0], key) if self._batch == 1 else self.batch_delivery(items, key)
            known = (
                await gate.kept.store.started(
                    gate.name.namespace, gate.name.flow, start_key(gate.name.trigger, key)
                )
                if gate.dedupe is None and (items[0].attempt > 1 or number > 1)
                else None
            )
            if known is None:
                fired = await self._deliver(gate, delivery, then=note_end)
                if fired.execution_id is None:
                    assert self._queue is not None
                    detail = fired.detail or fired.outcome
                    await self._fail(self._queue, items, detail, final=fired.reason == "mapping")
                    return None
                if not started.done():
                    started.set_result(None)
                if fired.outcome == "started":
                    await ended
                execution = await self._wait_for(gate, fired.execution_id)
                if fired.outcome == "started" or execution.status == "completed" or gate.dedupe is not None:
                    return execution
            else:
                if not started.done():
                    started.set_result(None)
                if known.ended_at is None:
                    return await self._wait_for(gate, known.execution_id)
                if known.status == "completed":
                    return known
            number += 1  # that try is over, and this is another one

    async def _wait_for(self, gate: Gate, execution_id: str) -> Execution:
        """Return an execution when it has ended."""
        ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        def note_end(status: str) -> None:
            if not ended.done():
                ended.set_result(None)

        with gate.openings.starting():
            waiting = gate.openings.add(execution_id, note_end)
            found = await gate.kept.store.execution(execution_id)
        try:
            if found is not None and found.ended_at is None and waiting:
                await ended
                found = await gate.kept.store.execution(execution_id)
        finally:
            gate.openings.drop(execution_id, note_end)
        if found is None:
            raise QueueError(f"execution {execution_id} is not kept any more; how it ended is not known")
        return found

    # --- batches ----------------------------------------------------------------------------------------

    async def _note(self, gate: Gate, key: str, ids: list[str] | None) -> None:
        """Write down that a batch is about to start; None: its items are done."""
        async with self._noting:
            batches: dict[str, list[str]] = gate.kept.note.get("batches", {})
            if ids is None:
                batches.pop(key, None)
            else:
                batches[key] = ids
            await gate.kept.save(note={"batches": batches})

    async def _forget_unstarted(self, gate: Gate) -> None:
        """Forget batches that an earlier process wrote down and did not start."""
        for key in list(gate.kept.note.get("batches", {})):
            name = gate.name
            if await gate.kept.store.started(name.namespace, name.flow, start_key(name.trigger, key)) is None:
                await self._note(gate, key, None)

    async def _new_ones(self, gate: Gate, queue: WorkQueue, items: Sequence[Leased]) -> Sequence[Leased]:
        """Deal with items that belong to a batch that started before; return the others."""
        batches: dict[str, list[str]] = gate.kept.note.get("batches", {})
        of_item = {item_id: key for key, ids in batches.items() for item_id in ids}
        if not any(item.id in of_item for item in items):
            return items
        fresh = [item for item in items if item.id not in of_item]
        name = gate.name
        for key in dict.fromkeys(of_item[item.id] for item in items if item.id in of_item):
            again = [item for item in items if of_item.get(item.id) == key]
            known = await gate.kept.store.started(name.namespace, name.flow, start_key(name.trigger, key))
            if known is None:
                fresh += again
                continue
            if self._complete == "ended":
                known = await self._wait_for(gate, known.execution_id)
            if self._complete == "ended" and known.status != "completed":
                await self._note(gate, key, None)
                fresh += again
                continue
            result = orjson.dumps({"execution": known.execution_id})
            await queue.complete([Done(item.id, item.token, result) for item in again])
        return fresh

    # --- what the trigger gets --------------------------------------------------------------------------

    def delivery(self, item: Leased, key: str | None = None) -> Delivery:
        """Return the delivery of one item."""
        payload = _payload(item)
        return Delivery(
            payload=payload,
            default_input=payload["data"],
            key=key or item.id,
            traceparent=payload["headers"].get("traceparent"),
            tracestate=payload["headers"].get("tracestate"),
        )

    def batch_delivery(self, items: Sequence[Leased], key: str) -> Delivery:
        """Return the delivery of a batch."""
        payloads = [_payload(item) for item in items]
        return Delivery(payload=payloads, default_input=[payload["data"] for payload in payloads], key=key)

    def next_at(self) -> float | None:
        """Return None: nobody knows when an item comes."""
        return None

    async def lag_seconds(self) -> float | None:
        """Return how long the oldest item waits."""
        if self._queue is None:
            return None
        try:
            return (await self._queue.stats()).oldest_ready_seconds
        except QueueError:
            return None


def _batch_key(items: Sequence[Leased]) -> str:
    ids = "\n".join(sorted(item.id for item in items))
    return "batch:" + hashlib.sha256(ids.encode()).hexdigest()


def _payload(item: Leased) -> dict[str, Any]:
    return {
        "id": item.id,
        "data": item_data(item.payload),
        "attempt": item.attempt,
        "enqueuedAt": item.enqueued_at,
        "headers": item.headers or {},
    }


def item_data(payload: bytes) -> Any:
    """Return the data of an item: JSON, else text, else base64."""
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        pass
    try:
        return payload.decode()
    except UnicodeDecodeError:
        return base64.b64encode(payload).decode()


def _said(error: bytes | None) -> str:
    if error is None:
        return "no error was given"
    data = orjson.loads(error)
    return str(data.get("detail") or data.get("title") or data.get("type"))
