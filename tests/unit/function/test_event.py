"""From requests to data and context."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from headrace.function.event import read_event
from headrace.function.problem import FunctionError

BINARY = {
    b"content-type": b"application/json",
    b"ce-specversion": b"1.0",
    b"ce-id": b"01H.4.2",
    b"ce-subject": b"01H",
    b"ce-headraceflow": b"shop/orders:1.0.0",
    b"ce-headracetask": b"/do/0/pr%C3%BCfen",
    b"ce-headraceattempt": b"2",
}


def test_binary_mode() -> None:
    data, context = read_event(BINARY, b'{"a": 1}')
    assert data == {"a": 1}
    assert context.invocation_id == "01H.4.2"
    assert (context.execution_id, context.run_id, context.attempt) == ("01H", 4, 2)
    assert (context.flow, context.task) == ("shop/orders:1.0.0", "/do/0/prüfen")
    assert context.headers["ce-specversion"] == "1.0"


def test_structured_mode() -> None:
    event = {"specversion": "1.0", "id": "01H.4.2", "source": "/x", "type": "t", "subject": "01H"}
    event |= {"headraceflow": "f", "headracetask": "/do/0/a", "headraceattempt": 3, "data": [1]}
    headers = {b"content-type": b"application/cloudevents+json; charset=utf-8"}
    data, context = read_event(headers, json.dumps(event).encode())
    assert data == [1]
    assert (context.invocation_id, context.execution_id, context.attempt) == ("01H.4.2", "01H", 3)
    assert (context.flow, context.task) == ("f", "/do/0/a")


@pytest.mark.parametrize(
    ("content_type", "raw", "expected"),
    [
        ("application/json", b'{"a":1}', {"a": 1}),
        ("text/plain", b"hi", "hi"),
        ("image/png", b"\x89P", b"\x89P"),
        (None, b"\x00\x01", b"\x00\x01"),
    ],
)
def test_structured_mode_with_bytes(content_type: str | None, raw: bytes, expected: Any) -> None:
    event = {"specversion": "1.0", "id": "1", "source": "/x", "type": "t"}
    event["data_base64"] = base64.b64encode(raw).decode()
    if content_type:
        event["datacontenttype"] = content_type
    data, _ = read_event({b"content-type": b"application/cloudevents+json"}, json.dumps(event).encode())
    assert data == expected


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        (b"application/json", b"[1]", [1]),
        (b"application/json; charset=utf-8", b"[1]", [1]),
        (b"application/vnd.x+json", b"[1]", [1]),
        (b"", b"[1]", [1]),
        (b"application/x-www-form-urlencoded", b"[1]", [1]),
        (b"text/plain; charset=utf-8", "é".encode(), "é"),
        (b"application/octet-stream", b"\xff", b"\xff"),
        (b"application/json", b"", None),
    ],
)
def test_plain_posts_have_an_empty_context(content_type: bytes, body: bytes, expected: Any) -> None:
    data, context = read_event({b"content-type": content_type}, body)
    assert data == expected
    assert (context.invocation_id, context.execution_id, context.run_id) == ("", "", None)
    assert context.attempt == 1


@pytest.mark.parametrize(
    ("headers", "body", "status", "detail"),
    [
        ({}, b"{", 400, "not JSON"),
        (BINARY, b"nope", 400, "not JSON"),
        ({b"content-type": b"application/cloudevents+json"}, b"[]", 400, "JSON object"),
        (
            {b"content-type": b"application/cloudevents+json"},
            b"{}",
            400,
            "lacks specversion, id, source, type",
        ),
        (
            {b"content-type": b"application/cloudevents+json"},
            b'{"specversion":"1.0","id":"1","source":"s","type":"t","data_base64":"%"}',
            400,
            "not base64",
        ),
        ({b"content-type": b"application/cloudevents-batch+json"}, b"[]", 415, "batch"),
        ({b"content-type": b"application/cloudevents+avro"}, b"", 415, "not application/cloudevents.avro"),
    ],
)
def test_what_is_no_event_is_refused(
    headers: dict[bytes, bytes], body: bytes, status: int, detail: str
) -> None:
    with pytest.raises(FunctionError, match=detail) as caught:
        read_event(headers, body)
    assert caught.value.status == status


@pytest.mark.parametrize("text", [b"x", b"-1", b"", "²".encode()])
def test_an_attempt_that_is_no_number_counts_as_the_first(text: bytes) -> None:
    assert read_event({**BINARY, b"ce-headraceattempt": text}, b"1")[1].attempt == 1
