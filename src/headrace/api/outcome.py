"""Waiting for the end of an execution, and telling a caller how it ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import orjson

from headrace.api.platform import RunningPlatform
from headrace.api.problem import Problem
from headrace.runtime.failure import Stopping
from headrace.runtime.results import Result
from headrace.runtime.runtime import Runtime

# Most executions end sooner: only after so long somebody listens whether the caller is still there.
SECONDS_UNWATCHED = 0.5

Receive = Callable[[], Awaitable[Any]]


async def ended(runtime: Runtime, execution_id: str, seconds: float, receive: Receive) -> Result | None:
    """Return how an execution ended; None when that takes longer, or the caller is gone, or the server stops.

    Whatever is returned, the execution goes on by itself.
    """
    unwatched = min(seconds, SECONDS_UNWATCHED)
    try:
        return await runtime.result(execution_id, seconds=unwatched)
    except Stopping:
        return None
    except TimeoutError:
        pass
    if seconds <= unwatched:
        return None
    result = asyncio.ensure_future(runtime.result(execution_id))
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await asyncio.wait((result, gone), timeout=seconds - unwatched, return_when=asyncio.FIRST_COMPLETED)
        if result.done():
            with contextlib.suppress(Stopping):
                return result.result()
        return None
    finally:
        for task in (result, gone):
            task.cancel()
        await asyncio.gather(result, gone, return_exceptions=True)


async def told(platform: RunningPlatform, result: Result) -> Result:
    """Return how an execution ended, as a caller may know it: without the secrets of its flow.

    In memory they are there; the store has what people may read.
    """
    if not result.secret:
        return result
    row = await platform.store.execution(result.execution_id)
    if row is None:
        return result
    return Result(
        row.id,
        row.status,
        None if row.output is None else orjson.loads(row.output),
        None if row.error is None else orjson.loads(row.error),
    )


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def fault_of(result: Result) -> Problem:
    """Return the problem that an execution which did not complete is to its caller.

    A fault is its OWS error: type, status, title and detail are the author's.
    """
    members: dict[str, Any] = {"execution": result.execution_id}
    error = result.error or {}
    if result.status != "faulted":
        detail = f"the execution was {result.status} while the caller waited"
        return Problem(409, result.status, detail, members=members)
    status = error.get("status")
    for name in ("type", "title", "instance"):
        if isinstance(error.get(name), str):
            members[name] = error[name]
    return Problem(
        status if isinstance(status, int) and 400 <= status <= 599 else 500,
        "faulted",
        str(error.get("detail") or error.get("title") or "the execution faulted"),
        remedy="see its history",
        members=members,
    )
