"""A process to be killed: an engine whose calls go by a queue. It writes down every call that it makes.

python victim.py calls|batch FOLDER QUEUE COUNT
"""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from headrace import Headrace

FUNCTIONS = "work: {source: cmd/work, delivery: DELIVERY, lease: PT0.5S, parallelism: 4}"
CALLS = """
- work: {call: work}
"""
BATCH = """
- all:
    call: batch
    with: {file: {path: in.jsonl}, function: work, concurrency: 4, lease: PT0.5S,
           collect: {as: file, path: out.jsonl}}
"""


def document(kind: str) -> str:
    """Return the FlowApp."""
    steps = "\n".join(f"    {line}" for line in (CALLS if kind == "calls" else BATCH).splitlines())
    functions = FUNCTIONS.replace("DELIVERY", "queue" if kind == "calls" else "http")
    if kind == "batch":
        functions = "work: {source: cmd/work}"
    return f"""
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {{name: shop, namespace: test}}
spec:
  version: 1.0.0
  functions:
    {functions}
  steps:
{steps}
"""


async def main(kind: str, folder: Path, queue: str, count: int) -> None:
    calls = os.open(folder / "calls", os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    async def work(data: Any, context: Any) -> Any:
        await asyncio.sleep(0.001)
        os.write(calls, f"{data:6} {context.execution_id}\n".encode())
        return data * 2

    async with Headrace(
        folder / "flows.db", functions={"work": work}, queue=queue, project=folder
    ) as headrace:
        deployed = await headrace.deploy(document(kind))
        keys = range(count) if kind == "calls" else range(1)
        handles = [await headrace.start(deployed, n, key=f"k{n}") for n in keys]
        results = [await handle.result() for handle in handles]
        assert all(result.status == "completed" for result in results), results
    print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
