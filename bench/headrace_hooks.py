"""W1 over HTTP through the server: an http trigger that answers with the output of three HTTP functions.

The client's CPU is not counted: it is the outside. Server and functions are.
"""

from __future__ import annotations

import dataclasses
import tempfile
from pathlib import Path

import orjson
import uvloop

from bench import flows, load, server_process, services, steps, workload
from bench.headrace_w1 import check_record, recorded
from bench.tree import stop_descendants

CLIENT = "bench.headrace_hooks"
TRIGGER = "  triggers: [{name: api, http: {path: /orders, reply: output}}]\n"


async def drive(port: int, chosen: workload.argparse.Namespace) -> workload.Outcome:
    """Call the trigger, check the answer, as often as asked."""
    connections = load.Connections(port, "/hooks/default/orders", server_process.AUTHORIZATION)

    async def run(number: int) -> None:
        status, body = await connections.post(orjson.dumps(steps.order(number)))
        if status != 200:
            raise SystemExit(f"request {number} is answered with {status}: {body!r}")
        steps.check(number, orjson.loads(body))

    outcome = await workload.measure(run, chosen)
    connections.close()
    return outcome


def main() -> None:
    """Start functions and server, call, stop, check the record."""
    chosen = workload.options()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            urls = {step: f"http://127.0.0.1:{port}" for step, port in services.start().items()}
            definition = flows.orders(urls).replace("  functions:\n", TRIGGER + "  functions:\n")
            server_process.project(folder, "orders", definition)
            server = server_process.start(folder)
            outcome = uvloop.run(drive(server.port, chosen))
            server.stop()
        finally:
            stop_descendants()
        outcome.notes = recorded(folder / "headrace.db")
        check_record({}, outcome.notes, chosen)
    usage = outcome.usage
    client = usage.cpu_by_process.get(CLIENT, 0.0)
    outcome.usage = dataclasses.replace(usage, cpu_seconds=usage.cpu_seconds - client)
    outcome.print()


if __name__ == "__main__":
    main()
