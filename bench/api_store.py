"""A store with a great many executions, made by SQL: what a year of work leaves behind.

One big namespace of twenty flows, one with two flows, one with ten executions in all; four versions; most
completed, some faulted and cancelled, a few open; some with keys, triggers, children and reruns.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path

FIRST_AT = 1_790_000_000.0
SECONDS_APART = 31.0
FLOWS = 20
RUNS_EACH = 3
BIG_RUNS = 10_000
# Told apart from everything else: what a search for text looks for.
RARE, COMMON = "needle-7f3a", "gold"
SMALL = 10

_EXECUTION = f"INSERT INTO executions VALUES ({', '.join('?' * 20)})"
_RUN = f"INSERT INTO task_runs VALUES ({', '.join('?' * 22)})"


def execution_id(number: int) -> str:
    """Return an id that sorts by time, as the engine's do."""
    return f"01k{number:023d}"


def fill(path: Path, executions: int, digest: str) -> None:
    """Fill a migrated store with executions of a definition that it has.

    The history of the newest execution is long, that of the others has three task runs.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("BEGIN")
    connection.executemany(_EXECUTION, _executions(executions, digest))
    connection.executemany(_RUN, _runs(executions))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.close()


def _executions(count: int, digest: str) -> Iterator[tuple[object, ...]]:
    random.seed(7)
    every_small = max(count // SMALL, 1)
    for number in range(count):
        dice = random.random()
        if number % every_small == 0:
            namespace, flow = "small", "tidy"
        elif dice < 0.02:
            namespace, flow = "other", f"side-{number % 2}"
        else:
            namespace, flow = "default", f"flow-{number % FLOWS:02d}"
        dice = random.random()
        status = "completed"
        if dice < 0.04:
            status = "faulted"
        elif dice < 0.05:
            status = "cancelled"
        elif dice < 0.052:
            status = "waiting"
        created_at = FIRST_AT + number * SECONDS_APART
        started_at = created_at + 0.002
        lasted = random.expovariate(1.0) * (3600 if random.random() < 0.00005 else 0.5)
        total = random.randrange(10_000)
        text = RARE if number == count // 3 else COMMON if number % 10 == 0 else "silver"
        data = (
            f'{{"order": {{"id": "A-{number}", "total": {total}, "tier": "{text}"}}, '
            f'"items": [{", ".join(str(each) for each in range(60))}]}}'
        ).encode()
        yield (
            execution_id(number), namespace, flow, f"1.{number * 4 // count}.0", digest, status,
            created_at, f"order-{number}" if number % 5 == 0 else None, started_at,
            None if status == "waiting" else started_at + lasted,
            execution_id(number - 1) if number % 50 == 1 else None, 1 if number % 50 == 1 else None,
            execution_id(number - 2) if number % 100 == 2 else None, None,
            "nightly" if number % 1000 == 3 else "api" if number % 3 == 0 else None,
            data, data if status == "completed" else None,
            b'{"type": "https://example.test/errors/card", "status": 402, "title": "card refused"}'
            if status == "faulted" else None,
            *(("user:ada", "ada") if number % 40 == 5 else (None, None)),
        )  # fmt: skip


def _runs(count: int) -> Iterator[tuple[object, ...]]:
    data = b'{"order": {"id": "A-1001", "total": 1250, "tier": "gold"}, "items": [1, 2, 3, 4, 5, 6, 7, 8]}'
    for number in range(count):
        runs = BIG_RUNS if number == count - 1 else RUNS_EACH
        at = FIRST_AT + number * SECONDS_APART
        for run in range(1, runs + 1):
            yield (
                execution_id(number), run, 0, f"/do/{run}/charge", "charge", "call", "completed",
                2 * run, 2 * run + 1, at, at + 0.01, 1, None, 0, 1, data, data, None, None, None, None, None,
            )  # fmt: skip
