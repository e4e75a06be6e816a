"""An HTTP application as anybody writes one: it knows nothing of queues. Prints its address when ready."""

from __future__ import annotations

import asyncio

from aiohttp import web


async def handle(request: web.Request) -> web.Response:
    return web.Response(text="http " + await request.text())


async def ready(_: web.Request) -> web.Response:
    return web.Response()


async def main() -> None:
    app = web.Application()
    app.router.add_post("/work", handle)
    app.router.add_get("/healthz", ready)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    print(site._server.sockets[0].getsockname()[1], flush=True)  # type: ignore[attr-defined]
    await asyncio.Event().wait()


asyncio.run(main())
