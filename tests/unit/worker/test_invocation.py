"""Items that are events, and errors that are kept in the text of an item's error."""

from __future__ import annotations

import pytest

from headrace.call.performer import CallError, call_error
from headrace.errors import WorkflowError
from headrace.queue.port import Failed, Leased
from headrace.worker.application import ERROR_CHARACTERS_MAX
from headrace.worker.invocation import (
    attempt_of,
    error_of,
    error_text,
    event_lines,
    is_event,
    is_invocation,
    outcome_of_error,
)

EVENT = {"ce-specversion": "1.0", "ce-id": "x.1.1", "ce-source": "/a", "ce-type": "t"}


def item(headers: dict[str, str] | None, attempt: int = 1) -> Leased:
    return Leased(
        id="it em",
        token=1,
        payload=b"1",
        attempt=attempt,
        expires_at=1.0,
        enqueued_at=0.0,
        headers=headers,
    )


def test_what_is_an_event() -> None:
    assert not is_event(item(None))
    assert not is_event(item({"traceparent": "00"}))
    assert not is_event(item({name: value for name, value in EVENT.items() if name != "ce-type"}))
    assert is_event(item(EVENT))
    assert not is_invocation(item(EVENT))
    assert is_invocation(item({**EVENT, "ce-type": "dev.headrace.function.invoke.v1"}))


def test_only_what_belongs_to_an_event_is_sent() -> None:
    headers = {
        **EVENT,
        "content-type": "application/json",
        "tracestate": "a=b",
        "headrace-reply-to": "secret",
        "authorization": "Bearer x",
        "ce-odd": "line\r\nbreak",
        "ce-bad\r\nname": "x",
    }
    assert event_lines(item(headers)).splitlines() == [
        "ce-specversion: 1.0",
        "ce-id: x.1.1",
        "ce-source: /a",
        "ce-type: t",
        "content-type: application/json",
        "tracestate: a=b",
        "ce-headraceattempt: 1",
    ]


def test_an_event_without_an_id_has_the_items() -> None:
    headers = {name: value for name, value in EVENT.items() if name != "ce-id"}
    assert "ce-id: it%20em" in event_lines(item(headers)).splitlines()


@pytest.mark.parametrize(("written", "attempt", "expected"), [("1", 3, 3), ("2", 1, 2), ("x", 2, 2)])
def test_attempts_of_flow_and_queue_are_counted_together(written: str, attempt: int, expected: int) -> None:
    assert attempt_of(item({**EVENT, "ce-headraceattempt": written}, attempt)) == expected


@pytest.mark.parametrize(
    "error",
    [
        WorkflowError(type="https://x.example/e", status=422),
        WorkflowError(
            type="https://x.example/e", status=422, title="No", detail="two\nlines", extensions={"order": [1]}
        ),
        WorkflowError.standard("timeout", title="Late", detail="{not JSON"),
    ],
)
def test_an_error_comes_back_as_it_was(error: WorkflowError) -> None:
    text = error_text(error)
    assert error_of(text) == error
    assert "\n" in text
    assert str(error.status) in text.split("\n")[0]


def test_an_error_that_is_too_long_keeps_what_matters() -> None:
    error = WorkflowError(
        type="https://x.example/e",
        status=500,
        title="t" * 9000,
        detail="d" * 9000,
        extensions={"rows": ["r" * 9000]},
    )
    outcome = outcome_of_error(item(EVENT), CallError(error, retryable=True))
    assert isinstance(outcome, Failed)
    assert len(outcome.error) <= ERROR_CHARACTERS_MAX
    kept = error_of(outcome.error)
    assert (kept.type, kept.status, kept.extensions) == (error.type, 500, None)
    assert (kept.detail or "").startswith("ddd")


def test_text_of_anybody_is_a_runtime_error() -> None:
    error = error_of("ValueError: no (shop.py:3)")
    assert (error.type.rpartition("/")[2], error.status) == ("runtime", 500)
    assert error.detail == "ValueError: no (shop.py:3)"
    assert error_of('{"a": 1}').detail == '{"a": 1}'


@pytest.mark.parametrize(("retryable", "final"), [(True, False), (False, True)])
def test_only_what_may_succeed_later_is_tried_again(retryable: bool, final: bool) -> None:
    outcome = outcome_of_error(item(EVENT), call_error("communication", "x", retryable=retryable))
    assert isinstance(outcome, Failed)
    assert outcome.final is final
