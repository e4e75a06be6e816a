"""W2 on Headrace: a fork, or a loop, over 200 calls of a function that does nothing, and the join."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import uvloop

from bench import flows, workload
from headrace import Headrace


async def drive(path: Path, chosen: workload.argparse.Namespace) -> workload.Outcome:
    """Run the flow, one execution at a time; every one must have made all the calls."""
    calls = 0

    async def nothing(data: Any) -> Any:
        nonlocal calls
        calls += 1
        return data

    text, given = {
        "fork": (flows.fork(), {"n": 1}),
        "loop": (flows.loop(), {"items": list(range(flows.WIDTH))}),
    }[chosen.shape]
    async with Headrace(store=path, functions={"nothing": nothing}) as headrace:
        flow = await headrace.deploy(text)

        async def run(number: int) -> None:
            before = calls
            output = await headrace.run(flow, given)
            if calls - before != flows.WIDTH:
                raise SystemExit(f"{calls - before} calls were made instead of {flows.WIDTH}")
            if chosen.shape == "fork" and output != [given] * flows.WIDTH:
                raise SystemExit(f"the join is wrong: {str(output)[:200]}")

        return await workload.measure(run, chosen)


def main() -> None:
    """Run one of the two shapes."""
    chosen = workload.options(shape="fork")
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(drive(Path(folder) / "headrace.db", chosen)).print()


if __name__ == "__main__":
    main()
