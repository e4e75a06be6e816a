"""Functions over HTTP: the request, what answers mean, and everything that can go wrong on the wire."""

from __future__ import annotations

import asyncio
import base64
import gc
import json
import struct
import time
from typing import Any

import orjson
import pytest

from headrace.call import HostPolicy
from headrace.engine.events import CallCompleted, CallFailed
from headrace.errors import STANDARD_ERROR_BASE


def http_answer(
    body: bytes, content_type: str = "application/json", status: str = "200 OK", extra: str = ""
) -> bytes:
    head = f"HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\n{extra}content-length: {len(body)}\r\n\r\n"
    return head.encode() + body


OK = http_answer(b'{"score": 1}')


@pytest.fixture
def score(raw, targets, make_calls, invoke):
    """Call the function on the raw server, once."""
    targets.url = raw.url
    calls = make_calls()

    async def score(arguments: Any = None, **fields: Any) -> CallCompleted | CallFailed:
        return await calls.perform(invoke("function", arguments, **fields))

    score.calls = calls
    return score


# --- the request ----------------------------------------------------------------------------------------


async def test_the_request_is_a_cloudevent_in_binary_mode(raw, score):
    raw.handlers = [raw.answering(OK)]
    result = await score({"amount": 5}, pointer="/do/0/größe 1%", attempt=2)
    assert result == CallCompleted(
        run_id=7, attempt=2, output={"score": 1}, http_status=200, worker=f"127.0.0.1:{raw.port}"
    )
    line, headers, body = raw.requests[0]
    assert line == "POST / HTTP/1.1"
    assert json.loads(body) == {"amount": 5}
    assert headers["host"] == f"127.0.0.1:{raw.port}"
    assert headers["content-type"] == "application/json"
    assert headers["ce-specversion"] == "1.0"
    assert headers["ce-id"] == "exec-1.7.2"
    assert headers["ce-type"] == "dev.headrace.function.invoke.v1"
    assert headers["ce-source"] == "/shop/orders:1.0.0"
    assert headers["ce-subject"] == "exec-1"
    assert headers["ce-headraceflow"] == "shop/orders:1.0.0"
    assert headers["ce-headracetask"] == "/do/0/gr%C3%B6%C3%9Fe%201%25"
    assert headers["ce-headraceattempt"] == "2"
    version, trace, span, flags = headers["traceparent"].split("-")
    assert (version, len(trace), len(span), flags) == ("00", 32, 16, "01")


async def test_calls_of_one_execution_are_in_one_trace(raw, score):
    raw.handlers = [raw.answering(OK, OK, OK)]
    for run_id, execution_id in ((1, "a"), (2, "a"), (1, "b")):
        await score(run_id=run_id, execution_id=execution_id)
    traces = [headers["traceparent"].split("-")[1] for _, headers, _ in raw.requests]
    spans = [headers["traceparent"].split("-")[2] for _, headers, _ in raw.requests]
    assert traces[0] == traces[1] != traces[2]
    assert len(set(spans)) == 3


async def test_without_arguments_the_input_is_the_body(raw, score):
    raw.handlers = [raw.answering(OK)]
    await score(input={"order": 1})
    assert raw.requests[0][2] == b'{"order":1}'


async def test_a_url_of_the_settings_is_called(raw, score, targets):
    targets.url = None
    raw.handlers = [raw.answering(OK)]
    result = await score(settings={"url": f"{raw.url}/v1/score me?x=1"})
    assert isinstance(result, CallCompleted)
    assert raw.requests[0][0] == "POST /v1/score%20me?x=1 HTTP/1.1"


async def test_a_url_of_the_settings_is_under_the_host_policy_and_the_host_s_address_is_not(
    raw, targets, make_calls, invoke
):
    targets.url = raw.url
    raw.handlers = [raw.answering(OK)]
    calls = make_calls(policy=HostPolicy())
    assert isinstance(await calls.perform(invoke()), CallCompleted)
    for url in (raw.url, f"http://localhost:{raw.port}"):
        refused = await calls.perform(invoke(settings={"url": url}))
        assert isinstance(refused, CallFailed)
        assert (refused.error.status, refused.retryable) == (403, False)
    assert raw.connections == 1


async def test_a_function_that_does_not_start_is_retryable(score, targets):
    targets.url = None
    result = await score()
    assert (result.error.status, result.retryable) == (503, True)
    assert "did not start: exit code 1" in result.error.detail


@pytest.mark.parametrize("url", ["ftp://x/", "http://", "nonsense", "http://user:s3cret@127.0.0.1/"])
async def test_an_unusable_url_is_a_configuration_error(score, url):
    result = await score(settings={"url": url})
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"
    assert "s3cret" not in str(result)


async def test_input_that_is_not_json_is_a_validation_error(score):
    result = await score({"number": 2**70})
    assert result.error.type == STANDARD_ERROR_BASE + "validation"


# --- what answers mean ----------------------------------------------------------------------------------

BINARY = bytes(range(256))


@pytest.mark.parametrize(
    ("body", "content_type", "output"),
    [
        (b'{"a": [1, null]}', "application/json", {"a": [1, None]}),
        (b'"text"', "application/vnd.shop+json; charset=utf-8", "text"),
        (b"", "application/json", None),
        (b"", "text/plain", None),
        (b"hello", "text/plain", "hello"),
        ("grüße".encode("latin-1"), "text/plain; charset=iso-8859-1", "grüße"),
        (b"a: 1", "application/yaml", "a: 1"),
        (BINARY, "application/octet-stream", base64.b64encode(BINARY).decode()),
        (
            b'{"specversion":"1.0","id":"1","source":"/","type":"t","data":{"a":1}}',
            "application/cloudevents+json",
            {"a": 1},
        ),
        (b'{"specversion":"1.0","id":"1","source":"/","type":"t"}', "application/cloudevents+json", None),
        (
            b'{"specversion":"1.0","id":"1","source":"/","type":"t","data_base64":"AAE="}',
            "application/cloudevents+json; charset=utf-8",
            "AAE=",
        ),
    ],
)
async def test_a_success_is_the_output(raw, score, body, content_type, output):
    raw.handlers = [raw.answering(http_answer(body, content_type))]
    assert (await score()).output == output


async def test_a_binary_mode_event_answers_its_data(raw, score):
    extra = "ce-specversion: 1.0\r\nce-id: 9\r\nce-source: /f\r\nce-type: scored\r\n"
    raw.handlers = [raw.answering(http_answer(b'{"score": 2}', extra=extra))]
    assert (await score()).output == {"score": 2}


async def test_an_answer_without_a_type_is_what_it_can_be(raw, score):
    bare = b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n%s"
    bodies = [b'{"a":1}', b"just text", b"\xff\xfe"]
    raw.handlers = [raw.answering(*[bare % (len(body), body) for body in bodies])]
    assert [(await score()).output for _ in bodies] == [{"a": 1}, "just text", "//4="]


@pytest.mark.parametrize(
    ("status", "retryable"),
    [
        ("400 Bad Request", False),
        ("404 Not Found", False),
        ("409 Conflict", False),
        ("302 Found", False),
        ("408 Request Timeout", True),
        ("429 Too Many Requests", True),
        ("500 Internal Server Error", True),
        ("503 Service Unavailable", True),
    ],
)
async def test_4xx_are_final_and_5xx_408_429_retryable(raw, score, status, retryable):
    raw.handlers = [raw.answering(http_answer(b'{"why": "because"}', status=status))]
    result = await score()
    code, _, phrase = status.partition(" ")
    assert result.retryable is retryable
    assert result.error.type == STANDARD_ERROR_BASE + "communication"
    assert (result.error.status, result.error.title) == (int(code), phrase)
    assert "because" in result.error.detail


async def test_a_problem_is_kept_as_the_error(raw, score):
    problem = {
        "type": "https://shop.test/errors/out-of-stock",
        "status": 422,
        "title": "Out of stock",
        "detail": "no more shoes",
        "instance": "/orders/1",
        "sku": "shoe-42",
    }
    raw.handlers = [
        raw.answering(http_answer(orjson.dumps(problem), "application/problem+json", "409 Conflict"))
    ]
    result = await score()
    assert result.retryable is False
    assert result.error.as_dict() == {name: value for name, value in problem.items() if name != "instance"}


@pytest.mark.parametrize("body", [b"[]", b"{", b'{"type": 3, "status": "x", "title": [], "more": 1}', b"{}"])
async def test_a_problem_that_is_none_is_still_an_error(raw, score, body):
    raw.handlers = [raw.answering(http_answer(body, "application/problem+json", "418 Teapot"))]
    result = await score()
    assert (result.error.status, result.error.title) == (418, "Teapot")
    assert result.error.type == STANDARD_ERROR_BASE + "communication"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"a": ', "application/json"),
        (b"<html>", "application/json"),
        (b"\xff", "text/plain; charset=utf-8"),
        (b"x", "text/plain; charset=klingon"),
        (b"{}", "application/cloudevents+json"),
        (b"[]", "application/cloudevents-batch+json"),
    ],
)
async def test_content_that_is_not_what_it_says_is_a_final_error(raw, score, body, content_type):
    raw.handlers = [raw.answering(http_answer(body, content_type))]
    result = await score()
    assert (result.error.status, result.retryable) == (502, False)
    assert result.error.title == "unusable answer"


# --- HTTP/1.1 -------------------------------------------------------------------------------------------


async def test_connections_are_kept(raw, score):
    raw.handlers = [raw.answering(OK, OK, OK)]
    for _ in range(3):
        assert isinstance(await score(), CallCompleted)
    assert raw.connections == 1


async def test_concurrent_calls_have_connections_of_their_own_and_share_them_later(raw, score):
    raw.handlers = [raw.answering(*[OK] * 50)]
    results = await asyncio.gather(*[score(run_id=n) for n in range(20)])
    assert [result.run_id for result in results] == list(range(20))
    await asyncio.gather(*[score(run_id=n) for n in range(20)])
    assert raw.connections == 20


async def test_more_calls_than_connections_wait_their_turn(raw, targets, invoke):
    from headrace.call.function import FunctionPerformer

    targets.url = raw.url
    closing = http_answer(b"1", extra="connection: close\r\n")
    raw.handlers = [raw.answering(OK, closing), raw.answering(OK, OK, closing), raw.answering(*[OK] * 30)]
    performer = FunctionPerformer(targets, policy=HostPolicy.local(), connections_max=2)
    results = await asyncio.gather(*[performer.perform(invoke(run_id=n)) for n in range(30)])
    assert all(isinstance(result, CallCompleted) for result in results)
    await performer.aclose()


@pytest.mark.parametrize("closing", ["connection: close\r\n", "Connection: Close\r\n"])
async def test_connection_close_is_obeyed(raw, score, closing):
    raw.handlers = [raw.answering(http_answer(b"1", extra=closing), close=False), raw.answering(OK)]
    await score()
    await score()
    assert raw.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
        b"4\r\n[1, \r\n2;ext=1\r\n2]\r\n0\r\ncontent-type: text/plain\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n"
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 6\r\n\r\n[1, 2]",
        b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n[1, 2]",
        b"HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n[1, 2]",
    ],
    ids=["chunked with trailer", "interim answers", "until close", "HTTP/1.0"],
)
@pytest.mark.parametrize("bytewise", [False, True])
async def test_every_framing_is_read(raw, score, answer, bytewise):
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.read(reader)
        for piece in [bytes([b]) for b in answer] if bytewise else [answer]:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0)

    raw.handlers = [handle]
    assert (await score()).output == [1, 2]


@pytest.mark.parametrize("status", ["204 No Content", "304 Not Modified"])
async def test_answers_without_a_body_end_with_their_head(raw, score, status):
    raw.handlers = [raw.answering(f"HTTP/1.1 {status}\r\n\r\n".encode(), OK)]
    first = await score()
    assert isinstance(first, CallCompleted if status.startswith("204") else CallFailed)
    assert (await score()).output == {"score": 1}
    assert raw.connections == 1


# --- faults ---------------------------------------------------------------------------------------------


async def test_nobody_listens(score, targets):
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    targets.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()
    result = await score()
    assert (result.error.status, result.retryable) == (503, True)
    assert result.error.title == "function score is not reachable"


async def test_a_function_that_has_moved_is_found(raw, score, targets, monkeypatch):
    """Its process died: nobody listens at the old address, and the host tells the new one a little later."""
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    old = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()
    await server.wait_closed()
    addresses = iter([old, old, raw.url])

    async def address(name: str, flow: str) -> str:
        return next(addresses)

    monkeypatch.setattr(targets, "address", address)
    raw.handlers = [raw.answering(OK)]
    assert (await score()).output == {"score": 1}


async def test_a_function_that_does_not_get_ready_times_out(score, targets, monkeypatch):
    async def address(name: str, flow: str) -> str:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(targets, "address", address)
    result = await score(settings={"timeout": 0.05})
    assert (result.error.type, result.retryable) == (STANDARD_ERROR_BASE + "timeout", True)
    assert "not ready" in result.error.title


async def test_a_connection_closed_while_idle_is_not_noticed(raw, score):
    """The server answers, then closes: the next call is made on a fresh connection."""
    closed = asyncio.Event()

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.answering(OK)(reader, writer)
        writer.close()
        closed.set()

    raw.handlers = [once]
    for _ in range(3):
        assert isinstance(await score(), CallCompleted)
        await closed.wait()
    assert raw.connections == 3


async def test_a_kept_connection_closed_at_the_next_request_is_retried_once(raw, score):
    """The server has read the second request, and closes without a byte: nobody can tell why."""

    async def dies_at_second(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.answering(OK)(reader, writer)
        await raw.read(reader)

    raw.handlers = [dies_at_second, raw.answering(OK)]
    await score()
    assert isinstance(await score(), CallCompleted)
    assert (raw.connections, len(raw.requests)) == (2, 3)


async def test_a_fresh_connection_that_dies_is_not_retried(raw, score):
    async def dies(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.read(reader)

    raw.handlers = [dies]
    result = await score()
    assert (result.error.status, result.retryable, raw.connections) == (502, True, 1)


async def test_a_kept_connection_that_dies_within_an_answer_is_not_retried(raw, score):
    raw.handlers = [raw.answering(OK, OK[:20])]
    await score()
    result = await score()
    assert (result.error.status, result.retryable, raw.connections) == (502, True, 1)
    assert "in the middle of the answer" in result.error.detail


@pytest.mark.parametrize(
    "answer",
    [
        OK[:-1],
        OK[:30],
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ],
)
async def test_a_truncated_answer_is_an_error(raw, score, answer):
    raw.handlers = [raw.answering(answer)]
    result = await score()
    assert (result.error.status, result.retryable) == (502, True)


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"\x16\x03\x01\x02\x00" * 10,
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\nxxx",
        b"HTTP/1.1 200 OK\r\n" + b"x: " + b"y" * 70_000 + b"\r\n\r\n",
    ],
)
async def test_garbage_is_an_error(raw, score, answer):
    raw.handlers = [raw.answering(answer, close=False)]
    result = await score(settings={"timeout": 5})
    assert (result.error.status, result.retryable) == (502, True)


async def test_garbage_after_an_answer_costs_only_the_connection(raw, score):
    raw.handlers = [raw.answering(OK + b"garbage", close=False), raw.answering(OK + OK, close=False)]
    for _ in range(2):
        assert (await score()).output == {"score": 1}
    raw.handlers.append(raw.answering(http_answer(b"3")))
    assert (await score()).output == 3
    assert raw.connections == 3


async def test_a_reset_is_an_error(raw, score):
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.read(reader)
        socket = writer.get_extra_info("socket")
        socket.setsockopt(1, 13, struct.pack("ii", 1, 0))  # SO_LINGER of 0 s: close() sends RST
        writer.transport.abort()

    raw.handlers = [reset]
    result = await score()
    assert (result.error.status, result.retryable) == (502, True)


@pytest.mark.parametrize("timeout", [0.05, "PT0.05S", {"milliseconds": 50}])
async def test_a_function_that_hangs_times_out(raw, score, timeout):
    ended = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.read(reader)
        assert await reader.read() == b""  # until the client has dropped the connection
        ended.set()

    raw.handlers = [hang]
    result = await score(settings={"timeout": timeout})
    assert result.error.type == STANDARD_ERROR_BASE + "timeout"
    assert (result.error.status, result.retryable) == (408, True)
    await ended.wait()


async def test_a_slow_drip_does_not_outlast_the_timeout(raw, score):
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.read(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.005)

    raw.handlers = [drip]
    result = await score(settings={"timeout": 0.1})
    assert result.error.type == STANDARD_ERROR_BASE + "timeout"
    assert "not whole" in result.error.detail


async def test_the_deadline_of_the_task_wins(raw, score):
    raw.handlers = [raw.answering(close=False)]
    result = await score(deadline=time.time() + 0.05)
    assert result.error.type == STANDARD_ERROR_BASE + "timeout"
    past = await score(deadline=time.time() - 10)
    assert past.error.type == STANDARD_ERROR_BASE + "timeout"


async def test_a_late_answer_does_not_reach_the_next_call(raw, score):
    late = asyncio.Event()

    async def answer_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.read(reader)
        await late.wait()
        writer.write(http_answer(b'"late"'))
        await writer.drain()

    raw.handlers = [answer_late, raw.answering(OK)]
    assert isinstance(await score(settings={"timeout": 0.05}), CallFailed)
    late.set()
    assert (await score()).output == {"score": 1}


@pytest.mark.parametrize("chunked", [False, True])
async def test_an_answer_over_the_limit_is_not_read_on(raw, score, chunked):
    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.read(reader)
        if not chunked:
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10485761\r\n\r\n")
        else:
            writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
            while True:
                writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                await writer.drain()
        await reader.read()

    raw.handlers = [flood]
    result = await score()
    assert (result.error.status, result.retryable) == (502, False)
    assert "too large" in result.error.title


async def test_an_answer_of_the_limit_is_read(raw, score):
    text = b'"' + b"x" * (10 * 1024 * 1024 - 2) + b'"'
    raw.handlers = [raw.answering(http_answer(text))]
    assert len((await score()).output) == len(text) - 2


async def test_an_answer_before_the_request_was_read_counts(raw, score):
    """413 and close: the rest of a large request is never read."""

    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(http_answer(b"{}", status="413 Content Too Large"))
        await writer.drain()
        await reader.read()

    raw.handlers = [refuse, raw.answering(OK)]
    result = await score("x" * 20_000_000)
    assert result.error.status == 413
    assert isinstance(await score(), CallCompleted)
    assert raw.connections == 2


# --- cancelling -----------------------------------------------------------------------------------------


async def test_cancel_drops_the_connection(raw, score):
    begun, ended = asyncio.Event(), asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.read(reader)
        begun.set()
        await reader.read()
        ended.set()

    raw.handlers = [hang, raw.answering(OK)]
    task = asyncio.create_task(score())
    await begun.wait()
    score.calls.cancel("exec-1.7.2")  # another attempt: nothing happens
    score.calls.cancel("exec-1.7.1")
    with pytest.raises(asyncio.CancelledError):
        await task
    await ended.wait()
    assert isinstance(await score(), CallCompleted)


async def test_closing_leaves_no_connection_open(raw, score):
    ended = asyncio.Event()

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.answering(OK)(reader, writer)
        assert await reader.read() == b""
        ended.set()

    raw.handlers = [once]
    await score()
    await score.calls.aclose()
    await ended.wait()
    gc.collect()
