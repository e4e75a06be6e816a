"""Leases of items over HTTP: lease, complete, extend, give back; so that a worker in any language can pull.

Times are epoch seconds, durations seconds. Payloads are `data`, `text` or `data_base64` (`payload.py`).
"""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar.params import JSONBody

from headrace.api.payload import Payload, shown, written
from headrace.api.platform import Platform
from headrace.api.problem import not_found
from headrace.api.queue import Few, ItemId, Namespace, Queue, Seconds
from headrace.api.route import post
from headrace.api.rule import rule
from headrace.queue.port import (
    ITEMS_PER_CALL_MAX,
    Done,
    Failed,
    Held,
    Leased,
    LeaseExpired,
    WorkQueue,
)

LEASE_SECONDS_MAX = 86_400.0
WAIT_SECONDS_MAX = 60.0
# A stop comes in between two of these.
WAIT_TURN_SECONDS = 0.5

LeaseSeconds = Annotated[float, msgspec.Meta(gt=0, le=LEASE_SECONDS_MAX)]
Token = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Worker = Annotated[str, msgspec.Meta(max_length=200)]


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


async def _held_in(platform: Platform, namespace: str, name: str) -> WorkQueue:
    """Open a queue that gave something out; asked often, so that one that is open is not looked up again."""
    found = await platform.queues.existing(namespace, name)
    if found is None:
        raise not_found("queue", name, "its first item makes it")
    return found


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


NAMESPACED = (lease_items, complete_items, extend_items, release_items, fail_items)
