"""A reader as a process of its own: PATH LEASE_SECONDS BATCH WORK_SECONDS. Prints each id it completed."""

from __future__ import annotations

import asyncio
import sys

from headrace.queue.port import Done
from headrace.queue.sqlite import SqliteQueue


async def main(path: str, lease_seconds: float, batch: int, work_seconds: float) -> None:
    queue = await SqliteQueue.open(path, "work", durability="normal")
    while not (await queue.stats()).drained:
        for item in await queue.lease(batch, lease_seconds, wait_seconds=0.2):
            await asyncio.sleep(work_seconds)
            if not await queue.complete([Done(item.id, item.token, b"done")]):
                print(item.id, flush=True)
    await queue.aclose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])))
