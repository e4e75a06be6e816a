"""Runs the platform with the example flows: `make run`.

Starts a server on a store of its own, deploys every project in this folder, sends the shop's orders to the
http trigger, shows what became of them, and says where to look. It stays until Ctrl-C; with `--once` it ends
by itself.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import aiohttp

from headrace.cli.output import cell, stdout_limit, stdout_paint
from headrace.cli.session import Interrupts
from headrace.cli.terminal import columns
from headrace.cli.words import duration
from headrace.main.server import DEFAULT_PORT, Server, ServerOptions

EXAMPLES = Path(__file__).resolve().parent
ORDERS = EXAMPLES / "order-fulfilment" / "data" / "orders.json"
HOME = EXAMPLES / ".headrace"
NAMESPACE = "shop"
SETTLE_SECONDS = 30.0


async def main() -> int:
    """Start, send the orders, show, wait; return 0 when everything went as it should."""
    interrupts = Interrupts()
    once = "--once" in sys.argv[1:]
    token = secrets.token_urlsafe(24)
    shutil.rmtree(HOME, ignore_errors=True)  # every run of the examples is the same
    HOME.mkdir()
    server = Server(
        ServerOptions(
            store=HOME / "example.db",
            projects=[EXAMPLES],
            port=_free_port(),
            token=token,
        )
    )
    platform = await server.start()
    paint = stdout_paint()
    try:
        print(
            f"{paint('Headrace', 'bold')} at {server.url}, the administrator's token is {token}\n", flush=True
        )
        for row in await platform.flowapps.page():
            print(f"  deployed {row.namespace}/{row.name} {row.version}")
        async with aiohttp.ClientSession(server.url, headers={"authorization": f"Bearer {token}"}) as client:
            good = await send_orders(client, paint)
            good &= await show_restock(client, paint)
            print(await claim_expenses(client, server.url), flush=True)
            print(where_to_look(server.url, token, await last_execution(client)), flush=True)
        if not once:
            print("\nCtrl-C ends it.", flush=True)
            await interrupts.received.wait()
        return 0 if good else 1
    finally:
        await server.stop()


def _free_port() -> int:
    """Return the usual port where nobody has it, else any that is free."""
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", DEFAULT_PORT))
        except OSError:
            return 0
    return DEFAULT_PORT


async def send_orders(client: aiohttp.ClientSession, paint: Any) -> bool:
    """Send every order to the http trigger, all at the same time; show the answers."""
    orders = json.loads(ORDERS.read_text("utf-8"))
    print(f"\n{len(orders)} orders to POST /hooks/{NAMESPACE}/orders, all at the same time:\n", flush=True)
    began = time.monotonic()

    async def send(order: dict[str, Any]) -> tuple[str, ...]:
        sent = time.monotonic()
        async with client.post(
            f"/hooks/{NAMESPACE}/orders", json=order, headers={"idempotency-key": order["id"]}
        ) as answer:
            data = await answer.json(content_type=None)
            took = duration(time.monotonic() - sent)
            words = {name: value for name, value in data.items() if name != "order"}
            return order["id"], str(answer.status), took, answer.headers["headrace-execution"], cell(words)

    rows = await asyncio.gather(*(send(order) for order in orders))
    header = ("ORDER", "HTTP", "TOOK", "EXECUTION", "ANSWER")
    print("\n".join(columns(header, rows, paint=paint, limit=stdout_limit())))
    print(f"\n{len(orders)} executions in {duration(time.monotonic() - began)}")
    return all(row[1] == "200" for row in rows)


async def show_restock(client: aiohttp.ClientSession, paint: Any) -> bool:
    """Show the executions that the events of those orders have started."""
    path = f"/api/v1/namespaces/{NAMESPACE}/executions"
    async with asyncio.timeout(SETTLE_SECONDS):
        while True:
            async with client.get(path, params={"flow": "restock"}) as answer:
                items = (await answer.json())["items"]
            if items and all(item["status"] in ("completed", "faulted") for item in items):
                break
            await asyncio.sleep(0.1)
    print("\nWhat was not in stock is bought again, by events (and a work queue):\n")
    rows = [(item["id"], item["trigger"], item["status"]) for item in items]
    print("\n".join(columns(("EXECUTION", "TRIGGER", "STATUS"), rows, paint=paint, coloured=2)))
    return all(item["status"] == "completed" for item in items)


async def claim_expenses(client: aiohttp.ClientSession, url: str) -> str:
    """Claim expenses that somebody has to decide on; return where."""
    claim = {
        "employee": "Ada",
        "amount": 120,
        "purpose": "Train and hotel, conference in Delft",
        "receipts": [{"what": "Train", "amount": 80.5}, {"what": "Hotel", "amount": 39.5}],
    }
    async with client.post(f"/hooks/{NAMESPACE}/expenses", json=claim) as answer:
        answer.raise_for_status()
    return f"\nExpenses that somebody has to decide on wait in the inbox: {url}/n/{NAMESPACE}/inbox"


async def last_execution(client: aiohttp.ClientSession) -> str:
    """Return the id of the order that was retried and forked."""
    path = f"/api/v1/namespaces/{NAMESPACE}/executions"
    async with client.get(path, params={"flow": "order-fulfilment", "limit": "1"}) as answer:
        return str((await answer.json())["items"][0]["id"])


def where_to_look(url: str, token: str, execution_id: str) -> str:
    """Return two commands that work as they stand: a synchronous call, and the history of an execution."""
    order = {
        "id": "SO-1",
        "customer": {"name": "Ada", "since": "2020-01-01"},
        "card": {"last4": "4242", "country": "NL"},
        "shipTo": {"country": "NL"},
        "lines": [{"sku": "FILTER-100", "quantity": 2}],
    }
    authorization = f"-H 'authorization: Bearer {token}'"
    executions = f"{url}/api/v1/namespaces/{NAMESPACE}/executions"
    return f"""
Call the flow as an endpoint, and get its output:

  curl -X POST {url}/hooks/{NAMESPACE}/orders {authorization} \\
    -H 'content-type: application/json' -d '{json.dumps(order)}'

Look at the history of an execution, every task with input and output:

  curl {executions}/{execution_id}/history {authorization}

The dashboard: {url}/login#token={token}
The API, described: {url}/api/openapi.json"""


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
