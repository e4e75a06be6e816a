"""From process start to ready: a server that answers `/readyz`, with one flow deployed."""

from __future__ import annotations

import tempfile
from pathlib import Path

import uvloop

from bench import flows, server_process, workload
from bench.tree import stop_descendants


async def drive(folder: Path, chosen: workload.argparse.Namespace) -> workload.Outcome:
    """Start a server and stop it, as often as asked; only the start is timed."""
    started: list[server_process.ServerProcess] = []

    async def run(number: int) -> None:
        while started:
            started.pop().stop()
        started.append(server_process.start(folder))

    outcome = await workload.measure(run, chosen)
    started.pop().stop()
    return outcome


def main() -> None:
    """Time the starts."""
    chosen = workload.options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        server_process.project(folder, "greeting", flows.greeting())
        try:
            outcome = uvloop.run(drive(folder, chosen))
        finally:
            stop_descendants()
    outcome.print()


if __name__ == "__main__":
    main()
