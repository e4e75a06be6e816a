"""The three calls of W1 over HTTP by aiohttp, the client that most programs use; no engine, no store."""

from __future__ import annotations

from typing import Any

import aiohttp
import orjson
import uvloop

from bench import services, steps, workload
from bench.tree import stop_descendants


async def drive(ports: dict[str, int], chosen: workload.argparse.Namespace) -> workload.Outcome:
    """Make the three calls, each with what the one before answered."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def run(number: int) -> None:
            data: Any = steps.order(number)
            for position, (name, port) in enumerate(ports.items()):
                headers = {
                    "content-type": "application/json",
                    "ce-specversion": "1.0",
                    "ce-type": "dev.headrace.function.invoke.v1",
                    "ce-source": "/default/orders:1.0.0",
                    "ce-id": f"{number}.{position}",
                    "ce-subject": str(number),
                    "ce-headracetask": f"/do/{position}/{name}",
                }
                url = f"http://127.0.0.1:{port}/"
                async with session.post(url, data=orjson.dumps(data), headers=headers) as answer:
                    if answer.status != 200:
                        raise SystemExit(f"call {position} of {number} is answered with {answer.status}")
                    data = orjson.loads(await answer.read())
            steps.check(number, data)

        return await workload.measure(run, chosen)


def main() -> None:
    """Start the functions, make the calls, stop the functions."""
    chosen = workload.options()
    try:
        outcome = uvloop.run(drive(services.start(), chosen))
    finally:
        stop_descendants()
    outcome.print()


if __name__ == "__main__":
    main()
