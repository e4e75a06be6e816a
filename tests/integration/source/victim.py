"""A process to be killed: publishes events, puts items, and starts by request, until it is.

python victim.py FOLDER ACCEPTED_FILE. Every line of the file is something that was accepted durably.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from pathlib import Path

from headrace.queue.port import Put
from headrace.runtime.clock import SystemClock
from integration.source.place import Place, app

TEXT = app("""
- {name: paid, event: {with: {type: paid}}}
- {name: pairs, event: {all: [{with: {type: left}, correlate: {n: {from: .data}}},
                              {with: {type: right}, correlate: {n: {from: .data}}}]}}
- {name: api, http: {path: /orders}}
- {name: jobs, queue: {name: jobs, lease: PT2S}}
- {name: lots, queue: {name: lots, batch: 3, lease: PT2S}}
- {name: tick, interval: {every: PT0.1S, missed: all}}
""")


async def main(folder: Path, accepted: str, life: str) -> None:
    out = os.open(accepted, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(what: str) -> None:
        os.write(out, f"{what}\n".encode())

    place = await Place(folder, SystemClock()).open(TEXT)
    if life == "last":
        for name in ("jobs", "lots"):
            queue = await place.queue("default", name)
            while not (await queue.stats()).drained:
                await asyncio.sleep(0.02)
        while await place.headrace.store.undelivered(1):
            await asyncio.sleep(0.02)
        while (await place.triggers.last_event()) > min(
            state.cursor or 0 for state in await place.triggers.states() if state.name.trigger == "pairs"
        ):
            await asyncio.sleep(0.02)
        await place.close()
        return

    async def publish() -> None:
        for number in itertools.count():
            name = f"{life}-{number}"
            if await place.headrace.publish({"id": f"p{name}", "source": "/v", "type": "paid", "data": name}):
                note(f"paid {name}")
            for kind in ("left", "right"):
                await place.headrace.publish(
                    {"id": f"{kind}{name}", "source": "/v", "type": kind, "data": name}
                )
            note(f"pairs {name}")

    async def request() -> None:
        for number in itertools.count():
            name = f"{life}-{number}"
            route = place.sources.routes.match("POST", "default", "/orders")
            assert route is not None
            body = f'"{name}"'.encode()
            await route.start(
                route.request("POST", "/orders", [(b"idempotency-key", name.encode())], b"", body)
            )
            note(f"api {name}")

    async def put(queue_name: str) -> None:
        queue = await place.queue("default", queue_name)
        for number in itertools.count():
            name = f"{life}-{number}"
            await queue.enqueue(Put(payload=f'"{name}"'.encode()))
            note(f"{queue_name} {name}")
            await asyncio.sleep(0.001)

    await asyncio.gather(publish(), request(), put("jobs"), put("lots"))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))
