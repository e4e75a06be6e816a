"""Lists of executions and the history of one, over HTTP, on a store that has a great many of them.

Each list is asked for the first time (what the disk's cache has of a store that was just made is there), and
then some times more. `latency_ms` is over all first pages, the first ones too.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from array import array
from pathlib import Path
from typing import Any

import aiohttp

from bench import api_store, flows, server_process, workload
from bench.tree import Meter, stop_descendants
from headrace.runtime.definitions import Definitions
from headrace.store.sqlite import SqliteStore

TIMES = 5
NAMESPACE = "/api/v1/namespaces/default"


def lists(count: int) -> dict[str, str]:
    """The lists that are asked for, by what they are."""
    at = api_store.FIRST_AT + count // 3 * api_store.SECONDS_APART
    some = api_store.execution_id(count // 2 // 100 * 100)
    after_some = api_store.execution_id(count // 2 // 50 * 50)
    queries = {
        "all": "",
        "flow": "flow=flow-03",
        "no such flow": "flow=nobody",
        "flow, faulted": "flow=flow-03&status=faulted",
        "faulted": "status=faulted",
        "faulted or cancelled": "status=faulted&status=cancelled",
        "open": "status=pending&status=running&status=waiting&status=suspended",
        "suspended (none)": "status=suspended",
        "completed": "status=completed",
        "version": "version=1.0.0",
        "flow, first version": "flow=flow-03&version=1.0.0",
        "flow, no such version": "flow=flow-03&version=9.0.0",
        "trigger": "trigger=nightly",
        "flow, trigger": "flow=flow-03&trigger=nightly",
        "no such trigger": "trigger=nobody",
        "created in an hour": f"created_from={at}&created_to={at + 3600}",
        "key": f"key=order-{count // 2 // 5 * 5 + 5}",
        "no such key": "key=nobody",
        "children": f"parent={after_some}",
        "reruns": f"rerun_of={some}",
        "slower than a minute": "duration_min=60",
        "flow, slower than a minute": "flow=flow-03&duration_min=60",
        "quicker than 10 ms": "duration_max=0.01",
        "text, common": f"text={api_store.COMMON}",
        "text, one of all": f"text={api_store.RARE}",
        "many at once": "flow=flow-03&status=completed&version=1.1.0&trigger=api&duration_min=3&text=gold",
    }
    return {name: f"{NAMESPACE}/executions?{query}" for name, query in queries.items()} | {
        "small namespace": "/api/v1/namespaces/small/executions",
        "small namespace, faulted": "/api/v1/namespaces/small/executions?status=faulted",
    }


async def drive(url: str, count: int) -> workload.Outcome:
    """Ask for every list and the history, as often as `TIMES`."""
    headers = {"authorization": f"Bearer {server_process.TOKEN}"}
    seconds, notes = array("d"), dict[str, Any]()
    histories = array("d")
    meter = Meter()
    meter.start()
    async with aiohttp.ClientSession(url, headers=headers) as session:

        async def ask(path: str) -> tuple[float, Any]:
            started = time.perf_counter()
            async with session.get(path) as answer:
                data = await answer.json()
                if answer.status != 200:
                    raise SystemExit(f"{path} is answered with {answer.status}: {data}")
            return time.perf_counter() - started, data

        for name, path in lists(count).items():
            taken = [await ask(path) for _ in range(TIMES)]
            seconds.extend(took for took, _ in taken)
            page = taken[-1][1]
            notes[name] = {
                "first_ms": round(taken[0][0] * 1000, 1),
                "best_ms": round(min(took for took, _ in taken) * 1000, 1),
                "rows": len(page["items"]),
                "whole": page["searched_to"] is None,
            }
        # Of the longest and of an ordinary one, at the beginning and further on, with payloads and without.
        for execution_id in (api_store.execution_id(count - 1), api_store.execution_id(7)):
            path = await _where(ask, execution_id)
            _, page = await ask(path)
            further = "" if page["next"] is None else f"?limit=500&after={page['next']}"
            for query in ("", "?payloads=true", further):
                for _ in range(TIMES):
                    took, _ = await ask(path + query)
                    histories.append(took)
    return workload.Outcome(
        len(seconds),
        meter.stop(),
        workload.percentiles_ms(seconds),
        workload.percentiles_ms(histories),
        notes,
    )


async def _where(ask: Any, execution_id: str) -> str:
    """Return where the history of an execution is: in one of the namespaces."""
    for namespace in ("default", "other", "small"):
        path = f"/api/v1/namespaces/{namespace}/executions/{execution_id}/history"
        try:
            await ask(path)
        except SystemExit:
            continue
        return path
    raise SystemExit(f"there is no execution {execution_id}")


async def make(path: Path) -> str:
    """Make a store with one definition, and return the definition's digest."""
    async with await SqliteStore.open(path) as store:
        deployed = await Definitions(store).deploy(flows.greeting(), "flowapp.yaml", api_store.FIRST_AT)
        return deployed.row.digest


def main() -> None:
    """Fill a store, start a server on it, ask."""
    chosen = workload.options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = folder / "headrace.db"
        api_store.fill(store, chosen.executions, asyncio.run(make(store)))
        try:
            server = server_process.start(folder)
            outcome = asyncio.run(drive(server.url, chosen.executions))
            server.stop()
        finally:
            stop_descendants()
    outcome.print()


if __name__ == "__main__":
    main()
