"""A process to be killed: runs 500 executions under keys, and writes down every call that it makes.

python victim.py STORE CALLS_FILE COUNT
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
from typing import Any

from headrace import Headrace

FLOW = """
document: {dsl: 1.0.3, namespace: chaos, name: order, version: 1.0.0}
do:
  - reserve: {call: reserve}
  - lines:
      for: {each: line, in: .lines}
      do:
        - price: {call: price, with: {sum: "${ .sum }", line: "${ $line }"}}
  - settle:
      fork:
        branches:
          - charge: {call: charge}
          - ship:
              do:
                - pack: {call: pack}
                - pause: {wait: {milliseconds: 5}}
                - send: {call: send}
      output: {as: "{sum: .[0].sum, sent: .[1].sum}"}
  - flaky:
      try:
        - notify: {call: notify}
      catch:
        errors: {with: {status: 503}}
        retry: {delay: {milliseconds: 2}, limit: {attempt: {count: 3}}}
        do:
          - shrug: {set: {sum: "${ .sum }", sent: "${ .sent }", notified: false}}
"""


class Unavailable(Exception):
    """Makes `notify` fail in a way that a retry mends."""

    problem = {"type": "https://example.test/errors/unavailable", "status": 503, "title": "Unavailable"}  # noqa: RUF012


async def main(store: str, calls_path: str, count: int) -> None:
    calls = os.open(calls_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(context: Any) -> None:
        os.write(calls, f"{context.invocation_id} {context.task}\n".encode())

    async def work(data: Any, context: Any) -> Any:
        note(context)
        await asyncio.sleep(random.random() * 0.004)
        return data

    async def price(data: Any, context: Any) -> Any:
        note(context)
        await asyncio.sleep(random.random() * 0.004)
        return {"sum": data["sum"] + data["line"]}

    async def notify(data: Any, context: Any) -> Any:
        note(context)
        if context.attempt == 1:
            raise Unavailable
        return {**data, "notified": True}

    functions = {
        "reserve": work,
        "price": price,
        "charge": work,
        "pack": work,
        "send": work,
        "notify": notify,
    }
    async with Headrace(store, functions=functions) as headrace:
        flow = await headrace.deploy(FLOW)

        async def one(number: int) -> None:
            handle = await headrace.start(flow, {"sum": 0, "lines": [number, 1, 2]}, key=f"order-{number}")
            await handle.result()

        numbers = iter(range(count))

        async def starter() -> None:
            for number in numbers:
                await one(number)

        await asyncio.gather(*(starter() for _ in range(50)))
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
