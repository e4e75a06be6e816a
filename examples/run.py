"""Runs the example flow end to end on its real input: `make run`.

Every order of `examples/order-fulfilment/data/orders.json` becomes an execution, all at the same time; the
functions run as processes of their own, in Python and Node.js. The store is a file that is made anew every
time, so that the example can be looked at afterwards:

    headrace executions list --store examples/order-fulfilment/.headrace/example.db
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from headrace import Headrace
from headrace.cli.executions.show import read_record, record_lines
from headrace.cli.live_view import LiveView
from headrace.cli.output import cell, stdout_limit, stdout_paint
from headrace.cli.run_flow import result_lines
from headrace.cli.session import warm_up
from headrace.cli.terminal import columns
from headrace.cli.words import duration

PROJECT = Path(__file__).resolve().parent / "order-fulfilment"
STORE = PROJECT / ".headrace" / "example.db"


async def main() -> int:
    """Run all orders; return 0 when every execution completed."""
    began = time.monotonic()
    orders = json.loads((PROJECT / "data" / "orders.json").read_text("utf-8"))
    fresh_store()
    paint = stdout_paint()
    async with Headrace(STORE, project=PROJECT) as headrace:
        flow = await headrace.deploy(PROJECT / "config" / "flowapp.yaml")
        await warm_up(headrace, flow)
        print(paint(f"{flow.name} {flow.version}: {len(orders)} orders at the same time", "bold"), flush=True)

        view = LiveView(sys.stdout)
        stop_watching = headrace.observe(view.on)
        handles = [await headrace.start(flow, order, key=order["id"]) for order in orders]
        print(f"\nThe first one, {orders[0]['id']}, while it runs:", flush=True)
        view.follow(handles[0].id)
        results = await asyncio.gather(*(handle.result() for handle in handles))
        view.close()
        stop_watching()

        print("\nAll of them:")
        rows = [await summary(headrace, order, result) for order, result in zip(orders, results, strict=True)]
        header = ("ORDER", "EXECUTION", "STATUS", "DURATION", "OUTPUT")
        print("\n".join(columns(header, rows, paint=paint, coloured=2, limit=stdout_limit())))
        for result in results:
            if result.status != "completed":
                print("\n".join(await result_lines(headrace, result, paint)))

    # A retry and a fork are in this one, when the data has it; read beside nobody, as `executions show` does.
    chosen = next((h for h, o in zip(handles, orders, strict=True) if o["id"] == "SO-2024105"), handles[0])
    print("\nThe record of one, `headrace executions show`:")
    record = await read_record(chosen.id, STORE)
    print("\n".join(record_lines(record, time.time(), paint, full=False, logs=True)))
    print(f"\n{len(orders)} executions in {duration(time.monotonic() - began)}, kept in {shown(STORE)}")
    return 0 if all(result.status == "completed" for result in results) else 1


def fresh_store() -> None:
    """Begin with an empty store, so that every run of the example is the same."""
    STORE.parent.mkdir(exist_ok=True)
    for path in STORE.parent.glob(STORE.name + "*"):
        if not path.name.endswith(".owner"):  # its lock tells when two runs meet
            path.unlink()


async def summary(headrace: Headrace, order: dict[str, Any], result: Any) -> tuple[str, ...]:
    """Return one order's row of the table."""
    row = await headrace.execution(result.execution_id)
    took = "" if row is None or row.ended_at is None else duration(row.ended_at - row.created_at)
    outcome = result.output if result.error is None else result.error
    words = {name: value for name, value in (outcome or {}).items() if name != "order"}
    return order["id"], result.execution_id, result.status, took, cell(words)


def shown(path: Path) -> str:
    """Return a path as seen from here."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
