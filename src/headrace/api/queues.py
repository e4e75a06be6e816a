"""Work queues over HTTP: put, lease, complete and all the rest, so that a worker in any language can pull.

Times are epoch seconds, durations seconds. Payloads are `data`, `text` or `data_base64` (`payload.py`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request
from litestar.params import JSONBody, PathParameter, QueryParameter

from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.payload import Payload, shown, written
from headrace.api.platform import Platform
from headrace.api.problem import bad_request, not_found
from headrace.api.route import get, post
from headrace.api.rule import rule
from headrace.queue.port import (
    ITEMS_PER_CALL_MAX,
    PRIORITY_MAX,
    PRIORITY_MIN,
    DeadLetter,
    Done,
    Failed,
    Held,
    ItemRecord,
    Leased,
    LeaseExpired,
    Put,
    State,
    WorkQueue,
)

LEASE_SECONDS_MAX = 86_400.0
WAIT_SECONDS_MAX = 60.0
# In the names of queues that batches make (`headrace.delivery.names`).
BATCH = ".batch-"
# A stop comes in between two of these.
WAIT_TURN_SECONDS = 0.5
DELAY_SECONDS_MAX = 366 * 86_400.0

Few = Annotated[int, msgspec.Meta(ge=1, le=ITEMS_PER_CALL_MAX)]
LeaseSeconds = Annotated[float, msgspec.Meta(gt=0, le=LEASE_SECONDS_MAX)]
ItemId = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
Seconds = Annotated[float, msgspec.Meta(ge=0, le=DELAY_SECONDS_MAX)]
Token = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Worker = Annotated[str, msgspec.Meta(max_length=200)]


class NewItem(Payload, kw_only=True):
    """An item to put. `dedupe_key`: while an item of this key is known, no other is taken."""

    id: ItemId | None = None
    delay_seconds: Seconds = 0.0
    priority: Annotated[int, msgspec.Meta(ge=PRIORITY_MIN, le=PRIORITY_MAX)] = 0
    dedupe_key: Annotated[str, msgspec.Meta(min_length=1, max_length=500)] | None = None
    dedupe_seconds: Annotated[float, msgspec.Meta(gt=0, le=DELAY_SECONDS_MAX)] = 300.0
    max_attempts: Annotated[int, msgspec.Meta(ge=1, le=1000)] | None = None
    headers: dict[str, str] | None = None


class NewItems(msgspec.Struct, kw_only=True):
    """Items to put, in order."""

    items: Annotated[list[NewItem], msgspec.Meta(min_length=1, max_length=ITEMS_PER_CALL_MAX)]


class PutItem(msgspec.Struct, kw_only=True):
    """What became of an item. `duplicate`: the id is of the one that was there already."""

    id: str
    duplicate: bool


class PutItems(msgspec.Struct, kw_only=True):
    """What became of the items, in their order."""

    items: list[PutItem]


class Wanted(msgspec.Struct, kw_only=True):
    """How many items to lease, for how long, and how long to wait for the first one."""

    max_items: Few = 1
    lease_seconds: LeaseSeconds = 30.0
    wait_seconds: Annotated[float, msgspec.Meta(ge=0, le=WAIT_SECONDS_MAX)] = 0.0
    worker: Worker = ""


class LeasedItem(Payload, kw_only=True):
    """An item in the hands of a worker until `expires_at`, under a token."""

    id: str
    token: int
    attempt: int
    max_attempts: int
    expires_at: float
    enqueued_at: float
    priority: int
    headers: dict[str, str] | None = None


class LeasedItems(msgspec.Struct, kw_only=True):
    """Items that were leased; fewer than wanted where fewer are ready."""

    items: list[LeasedItem]


class DoneItem(Payload, kw_only=True):
    """An item that is done; its payload is the result."""

    id: ItemId
    token: Token


class DoneItems(msgspec.Struct, kw_only=True):
    """Items that are done, and with `lease` the next ones in the same round trip."""

    items: Annotated[list[DoneItem], msgspec.Meta(max_length=ITEMS_PER_CALL_MAX)]
    lease: Wanted | None = None


class Completed(msgspec.Struct, kw_only=True):
    """The ids whose leases were over (their results were not taken), and the next items."""

    refused: list[str]
    items: list[LeasedItem] = msgspec.field(default_factory=list)


class HeldItem(msgspec.Struct, kw_only=True):
    """An item under a lease."""

    id: ItemId
    token: Token


class HeldItems(msgspec.Struct, kw_only=True):
    """Items to extend (for `lease_seconds` from now) or to give back."""

    items: Annotated[list[HeldItem], msgspec.Meta(min_length=1, max_length=ITEMS_PER_CALL_MAX)]
    lease_seconds: LeaseSeconds = 30.0


class FailedItem(msgspec.Struct, kw_only=True):
    """An item that failed. `retry_in` seconds (null: the queue's backoff); `final` sets it aside at once."""

    id: ItemId
    token: Token
    error: Annotated[str, msgspec.Meta(max_length=100_000)] = ""
    retry_in: Seconds | None = None
    final: bool = False


class FailedItems(msgspec.Struct, kw_only=True):
    """Items that failed."""

    items: Annotated[list[FailedItem], msgspec.Meta(min_length=1, max_length=ITEMS_PER_CALL_MAX)]


class Refused(msgspec.Struct, kw_only=True):
    """The ids whose leases were over already."""

    refused: list[str]


class QueueStats(msgspec.Struct, kw_only=True):
    """How a queue is. The totals count since it was made."""

    name: str
    ready: int
    delayed: int
    leased: int
    dead: int
    enqueued_total: int
    completed_total: int
    retried_total: int
    expired_total: int
    dead_total: int
    oldest_ready_seconds: float | None
    drained: bool
    paused: bool


class QueueDetail(QueueStats, kw_only=True):
    """How a queue is, and what its backend can do."""

    capabilities: dict[str, bool]


class ItemEventView(msgspec.Struct, kw_only=True):
    """One step in the life of an item."""

    at: float
    what: str
    worker: str | None = None
    attempt: int | None = None
    detail: str | None = None


class ItemView(Payload, kw_only=True):
    """An item as people look at it; `result` is shown like a payload."""

    id: str
    state: str
    attempts: int
    enqueued_at: float
    priority: int
    run_at: float | None = None
    leased_by: str | None = None
    expires_at: float | None = None
    error: str | None = None
    headers: dict[str, str] | None = None
    result: dict[str, Any] | None = None
    history: list[ItemEventView] = msgspec.field(default_factory=list)


class DeadLetterView(Payload, kw_only=True):
    """An item that was given up on, with the reason."""

    id: str
    reason: str
    error: str | None
    attempts: int
    enqueued_at: float
    died_at: float
    priority: int
    headers: dict[str, str] | None = None


class Redrive(msgspec.Struct, kw_only=True):
    """Which dead letters to make ready again: these, or up to `limit` of all."""

    ids: Annotated[list[ItemId], msgspec.Meta(min_length=1, max_length=ITEMS_PER_CALL_MAX)] | None = None
    limit: Few = ITEMS_PER_CALL_MAX


class Purge(msgspec.Struct, kw_only=True):
    """What to delete; what is leased stays."""

    what: Literal["ready", "delayed", "dead", "all"]


class Count(msgspec.Struct, kw_only=True):
    """How many items it was."""

    count: int


Namespace = Annotated[str, PathParameter(max_length=253, description="A namespace.")]
Queue = Annotated[str, PathParameter(max_length=180, description="The queue's name.")]


@get("/queues", rule("viewer"), tag="Queues", id="listQueues")
async def list_queues(platform: Platform, namespace: Namespace) -> Page[QueueStats]:
    """Return the queues of a namespace, with their counts."""
    names = await platform.queues.names(namespace)
    found = [await _stats(await platform.queues.open(namespace, name), name) for name in names]
    # A batch over a function leaves a queue of its own, of no more interest when it is empty.
    return Page(items=[each for each in found if not (BATCH in each.name and each.drained and not each.dead)])


@get("/queues/{queue:str}", rule("viewer"), tag="Queues", id="getQueue")
async def get_queue(platform: Platform, namespace: Namespace, queue: Queue) -> QueueDetail:
    """Return how a queue is."""
    opened = await _queue(platform, namespace, queue)
    stats = await _stats(opened, queue)
    return QueueDetail(**msgspec.structs.asdict(stats), capabilities=msgspec.to_builtins(opened.capabilities))


@post("/queues/{queue:str}/items", rule("operator"), tag="Queues", id="putItems", status_code=201)
async def put_items(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    queue: Queue,
    data: JSONBody[NewItems],
) -> PutItems:
    """Put items on a queue, in order; the first one makes the queue."""
    puts = []
    for number, item in enumerate(data.items):
        payload = written(item, f"/items/{number}")
        if payload is None:
            raise bad_request(
                "no-payload",
                f"item {number} has no payload",
                remedy="give `data`, `text` or `data_base64`",
                pointer=f"/items/{number}",
            )
        puts.append(
            Put(
                payload=payload,
                id=item.id,
                delay_seconds=item.delay_seconds,
                priority=item.priority,
                dedupe_key=item.dedupe_key,
                dedupe_seconds=item.dedupe_seconds,
                max_attempts=item.max_attempts,
                headers=item.headers,
            )
        )
    opened = await platform.queues.open(namespace, queue)
    outcomes = await opened.enqueue_many(puts)
    return PutItems(items=[PutItem(id=each.id, duplicate=each.duplicate) for each in outcomes])


@get("/queues/{queue:str}/items", rule("viewer"), tag="Queues", id="listItems")
async def list_items(
    platform: Platform,
    namespace: Namespace,
    queue: Queue,
    of_state: Annotated[State, QueryParameter(name="state")] = "ready",
    limit: Limit = 100,
) -> Page[ItemView]:
    """Look at the items of a state without taking them, in the order in which they would be served."""
    opened = await _queue(platform, namespace, queue)
    return Page(items=[_item(record) for record in await opened.peek(state=of_state, limit=limit)])


@get("/queues/{queue:str}/items/{item:str}", rule("viewer"), tag="Queues", id="getItem")
async def get_item(
    platform: Platform,
    namespace: Namespace,
    queue: Queue,
    item: Annotated[str, PathParameter(max_length=500, description="The item's id.")],
) -> ItemView:
    """Return all that is known of an item: state, result, who had it and when."""
    record = await (await _queue(platform, namespace, queue)).inspect(item)
    if record is None:
        raise not_found("item", item, "results are kept for a time only")
    return _item(record)


@post("/queues/{queue:str}/lease", rule("operator"), tag="Queues", id="leaseItems")
async def lease_items(
    platform: Platform, namespace: Namespace, queue: Queue, data: JSONBody[Wanted]
) -> LeasedItems:
    """Take items for a time. An empty list: nothing was ready within `wait_seconds`."""
    opened = await platform.queues.open(namespace, queue)
    return LeasedItems(items=[_leased(item) for item in await _lease(platform, opened, data)])


async def _lease(platform: Platform, queue: WorkQueue, wanted: Wanted) -> list[Leased]:
    """Lease, and wait for the first item in short turns: a server that stops is not held, and loses none."""
    left = wanted.wait_seconds
    while True:
        turn = min(left, WAIT_TURN_SECONDS)
        items = await queue.lease(
            wanted.max_items, wanted.lease_seconds, wait_seconds=turn, worker=wanted.worker
        )
        left -= turn
        if items or left <= 0 or platform.unready:
            return items


@post("/queues/{queue:str}/complete", rule("operator"), tag="Queues", id="completeItems", problems=(409,))
async def complete_items(
    platform: Platform, namespace: Namespace, queue: Queue, data: JSONBody[DoneItems]
) -> Completed:
    """Complete items and keep their results; 409 `lease-expired` when every one of them was refused."""
    opened = await _held_in(platform, namespace, queue)
    done = [
        Done(item.id, item.token, written(item, f"/items/{number}")) for number, item in enumerate(data.items)
    ]
    wanted = data.lease
    if wanted is None:
        refused, items = await opened.complete(done), list[Leased]()
    else:
        refused, items = await opened.complete_and_lease(
            done, wanted.max_items, wanted.lease_seconds, worker=wanted.worker
        )
        items = items or await _lease(platform, opened, wanted)
    if done and wanted is None and len(refused) == len(done):
        raise LeaseExpired(refused)
    return Completed(refused=refused, items=[_leased(item) for item in items])


@post("/queues/{queue:str}/extend", rule("operator"), tag="Queues", id="extendItems", problems=(409, 501))
async def extend_items(
    platform: Platform, namespace: Namespace, queue: Queue, data: JSONBody[HeldItems]
) -> Refused:
    """Let leases end `lease_seconds` from now."""
    opened = await _held_in(platform, namespace, queue)
    return _refused(data.items, await opened.extend(_held(data), data.lease_seconds))


@post("/queues/{queue:str}/release", rule("operator"), tag="Queues", id="releaseItems", problems=(409,))
async def release_items(
    platform: Platform, namespace: Namespace, queue: Queue, data: JSONBody[HeldItems]
) -> Refused:
    """Give items back unharmed: ready at once, and the attempt does not count."""
    opened = await _held_in(platform, namespace, queue)
    return _refused(data.items, await opened.release(_held(data)))


@post("/queues/{queue:str}/fail", rule("operator"), tag="Queues", id="failItems", problems=(409,))
async def fail_items(
    platform: Platform, namespace: Namespace, queue: Queue, data: JSONBody[FailedItems]
) -> Refused:
    """Give items up: again after a pause, or dead when no attempt is left."""
    opened = await _held_in(platform, namespace, queue)
    failed = [
        Failed(id=item.id, token=item.token, error=item.error, retry_in=item.retry_in, final=item.final)
        for item in data.items
    ]
    return _refused(data.items, await opened.fail(failed))


@get("/queues/{queue:str}/dead-letters", rule("viewer"), tag="Queues", id="listDeadLetters", problems=(501,))
async def list_dead_letters(
    platform: Platform,
    namespace: Namespace,
    queue: Queue,
    limit: Limit = 100,
    after_cursor: Cursor = None,
) -> Page[DeadLetterView]:
    """Return the items that were given up on, oldest first."""
    key = after(after_cursor, (str,))
    opened = await _queue(platform, namespace, queue)
    letters = await opened.dead_letters(after=None if key is None else str(key[0]), limit=limit + 1)
    more = cursor(letters[limit - 1].id) if len(letters) > limit else None
    return Page(items=[_letter(letter) for letter in letters[:limit]], next=more)


@post("/queues/{queue:str}/redrive", rule("operator"), tag="Queues", id="redriveItems", problems=(501,))
async def redrive_items(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    queue: Queue,
    data: JSONBody[Redrive],
) -> Count:
    """Make dead letters ready again with fresh attempts."""
    opened = await _queue(platform, namespace, queue)
    count = await opened.redrive(data.ids, limit=data.limit)
    await platform.record(request, "queue.redrive", queue, after={"ids": data.ids, "count": count})
    return Count(count=count)


@post("/queues/{queue:str}/purge", rule("operator"), tag="Queues", id="purgeQueue")
async def purge_queue(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    queue: Queue,
    data: JSONBody[Purge],
) -> Count:
    """Delete items that nobody has leased."""
    opened = await _queue(platform, namespace, queue)
    count = await opened.purge(data.what)
    await platform.record(request, "queue.purge", queue, after={"what": data.what, "count": count})
    return Count(count=count)


@post("/queues/{queue:str}/pause", rule("operator"), tag="Queues", id="pauseQueue")
async def pause_queue(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, queue: Queue
) -> QueueStats:
    """Let a queue give out no items, to anybody; what is leased goes on, and items can be put."""
    return await _pause(request, platform, namespace, queue, True)


@post("/queues/{queue:str}/resume", rule("operator"), tag="Queues", id="resumeQueue")
async def resume_queue(
    request: Request[Any, Any, Any], platform: Platform, namespace: Namespace, queue: Queue
) -> QueueStats:
    """Let a queue give out items again."""
    return await _pause(request, platform, namespace, queue, False)


async def _pause(
    request: Request[Any, Any, Any], platform: Platform, namespace: str, name: str, paused: bool
) -> QueueStats:
    opened = await _queue(platform, namespace, name)
    before = await opened.stats()
    await platform.queues.pause(namespace, name, paused)
    if before.paused != paused:
        verb = "pause" if paused else "resume"
        await platform.record(
            request, f"queue.{verb}", name, before={"paused": before.paused}, after={"paused": paused}
        )
    return await _stats(opened, name)


async def _queue(platform: Platform, namespace: str, name: str) -> WorkQueue:
    """Open a queue that is there: looking at one must not make it."""
    if name not in await platform.queues.names(namespace):
        raise not_found("queue", name, "its first item makes it")
    return await platform.queues.open(namespace, name)


async def _held_in(platform: Platform, namespace: str, name: str) -> WorkQueue:
    """Open a queue that gave something out; asked often, so that one that is open is not looked up again."""
    found = await platform.queues.existing(namespace, name)
    if found is None:
        raise not_found("queue", name, "its first item makes it")
    return found


async def _stats(queue: WorkQueue, name: str) -> QueueStats:
    stats = await queue.stats()
    return QueueStats(name=name, drained=stats.drained, **msgspec.structs.asdict(stats))


def _held(data: HeldItems) -> list[Held]:
    return [Held(item.id, item.token) for item in data.items]


def _refused(items: list[Any], refused: list[str]) -> Refused:
    if len(refused) == len(items):
        raise LeaseExpired(refused)
    return Refused(refused=refused)


def _leased(item: Leased) -> LeasedItem:
    return LeasedItem(
        id=item.id,
        token=item.token,
        attempt=item.attempt,
        max_attempts=item.max_attempts,
        expires_at=item.expires_at,
        enqueued_at=item.enqueued_at,
        priority=item.priority,
        headers=item.headers,
        **shown(item.payload),
    )


def _letter(letter: DeadLetter) -> DeadLetterView:
    return DeadLetterView(
        id=letter.id,
        reason=letter.reason,
        error=letter.error,
        attempts=letter.attempts,
        enqueued_at=letter.enqueued_at,
        died_at=letter.died_at,
        priority=letter.priority,
        headers=letter.headers,
        **shown(letter.payload),
    )


def _item(record: ItemRecord) -> ItemView:
    return ItemView(
        id=record.id,
        state=record.state,
        attempts=record.attempts,
        enqueued_at=record.enqueued_at,
        priority=record.priority,
        run_at=record.run_at,
        leased_by=record.leased_by,
        expires_at=record.expires_at,
        error=record.error,
        headers=record.headers,
        result=None if record.result is None else shown(record.result),
        history=[ItemEventView(**msgspec.structs.asdict(event)) for event in record.history],
        **shown(record.payload),
    )


NAMESPACED = (
    list_queues,
    get_queue,
    put_items,
    list_items,
    get_item,
    lease_items,
    complete_items,
    extend_items,
    release_items,
    fail_items,
    list_dead_letters,
    redrive_items,
    purge_queue,
    pause_queue,
    resume_queue,
)
