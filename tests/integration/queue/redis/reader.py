"""A reader that leases a batch, says so, and works on it for ever: URL NAME ITEMS LEASE_SECONDS."""

from __future__ import annotations

import asyncio
import sys

from headrace.queue.redis import RedisQueue


async def main(url: str, name: str, items: str, lease_seconds: str) -> None:
    queue = await RedisQueue.connect(url, name)
    leased = await queue.lease(int(items), float(lease_seconds), worker="doomed")
    print(len(leased), flush=True)
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
