"""Puts its arguments on a queue, as another process: ADDRESS NAME PAYLOAD..."""

from __future__ import annotations

import asyncio
import sys

from headrace.queue.open import open_queue
from headrace.queue.port import Put


async def main(address: str, name: str, *payloads: str) -> None:
    queue = await open_queue(address, name)
    for payload in payloads:
        await queue.enqueue(Put(payload=payload.encode()))
    await queue.aclose()


asyncio.run(main(*sys.argv[1:]))
