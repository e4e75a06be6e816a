"""HTTP servers as applications, unmodified or speaking CloudEvents batches."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from headrace.queue.port import QueueOptions, WorkQueue
from headrace.worker import ApplicationError, Reader
from headrace.worker.http_application import HttpApplication, HttpEndpoint, wait_until_ready
from headrace.worker.http_batch import HttpBatchApplication
from headrace.worker.stop import ask_to_stop
from integration.worker.place import Place, draining, fill

Handler = Callable[[web.Request], Awaitable[web.Response]]
Serve = Callable[[Handler], Awaitable[str]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    runners: list[web.AppRunner] = []

    async def start(handler: Handler, port: int = 0) -> str:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/{path:.*}", handler)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", port)
        await site.start()
        runners.append(runner)
        assert site._server is not None
        return f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/work"  # type: ignore[attr-defined]

    yield start
    for runner in runners:
        await runner.cleanup()


async def run(
    queue: WorkQueue, url: str, concurrency: int = 1, connect_seconds: float = 5.0, **options: Any
) -> Any:
    endpoint = HttpEndpoint(url, connections_max=concurrency, connect_seconds=connect_seconds)
    application = HttpApplication(endpoint, queue="my jobs")
    return await Reader(queue, application, draining(concurrency=concurrency, **options)).run()


async def run_batch(queue: WorkQueue, url: str, batch: int, **options: Any) -> Any:
    endpoint = HttpEndpoint(url, connections_max=4, connect_seconds=5.0)
    application = HttpBatchApplication(endpoint, queue="my jobs", batch_max=batch)
    return await Reader(queue, application, draining(batch=batch, **options)).run()


async def test_an_item_is_a_cloudevent_in_binary_mode(queue: WorkQueue, serve: Serve) -> None:
    seen: list[tuple[dict[str, str], bytes]] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(({k.lower(): v for k, v in request.headers.items()}, await request.read()))
        return web.json_response({"total": 3})

    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    [item_id] = await fill(queue, [b'{"n": 1}'], headers={"traceparent": trace, "secret": "no"})
    await run(queue, await serve(handle))
    [(headers, body)] = seen
    assert body == b'{"n": 1}'
    assert headers["ce-specversion"] == "1.0"
    assert headers["ce-type"] == "dev.headrace.queue.item.v1"
    assert headers["ce-source"] == "/queues/my%20jobs"
    assert headers["ce-id"] == item_id
    assert headers["ce-headraceattempt"] == "1"
    assert headers["ce-time"].endswith("Z") and headers["ce-time"][10] == "T"
    assert headers["content-type"] == "application/json"
    assert headers["traceparent"] == trace and "secret" not in headers
    record = await queue.inspect(item_id)
    assert record is not None and json.loads(record.result or b"") == {"total": 3}


@pytest.mark.parametrize(
    ("payload", "content_type"),
    [
        (b"apple", "text/plain; charset=utf-8"),
        (b"12", "application/json"),
        (b"[1", "text/plain; charset=utf-8"),
        (b"\xff\xfe", "application/octet-stream"),
        (b"", "text/plain; charset=utf-8"),
    ],
)
async def test_the_content_type_is_what_the_item_is(
    queue: WorkQueue, serve: Serve, payload: bytes, content_type: str
) -> None:
    seen: list[tuple[str, bytes]] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append((request.headers["content-type"], await request.read()))
        return web.Response(status=204)

    await fill(queue, [payload])
    await run(queue, await serve(handle))
    assert seen == [(content_type, payload)]


async def test_statuses_decide(place: Place, serve: Serve) -> None:
    queue = await place.open(QueueOptions(max_attempts=2, backoff_seconds=0.01))

    async def handle(request: web.Request) -> web.Response:
        status = int(await request.text())
        return web.Response(status=status, text=f"because {status}")

    await fill(queue, [b"200", b"202", b"400", b"404", b"429", b"503"])
    await run(queue, await serve(handle), concurrency=4)
    letters = {int(each.payload): each for each in await queue.dead_letters()}
    assert {status: (each.reason, each.attempts) for status, each in letters.items()} == {
        400: ("final", 1),
        404: ("final", 1),
        429: ("attempts", 2),
        503: ("attempts", 2),
    }
    assert letters[404].error == "the application answered 404 Not Found: because 404"


async def test_retry_after_is_kept_to(queue: WorkQueue, serve: Serve) -> None:
    times: list[float] = []

    async def handle(request: web.Request) -> web.Response:
        times.append(asyncio.get_running_loop().time())
        if len(times) == 1:
            return web.Response(status=503, headers={"retry-after": "2"})
        return web.Response()

    await fill(queue, [b"x"])
    await run(queue, await serve(handle))
    assert len(times) == 2 and times[1] - times[0] >= 1.99


async def test_a_server_that_restarts_costs_no_attempt(queue: WorkQueue, serve: Any) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    attempts: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        attempts.append(request.headers["ce-headraceattempt"])
        return web.Response()

    await fill(queue, [b"x"] * 3)
    running = asyncio.create_task(run(queue, f"http://127.0.0.1:{port}/", 1, 20.0))
    await asyncio.sleep(0.5)
    await serve(handle, port)
    assert (await running).completed == 3
    assert attempts == ["1", "1", "1"]


async def test_no_server_is_a_failure_with_another_attempt(place: Place) -> None:
    queue = await place.open(QueueOptions(max_attempts=2, backoff_seconds=0.01))
    await fill(queue, [b"x"])
    await run(queue, "http://127.0.0.1:9/", 1, 0.2)
    [letter] = await queue.dead_letters()
    assert letter.attempts == 2 and "gave no usable answer" in (letter.error or "")


async def test_a_batch_of_events(place: Place, serve: Serve) -> None:
    queue = await place.open(QueueOptions(max_attempts=2, backoff_seconds=0.01))
    sizes: list[int] = []

    async def handle(request: web.Request) -> web.Response:
        assert request.headers["content-type"] == "application/cloudevents-batch+json; charset=utf-8"
        events = await request.json()
        sizes.append(len(events))
        for event in events:
            assert event["specversion"] == "1.0" and event["source"] == "/queues/my%20jobs"
        answers = [
            {"id": event["id"], "status": 400, "error": "odd"}
            if event["data"] % 2
            else {"id": event["id"], "data": event["data"] * 10}
            for event in reversed(events)
        ]
        return web.json_response(answers)

    ids = await fill(queue, [b"%d" % number for number in range(60)])
    counters = await run_batch(queue, await serve(handle), 20)
    assert (counters.completed, counters.failed) == (30, 30)
    assert max(sizes) == 20 and sum(sizes) == 60
    record = await queue.inspect(ids[4])
    assert record is not None and record.result == b"40"
    letters = await queue.dead_letters()
    assert len(letters) == 30 and letters[0].error == "the application answered 400: odd"


@pytest.mark.parametrize("status", [400, 500])
async def test_one_that_spoils_a_batch_takes_no_others_along(place: Place, serve: Serve, status: int) -> None:
    queue = await place.open(QueueOptions(max_attempts=3, backoff_seconds=0.01))

    async def handle(request: web.Request) -> web.Response:
        events = await request.json()
        poisoned = any(event.get("data") == "poison" for event in events)
        return web.Response(status=status if poisoned else 200)

    await fill(queue, [b"good"] * 9 + [b"poison"] + [b"good"] * 9)
    await run_batch(queue, await serve(handle), 10)
    [letter] = await queue.dead_letters()
    assert letter.payload == b"poison"
    assert (await queue.stats()).completed_total == 18


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("not json", "not JSON"),
        ('{"a": 1}', "not a JSON array"),
        ("[1, 2]", "not a JSON array of objects"),
        ("[{}]", "answered for 1 items of 2"),
        ('[{"id": "other"}, {"id": "another"}]', "leaves this item out"),
        ('[{"status": 9}, {"status": true}]', "which is none"),
    ],
)
async def test_unusable_answers_to_a_batch(place: Place, serve: Serve, answer: str, message: str) -> None:
    queue = await place.open(QueueOptions(max_attempts=1))

    async def handle(request: web.Request) -> web.Response:
        return web.Response(text=answer, content_type="application/json")

    await fill(queue, [b"1", b"2"])
    await run_batch(queue, await serve(handle), 2)
    letters = await queue.dead_letters()
    assert len(letters) == 2 and all(message in (letter.error or "") for letter in letters)


async def test_readiness_is_waited_for(serve: Serve) -> None:
    looks = 0

    async def handle(request: web.Request) -> web.Response:
        nonlocal looks
        looks += 1
        return web.Response(status=200 if looks > 3 else 503)

    await wait_until_ready(await serve(handle), 20)
    assert looks == 4
    with pytest.raises(ApplicationError, match=r"not ready after 0\.2 s: "):
        await wait_until_ready("http://127.0.0.1:9/", 0.2)


async def test_the_application_is_asked_to_end(serve: Serve) -> None:
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.method)
        return web.Response(status=200 if len(asked) == 1 else 404)

    url = await serve(handle)
    assert await ask_to_stop(url) is None and asked == ["POST"]
    assert await ask_to_stop(url) == "it answered 404"
    assert await ask_to_stop("http://127.0.0.1:9/") is not None


@pytest.mark.parametrize("url", ["ftp://x/", "http://", "x", "http://me@host/", "http://host:99999999/"])
def test_urls_that_are_none(url: str) -> None:
    with pytest.raises(ApplicationError):
        HttpEndpoint(url, connections_max=1)
