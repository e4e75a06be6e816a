"""W3 on Headrace: from the start of a process to the first result, at the command line or in a program."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path

from bench import flows, workload

PROGRAM = """
import asyncio, json, sys
from headrace import Headrace

async def main():
    async with Headrace(store=sys.argv[1]) as headrace:
        flow = await headrace.deploy(open(sys.argv[2]).read())
        print(json.dumps(await headrace.run(flow, {"name": "Ada"})))

asyncio.run(main())
"""


def command(way: str, folder: Path, number: int) -> list[str]:
    """The process to start; a store of its own each time, as for a first try."""
    flow = str(folder / "flow.yaml")
    store = str(folder / f"{number}.db")
    if way == "library":
        return [sys.executable, "-c", PROGRAM, store, flow]
    cli = str(Path(sys.executable).with_name("headrace"))
    return [cli, "run", flow, "--input", '{"name": "Ada"}', "--store", store]


def main() -> None:
    """Start processes one after the other, each until it has printed the flow's output."""
    chosen = workload.options(way="cli")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "flow.yaml").write_text(flows.greeting())

        async def run(number: int) -> None:
            process = await asyncio.create_subprocess_exec(
                *command(chosen.way, folder, number),
                cwd=folder,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            output, complaints = (text.decode() for text in await process.communicate())
            if process.returncode or '"Hello, Ada"' not in output:
                said = (complaints or output).strip().splitlines() or ["nothing"]
                raise SystemExit(f"no greeting but (exit code {process.returncode}): {said[-1]}")
            json.loads(output)

        asyncio.run(workload.measure(run, chosen)).print()


if __name__ == "__main__":
    main()
