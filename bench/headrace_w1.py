"""W1 on Headrace: library mode, the three functions in this process, a synced SQLite store, full history.

`--store` begins with a copy of a store; `--save` keeps the store afterwards, for such copies.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import uvloop

from bench import flows, steps, workload
from headrace import Headrace


async def reserve(data: dict[str, Any]) -> dict[str, Any]:
    """First step."""
    return steps.reserve(data)


async def charge(data: dict[str, Any]) -> dict[str, Any]:
    """Second step."""
    return steps.charge(data)


async def ship(data: dict[str, Any]) -> dict[str, Any]:
    """Third step."""
    return steps.ship(data)


def recorded(path: Path) -> dict[str, int]:
    """What the store holds: executions that completed, task runs in history, bytes."""
    with sqlite3.connect(path) as connection:
        completed = connection.execute(
            "SELECT count(*) FROM executions WHERE status = 'completed'"
        ).fetchone()
        runs = connection.execute("SELECT count(*) FROM task_runs WHERE kind = 'call'").fetchone()
    return {"completed": completed[0], "task_runs": runs[0], "store_bytes": path.stat().st_size}


def copy_synced(source: Path, target: Path) -> None:
    """Copy a store and wait for the disk, so that it does not write the copy while it is measured."""
    shutil.copyfile(source, target)
    with target.open("rb") as copy:
        os.fsync(copy.fileno())


async def drive(path: Path, chosen: workload.argparse.Namespace) -> workload.Outcome:
    """Deploy the flow; start, wait and check, as often as asked."""
    async with Headrace(
        store=path, functions={"reserve": reserve, "charge": charge, "ship": ship}
    ) as headrace:
        flow = await headrace.deploy(flows.orders())

        async def run(number: int) -> None:
            steps.check(number, await headrace.run(flow, steps.order(number)))

        return await workload.measure(run, chosen)


def check_record(before: dict[str, int], after: dict[str, int], chosen: workload.argparse.Namespace) -> None:
    """Refuse a run that did not put every execution, with its three calls, on record."""
    executions = chosen.warmup + chosen.executions + chosen.alone
    for name, expected in (("completed", executions), ("task_runs", 3 * executions)):
        if (found := after[name] - before.get(name, 0)) != expected:
            raise SystemExit(f"{found} {name} are on record instead of {expected}")


def main() -> None:
    """Run the workload and compare what is on record with what was run."""
    chosen = workload.options(store="", save="")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "headrace.db"
        if chosen.store:
            copy_synced(Path(chosen.store), path)
        outcome = uvloop.run(drive(path, chosen))
        outcome.notes = recorded(path)
        check_record(recorded(Path(chosen.store)) if chosen.store else {}, outcome.notes, chosen)
        if chosen.save:
            copy_synced(path, Path(chosen.save))
    outcome.print()


if __name__ == "__main__":
    main()
