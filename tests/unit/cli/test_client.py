"""Events out of bytes, problems out of answers, items into requests."""

from __future__ import annotations

import base64
import json
import random

import pytest

from headrace.cli.client.client import quoted
from headrace.cli.client.failure import ServerRefused, ServerUnavailable, error_of
from headrace.cli.client.queue import BYTES_PER_REQUEST, _chunks
from headrace.cli.client.stream import EventLines, ServerEvent
from headrace.errors import HeadraceError
from headrace.queue.port import ITEMS_PER_CALL_MAX, Put

STREAM = (
    b"retry: 2000\nid: a-1\nevent: ready\ndata: {}\n\n"
    b": alive\nid: a-2\n\n"
    b'id: a-3\r\nevent: task\r\ndata: {"name":\r\ndata:  "\xc3\xa4"}\r\n\r\n'
    b"event:end\ndata:{}\n\n"
    b'id: a-9\nevent: task\ndata: {"cut":'
)
EVENTS = [ServerEvent("ready", {}), ServerEvent("task", {"name": "ä"}), ServerEvent("end", {})]


@pytest.mark.parametrize("seed", range(20))
def test_events_however_the_bytes_are_cut(seed: int) -> None:
    chance = random.Random(seed)
    lines, found, rest = EventLines(), list[ServerEvent](), STREAM
    while rest:
        size = chance.randint(1, 9)
        found += lines.take(rest[:size])
        rest = rest[size:]
    assert found == EVENTS


def test_an_event_that_was_cut_off_is_asked_for_again() -> None:
    lines = EventLines()
    lines.take(b'id: a-1\nevent: task\ndata: 1\n\nid: a-2\nevent: task\ndata: {"cut":\n')
    lines.broken()
    # The id counts with its event only (the HTML standard, section 9.2.6).
    assert lines.last_id == "a-1"
    assert lines.take(b"event: task\ndata: 2\n\n") == [ServerEvent("task", 2)]


def problem(status: int, **members: object) -> HeadraceError:
    body = {"code": "some-code", "title": "Some Title", **members}
    return error_of(status, body, url="http://127.0.0.1:1", login="headrace login http://127.0.0.1:1")


def test_problems_become_errors_with_their_remedy() -> None:
    error = problem(409, detail="it is paused", remedy="resume it")
    assert isinstance(error, ServerRefused)
    assert (str(error), error.status, error.code) == ("it is paused; resume it", 409, "some-code")
    assert str(problem(404, detail="there is none", remedy="list them with GET .../x")) == "there is none"
    assert str(problem(400)) == "Some Title"


def test_every_place_of_a_definition_is_told() -> None:
    error = problem(
        422,
        detail="the definition has 2 problems",
        remedy="see `problems`",
        problems=[
            {
                "severity": "error",
                "message": "unknown",
                "remedy": "remove it",
                "file": "f",
                "line": 3,
                "column": 5,
            },
            {"message": "too long", "pointer": "/name"},
        ],
    )
    assert str(error).splitlines() == [
        "the definition has 2 problems",
        "f:3:5: error: unknown; remove it",
        "/name: too long",
    ]


def test_a_token_that_is_not_taken_says_how_to_get_another() -> None:
    assert "headrace login http://127.0.0.1:1" in str(problem(401, detail="unknown or revoked"))


def test_a_server_that_takes_no_work_is_unavailable() -> None:
    assert isinstance(problem(503, detail="the disk is full"), ServerUnavailable)


@pytest.mark.parametrize("body", [None, [], "x", {"error": "x"}])
def test_another_program_at_the_address(body: object) -> None:
    error = error_of(404, body, url="http://127.0.0.1:1", login="")
    assert "is that its address?" in str(error)


@pytest.mark.parametrize("name", ["", ".", ".."])
def test_names_that_would_be_another_path(name: str) -> None:
    with pytest.raises(HeadraceError):
        quoted(name)
    assert quoted("a/../b c") == "a%2F..%2Fb%20c"


def test_items_are_sent_as_they_are_in_requests_that_are_taken() -> None:
    payloads = [b"text", b'{"a": 1}', b"\xff\x00", b"\x01" * 5000, *([b"x" * 100_000] * 90)]
    bodies = list(_chunks([Put(payload=each) for each in payloads]))
    assert len(bodies) > 1
    assert all(len(body) < 2 * BYTES_PER_REQUEST for body, _ in bodies)
    items = [item for body, _ in bodies for item in json.loads(body)["items"]]
    back = [
        base64.b64decode(each["data_base64"]) if "data_base64" in each else each["text"].encode()
        for each in items
    ]
    assert back == payloads
    assert len(bodies[0][0]) < 8 << 20


def test_only_items_with_ids_are_sent_twice() -> None:
    named = [Put(payload=b"x", id=str(n)) for n in range(ITEMS_PER_CALL_MAX)]
    assert [again for _, again in _chunks([*named, Put(payload=b"x")])] == [True, False]
    assert [again for _, again in _chunks([])] == []
