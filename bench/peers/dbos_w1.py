"""W1 on DBOS: a workflow of three steps on its SQLite system database, in one process.

Profiles: `documented` is what DBOS does when told nothing; `tuned` is the cheapest that we found with every
commit still synced (docs/decisions/0003-benchmarks.md).
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dbos import DBOS, DBOSConfig

from bench import steps, workload

PROFILES = {
    "documented": {"journal_mode": "delete", "pool_size": 20},
    "tuned": {"journal_mode": "wal", "pool_size": 4},
}

reserve = DBOS.step()(steps.reserve)
charge = DBOS.step()(steps.charge)
ship = DBOS.step()(steps.ship)


@DBOS.workflow()
def process(data: dict[str, object]) -> dict[str, object]:
    """The three steps, each recorded."""
    return ship(charge(reserve(data)))


def durability(path: Path) -> dict[str, object]:
    """What SQLite really does on this file: FULL (2) syncs at every commit."""
    with sqlite3.connect(path) as connection:
        pragmas = ("journal_mode", "synchronous")
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas}


def recorded(path: Path) -> int:
    """How many steps are on record."""
    with sqlite3.connect(path) as connection:
        return int(connection.execute("SELECT count(*) FROM operation_outputs").fetchone()[0])


async def main() -> None:
    """Launch DBOS, run the workload, compare what is on record with what was run."""
    chosen = workload.options(profile="tuned")
    profile = PROFILES[chosen.profile]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dbos.sqlite"
        with sqlite3.connect(path) as connection:
            connection.execute(f"PRAGMA journal_mode={profile['journal_mode']}")
        config: DBOSConfig = {
            "name": "headrace-bench",
            "system_database_url": f"sqlite:///{path}",
            "sys_db_pool_size": int(profile["pool_size"]),
            "log_level": "WARNING",
        }
        DBOS(config=config)
        DBOS.launch()
        starters = ThreadPoolExecutor(chosen.concurrency)

        async def run(number: int) -> None:
            # Calling the workflow waits for it without polling; DBOS runs on threads, so each starter is one.
            loop = asyncio.get_running_loop()
            steps.check(number, await loop.run_in_executor(starters, process, steps.order(number)))

        outcome = await workload.measure(run, chosen)
        on_record = recorded(path)
        outcome.notes = {**profile, **durability(path), "steps_recorded": on_record}
        if on_record != (expected := 3 * (chosen.warmup + chosen.executions + chosen.alone)):
            raise SystemExit(f"{on_record} steps are on record instead of {expected}")
        DBOS.destroy()
        outcome.print()


if __name__ == "__main__":
    asyncio.run(main())
