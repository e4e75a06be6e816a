"""HTTP calls against real servers: requests, outputs, redirects, errors, faults, TLS."""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import ssl
import time
import zlib

import orjson
import pytest
import trustme
from aiohttp import web

from headrace.call import HostPolicy
from headrace.engine.events import CallCompleted, CallFailed
from headrace.errors import STANDARD_ERROR_BASE


async def echo(request: web.Request) -> web.Response:
    """Answer what was asked."""
    body = await request.read()
    return web.json_response(
        {
            "method": request.method,
            "path": request.raw_path,
            "query": [list(pair) for pair in request.query.items()],
            "headers": {name.lower(): value for name, value in request.headers.items()},
            "body": body.decode("utf-8", "replace"),
        }
    )


@pytest.fixture
async def echoing(serve):
    async with serve([web.route("*", "/{path:.*}", echo)]) as url:
        yield url


@pytest.fixture
def http(make_calls, invoke):
    """Perform one http call."""
    calls = make_calls()

    async def http(endpoint, method="get", **arguments):
        return await calls.perform(invoke("http", {"method": method, "endpoint": endpoint, **arguments}))

    http.calls = calls
    return http


# --- requests -------------------------------------------------------------------------------------------


async def test_method_query_and_headers(http, echoing):
    result = await http(
        {"uri": f"{echoing}/pets?fixed=1#part"},
        "delete",
        query={"tag": ["a b", "c&d"], "limit": 10, "deep": {"x": 1}, "none": None, "ok": True},
        headers={"X-One": "1", "x-number": 5, "x-none": None, "content-length": "999", "X-List": ["a", "b"]},
    )
    asked = result.output
    assert asked["method"] == "DELETE"
    assert asked["path"].startswith("/pets?fixed=1&tag=a%20b&tag=c%26d&")
    assert asked["query"] == [
        ["fixed", "1"], ["tag", "a b"], ["tag", "c&d"], ["limit", "10"], ["deep", '{"x":1}'], ["ok", "true"],
    ]  # fmt: skip
    assert asked["headers"]["x-one"] == "1"
    assert asked["headers"]["x-number"] == "5"
    assert asked["headers"]["user-agent"] == "headrace"
    assert "x-none" not in asked["headers"]
    assert "content-length" not in asked["headers"]
    assert result.authorization is None


@pytest.mark.parametrize(
    ("body", "content_type", "sent", "sent_type"),
    [
        ({"a": [1]}, None, '{"a":[1]}', "application/json"),
        ([1, 2], None, "[1,2]", "application/json"),
        (0, None, "0", "application/json"),
        (False, None, "false", "application/json"),
        ("héllo", None, "héllo", "text/plain; charset=utf-8"),
        ("text", "application/json", '"text"', "application/json"),
        ('{"a": 1}', "application/json", '{"a": 1}', "application/json"),
        ("[broken", "application/json", '"[broken"', "application/json"),
        ("<a/>", "application/xml", "<a/>", "application/xml"),
        ({"a": 1}, "application/merge-patch+json", '{"a":1}', "application/merge-patch+json"),
        ({"a": "x y", "b": [1, 2]}, "application/x-www-form-urlencoded", "a=x+y&b=1&b=2", None),
        ("a=1", "application/x-www-form-urlencoded", "a=1", "application/x-www-form-urlencoded"),
    ],
)
async def test_bodies(http, echoing, body, content_type, sent, sent_type):
    headers = {} if content_type is None else {"Content-Type": content_type}
    asked = (await http(echoing, "post", body=body, headers=headers)).output
    assert asked["body"] == sent
    assert asked["headers"]["content-type"] == (sent_type or content_type)


async def test_without_a_body_none_is_sent(http, echoing):
    asked = (await http(echoing, "post", body=None)).output
    assert asked["body"] == ""
    assert "content-type" not in asked["headers"]


async def test_a_multipart_form(http, serve):
    async def form(request: web.Request) -> web.Response:
        return web.json_response(dict(await request.post()))

    async with serve([web.post("/", form)]) as url:
        headers = {"content-type": "multipart/form-data"}
        result = await http(url, "post", body={"name": "Zoë", "a b": [1]}, headers=headers)
    assert result.output == {"name": "Zoë", "a b": "1"}


@pytest.mark.parametrize(
    "arguments",
    [
        {"method": "get it", "endpoint": "http://127.0.0.1/"},
        {"method": None, "endpoint": "http://127.0.0.1/"},
        {"method": "get", "endpoint": "/relative"},
        {"method": "get", "endpoint": "ftp://127.0.0.1/s3cret"},
        {"method": "get", "endpoint": {"url": "http://127.0.0.1/"}},
        {"method": "get", "endpoint": None},
        {"method": "get", "endpoint": "http://127.0.0.1/", "headers": {"a b": "1"}},
        {"method": "get", "endpoint": "http://127.0.0.1/", "headers": {"a": "1\r\nb: 2"}},
        {"method": "get", "endpoint": "http://127.0.0.1/", "headers": "nonsense"},
        {"method": "get", "endpoint": "http://127.0.0.1/", "query": ["a"]},
        {"method": "get", "endpoint": "http://127.0.0.1/", "output": "xml"},
        {"method": "get", "endpoint": "http://127.0.0.1/", "redirect": "yes"},
        None,
        [],
    ],
)
async def test_unusable_arguments_are_configuration_errors(http, invoke, arguments):
    result = await http.calls.perform(invoke("http", arguments))
    assert result.error.type == STANDARD_ERROR_BASE + "configuration"
    assert result.retryable is False
    assert result.error.detail


# --- outputs --------------------------------------------------------------------------------------------


async def test_output_response_describes_request_and_response(http, echoing):
    result = await http(
        {"uri": echoing + "/pets/1", "authentication": {"bearer": {"token": "t0ken"}}},
        "post",
        body={"a": 1},
        headers={"x-trace": "9"},
        output="response",
    )
    output = result.output
    assert output["request"] == {
        "method": "post",
        "uri": echoing + "/pets/1",
        "headers": {"X-Trace": "9", "Content-Type": "application/json"},
    }
    assert output["statusCode"] == 200
    assert output["headers"]["Content-Type"] == "application/json; charset=utf-8"
    assert output["content"]["headers"]["authorization"] == "Bearer t0ken"
    assert result.authorization == {"scheme": "Bearer", "parameter": "t0ken"}


async def test_output_raw_is_base64(http, raw):
    answer = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 3\r\n\r\n{} "
    empty = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
    raw.handlers = [raw.answering(answer, empty)]
    assert (await http(raw.url, output="raw")).output == base64.b64encode(b"{} ").decode()
    assert (await http(raw.url, output="raw")).output is None


async def test_content_is_deserialised_by_its_type(http, raw):
    def answer(content_type: str, body: bytes) -> bytes:
        return b"HTTP/1.1 200 OK\r\ncontent-type: %s\r\ncontent-length: %d\r\n\r\n%s" % (
            content_type.encode(), len(body), body,
        )  # fmt: skip

    raw.handlers = [
        raw.answering(
            answer("application/hal+json", b'{"a":1}'),
            answer("text/html", b"<p>"),
            answer("application/yaml", b"a: 1"),
            answer("image/png", b"\x89PNG"),
            answer("application/json", b""),
            answer("application/json", b"{broken"),
        )
    ]
    outputs = [(await http(raw.url)).output for _ in range(5)]
    assert outputs == [{"a": 1}, "<p>", "a: 1", "iVBORw==", None]
    broken = await http(raw.url)
    assert (broken.error.status, broken.retryable) == (502, False)


async def test_compressed_content_is_limited_by_its_real_size(make_calls, invoke, raw):
    bomb = gzip.compress(b" " * 1_000_000)
    head = (
        b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-encoding: gzip\r\ncontent-length: %d\r\n\r\n"
    )
    raw.handlers = [raw.answering(head % len(bomb) + bomb)]
    calls = make_calls(max_response_bytes=100_000)
    result = await calls.perform(invoke("http", {"method": "get", "endpoint": raw.url}))
    assert "is too large" in result.error.title


async def test_repeated_headers_are_joined(http, raw):
    raw.handlers = [raw.answering(b"HTTP/1.1 200 OK\r\nvary: a\r\nVary: b\r\ncontent-length: 0\r\n\r\n")]
    assert (await http(raw.url, output="response")).output["headers"]["Vary"] == "a, b"


# --- redirects ------------------------------------------------------------------------------------------


def redirecting(status: int, location: str | None = "/after"):
    async def redirect(request: web.Request) -> web.Response:
        return web.Response(status=status, headers={"location": location} if location else {})

    return redirect


async def test_by_default_a_redirect_is_an_error(http, serve):
    async with serve([web.get("/", redirecting(302))]) as url:
        result = await http(url)
    assert (result.error.status, result.error.title, result.retryable) == (302, "Found", False)


@pytest.mark.parametrize(
    ("status", "method", "after", "body"),
    [
        (301, "post", "GET", ""),
        (302, "post", "GET", ""),
        (303, "put", "GET", ""),
        (307, "post", "POST", '{"a":1}'),
        (308, "put", "PUT", '{"a":1}'),
        (302, "put", "PUT", '{"a":1}'),
    ],
)
async def test_with_redirect_they_are_followed(http, serve, status, method, after, body):
    routes = [web.route("*", "/before", redirecting(status)), web.route("*", "/after", echo)]
    async with serve(routes) as url:
        result = await http(url + "/before", method, body={"a": 1}, redirect=True, output="response")
    assert result.output["request"]["uri"] == url + "/after"
    assert result.output["content"]["method"] == after
    assert result.output["content"]["body"] == body
    assert ("content-type" in result.output["content"]["headers"]) is bool(body)


@pytest.mark.parametrize(("status", "location"), [(304, None), (300, "/after"), (302, None)])
async def test_with_redirect_one_that_leads_nowhere_is_a_success(http, serve, status, location):
    async with serve([web.get("/", redirecting(status, location))]) as url:
        result = await http(url, redirect=True, output="response")
    assert result.output["statusCode"] == status


async def test_an_error_behind_a_redirect_is_an_error(http, serve):
    async with serve([web.get("/", redirecting(302, "/missing"))]) as url:
        assert (await http(url, redirect=True)).error.status == 404


async def test_redirects_in_a_circle_end(http, serve):
    async with serve([web.get("/", redirecting(302, "/"))]) as url:
        result = await http(url, redirect=True)
    assert result.error.title == "too many redirects"


@pytest.mark.parametrize("location", ["ftp://127.0.0.1/", "file:///etc/passwd", "http://"])
async def test_a_redirect_away_from_http_is_an_error(http, serve, location):
    async with serve([web.get("/", redirecting(302, location))]) as url:
        assert isinstance(await http(url, redirect=True), CallFailed)


async def test_credentials_stay_with_their_origin(http, serve, echoing):
    async with serve([web.get("/", redirecting(307, echoing + "/after"))]) as url:
        result = await http(
            {"uri": url, "authentication": {"basic": {"username": "u", "password": "p"}}},
            headers={"Cookie": "a=b", "x-kept": "1"},
            redirect=True,
        )
    assert "authorization" not in result.output["headers"]
    assert "cookie" not in result.output["headers"]
    assert result.output["headers"]["x-kept"] == "1"


# --- errors ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("status", "retryable"), [(400, False), (404, False), (429, True), (503, True)])
async def test_a_status_is_a_communication_error(http, serve, status, retryable):
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=status, text="because " + "x" * 5000)

    async with serve([web.get("/", refuse)]) as url:
        result = await http(url + "/?token=s3cret")
    error = result.error
    assert (error.type, error.status) == (STANDARD_ERROR_BASE + "communication", status)
    assert result.retryable is retryable
    assert "because" in error.detail
    assert len(error.detail) < 700
    assert "s3cret" not in str(error)


async def test_a_problem_is_kept_as_the_error(http, serve):
    async def refuse(request: web.Request) -> web.Response:
        problem = {"type": "https://shop.test/sold-out", "title": "Sold out", "left": 0}
        return web.Response(status=410, body=orjson.dumps(problem), content_type="application/problem+json")

    async with serve([web.get("/", refuse)]) as url:
        error = (await http(url)).error
    assert error.as_dict() == {
        "type": "https://shop.test/sold-out", "title": "Sold out", "status": 410, "left": 0,
    }  # fmt: skip


async def test_secrets_are_not_in_errors(http, serve):
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    result = await http(
        {
            "uri": f"http://u:s3cret1@127.0.0.1:{port}/p?key=s3cret2#s3cret3",
            "authentication": {"bearer": {"token": "s3cret4"}},
        }
    )
    assert (result.error.status, result.retryable) == (503, True)
    assert f"127.0.0.1:{port}/p" in result.error.title
    assert result.error.detail == "Connection refused"
    assert "s3cret" not in str(result.error)


async def test_user_info_of_a_url_is_basic_authentication(http, echoing):
    result = await http(echoing.replace("//", "//me:p%40ss@") + "/x", output="response")
    expected = "Basic " + base64.b64encode(b"me:p@ss").decode()
    assert result.output["content"]["headers"]["authorization"] == expected
    assert result.output["request"]["uri"] == echoing + "/x"


async def test_a_host_that_does_not_exist(http, make_calls, invoke):
    call = invoke("http", {"method": "get", "endpoint": "http://no-such-host.invalid/"})
    for calls in (http.calls, make_calls(policy=HostPolicy())):
        result = await calls.perform(call)
        assert (result.error.status, result.retryable) == (503, True)


# --- faults ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [
        b"nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\nhello",
        b"",
    ],
)
async def test_a_broken_answer_is_a_retryable_error(http, raw, answer):
    raw.handlers = [raw.answering(answer)]
    result = await http(raw.url + "/?key=s3cret")
    assert result.error.type == STANDARD_ERROR_BASE + "communication"
    assert (result.error.status, result.retryable) == (502, True)
    assert "s3cret" not in str(result.error)


async def test_a_server_that_hangs_times_out(make_calls, invoke, raw):
    ended = asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.read(reader)
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nx")
        await reader.read()
        ended.set()

    raw.handlers = [hang]
    calls = make_calls(timeout_seconds=0.2)
    result = await calls.perform(invoke("http", {"method": "get", "endpoint": raw.url}))
    assert (result.error.type, result.retryable) == (STANDARD_ERROR_BASE + "timeout", True)
    await ended.wait()


async def test_the_deadline_and_cancel_end_a_call(http, invoke, raw):
    begun, ended = asyncio.Event(), asyncio.Event()

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.read(reader)
        begun.set()
        await reader.read()
        ended.set()

    raw.handlers = [hang]
    arguments = {"method": "get", "endpoint": raw.url}
    result = await http.calls.perform(invoke("http", arguments, deadline=time.time() + 0.1))
    assert result.error.type == STANDARD_ERROR_BASE + "timeout"
    await ended.wait()
    begun.clear()
    ended.clear()
    call = invoke("http", arguments, run_id=8)
    task = asyncio.create_task(http.calls.perform(call))
    await begun.wait()
    http.calls.cancel(call.invocation_id)
    with pytest.raises(asyncio.CancelledError):
        await task
    await ended.wait()


async def test_connections_are_kept(http, make_calls, invoke, raw):
    raw.handlers = [raw.answering(*[b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"] * 5)]
    for calls in (http.calls, make_calls(policy=HostPolicy(allow=("127.0.0.1",)))):
        before = raw.connections
        for _ in range(4):
            call = invoke("http", {"method": "get", "endpoint": raw.url})
            assert isinstance(await calls.perform(call), CallCompleted)
        assert raw.connections == before + 1


async def test_a_post_on_a_kept_connection_that_dies_is_not_sent_twice(http, raw):
    """It may have arrived. A GET may arrive twice."""
    ok = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"

    async def dies_at_second(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await raw.answering(ok)(reader, writer)
        await raw.read(reader)

    raw.handlers = [dies_at_second]
    await http(raw.url, "get")
    result = await http(raw.url, "post", body={})
    assert (result.error.status, result.retryable, raw.connections) == (502, True, 1)
    await http(raw.url, "get")
    assert isinstance(await http(raw.url, "get"), CallCompleted)
    assert raw.connections == 3


async def test_head_has_no_body_whatever_it_says(http, raw):
    raw.handlers = [raw.answering(b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n", close=False)]
    result = await http(raw.url, "head", output="response")
    assert result.output["headers"]["Content-Length"] == "99999999"
    assert result.output["content"] is None


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate"])
async def test_compressed_content_is_read(http, raw, encoding):
    plain = b'{"a": 1}'
    packer = zlib.compressobj(wbits=-15)
    packed = {
        "gzip": gzip.compress(plain),
        "deflate": zlib.compress(plain),
        "raw deflate": packer.compress(plain) + packer.flush(),
    }[encoding]
    head = (
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
        f"content-encoding: {encoding.split()[-1]}\r\ncontent-length: {len(packed)}\r\n\r\n"
    )
    raw.handlers = [raw.answering(head.encode() + packed)]
    result = await http(raw.url, output="response")
    assert result.output["content"] == {"a": 1}
    assert "Content-Encoding" not in result.output["headers"]


@pytest.mark.parametrize("encoding", [b"br", b"gzip"])
async def test_content_that_cannot_be_unpacked_is_an_error(http, raw, encoding):
    packed = gzip.compress(b"x" * 1000)[:-9]
    head = b"HTTP/1.1 200 OK\r\ncontent-encoding: %s\r\ncontent-length: %d\r\n\r\n"
    raw.handlers = [raw.answering(head % (encoding, len(packed)) + packed)]
    assert (await http(raw.url)).error.status == 502


# --- host policy ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0x7f.1",
        "2130706433",
        "0.0.0.0",
        "[::ffff:127.0.0.1]",
        "169.254.169.254",
        "[fe80::1]",
        "LOCALHOST.",
        "127.0.0.1.",
        "[::]",
        "[64:ff9b::7f00:1]",
    ],
)
async def test_loopback_and_metadata_are_refused_on_a_server(make_calls, invoke, raw, host):
    raw.handlers = [raw.answering(b"")]
    calls = make_calls(policy=HostPolicy())
    call = invoke("http", {"method": "get", "endpoint": f"http://{host}:{raw.port}/"})
    result = await calls.perform(call)
    assert isinstance(result, CallFailed)
    assert raw.connections == 0
    assert result.error.status in (403, 503)  # 503: a name that does not resolve here


async def test_a_redirect_to_a_refused_host_is_refused(make_calls, invoke, serve, raw):
    raw.handlers = [raw.answering(b"")]
    async with serve([web.get("/", redirecting(302, f"http://127.0.0.2:{raw.port}/"))]) as url:
        calls = make_calls(policy=HostPolicy(allow=("127.0.0.1",)))
        result = await calls.perform(invoke("http", {"method": "get", "endpoint": url, "redirect": True}))
    assert result.error.type == STANDARD_ERROR_BASE + "authorization"
    assert (result.error.status, raw.connections) == (403, 0)


async def test_a_name_is_connected_to_at_the_address_that_was_checked(make_calls, invoke, raw, monkeypatch):
    """A resolver that answers a harmless address first and loopback afterwards gains nothing."""
    answers = iter(["127.0.0.1", "203.0.113.1", "203.0.113.1"])
    asked: list[str] = []

    async def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return [next(answers)]

    monkeypatch.setattr("headrace.call.policy._look_up", resolve)
    raw.handlers = [raw.answering(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")]
    calls = make_calls(policy=HostPolicy(allow=("rebind.test",)))
    call = invoke("http", {"method": "get", "endpoint": f"http://rebind.test:{raw.port}/"})
    assert isinstance(await calls.perform(call), CallCompleted)
    assert asked == ["rebind.test"]
    assert raw.requests[0][1]["host"] == f"rebind.test:{raw.port}"


# --- TLS and overrides ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def tls(authority):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("api.shop.test", "127.0.0.1").configure_cert(context)
    return context


@pytest.mark.parametrize("policy", [HostPolicy.local(), HostPolicy(allow=("127.0.0.1",))])
async def test_tls_with_a_trusted_root(make_calls, invoke, serve, targets, tls, authority, policy):
    pem = authority.cert_pem.bytes()
    async with serve([web.route("*", "/{path:.*}", echo)], ssl=tls) as url:
        calls = make_calls(root_certificates_pem=pem, policy=policy)
        result = await calls.perform(invoke("http", {"method": "get", "endpoint": url}))
        assert result.output["method"] == "GET"
        result = await calls.perform(invoke(settings={"url": url}))
        assert result.output["headers"]["ce-id"] == "exec-1.7.1"


async def test_tls_without_trust_is_refused(http, invoke, serve, tls):
    async with serve([web.route("*", "/", echo)], ssl=tls) as url:
        for call in (invoke("http", {"method": "get", "endpoint": url}), invoke(settings={"url": url})):
            result = await http.calls.perform(call)
            assert (result.error.status, result.retryable) == (503, True)
            assert "certificate" in result.error.detail.lower()


@pytest.mark.parametrize("port", ["", ":8443"])
async def test_an_override_changes_only_where_the_connection_goes(
    make_calls, invoke, serve, tls, authority, port
):
    async with serve([web.route("*", "/{path:.*}", echo)], ssl=tls) as url:
        address = ("127.0.0.1", int(url.rpartition(":")[2]))
        calls = make_calls(
            root_certificates_pem=authority.cert_pem.bytes(),
            resolve={"api.shop.test": address},
            policy=HostPolicy(),
        )
        call = invoke("http", {"method": "get", "endpoint": f"https://api.shop.test{port}/x"})
        result = await calls.perform(call)
    assert result.output["headers"]["host"] == f"api.shop.test{port}"


async def test_kinds_of_other_versions_are_refused(http, invoke):
    for kind in ("grpc", "asyncapi", "a2a", "mcp"):
        result = await http.calls.perform(invoke(kind, {}))
        assert result.error.type == STANDARD_ERROR_BASE + "configuration"
        assert result.error.title == f"{kind} calls are not available in this version"
        assert result.retryable is False
    assert (
        json.loads(orjson.dumps((await http.calls.perform(invoke("smoke"))).error.as_dict()))["status"] == 400
    )
