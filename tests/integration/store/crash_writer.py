"""A process that commits as fast as it can and says what was acknowledged, until it is killed.

Arguments: the store's path and a prefix for ids. Each acknowledged commit is one line `id version`; each
batch of pruned executions is a line `pruned`, written before its first deletion.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time

from contract.store.sample import a_line, a_run, a_start, a_step, an_end, an_event
from headrace.store.port import BLOB_THRESHOLD_BYTES, Retention
from headrace.store.sqlite import SqliteStore

LARGE = b'"' + b"x" * BLOB_THRESHOLD_BYTES + b'"'


def say(line: str) -> None:
    os.write(1, line.encode() + b"\n")


async def one(store: SqliteStore, execution_id: str, number: int) -> None:
    payload = LARGE if number % 7 == 0 else b"1"
    execution = {"input": payload, "created_at": time.time()}
    await store.commit(a_start(execution_id, execution=execution, subscribe=[(1, ("x",))]))
    say(f"{execution_id} 1")
    for version in (1, 2):
        state = LARGE[:-1] + b'%d"' % number if number % 5 == 0 else b"{}"
        runs = [a_run(execution_id, version, output=payload)]
        events = [an_event(f"{execution_id}-{version}")]
        await store.commit(a_step(execution_id, version, state=state, runs=runs, events=events))
        say(f"{execution_id} {version + 1}")
    await store.logs(execution_id, append=[a_line(execution_id)])
    await store.commit(an_end(execution_id, 3, runs=[a_run(execution_id, 3)], output=payload))
    say(f"{execution_id} 4")


async def run(path: str, prefix: str) -> None:
    store = await SqliteStore.open(path)
    numbers = iter(range(10**9))

    async def caller() -> None:
        for number in numbers:
            await one(store, f"{prefix}-{number:06}", number)

    async def pruner() -> None:
        while True:
            await store.prune(Retention(name="orders", max_count=300), time.time(), batch=50)
            await asyncio.sleep(0.01)

    await asyncio.gather(pruner(), *(caller() for _ in range(16)))


asyncio.run(run(sys.argv[1], sys.argv[2]))
