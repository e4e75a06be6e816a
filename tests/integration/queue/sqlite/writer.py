"""Puts items for ever, as a process of its own: PATH. Prints each id once it is durable."""

from __future__ import annotations

import asyncio
import sys

from headrace.queue.port import Put
from headrace.queue.sqlite import SqliteQueue


async def main(path: str) -> None:
    queue = await SqliteQueue.open(path, "work")
    while True:
        answers = await queue.enqueue_many([Put(payload=b"x" * size) for size in (1, 100, 5000)])
        print(*(answer.id for answer in answers), flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
