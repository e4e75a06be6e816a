"""kill -9 at random instants: everything that was accepted starts one execution, exactly one."""

from __future__ import annotations

import asyncio
import collections
import os
import random
import signal
import sys
from pathlib import Path

import orjson

from headrace.store.port import ExecutionQuery, ExecutionRow
from headrace.store.sqlite import SqliteStore

LIVES = 5
VICTIM = Path(__file__).with_name("victim.py")
TESTS = VICTIM.parents[2]


async def life(tmp_path: Path, accepted: Path, name: str, kill_after_bytes: int | None) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(VICTIM),
        str(tmp_path),
        str(accepted),
        name,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
    try:
        # Killed by progress, not by time.
        while kill_after_bytes is not None and process.returncode is None:
            if accepted.exists() and accepted.stat().st_size >= kill_after_bytes:
                process.send_signal(signal.SIGKILL)
                break
            await asyncio.sleep(0.001)
        await asyncio.wait_for(process.wait(), 120)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == (0 if kill_after_bytes is None else -signal.SIGKILL)


async def all_executions(path: Path) -> list[ExecutionRow]:
    store = await SqliteStore.open(path, read_only=True)
    try:
        found: list[ExecutionRow] = []
        while True:
            page = await store.executions(ExecutionQuery(limit=1000, before=found[-1].id if found else None))
            found += [row for each in page if (row := await store.execution(each.id)) is not None]
            if len(page) < 1000:
                return found
    finally:
        await store.close()


async def test_what_was_accepted_starts_exactly_once(tmp_path: Path) -> None:
    seed = int(os.environ.get("HEADRACE_SEED", random.SystemRandom().randrange(10**6)))
    print(f"HEADRACE_SEED={seed}")
    dice = random.Random(seed)
    accepted = tmp_path / "accepted"
    for number in range(LIVES):
        size = accepted.stat().st_size if accepted.exists() else 0
        await life(tmp_path, accepted, str(number), size + dice.randrange(1, 3000))
    await life(tmp_path, accepted, "last", None)
    wanted: dict[str, set[str]] = collections.defaultdict(set)
    for line in accepted.read_text().splitlines():
        trigger, name = line.split()
        wanted[trigger].add(name)
    started: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    rows = await all_executions(tmp_path / "flows.db")
    for row in rows:
        assert row.status == "completed"
        assert row.trigger is not None
        data = orjson.loads(row.input or b"null")
        if row.trigger == "tick":
            started["tick"][data["scheduledAt"]] += 1
        elif row.trigger == "pairs":
            assert data[0] == data[1]
            started["pairs"][data[0]] += 1
        else:
            started[row.trigger].update(data if isinstance(data, list) else [data])
    print({name: len(names) for name, names in started.items()})
    for trigger in ("paid", "pairs", "api", "jobs", "lots"):
        assert wanted[trigger], f"nothing was accepted for {trigger}"
        assert wanted[trigger] <= started[trigger].keys(), "something that was accepted is lost"
        assert set(started[trigger].values()) == {1}, "something started twice"
    assert set(started["tick"].values()) == {1}
