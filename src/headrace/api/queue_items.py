"""The items of work queues: put, look at, and what was given up on.

Times are epoch seconds, durations seconds. Payloads are `data`, `text` or `data_base64` (`payload.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import Request
from litestar.params import JSONBody, PathParameter, QueryParameter

from headrace.api.origin import Originated, origin_of, sign
from headrace.api.page import Cursor, Limit, Page, after, cursor
from headrace.api.payload import Payload, shown, written
from headrace.api.platform import Caller, Platform
from headrace.api.problem import bad_request, not_found
from headrace.api.queue import DELAY_SECONDS_MAX, Count, Few, ItemId, Namespace, Queue, Seconds, queue_of
from headrace.api.route import get, post
from headrace.api.rule import rule
from headrace.queue.port import (
    ITEMS_PER_CALL_MAX,
    PRIORITY_MAX,
    PRIORITY_MIN,
    DeadLetter,
    ItemRecord,
    Put,
    State,
)

# So many calls of the queue, of all letters that one gives, are searched for a page.
LETTER_PAGES_MAX = 5


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


class ItemEventView(msgspec.Struct, kw_only=True):
    """One step in the life of an item."""

    at: float
    what: str
    worker: str | None = None
    attempt: int | None = None
    detail: str | None = None


class ItemView(Originated, kw_only=True):
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


class DeadLetterView(Originated, kw_only=True):
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


@post("/queues/{queue:str}/items", rule("operator"), tag="Queues", id="putItems", status_code=201)
async def put_items(
    request: Request[Any, Any, Any],
    platform: Platform,
    principal: Caller,
    namespace: Namespace,
    queue: Queue,
    data: JSONBody[NewItems],
) -> PutItems:
    """Put items on a queue, in order; the first one makes the queue. Their headers say who did."""
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
    sign(puts, principal)
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
    opened = await queue_of(platform, namespace, queue)
    return Page(items=[_item(record) for record in await opened.peek(state=of_state, limit=limit)])


@get("/queues/{queue:str}/items/{item:str}", rule("viewer"), tag="Queues", id="getItem")
async def get_item(
    platform: Platform,
    namespace: Namespace,
    queue: Queue,
    item: Annotated[str, PathParameter(max_length=500, description="The item's id.")],
) -> ItemView:
    """Return all that is known of an item: state, result, who had it and when."""
    record = await (await queue_of(platform, namespace, queue)).inspect(item)
    if record is None:
        raise not_found("item", item, "results are kept for a time only")
    return _item(record)


@get("/queues/{queue:str}/dead-letters", rule("viewer"), tag="Queues", id="listDeadLetters", problems=(501,))
async def list_dead_letters(
    platform: Platform,
    namespace: Namespace,
    queue: Queue,
    text: Annotated[
        str | None,
        QueryParameter(min_length=1, max_length=500, description="In error or payload; case counts."),
    ] = None,
    limit: Limit = 100,
    after_cursor: Cursor = None,
) -> Page[DeadLetterView]:
    """Return the items that were given up on, oldest first.

    With `text` a page is short where many were looked at for it; `next` goes on from there.
    """
    key = after(after_cursor, (str,))
    opened = await queue_of(platform, namespace, queue)
    last = None if key is None else str(key[0])
    found: list[DeadLetter] = []
    for _ in range(1 if text is None else LETTER_PAGES_MAX):
        wanted = limit if text is None else ITEMS_PER_CALL_MAX
        letters = await opened.dead_letters(after=last, limit=wanted + 1)
        for letter in letters[:wanted]:
            last = letter.id
            if _says(letter, text):
                found.append(letter)
                if len(found) == limit:
                    break
        more = len(letters) > wanted or last != letters[-1].id if letters else False
        if not more or len(found) == limit:
            break
    return Page(items=[_letter(letter) for letter in found], next=cursor(last) if more else None)


@post("/queues/{queue:str}/redrive", rule("operator"), tag="Queues", id="redriveItems", problems=(501,))
async def redrive_items(
    request: Request[Any, Any, Any],
    platform: Platform,
    namespace: Namespace,
    queue: Queue,
    data: JSONBody[Redrive],
) -> Count:
    """Make dead letters ready again with fresh attempts."""
    opened = await queue_of(platform, namespace, queue)
    count = await opened.redrive(data.ids, limit=data.limit)
    await platform.record(request, "queue.redrive", queue, after={"ids": data.ids, "count": count})
    return Count(count=count)


def _says(letter: DeadLetter, text: str | None) -> bool:
    return text is None or text in (letter.error or "") or text.encode("utf-8", "replace") in letter.payload


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
        **origin_of(letter.headers),
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
        **origin_of(record.headers),
        **shown(record.payload),
    )


NAMESPACED = (put_items, list_items, get_item, list_dead_letters, redrive_items)
