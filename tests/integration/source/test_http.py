"""Http triggers without a server: routes, requests, answers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import orjson
import pytest

from headrace.source.http import HttpProblem, HttpRoute
from headrace.source.http.route import started_key
from headrace.source.port import SourceError
from integration.source.place import HOUR, Place, app

JSON = [(b"content-type", b"application/json")]
API = "- {name: api, http: {path: '/orders/{id}', method: PUT%s}}"


def matched(place: Place, method: str, path: str, namespace: str = "default") -> HttpRoute:
    route = place.sources.routes.match(method, namespace, path)
    assert route is not None
    return route


async def call(
    place: Place,
    method: str,
    path: str,
    body: Any = ...,
    headers: list[tuple[bytes, bytes]] = JSON,
    query: bytes = b"",
) -> str:
    """Start what a request asks for; return the execution's id."""
    route = matched(place, method, path)
    data = b"" if body is ... else body if isinstance(body, bytes) else orjson.dumps(body)
    fired = await route.start(route.request(method, path, headers, query, data))
    assert fired.execution_id is not None
    return fired.execution_id


async def test_the_body_is_the_input(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % "")) as place:
        await call(place, "PUT", "/orders/7", {"total": 5})
        await call(
            place,
            "PUT",
            "/orders/7",
            b"a=1&a=2&b=",
            [(b"Content-Type", b"application/x-www-form-urlencoded")],
        )
        await call(
            place, "PUT", "/orders/7", "grüß".encode(), [(b"content-type", b"text/plain; charset=utf-8")]
        )
        await call(place, "PUT", "/orders/7", b'{"a": 1}', [])
        await call(place, "PUT", "/orders/7", headers=[])
        assert await place.inputs() == [
            {"total": 5},
            {"a": ["1", "2"], "b": ""},
            "grüß",
            {"a": 1},
            None,
        ]
        assert {(row.trigger, row.key) for row in await place.rows()} == {("api", None)}


@pytest.mark.parametrize("method", ["GET", "DELETE", "HEAD"])
async def test_the_query_is_the_input_of_what_has_no_body(tmp_path: Path, method: str) -> None:
    async with await Place(tmp_path).open(
        app(f"- {{name: q, http: {{path: /q, method: {method}}}}}")
    ) as place:
        await call(place, method, "/q", headers=[], query=b"a=1&b=x%20y&b=z&c")
        await call(place, method, "/q", headers=[])
        assert await place.inputs() == [{"a": "1", "b": ["x y", "z"], "c": ""}, {}]


async def test_input_sees_the_request_without_credentials(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % ", input: .")) as place:
        headers = [
            *JSON,
            (b"Authorization", b"Bearer s3cret"),
            (b"cookie", b"session=s3cret"),
            (b"x-one", b"1"),
            (b"x-one", b"2"),
        ]
        await call(place, "PUT", "/orders/a%2Fb%20c", {"n": 1}, headers, b"dry=1")
        assert await place.inputs() == [
            {
                "method": "PUT",
                "path": "/orders/a%2Fb%20c",
                "params": {"id": "a/b c"},
                "query": {"dry": "1"},
                "headers": {"content-type": "application/json", "x-one": "1, 2"},
                "body": {"n": 1},
            }
        ]


async def test_the_same_key_starts_once(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % "")) as place:
        headers = [*JSON, (b"Idempotency-Key", b"order 7")]
        ids = await asyncio.gather(*(call(place, "PUT", "/orders/7", {"n": n}, headers) for n in range(5)))
        assert len(set(ids)) == 1
        target = matched(place, "PUT", "/orders/7").target
        [row] = await place.rows()
        assert row.key == started_key(target, "order 7") == "trigger/api/order 7"
    async with await Place(tmp_path).open(app(API % "")) as place:
        assert await call(place, "PUT", "/orders/7", {"n": 9}, headers) == ids[0]


async def test_dedupe_goes_before_the_header(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % ", dedupe: .body.id")) as place:
        keyed = [*JSON, (b"idempotency-key", b"k")]
        await call(place, "PUT", "/orders/7", {"id": "a" * 300}, keyed)
        await call(place, "PUT", "/orders/7", {"id": {"b": 1, "a": 2}}, keyed)
        await call(place, "PUT", "/orders/7", {}, keyed)
        keys = [row.key for row in await place.rows()]
        assert keys[0] is not None
        assert keys[0].startswith("trigger/api/sha256:")
        assert keys[1:] == ['trigger/api/{"a":2,"b":1}', "trigger/api/k"]


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", JSON, 400, "invalid-json"),
        (b"[" * 5000 + b"]" * 5000, JSON, 400, "invalid-json"),
        (b'{"a": NaN}', JSON, 400, "invalid-json"),
        (b"\xff", [(b"content-type", b"text/plain")], 400, "invalid-text"),
        (b"x", [(b"content-type", b"text/plain; charset=utf-16")], 415, "unsupported-media-type"),
        (b"x", [(b"content-type", b"image/png")], 415, "unsupported-media-type"),
        (b"{}", [*JSON, (b"idempotency-key", b"")], 400, "invalid-idempotency-key"),
        (b"{}", [*JSON, (b"idempotency-key", b"x" * 256)], 400, "invalid-idempotency-key"),
        (b"{}", [*JSON, (b"idempotency-key", b"\xe4")], 400, "invalid-idempotency-key"),
        (b"a=1&" * 2000, [(b"content-type", b"application/x-www-form-urlencoded")], 400, "invalid-fields"),
        (b"a=%FF", [(b"content-type", b"application/x-www-form-urlencoded")], 400, "invalid-fields"),
        (b'{"n": "x"}', JSON, 422, "mapping-failed"),
    ],
)
async def test_what_cannot_be_taken_starts_nothing(
    tmp_path: Path, body: bytes, headers: list[tuple[bytes, bytes]], status: int, code: str
) -> None:
    async with await Place(tmp_path).open(app(API % ", input: '{n: (.body.n + 1)}'")) as place:
        route = matched(place, "PUT", "/orders/7")
        with pytest.raises(HttpProblem) as caught:
            route.request("PUT", "/orders/7", headers, b"", body)
        problem = caught.value
        assert (problem.status, problem.code) == (status, code)
        assert problem.remedy
        assert problem.body()["type"] == f"https://headrace.dev/problems/{code}"
        assert await place.rows() == []


async def test_too_many_open_is_429_and_paused_is_503(tmp_path: Path) -> None:
    text = app(API % ", maxOpen: 2", steps="[{w: {wait: {hours: 1}}}]")
    async with await Place(tmp_path).open(text) as place:
        outcomes = await asyncio.gather(
            *(call(place, "PUT", "/orders/7", {}) for _ in range(6)), return_exceptions=True
        )
        refused = [one for one in outcomes if isinstance(one, HttpProblem)]
        assert len(refused) == 4
        assert {(one.status, one.code, one.retry_after_seconds) for one in refused} == {
            (429, "too-many-open", 1)
        }
        await place.turn(HOUR)
        await call(place, "PUT", "/orders/7", {})
        await place.sources.pause("default", "orders", "api")
        with pytest.raises(HttpProblem) as caught:
            await call(place, "PUT", "/orders/7", {})
        assert (caught.value.status, caught.value.code) == (503, "paused")
        firings = await place.firings("api")
        assert [one.outcome for one in firings] == [
            "refused",
            "started",
            *["refused"] * 4,
            "started",
            "started",
        ]
        await place.sources.resume("default", "orders", "api")
        await call(place, "PUT", "/orders/7", {})


async def test_a_caller_that_goes_away_leaves_the_execution_running(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % ", maxOpen: 5")) as place:
        task = asyncio.create_task(call(place, "PUT", "/orders/7", {"n": 1}))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await place.until_started(1)

        async def over() -> bool:
            return [row.status for row in await place.rows()] == ["completed"]

        await place.until(over)
        [status] = await place.sources.states("default")
        assert (status.open, status.counts) == (0, {"started": 1})


async def test_a_trigger_that_stops_waits_for_the_starts_of_callers_that_stay(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % ", maxOpen: 5")) as place:
        route = matched(place, "PUT", "/orders/7")
        gate = route.target.gate
        request = route.request("PUT", "/orders/7", [], b"", b'{"n": 1}')
        task = asyncio.create_task(route.start(request, stays=True))
        await asyncio.sleep(0)
        assert (gate.open, task.done()) == (1, False)
        await gate.settle()
        assert task.done()
        assert (await task).outcome == "started"
        assert [row.id for row in await place.rows()] == [(await task).execution_id]


async def test_the_output_is_the_answer(tmp_path: Path) -> None:
    text = app(API % ", reply: output, wait: PT5S")
    async with await Place(tmp_path).open(text) as place:
        route = matched(place, "PUT", "/orders/7")
        assert (route.target.reply, route.target.wait_seconds, route.target.access) == (
            "output",
            5.0,
            "token",
        )
        result = await place.headrace.runtime.result(await call(place, "PUT", "/orders/7", {"n": 1}))
        answer = route.answer(result.execution_id, result.status, result.output, result.error)
        assert (answer.status, answer.headers) == (200, ((b"content-type", b"application/json"),))
        assert orjson.loads(answer.body) == {"came": {"n": 1}}


async def test_response_shapes_the_answer(tmp_path: Path) -> None:
    response = (
        "{status: 201, headers: {Location: '/orders/${ .came.n }', x-list: [a, b]}, body: '${ .came }'}"
    )
    async with await Place(tmp_path).open(app(API % f", reply: output, response: {response}")) as place:
        route = matched(place, "PUT", "/orders/7")
        answer = route.answer("e", "completed", {"came": {"n": 1}}, None)
        assert answer.status == 201
        assert sorted(answer.headers) == [
            (b"content-type", b"application/json"),
            (b"location", b"/orders/1"),
            (b"x-list", b"a"),
            (b"x-list", b"b"),
        ]
        assert answer.body == b'{"n":1}'


@pytest.mark.parametrize(
    ("response", "status", "content_type", "body"),
    [
        ("{body: '<p>hi</p>', headers: {content-type: text/html}}", 200, b"text/html", b"<p>hi</p>"),
        ("{body: hi}", 200, b"application/json", b'"hi"'),
        ("{status: 204, body: hi}", 204, None, b""),
        ("{status: 202}", 202, None, b""),
        ("'{status: (if .came then 409 else 200 end), body: null}'", 409, b"application/json", b"null"),
    ],
)
async def test_answers(
    tmp_path: Path, response: str, status: int, content_type: bytes | None, body: bytes
) -> None:
    async with await Place(tmp_path).open(app(API % f", reply: output, response: {response}")) as place:
        answer = matched(place, "PUT", "/orders/7").answer("e", "completed", {"came": 1}, None)
        assert (answer.status, dict(answer.headers).get(b"content-type"), answer.body) == (
            status,
            content_type,
            body,
        )


@pytest.mark.parametrize(
    ("response", "said"),
    [
        ("'\"text\"'", "has to give an object"),
        ("'{code: 200}'", "has to give an object"),
        ("{status: 99}", "`status` is 99"),
        ("{status: '200'}", "`status` is '200'"),
        ("{headers: {content-length: 5}}", "cannot be set"),
        ("{headers: {'x y': 5}}", "cannot be set"),
        ('{headers: {x: "a\\r\\nset-cookie: b"}}', "no text for a header"),
        ("'{status: (.came + {})}'", "fails on the output"),
    ],
)
async def test_a_response_that_cannot_be_sent(tmp_path: Path, response: str, said: str) -> None:
    async with await Place(tmp_path).open(app(API % f", reply: output, response: {response}")) as place:
        with pytest.raises(HttpProblem, match=said) as caught:
            matched(place, "PUT", "/orders/7").answer("e7", "completed", {"came": 1}, None)
        assert (caught.value.status, caught.value.body()["execution"]) == (500, "e7")


async def test_a_fault_has_the_status_of_its_error(tmp_path: Path) -> None:
    fault = '{type: "https://x.test/gone", status: 410, title: Gone, detail: "no ${ .id }"}'
    text = app(API % ", reply: output", steps=f"[{{r: {{raise: {{error: {fault}}}}}}}]")
    async with await Place(tmp_path).open(text) as place:
        result = await place.headrace.runtime.result(await call(place, "PUT", "/orders/7", {"id": 7}))
        route = matched(place, "PUT", "/orders/7")
        answer = route.answer(result.execution_id, result.status, result.output, result.error)
        assert (answer.status, dict(answer.headers)[b"content-type"]) == (410, b"application/problem+json")
        assert orjson.loads(answer.body) == {
            "type": "https://x.test/gone",
            "status": 410,
            "title": "Gone",
            "detail": "no 7",
            "instance": "/do/0/r",
            "execution": result.execution_id,
        }
        for status in (200, "410", None, 700):
            answer = route.answer("e", "faulted", None, {"type": "x", "status": status})
            assert (answer.status, orjson.loads(answer.body)["status"]) == (500, 500)


async def test_which_route_is_whose(tmp_path: Path) -> None:
    triggers = """
    - {name: one, http: {path: '/orders/{id}', method: GET}}
    - {name: new, http: {path: /orders/new, method: GET}}
    - {name: deep, http: {path: '/orders/{id}/lines/{line}', method: GET}}
    - {name: put, http: {path: '/orders/{number}', method: PUT}}
    - {name: root, http: {path: /, method: GET}}
    """
    async with await Place(tmp_path).open(app(triggers)) as place:

        def who(method: str, path: str) -> tuple[str, dict[str, str]] | None:
            route = place.sources.routes.match(method, "default", path)
            return None if route is None else (route.target.gate.name.trigger, route.parameters)

        assert who("GET", "/orders/7") == ("one", {"id": "7"})
        assert who("PUT", "/orders/7") == ("put", {"number": "7"})
        assert who("GET", "/orders/new") == ("new", {})
        assert who("PUT", "/orders/new") == ("put", {"number": "new"})
        assert who("GET", "/orders/7/lines/a%2Fb") == ("deep", {"id": "7", "line": "a/b"})
        assert who("GET", "/") == ("root", {})
        for path in (
            "/orders/",
            "/orders",
            "/orders/7/",
            "/orders/7/lines",
            "/x",
            "//",
            "orders/7/lines/1/2",
        ):
            assert who("GET", path) is None
        assert who("POST", "/orders/7") is None
        assert place.sources.routes.methods("default", "/orders/7") == ("GET", "PUT")
        assert place.sources.routes.methods("default", "/nothing") == ()
        assert place.sources.routes.match("GET", "elsewhere", "/orders/7") is None


async def test_two_flows_cannot_answer_one_path(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % "")) as place:
        other = app("- {name: mine, http: {path: '/orders/{number}', method: PUT}}").replace(
            "name: orders", "name: other"
        )
        with pytest.raises(
            SourceError, match=r"default/other cannot answer PUT /orders/\{number\}: trigger 'api'"
        ):
            await place.apply(other)
        assert await place.sources.states("default", "other") == []
        assert [state.name.flow for state in await place.triggers.states()] == ["orders"]
        # In another namespace it may, and when the first one is gone.
        await place.apply(other.replace("name: other", "name: other, namespace: shop"))
        await place.sources.remove("default", "orders")
        await place.apply(other)
        assert matched(place, "PUT", "/orders/7").target.gate.name.flow == "other"


async def test_a_changed_path_is_answered_at_once_and_the_former_one_not_any_more(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % "")) as place:
        await place.apply(app(API.replace("/orders/", "/bookings/") % ""))
        assert place.sources.routes.match("PUT", "default", "/orders/7") is None
        await call(place, "PUT", "/bookings/7", {})


async def test_the_trace_context_of_a_request_goes_along(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % "")) as place:
        route = matched(place, "PUT", "/orders/7")
        parent = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        request = route.request(
            "PUT", "/orders/7", [(b"traceparent", parent), (b"tracestate", b"a=b")], b"", b""
        )
        assert (request.traceparent, request.tracestate) == (parent.decode(), "a=b")
        for bad in (b"00-" + b"0" * 32 + b"-b7ad6b7169203331-01", b"nonsense"):
            request = route.request(
                "PUT", "/orders/7", [(b"traceparent", bad), (b"tracestate", b"a=b")], b"", b""
            )
            assert (request.traceparent, request.tracestate) == (None, None)


async def test_fired_by_hand_with_a_body(tmp_path: Path) -> None:
    async with await Place(tmp_path).open(app(API % ", input: '{n: .body.n}', dedupe: .body.n")) as place:
        for _ in range(2):
            await place.sources.fire("default", "orders", "api", {"n": 1})
        assert await place.inputs() == [{"n": 1}, {"n": 1}]
