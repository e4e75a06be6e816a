"""A server in a process of its own, for tests that kill it: prints its address, stops on SIGTERM."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

from headrace.main.server import Server, ServerOptions


async def double(data: Any) -> Any:
    await asyncio.sleep(0.005)
    return {"value": 2 * data["value"]}


async def main() -> None:
    server = Server(
        ServerOptions(
            store=Path(sys.argv[1]),
            port=0,
            token=sys.argv[2],
            watch=False,
            functions={"double": double},
            grace_seconds=5.0,
        )
    )
    await server.start()
    print(server.url, flush=True)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    await server.stop()


asyncio.run(main())
