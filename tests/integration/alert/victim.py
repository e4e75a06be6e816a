"""Lets an execution fault and dies when that is committed, before anything else: `victim.py <store>`."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from typing import Any

from headrace import Headrace
from headrace.runtime.clock import ManualClock
from headrace.store.port import Transition
from headrace.store.watched import WatchedStore

FLOW = """
document: {dsl: 1.0.3, namespace: default, name: bad, version: 1.0.0}
do: [{x: {raise: {error: {type: "https://example.test/no-credit", status: 402}}}}]
"""


class Killer:
    """Kills the process at the end of an execution."""

    def committed(self, transition: Transition, seconds: float) -> None:
        if transition.ended_at is not None:
            os.kill(os.getpid(), signal.SIGKILL)

    def operated(self, operation: str, seconds: float, error: Any) -> None: ...


async def main(path: str) -> None:
    headrace = Headrace(path, clock=ManualClock())
    await headrace.start_up(recover=False)
    headrace.runtime.store = WatchedStore(headrace.sqlite, [Killer()])
    await (await headrace.start(await headrace.deploy(FLOW))).result()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
