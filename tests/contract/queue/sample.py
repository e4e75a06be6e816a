"""Items to put, and short ways to do with them what the tests are not about."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from headrace.queue.port import Done, Enqueued, Failed, Held, Leased, Put, WorkQueue

# Bounds how long a test waits for what must come by itself; nothing is measured with it.
PATIENCE_SECONDS = 30.0


async def put(queue: WorkQueue, payload: bytes = b"x", **more: Any) -> str:
    """Enqueue one item; return its id."""
    return (await queue.enqueue(Put(payload=payload, **more))).id


async def put_all(queue: WorkQueue, payloads: Iterable[bytes], **more: Any) -> list[str]:
    """Enqueue items; return their ids."""
    return ids(await queue.enqueue_many([Put(payload=payload, **more) for payload in payloads]))


async def lease_one(queue: WorkQueue, lease_seconds: float = 60.0, **more: Any) -> Leased:
    (leased,) = await queue.lease(1, lease_seconds, **more)
    return leased


async def fail_for_good(queue: WorkQueue, error: str = "broken") -> str:
    """Lease the next item and make it a dead letter; return its id."""
    leased = await lease_one(queue)
    assert await queue.fail([Failed(id=leased.id, token=leased.token, error=error, final=True)]) == []
    return leased.id


def done(leased: Leased, result: bytes | None = None) -> Done:
    return Done(leased.id, leased.token, result)


def held(leased: Leased) -> Held:
    return Held(leased.id, leased.token)


def failed(leased: Leased, error: str = "broken", **more: Any) -> Failed:
    return Failed(id=leased.id, token=leased.token, error=error, **more)


def ids(items: Iterable[Leased | Enqueued]) -> list[str]:
    return [item.id for item in items]


def payloads(items: Iterable[Leased]) -> list[bytes]:
    return [item.payload for item in items]


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until `condition` holds. Raises TimeoutError when it does not come to."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await condition():
            await asyncio.sleep(0.02)
