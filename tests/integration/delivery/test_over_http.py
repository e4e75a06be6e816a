"""A function behind HTTP is called the same way, and its answers mean the same, with a queue or without."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from headrace import Headrace
from headrace.queue.open import open_queue
from headrace.queue.port import QueueOptions
from headrace.runtime.results import Result
from headrace.worker.http_application import HttpApplication, HttpEndpoint
from headrace.worker.options import ReaderOptions
from headrace.worker.reader import Reader
from headrace.worker.replies import REPLY_OPTIONS, Replies
from integration.delivery.flows import QUEUE, flow

Handler = Callable[[web.Request], Awaitable[web.Response]]

# Of the connection, not of the call.
NOT_COMPARED = {"host", "user-agent", "accept", "content-length", "connection"}
WAYS = ("direct", "here", "elsewhere")


class Server:
    """Keeps what it was asked, and answers what a test says."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[web.Response | Callable[[], web.Response]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        kept = {name: value for name, value in headers.items() if name not in NOT_COMPARED}
        self.requests.append((kept, await request.read()))
        answer = self.answers[min(len(self.requests), len(self.answers)) - 1]
        return answer() if callable(answer) else answer


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", server.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    server.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/work"  # type: ignore[attr-defined]
    yield server
    await runner.cleanup()


@asynccontextmanager
async def reading_elsewhere(address: str, url: str) -> AsyncIterator[None]:
    queue = await open_queue(address, QUEUE)
    replies = Replies(lambda name: open_queue(address, name, options=REPLY_OPTIONS))
    endpoint = HttpEndpoint(url, connections_max=1, connect_seconds=0.1)
    reader = Reader(
        queue, HttpApplication(endpoint, queue=QUEUE), ReaderOptions(), on_settled=replies.settled
    )
    task = asyncio.create_task(reader.run())
    try:
        yield
    finally:
        reader.stop()
        await task
        await replies.aclose()
        await queue.aclose()


async def result_of(way: str, address: str, url: str, **settings: Any) -> Result:
    """Run the flow once, with the function called this way."""
    text = flow(url=f'"{url}"', **({"parallelism": 0} if way == "elsewhere" else {}), **settings)
    if way == "direct":
        text = text.replace("delivery: queue", "delivery: http")
    queue = await open_queue(address, QUEUE, options=QueueOptions(backoff_seconds=0.001))
    async with Headrace(queue=address) as headrace:
        deployed = await headrace.deploy(text)
        if way == "elsewhere":
            async with reading_elsewhere(address, url):
                result = await (await headrace.start(deployed, {"n": 1})).result()
        else:
            result = await (await headrace.start(deployed, {"n": 1})).result()
    await queue.aclose()
    return result


async def test_the_request(address: str, server: Server) -> None:
    server.answers = [lambda: web.json_response({"well": True})]
    for way in WAYS:
        result = await result_of(way, address, server.url)
        assert (result.status, result.output) == ("completed", {"well": True})
        headers, body = server.requests[-1]
        assert body == b'{"n":1}'
        execution, trace = headers.pop("ce-subject"), headers.pop("traceparent")
        assert execution == result.execution_id
        assert trace.startswith("00-")
        assert headers == {
            "content-type": "application/json",
            "ce-specversion": "1.0",
            "ce-type": "dev.headrace.function.invoke.v1",
            "ce-id": f"{execution}.1.1",
            "ce-source": "/test/shop:1.0.0",
            "ce-headraceflow": "test/shop:1.0.0",
            "ce-headracetask": "/do/0/work",
            "ce-headraceattempt": "1",
        }, way
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("answer", "output"),
    [
        (lambda: web.Response(text="plain words"), "plain words"),
        (lambda: web.Response(status=204), None),
        (
            lambda: web.Response(
                body=b'{"specversion":"1.0","id":"1","source":"/","type":"t","data":[1]}',
                content_type="application/cloudevents+json",
            ),
            [1],
        ),
    ],
)
async def test_what_is_answered(
    address: str, server: Server, answer: Callable[[], web.Response], output: Any
) -> None:
    server.answers = [answer]
    for way in WAYS:
        result = await result_of(way, address, server.url)
        assert (result.status, result.output) == ("completed", output), way


PROBLEM = b'{"type":"https://shop.example/errors/sold-out","status":409,"title":"Sold out","left":0}'


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(status=409, body=PROBLEM, content_type="application/problem+json"),
        lambda: web.Response(status=404, text="no such order"),
        lambda: web.Response(status=200, text="{broken", content_type="application/json"),
    ],
)
async def test_final_errors_are_the_same(
    address: str, server: Server, answer: Callable[[], web.Response]
) -> None:
    server.answers = [answer]
    errors = []
    for way in WAYS:
        error = dict((await result_of(way, address, server.url)).error or {})
        # Who answered is a function by name here, and a URL for whoever knows nothing of flows.
        errors.append({**error, "detail": (error.get("detail") or "").replace(server.url, "function work")})
    assert errors[0]["instance"] == "/do/0/work"
    assert errors[1:] == [errors[0]] * 2
    assert len(server.requests) == 3


@pytest.mark.parametrize("way", WAYS[1:])
async def test_other_errors_are_tried_again(address: str, server: Server, way: str) -> None:
    server.answers = [
        web.Response(status=503, headers={"retry-after": "0"}),
        web.Response(status=429),
        lambda: web.json_response("third time"),
    ]
    result = await result_of(way, address, server.url)
    assert result.output == "third time"
    told = [(headers["ce-id"], headers["ce-headraceattempt"]) for headers, _ in server.requests]
    assert told == [(f"{result.execution_id}.1.1", str(attempt)) for attempt in (1, 2, 3)]


@pytest.mark.parametrize("way", WAYS)
async def test_nobody_listens(address: str, way: str) -> None:
    result = await result_of(way, address, "http://127.0.0.1:1/", retries=1)
    assert result.error is not None
    assert result.error["type"].endswith("/communication")
    assert result.error["status"] == 503
