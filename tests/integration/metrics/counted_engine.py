"""An engine that is counted, put together as the server does it; with functions behind real HTTP.

As a program it works on end and serves the page of its metrics:

    python counted_engine.py <store> <queue file> <file that gets the port>
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from headrace import Headrace
from headrace.call.metered import MeteredCalls
from headrace.metrics import Metrics
from headrace.queue.metered import MeteredQueue
from headrace.queue.port import Done, Failed, Put, QueueOptions, Stats
from headrace.queue.sqlite import SqliteQueue
from headrace.store.metered import StoreMeter
from headrace.store.sqlite.counts import open_executions
from headrace.store.watched import WatchedStore, Watcher

FLOW = """
apiVersion: headrace.dev/v1alpha1
kind: FlowApp
metadata: {name: orders}
spec:
  version: 1.0.0
  functions:
    charge: {url: "URL/charge"}
    refuse: {url: "URL/refuse"}
    retried: {url: "URL/retried", retries: 1}
  steps:
    - how:
        switch:
          - bad: {when: .mode == "bad", then: refuse}
          - again: {when: .mode == "again", then: retried}
          - slow: {when: .mode == "slow", then: pause}
          - good: {then: charge}
    - refuse: {call: refuse, then: end}
    - retried: {call: retried, then: end}
    - pause: {wait: PT1H, then: end}
    - charge: {call: charge}
"""

SHELL = """
document: {dsl: 1.0.3, namespace: default, name: listed, version: 1.0.0}
do: [{list: {run: {shell: {command: "true"}}}}]
"""


@contextlib.asynccontextmanager
async def served(*routes: web.RouteDef) -> AsyncIterator[str]:
    """Serve these routes on a free port of loopback; gives the base URL."""
    app = web.Application()
    app.add_routes(routes)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def charge(request: web.Request) -> web.Response:
    return web.json_response({"charged": await request.json()})


async def refuse(request: web.Request) -> web.Response:
    # A problem's own status is not that of the answer: metrics show the answer's.
    problem = {"type": "https://example.test/no-credit", "status": 499, "title": "no credit"}
    return web.json_response(problem, status=402, content_type="application/problem+json")


async def retried(request: web.Request) -> web.Response:
    return web.json_response({}, status=200 if request.headers["ce-headraceattempt"] == "2" else 503)


@contextlib.asynccontextmanager
async def counted(
    store: str | Path, metrics: Metrics, watchers: tuple[Watcher, ...] = (), **settings: Any
) -> AsyncIterator[Headrace]:
    """Run an engine that is counted."""
    headrace = Headrace(store, **settings)
    await headrace.start_up(recover=False)
    try:
        headrace.runtime.store = WatchedStore(headrace.sqlite, [StoreMeter(metrics), *watchers])
        headrace.runtime.calls = MeteredCalls(headrace.runtime.calls, metrics)
        headrace.sqlite.observe_groups(metrics.group_committed)
        metrics.watch_executions(lambda: open_executions(headrace.sqlite))
        metrics.watch_calls(lambda: headrace.runtime.open_calls)
        await headrace.recover()
        yield headrace
    finally:
        await headrace.shut_down()


@contextlib.asynccontextmanager
async def functions() -> AsyncIterator[str]:
    """Serve the flow's functions; gives the text of the flow."""
    async with served(
        web.post("/charge", charge), web.post("/refuse", refuse), web.post("/retried", retried)
    ) as url:
        yield FLOW.replace("URL", url)


async def _work(metrics: Metrics, headrace: Headrace, text: str, queue: MeteredQueue) -> None:
    """Let something of everything happen, for ever."""
    flow = await headrace.deploy(text)
    shell = await headrace.deploy(SHELL)
    number = 0
    while True:
        for mode in ("good", "bad", "again", "slow"):
            handle = await headrace.start(flow, {"mode": mode})
            if mode != "slow":
                await handle.result()
            elif number:
                await headrace.cancel(handle.id)
        await headrace.run(shell)
        # The store refuses what was started before under the same key.
        await headrace.start(shell, key="once")
        await queue.enqueue_many([Put(payload=b"{}") for _ in range(4)])
        leased = await queue.lease(3, 0.05 if number % 10 == 0 else 30.0)
        if number % 10 and leased:
            await queue.complete([Done(leased[0].id, leased[0].token)])
            if len(leased) > 2:
                await queue.fail(
                    [
                        Failed(id=leased[1].id, token=leased[1].token, error="no", retry_in=0.01),
                        Failed(id=leased[2].id, token=leased[2].token, error="no", final=True),
                    ]
                )
        metrics.request_ended("/api/v1/namespaces/{namespace}/executions", "POST", 201, 0.004)
        metrics.request_ended("/api/v1/namespaces/{namespace}/executions", "POST", 503, 0.004)
        metrics.trigger_fired("default", "orders", "nightly", "started", 0.2)
        metrics.trigger_fired("default", "orders", "nightly", "failed")
        metrics.notification_ended("default", "delivered")
        metrics.notification_ended("default", "failed")
        number += 1
        await asyncio.sleep(0.02)


async def main(store: str, queue_file: str, port_file: str) -> None:
    """Work and serve the page, until killed."""
    metrics = Metrics(version="0.0.0")

    async def page(request: web.Request) -> web.Response:
        body, content_type = await metrics.exposition(request.headers.get("accept", ""))
        return web.Response(body=body, headers={"content-type": content_type})

    queue = MeteredQueue(
        await SqliteQueue.open(queue_file, "letters", options=QueueOptions(max_attempts=2)), metrics
    )

    async def queues() -> Mapping[str, Stats]:
        return {"letters": await queue.stats()}

    metrics.watch_queues(queues)
    lag = metrics.loop_lag()
    lag.start()
    async with (
        functions() as text,
        counted(store, metrics) as headrace,
        served(web.get("/metrics", page)) as url,
    ):
        Path(port_file).write_text(url.rpartition(":")[2])
        await _work(metrics, headrace, text, queue)


if __name__ == "__main__":
    arguments: Any = sys.argv[1:4]
    asyncio.run(main(*arguments))
