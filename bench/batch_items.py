"""`call: batch` over a file of items, with a function that does nothing: in this process, or behind HTTP.

SQLite for the store and the queue, both synced; results to a file. `--kind` is `async` or `sync` (a Python
callable in this process) or `http` (a process of the function SDK). An item is about 200 bytes.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import uvloop

from bench import services, workload
from bench.tree import Meter, stop_descendants
from headrace import Headrace

CONCURRENCY = {"async": 10, "sync": 10, "http": 32}


async def nothing(data: dict[str, Any]) -> dict[str, Any]:
    """The function, on the event loop."""
    return {"order": data["order"]}


def nothing_blocking(data: dict[str, Any]) -> dict[str, Any]:
    """The function, in a thread."""
    return {"order": data["order"]}


def write_items(path: Path, count: int) -> None:
    """Write a file of items."""
    with path.open("w") as file:
        for number in range(count):
            file.write(json.dumps({"order": f"o-{number}", "total": number, "note": "x" * 150}) + "\n")


def flow(name: str, path: Path, kind: str, url: str | None) -> dict[str, Any]:
    """Return a FlowApp that runs the function for each item of the file."""
    entry = {"source": "cmd/nothing"} if url is None else {"url": url}
    arguments = {"file": {"path": str(path)}, "function": "nothing", "concurrency": CONCURRENCY[kind]}
    return {
        "apiVersion": "headrace.dev/v1alpha1",
        "kind": "FlowApp",
        "metadata": {"name": name},
        "spec": {
            "version": "1.0.0",
            "functions": {"nothing": entry},
            "steps": [{"all": {"call": "batch", "with": arguments}}],
        },
    }


def check(output: dict[str, Any], count: int) -> None:
    """Refuse a batch that did not complete every item once."""
    with Path(output["file"]).open("rb") as file:
        next(file)
        found = {json.loads(line)["index"] for line in file}
    if (output["completed"], output["total"], len(found)) != (count, count, count):
        raise SystemExit(f"the batch is wrong: {output!r}, with {len(found)} results")


async def drive(folder: Path, chosen: workload.argparse.Namespace, url: str | None) -> workload.Outcome:
    """Run a small batch to warm up, then the one that is measured."""
    function = nothing if chosen.kind == "async" else nothing_blocking
    functions = {} if chosen.kind == "http" else {"nothing": function}
    async with Headrace(store=folder / "headrace.db", functions=functions) as headrace:
        for name, count in (("warm-up", chosen.warmup), ("measured", chosen.executions)):
            write_items(folder / f"{name}.jsonl", count)
            deployed = await headrace.deploy(flow(name, folder / f"{name}.jsonl", chosen.kind, url))
            meter = Meter()
            meter.start()
            output = await headrace.run(deployed)
            usage = meter.stop()
            check(output, count)
    return workload.Outcome(chosen.executions, usage, {})


def main() -> None:
    """Start the function where it is a process, run the batches, stop it."""
    chosen = workload.options(kind="async")
    with tempfile.TemporaryDirectory() as folder:
        try:
            url = f"http://127.0.0.1:{services.start()['reserve']}" if chosen.kind == "http" else None
            outcome = uvloop.run(drive(Path(folder), chosen, url))
        finally:
            stop_descendants()
    outcome.print()


if __name__ == "__main__":
    main()
