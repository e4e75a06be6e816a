"""kill -9 at random instants: every execution ends right, and nothing that was finished is done again."""

from __future__ import annotations

import asyncio
import collections
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import orjson

from headrace.store.port import ExecutionQuery, ExecutionRow, TaskRun
from headrace.store.sqlite import SqliteStore

COUNT = 500
LIVES_KILLED = 8
BYTES_PER_CALL = 50
VICTIM = Path(__file__).with_name("victim.py")


async def all_executions(store: SqliteStore) -> list[ExecutionRow]:
    found: list[ExecutionRow] = []
    while True:
        page = await store.executions(ExecutionQuery(limit=1000, before=found[-1].id if found else None))
        found += page
        if len(page) < 1000:
            return found


async def committed_runs(path: Path) -> dict[tuple[str, int], TaskRun]:
    """Return the task runs whose end is in the store."""
    if not path.exists():
        return {}
    store = await SqliteStore.open(path, read_only=True)
    try:
        return {
            (row.execution_id, row.run_id): row
            for execution in await all_executions(store)
            for row in await store.history(execution.id)
        }
    finally:
        await store.close()


async def test_nothing_is_lost_and_nothing_finished_is_done_again(tmp_path: Path) -> None:
    seed = int(os.environ.get("HEADRACE_SEED", random.SystemRandom().randrange(10**6)))
    print(f"HEADRACE_SEED={seed}")
    dice = random.Random(seed)
    path, calls_path = tmp_path / "flows.db", tmp_path / "calls"
    lives = 0
    kills = 0
    again = 0
    seen: collections.Counter[str] = collections.Counter()
    read_to = 0
    while True:
        lives += 1
        assert lives < 60, "the executions do not come to their end"
        finished = await committed_runs(path)
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(VICTIM), str(path), str(calls_path), str(COUNT), stdout=subprocess.PIPE
        )
        # Killed by progress, not by time: after some more calls, in the first lives after very few.
        limit = read_to + BYTES_PER_CALL * dice.randrange(20 if lives < 4 else 900)
        while lives <= LIVES_KILLED and process.returncode is None:
            if calls_path.exists() and calls_path.stat().st_size >= limit:
                process.send_signal(signal.SIGKILL)
                kills += 1
                break
            await asyncio.sleep(0.001)
        await asyncio.wait_for(process.wait(), 120)
        # What this life called must not have been finished before it began.
        data = calls_path.read_bytes() if calls_path.exists() else b""
        for line in data[read_to:].decode().splitlines():
            invocation_id = line.split()[0]
            execution_id, run_id, _ = invocation_id.rsplit(".", 2)
            assert (execution_id, int(run_id)) not in finished, f"{line} was finished before life {lives}"
            again += seen[invocation_id] > 0
            seen[invocation_id] += 1
        read_to = len(data)
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL, f"the process failed by itself: {process.returncode}"
    print(f"{lives} lives, {kills} kills, {len(seen)} calls, {again} made again")
    assert kills >= 3
    store = await SqliteStore.open(path)
    try:
        rows = await all_executions(store)
        assert len(rows) == COUNT, "an execution was lost, or started twice under one key"
        for row in rows:
            execution = await store.execution(row.id)
            assert execution is not None
            assert execution.status == "completed", execution
            given = orjson.loads(execution.input or b"null")
            total = sum(given["lines"])
            assert orjson.loads(execution.output or b"null") == {
                "sum": total,
                "sent": total,
                "notified": True,
            }
            history = await store.history(row.id)
            # Every task once, but `notify`, which fails once and is tried again.
            names = collections.Counter(run.name for run in history if run.status == "completed")
            assert names == {
                "reserve": 1,
                "price": 3,
                "lines": 1,
                "charge": 1,
                "pack": 1,
                "pause": 1,
                "send": 1,
                "ship": 1,
                "settle": 1,
                "notify": 1,
                "flaky": 1,
            }
    finally:
        await store.close()
