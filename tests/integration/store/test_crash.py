"""SIGKILL at any instant: the file stays sound, and everything that was acknowledged is there."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

from headrace.store.port import ExecutionQuery
from headrace.store.sqlite import SqliteStore
from integration.store.inspect_file import check_file

ROUNDS = 8
TESTS = Path(__file__).parents[2]


def _acknowledged_until_killed(path: Path, prefix: str, lines: int) -> dict[str, int]:
    """Run the writer until it said so many lines, kill it, return the last version said of each id."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("crash_writer.py")), str(path), prefix],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(TESTS)},
    )
    assert process.stdout is not None
    said = [process.stdout.readline() for _ in range(lines)]
    process.send_signal(signal.SIGKILL)
    said += process.stdout.readlines()
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    versions: dict[str, int] = {}
    for line in said:
        # The last line may be cut.
        if line.endswith(b"\n"):
            execution_id, version = line.decode().split()
            versions[execution_id] = int(version)
    return versions


async def test_killed_writer_loses_nothing_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    versions: dict[str, int] = {}
    for round_number in range(ROUNDS):
        versions |= _acknowledged_until_killed(path, f"r{round_number}", chance.randrange(1, 1500))
        store = await SqliteStore.open(path)
        page = await store.executions(ExecutionQuery(limit=100_000))
        rows = {row.id: row for row in page}
        for execution_id, version in versions.items():
            row = rows.get(execution_id)
            if row is None:
                # Pruning takes only finished ones; the acknowledgement of the end may not have been read.
                assert version >= 3, execution_id
                continue
            state = await store.load(execution_id)
            reached = 4 if state is None else state.version
            assert reached >= version
            assert (row.status == "completed") == (state is None)
            history = await store.history(execution_id)
            assert [run.run_id for run in history] == list(range(1, reached))
        finished = sum(version == 4 for version in versions.values())
        assert sum(row.status == "completed" for row in page) >= min(finished, 300)
        await store.close()
        check_file(path)
