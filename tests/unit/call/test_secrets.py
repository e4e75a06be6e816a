"""URLs in errors show no secrets, and header values no line breaks."""

from __future__ import annotations

import pytest

from headrace.call import CallError
from headrace.call.auth import Credentials
from headrace.call.client import parse_url, shown
from headrace.call.invocation import event_headers
from headrace.engine.commands import Invoke


@pytest.mark.parametrize(
    ("url", "as_shown"),
    [
        ("https://u:p@host:1/a/b?c=d#e", "https://host:1/a/b"),
        ("https://u@p@host", "https://host"),
        ("https://host?x=//u:p@y", "https://host"),
        ("https://host/a@b", "https://host/a@b"),
        ("no url at all?key=1", "no url at all"),
    ],
)
def test_urls_are_shown_without_secrets(url, as_shown):
    assert shown(url) == as_shown


@pytest.mark.parametrize(
    "url", ["", "x", "http://", "http://[::1", "http://a b/?k=s3cret", "http://h:99999/"]
)
def test_what_is_no_url_is_said_without_secrets(url):
    with pytest.raises(CallError) as raised:
        parse_url(url)
    assert "s3cret" not in str(raised.value.error)


def test_credentials_do_not_show_in_their_repr():
    assert "s3cret" not in repr(Credentials("Bearer", "s3cret"))


def test_values_of_events_cannot_break_a_line():
    call = Invoke(
        execution_id='a\r\nx: "1"', run_id=1, attempt=1, kind="function", flow="ü%", pointer="/do/0/\x7f😀",
        settings={"traceparent": "00-a\r\nb"},
    )  # fmt: skip
    headers = dict(event_headers(call))
    assert headers["ce-subject"] == "a%0D%0Ax:%20%221%22"
    assert headers["ce-headraceflow"] == "%C3%BC%25"
    assert headers["ce-headracetask"] == "/do/0/%7F%F0%9F%98%80"
    assert headers["traceparent"] == "00-a%0D%0Ab"
