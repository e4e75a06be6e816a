"""The CloudEvents codec against the official SDK, and what it refuses."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent
from hypothesis import given
from hypothesis import strategies as st

from headrace.api.cloudevent import BATCH, STRUCTURED, checked, read_events
from headrace.api.problem import Problem

TEXT = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), max_codepoint=0x1FFFF), min_size=1, max_size=20
).filter(lambda text: text == text.strip() and '"' not in text)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
EXTENSION = st.from_regex(r"ext[a-z0-9]{1,10}", fullmatch=True)


@given(
    id=TEXT,
    source=TEXT,
    subject=st.none() | TEXT,
    time=st.datetimes(min_value=datetime(1970, 1, 2), timezones=st.just(UTC)),
    extensions=st.dictionaries(EXTENSION, TEXT, max_size=3),
    data=st.dictionaries(st.text(max_size=5), JSON, max_size=3),  # the SDK writes no other JSON
)
def test_what_the_official_sdk_sends_is_read(
    id: str, source: str, subject: str | None, time: datetime, extensions: dict[str, str], data: Any
) -> None:
    attributes: dict[str, Any] = {
        "specversion": "1.0", "type": "com.example", "id": id, "source": source,
        "datacontenttype": "application/json", **extensions,
    }  # fmt: skip
    if subject is not None:
        attributes["subject"] = subject
    attributes["time"] = time
    sent = CloudEvent(dict(attributes), data)
    for message in (to_binary_event(sent), to_structured_event(sent)):
        headers = {name.lower(): value for name, value in message.headers.items()}
        [event] = read_events(headers, message.body)
        assert event.pop("data") == data
        assert datetime.fromisoformat(event.pop("time")) == time
        assert event == {name: value for name, value in attributes.items() if name != "time"}


@pytest.mark.parametrize(
    ("content_type", "body", "expected"),
    [
        ("text/plain", b"hello", {"data": "hello"}),
        ("text/plain; charset=latin-1", "é".encode("latin-1"), {"data": "é"}),
        ("application/xml", b"<a/>", {"data": "<a/>"}),
        ("image/png", b"\x89PNG", {"data_base64": base64.b64encode(b"\x89PNG").decode()}),
        ("text/plain", b"\xff", {"data_base64": base64.b64encode(b"\xff").decode()}),
        ("application/vnd.x+json", b"[1]", {"data": [1]}),
        ("", b"[1]", {"data": [1]}),
        ("application/json", b"", {}),
        ("application/json", b"null", {"data": None}),
    ],
)
def test_binary_mode_keeps_data_of_every_kind(
    content_type: str, body: bytes, expected: dict[str, Any]
) -> None:
    headers = {
        "ce-specversion": "1.0", "ce-id": "1", "ce-source": "/s", "ce-type": "t",
        "content-type": content_type,
    }  # fmt: skip
    [event] = read_events(headers, body)
    assert {name: event[name] for name in ("data", "data_base64") if name in event} == expected


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
        ('"a \\"quoted\\" text"', 'a "quoted" text'),
        ("100%", "100%"),
        ("%2525", "%25"),
    ],
)
def test_header_values_are_unquoted_and_decoded_once(header: str, value: str) -> None:
    [event] = read_events({"ce-specversion": "1.0", "ce-id": header, "ce-source": "/s", "ce-type": "t"}, b"")
    assert event["id"] == value


def _event(**changes: Any) -> dict[str, Any]:
    return {"specversion": "1.0", "id": "1", "source": "/s", "type": "t", **changes}


@pytest.mark.parametrize(
    ("event", "pointer"),
    [
        (_event(specversion="0.3"), "/specversion"),
        (_event(id=""), "/id"),
        (_event(id=7), "/id"),
        (_event(source=None), "/source"),
        (_event(time="yesterday"), "/time"),
        (_event(time="2026-02-30T00:00:00Z"), "/time"),
        (_event(subject=""), "/subject"),
        (_event(dataschema="relative"), "/dataschema"),
        (_event(UPPER="x"), "/UPPER"),
        (_event(**{"with-dash": "x"}), "/with-dash"),
        (_event(number=2**31), "/number"),
        (_event(number=1.5), "/number"),
        (_event(list=[]), "/list"),
        (_event(control="a\nb"), "/control"),
        (_event(data=1, data_base64="AA=="), "/data_base64"),
        (_event(data_base64="***"), "/data_base64"),
        (_event(data_base64=7), "/data_base64"),
    ],
)
def test_what_is_not_allowed_is_told_with_its_place(event: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Problem) as refused:
        checked(event, "")
    assert (refused.value.status, refused.value.code, refused.value.pointer) == (400, "bad-event", pointer)
    with pytest.raises(Problem) as refused:
        read_events({"content-type": BATCH}, json.dumps([_event(), event]).encode())
    assert refused.value.pointer == "/1" + pointer


@pytest.mark.parametrize(
    "event",
    [
        _event(time="2026-01-31T10:00:00Z"),
        _event(time="2026-01-31t10:00:00.123456789+02:00"),
        _event(time="2016-12-31T23:59:60Z"),
        _event(ext1=True, ext2=-(2**31), ext3="ü"),
        _event(data=None),
        _event(data_base64="AA=="),
        _event(datacontenttype="text/plain", data="x"),
    ],
)
def test_what_is_allowed_is_kept_as_it_is(event: dict[str, Any]) -> None:
    assert read_events({"content-type": f"{STRUCTURED}; charset=utf-8"}, json.dumps(event).encode()) == [
        event
    ]
