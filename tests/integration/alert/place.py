"""An engine with alerts, put together as the server does it, on a clock that tests turn; real receivers."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from headrace import Headrace
from headrace.alert import Alerts
from headrace.call import HostPolicy, HttpOptions
from headrace.call.client import HttpClient
from headrace.metrics import Metrics
from headrace.queue.port import Stats, WorkQueue
from headrace.runtime.clock import ManualClock
from headrace.runtime.definitions import Deployed
from headrace.spec.template import compile_template
from headrace.store.sqlite.alerts import SqliteAlerts
from headrace.store.watched import WatchedStore

PATIENCE_SECONDS = 30.0


class Receiver:
    """A webhook. `status` is what it answers next; `requests` what it was told."""

    def __init__(self) -> None:
        self.url = ""
        self.status = 200
        self.hold: asyncio.Event | None = None
        self.requests: list[tuple[Mapping[str, str], bytes]] = []
        self._came = asyncio.Condition()

    async def handle(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.requests.append((headers, await request.read()))
        async with self._came:
            self._came.notify_all()
        if self.hold is not None:
            await self.hold.wait()
        # An echo: what it answers must not be kept.
        return web.Response(status=self.status, text=str(request.headers))

    async def wait(self, count: int) -> list[Any]:
        """Return the bodies of all requests, once there are so many."""
        async with asyncio.timeout(PATIENCE_SECONDS), self._came:
            await self._came.wait_for(lambda: len(self.requests) >= count)
        return self.bodies

    @property
    def bodies(self) -> list[Any]:
        return [orjson.loads(body) for _, body in self.requests]


@contextlib.asynccontextmanager
async def receiver() -> AsyncIterator[Receiver]:
    """Serve a webhook on a free port of loopback."""
    found = Receiver()
    app = web.Application()
    app.router.add_post("/hook", found.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    try:
        yield found
    finally:
        if found.hold is not None:
            found.hold.set()
        await runner.cleanup()


class OneQueue:
    """The queue that rules mean, whichever they name."""

    def __init__(self, queue: WorkQueue) -> None:
        self._queue = queue

    async def stats(self, namespace: str, flow: str, queue: str | None) -> Mapping[str, Stats]:
        return {self._queue.name: await self._queue.stats()}


class Place:
    """One life of an engine with alerts."""

    def __init__(self, headrace: Headrace, alerts: Alerts, clock: ManualClock, metrics: Metrics) -> None:
        self.headrace = headrace
        self.alerts = alerts
        self.clock = clock
        self.metrics = metrics

    async def deploy(self, text: str) -> Deployed:
        deployed = await self.headrace.deploy(text)
        self.alerts.check(deployed)
        await self.alerts.apply(deployed, paused=False)
        return deployed

    async def turn(self, seconds: float) -> None:
        """Let time go by; all that comes of it is recorded when this returns."""
        self.clock.advance(seconds)
        await self.alerts.look()

    async def ended(self, count: int, status: str = "delivered") -> None:
        """Return when so many notifications ended in that way."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                rows = await self.alerts.notifications("default", None, 100)
                if sum(row.status == status for row in rows) >= count:
                    return
                await asyncio.sleep(0.005)

    async def tried(self, attempts: int) -> None:
        """Return when a notification that waits was tried so often."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                rows = await self.alerts.notifications("default", None, 100)
                if any(row.status == "pending" and row.attempts >= attempts for row in rows):
                    return
                await asyncio.sleep(0.005)


@contextlib.asynccontextmanager
async def place(
    store: str | Path,
    *,
    clock: ManualClock | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    queue: WorkQueue | None = None,
    secrets: Mapping[str, Any] | None = None,
    deploy: tuple[str, ...] = (),
    policy: HostPolicy | None = None,
) -> AsyncIterator[Place]:
    """Run an engine with alerts."""
    clock = clock or ManualClock()
    headrace = Headrace(store, functions=functions, clock=clock, grace_seconds=0)
    await headrace.start_up(recover=False)
    client = HttpClient(HttpOptions(policy=policy or HostPolicy.local()))
    metrics = Metrics()
    known = dict(secrets or {})
    alerts = Alerts(
        SqliteAlerts(headrace.sqlite),
        client=client,
        secret=lambda namespace, name: known.get(f"{namespace}/{name}"),
        clock=clock,
        queues=None if queue is None else OneQueue(queue),
        metrics=metrics,
        # Looks are made by hand.
        look_seconds=1e9,
    )
    compile_template.cache_clear()
    headrace.runtime.store = watched = WatchedStore(headrace.sqlite, [])
    watched.watch(alerts)
    found = Place(headrace, alerts, clock, metrics)
    for text in deploy:
        await found.deploy(text)
    await alerts.start()
    await headrace.recover()
    try:
        yield found
    finally:
        await headrace.runtime.stop(0)
        await alerts.stop()
        await client.aclose()
        await headrace.shut_down()
