"""Flows whose functions are called by a queue, and short ways to wait for what happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from headrace import Headrace
from headrace.queue.open import open_queue
from headrace.queue.port import Leased, WorkQueue

PATIENCE_SECONDS = 60.0
QUEUE = "test/shop.work"


def flow(steps: str = "- work: {call: work}", more: str = "", **settings: Any) -> str:
    """Return a FlowApp with a function `work` that has these settings."""
    entry = ", ".join(f"{name}: {value}" for name, value in settings.items())
    if "url" not in settings:
        entry += (", " if entry else "") + "source: cmd/work"
    lines = "\n".join(f"    {line}" for line in steps.splitlines())
    return f"""
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {{name: shop, namespace: test}}
spec:
  version: 1.0.0
  functions:
    work: {{delivery: queue, {entry}}}
{more}  steps:
{lines}
"""


async def until(condition: Callable[[], Any]) -> Any:
    """Wait until `condition` (sync or async) gives something true, and return that."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            value = condition()
            if asyncio.iscoroutine(value):
                value = await value
            if value:
                return value
            await asyncio.sleep(0.01)


async def opened(address: str) -> WorkQueue:
    """Open the queue of the function `work`."""
    return await open_queue(address, QUEUE)


async def lease_one(queue: WorkQueue, lease_seconds: float = 600.0) -> Leased:
    """Lease the next item, as a reader elsewhere does."""
    (item,) = await queue.lease(1, lease_seconds, wait_seconds=PATIENCE_SECONDS, worker="elsewhere")
    return item


async def status_of(headrace: Headrace, execution_id: str) -> str:
    row = await headrace.execution(execution_id)
    assert row is not None
    return row.status
