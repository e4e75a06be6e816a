"""W1 on Headrace with functions behind HTTP: the same flow, each function a process of the function SDK."""

from __future__ import annotations

import tempfile
from pathlib import Path

import uvloop

from bench import flows, services, steps, workload
from bench.headrace_w1 import check_record, recorded
from bench.tree import stop_descendants
from headrace import Headrace


async def drive(path: Path, ports: dict[str, int], chosen: workload.argparse.Namespace) -> workload.Outcome:
    """Deploy the flow with the functions' addresses; start, wait and check, as often as asked."""
    urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    async with Headrace(store=path) as headrace:
        flow = await headrace.deploy(flows.orders(urls))

        async def run(number: int) -> None:
            steps.check(number, await headrace.run(flow, steps.order(number)))

        return await workload.measure(run, chosen)


def main() -> None:
    """Start the functions, run the workload, stop the functions, check the record."""
    chosen = workload.options()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "headrace.db"
        try:
            outcome = uvloop.run(drive(path, services.start(), chosen))
        finally:
            stop_descendants()
        outcome.notes = recorded(path)
        check_record({}, outcome.notes, chosen)
    outcome.print()


if __name__ == "__main__":
    main()
