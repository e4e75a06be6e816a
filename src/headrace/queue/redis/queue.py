"""`RedisQueue`: the work queue port on Redis.

What makes an item durable is the server's business. Set `appendonly yes`: with `appendfsync everysec`
(its default) a crash of the machine may lose the last second, with `always` nothing that was answered, at
the price of a sync per call; a crash of Redis alone loses nothing that was answered with either. Set
`maxmemory-policy noeviction`: evicted keys are lost items.

Replicas are told after the answer, so a fail-over may lose the last calls: items just enqueued, or
completions, whose items then run once more. `min-replicas-to-write` bounds that. `WAIT` is not sent: it
costs a round trip, and does not keep a replica that lags from being made the primary.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, TypeVar

from headrace.queue.check import (
    check_failed,
    check_lease,
    check_lease_seconds,
    check_name,
    check_options,
)
from headrace.queue.port import (
    ITEMS_PER_CALL_MAX,
    Capabilities,
    DeadLetter,
    Done,
    Enqueued,
    Failed,
    Held,
    ItemRecord,
    Leased,
    Put,
    QueueError,
    QueueOptions,
    State,
    Stats,
)
from headrace.queue.redis import script
from headrace.queue.redis.codec import (
    ERROR_CHARACTERS_MAX,
    LAST_ERROR_CHARACTERS_MAX,
    WORKER_CHARACTERS_MAX,
    read_dead_letter,
    read_leased,
    read_record,
    read_stats,
)
from headrace.queue.redis.keys import REGISTRY, QueueKeys
from headrace.queue.redis.link import Link, not_unicode
from headrace.queue.redis.plain import Adopted, adopt_processing
from headrace.queue.redis.put import BYTES_PER_CALL, milliseconds, write_puts
from headrace.queue.redis.wire import Word

PATIENCE_SECONDS = 10.0

# How often an open client brings back what is due: well within `port.REAP_SECONDS`.
TICK_SECONDS = 0.4

# A waiting reader looks by itself this often, in case its waking was given to one that then died.
_LOOK_SECONDS = 1.0

_Lease = TypeVar("_Lease", Done, Held, Failed)
_Arguments = list[Word]


class RedisQueue:
    """One queue on a Redis server (6.2 or later) or Valkey; any number of clients in any number of processes.

    Only the server's clock counts. Calls are asked again for up to `patience_seconds` when the server is
    away or an answer is lost, and are done once all the same; what is still not answered raises
    `QueueUnavailable`.
    """

    capabilities = Capabilities()

    def __init__(self, name: str, keys: QueueKeys, link: Link) -> None:
        """Use `connect`."""
        self.name = name
        self._keys = keys
        self._link = link
        self._timer: asyncio.Task[None] | None = None

    @classmethod
    async def connect(
        cls,
        url: str,
        name: str,
        *,
        options: QueueOptions | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> RedisQueue:
        """Open the queue `name` on the server of `url`: redis://, rediss:// (TLS) or unix://.

        `options` are set for all clients. Any node of a cluster will do: the client goes where the queue is.
        Raises `QueueError` for bad arguments, `QueueUnavailable` at once when the server cannot be reached.
        """
        check_name(name)
        if options is not None:
            check_options(options)
        keys = QueueKeys(name)
        queue = cls(name, keys, Link(url, keys, patience_seconds=patience_seconds))
        given = options or QueueOptions()
        arguments: _Arguments = ["1" if options else "0"]
        arguments += ["max_attempts", given.max_attempts]
        for key in ("backoff", "backoff_max", "result", "dead"):
            field = "backoff_seconds_max" if key == "backoff_max" else f"{key}_seconds"
            named = "backoff_ms_max" if key == "backoff_max" else f"{key}_ms"
            arguments += [named, milliseconds(getattr(given, field))]
        patience = min(1.0, patience_seconds)
        try:
            # First the one that another node of a cluster may have: what follows goes where the queue is.
            await queue._link.command("SADD", REGISTRY, name, patience_seconds=patience)
            await queue._link.call(script.OPEN, arguments, patience_seconds=patience)
        except BaseException:
            await queue._link.aclose()
            raise
        queue._timer = asyncio.create_task(queue._tick(), name=f"timer of queue {name}")
        return queue

    async def aclose(self) -> None:
        """Let go of connections; leases stay until they end."""
        if self._timer is not None:
            self._timer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._timer
            self._timer = None
        await self._link.aclose()

    # Putting

    async def enqueue(self, put: Put) -> Enqueued:
        return (await self.enqueue_many((put,)))[0]

    async def enqueue_many(self, puts: Sequence[Put]) -> list[Enqueued]:
        answers: list[Enqueued] = []
        try:
            for call in write_puts(puts, self._keys):
                answers += await self._enqueue(*call)
        except (QueueError, UnicodeEncodeError) as problem:
            error = problem if isinstance(problem, QueueError) else not_unicode()
            if answers:
                error.add_note(f"the first {len(answers)} of {len(puts)} items had been enqueued")
            raise error from (None if error is problem else problem)
        return answers

    async def _enqueue(
        self, of: script.Script, arguments: _Arguments, ids: list[str], dedupe_keys: list[bytes]
    ) -> list[Enqueued]:
        duplicates = await self._link.call(of, arguments, more_keys=dedupe_keys)
        answers = list(map(Enqueued, ids))
        for at in range(0, len(duplicates), 2):
            answers[duplicates[at] - 1] = Enqueued(duplicates[at + 1].decode(), duplicate=True)
        return answers

    # Leasing

    async def lease(
        self, max_items: int, lease_seconds: float, *, wait_seconds: float = 0.0, worker: str = ""
    ) -> list[Leased]:
        _, leased = await self.complete_and_lease(
            (), max_items, lease_seconds, wait_seconds=wait_seconds, worker=worker
        )
        return leased

    async def complete(self, done: Sequence[Done]) -> list[str]:
        refused, _ = await self.complete_and_lease(done, 0, 1.0)
        return refused

    async def complete_and_lease(
        self,
        done: Sequence[Done],
        max_items: int,
        lease_seconds: float,
        *,
        wait_seconds: float = 0.0,
        worker: str = "",
    ) -> tuple[list[str], list[Leased]]:
        check_lease(max_items, lease_seconds, wait_seconds)
        max_items = min(max_items, ITEMS_PER_CALL_MAX)
        lease_ms = max(1, milliseconds(lease_seconds))
        named = _text(worker, WORKER_CHARACTERS_MAX)
        refused: list[str] = []
        chunks = list(_by_size(done))
        for chunk in chunks[:-1]:
            refused += (await self._complete_and_lease(chunk, 0, lease_ms, named))[0]
        last = chunks[-1] if chunks else ()
        if not last and not max_items:
            return refused, []
        refused_last, leased, due_ms = await self._complete_and_lease(last, max_items, lease_ms, named)
        refused += refused_last
        if wait_seconds > 0 and max_items:
            until = time.monotonic() + wait_seconds
            while not leased and (left := until - time.monotonic()) > 0:
                await self._wait(left if due_ms < 0 else min(left, due_ms / 1000 + 0.001))
                _, leased, due_ms = await self._complete_and_lease((), max_items, lease_ms, named)
        return refused, leased

    async def _complete_and_lease(
        self, done: Sequence[Done], max_items: int, lease_ms: int, worker: bytes
    ) -> tuple[list[str], list[Leased], int]:
        """Ask once; the last value is in how many ms something is due (-1: nothing)."""
        arguments: _Arguments = [max_items, lease_ms, worker]
        if done:
            groups = _by_token(done)
            arguments.append(len(groups))
            for token, group in groups.items():
                arguments += (token, len(group))
                for item in group:
                    arguments += (item.id, b"0" if item.result is None else b"1" + item.result)
        else:
            arguments.append(0)
        answer = await self._link.call(
            script.COMPLETE_AND_LEASE, arguments, undo=self._give_back if max_items else None
        )
        return [item_id.decode() for item_id in answer[0]], read_leased(answer), answer[7]

    async def _give_back(self, answer: Any) -> None:
        """Release what was leased for a caller that has stopped waiting."""
        await self.release([Held(item.id, item.token) for item in read_leased(answer)])

    async def _wait(self, seconds: float) -> None:
        """Return when there may be items, after `seconds` at the latest."""
        seconds = max(0.001, min(seconds, _LOOK_SECONDS))
        # A value moved from the front of a list to its front stays where it is: this waits for another
        # program's values without taking any, so none can be lost with this process.
        watch = asyncio.create_task(
            self._link.block(("BLMOVE", self._keys.plain, self._keys.plain, "LEFT", "LEFT", seconds), seconds)
        )
        wake = asyncio.create_task(self._link.block(("BLPOP", self._keys.wake, seconds), seconds))
        tasks = (watch, wake)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def extend(self, held: Sequence[Held], lease_seconds: float) -> list[str]:
        check_lease_seconds(lease_seconds)
        return await self._of_leases(script.EXTEND, [max(1, milliseconds(lease_seconds))], held)

    async def release(self, held: Sequence[Held]) -> list[str]:
        return await self._of_leases(script.RELEASE, [], held)

    async def fail(self, failed: Sequence[Failed]) -> list[str]:
        check_failed(failed)
        return await self._of_leases(script.FAIL, [], failed)

    async def _of_leases(self, of: script.Script, first: _Arguments, leases: Sequence[_Lease]) -> list[str]:
        refused: list[str] = []
        for chunk in _by_size(leases):
            groups = _by_token(chunk)
            arguments: _Arguments = [*first, len(groups)]
            for token, group in groups.items():
                arguments += (token, len(group))
                for lease in group:
                    arguments.append(lease.id)
                    if isinstance(lease, Failed):
                        arguments += _failure(lease)
            refused += [item_id.decode() for item_id in await self._link.call(of, arguments)]
        return refused

    # Looking and cleaning

    async def dead_letters(self, *, after: str | None = None, limit: int = 100) -> list[DeadLetter]:
        """Return dead letters, oldest first, at most `ITEMS_PER_CALL_MAX`; after one that is gone, all."""
        told = await self._link.call(script.LOOK, [*_looked("dead", limit), after or ""])
        return [read_dead_letter(item) for item in told]

    async def redrive(self, ids: Sequence[str] | None = None, *, limit: int = ITEMS_PER_CALL_MAX) -> int:
        count = 0
        if ids is not None:
            for at in range(0, len(ids), ITEMS_PER_CALL_MAX):
                count += await self._link.call(script.REDRIVE, ["", *ids[at : at + ITEMS_PER_CALL_MAX]])
            return count
        while count < limit:
            some: int = await self._link.call(script.REDRIVE, [min(limit - count, ITEMS_PER_CALL_MAX)])
            if some == 0:
                break
            count += some
        return count

    async def purge(
        self, what: Literal["ready", "delayed", "dead", "all"], *, ids: Sequence[str] | None = None
    ) -> int:
        count = 0
        if ids is not None:
            for at in range(0, len(ids), ITEMS_PER_CALL_MAX):
                cut = ids[at : at + ITEMS_PER_CALL_MAX]
                count += await self._link.call(script.PURGE, [what, *cut])
            return count
        for part in ("ready", "delayed", "dead", "results") if what == "all" else (what,):
            while some := await self._link.call(script.PURGE, [part]):
                count += some
        return count

    async def peek(
        self, *, state: State = "ready", limit: int = 100, ids: Sequence[str] | None = None
    ) -> list[ItemRecord]:
        """Look at up to `ITEMS_PER_CALL_MAX` items, or all that are named; of the completed, the latest."""
        if ids is not None:
            found: list[ItemRecord] = []
            for at in range(0, len(ids), ITEMS_PER_CALL_MAX):
                told = await self._link.call(script.LOOK, ["", *ids[at : at + ITEMS_PER_CALL_MAX]])
                found += [read_record(item) for item in told]
            return found
        return [read_record(told) for told in await self._link.call(script.LOOK, [*_looked(state, limit)])]

    async def inspect(self, item_id: str) -> ItemRecord | None:
        told = await self._link.call(script.LOOK, ["", item_id])
        return read_record(told[0]) if told else None

    async def stats(self) -> Stats:
        return read_stats(await self._link.call(script.STATS, []))

    async def adopt_rediswq(self, name: str | None = None) -> Adopted:
        """Take over the stuck values of the `RedisWQ` queue `name` (this queue's own name unless given).

        Its ready values are those of the plain list of that name, which the queue of the same name leases
        anyway. Of those in its processing list, a value without a live lease key becomes a ready item,
        each of equal ones too; the others are left to the readers that hold them: look again when their
        leases have ended. A reader of the old kind that has taken a value and not yet set its key is not
        seen: stop those readers first, or have the value run twice. On a cluster, `name` has to hold this
        queue's name in braces, as it must for RedisWQ itself.
        """
        return await adopt_processing(self._link, self.name if name is None else name)

    async def _tick(self) -> None:
        """Bring back what is due while nobody leases."""
        while True:
            # The server may be away: then nothing can be due either.
            with contextlib.suppress(QueueError):
                while await self._link.call(script.TICK, [], patience_seconds=0.0):
                    pass
            await asyncio.sleep(TICK_SECONDS)


def _by_size(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Cut into parts of at most `ITEMS_PER_CALL_MAX` items and, but for a single one, `BYTES_PER_CALL`."""
    start = size = 0
    for at, item in enumerate(items):
        body = item.result if isinstance(item, Done) else None
        body_size = len(body) if body else 0
        if at - start == ITEMS_PER_CALL_MAX or (at > start and size + body_size > BYTES_PER_CALL):
            yield items[start:at]
            start, size = at, 0
        size += body_size
    if start < len(items):
        yield items[start:]


def _by_token(leases: Iterable[_Lease]) -> dict[int, list[_Lease]]:
    groups: dict[int, list[_Lease]] = {}
    for lease in leases:
        groups.setdefault(lease.token, []).append(lease)
    return groups


def _failure(failed: Failed) -> tuple[bytes, int | str, str, bytes]:
    return (
        _text(failed.error, LAST_ERROR_CHARACTERS_MAX),
        "" if failed.retry_in is None else milliseconds(failed.retry_in),
        "1" if failed.final else "0",
        _text(failed.error, ERROR_CHARACTERS_MAX),
    )


def _text(text: str, characters_max: int) -> bytes:
    # What programs print need not be Unicode; a worker that reports it must not fail over that.
    return text[:characters_max].encode(errors="replace")


def _looked(state: State, limit: int) -> tuple[str, int]:
    return state, max(0, min(limit, ITEMS_PER_CALL_MAX))
