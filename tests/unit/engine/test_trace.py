"""Trace context: what is accepted, and that ids are derived, so that they survive a restart."""

from __future__ import annotations

import pytest

from headrace.engine.state import Codec, Execution
from headrace.engine.trace import accepted, run_identity, span_of, trace_of, traceparent

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
GIVEN = f"00-{TRACE}-00f067aa0ba902b7-01"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (GIVEN, GIVEN),
        (f" {GIVEN} ", GIVEN),
        (f"cc-{TRACE}-00f067aa0ba902b7-01-what-comes-later", GIVEN),
        (f"00-{TRACE}-00f067aa0ba902b7-00", f"00-{TRACE}-00f067aa0ba902b7-00"),
        (None, None),
        ("", None),
        (GIVEN + "-more", None),
        (GIVEN.upper(), None),
        (f"ff-{TRACE}-00f067aa0ba902b7-01", None),
        (f"00-{'0' * 32}-00f067aa0ba902b7-01", None),
        (f"00-{TRACE}-{'0' * 16}-01", None),
        (f"00-{TRACE}-00f067aa0ba902b7", None),
        ("00-\n", None),
    ],
)
def test_a_traceparent_is_accepted_or_ignored(given: str | None, expected: str | None) -> None:
    assert accepted(given) == expected


def test_an_execution_belongs_to_the_trace_that_was_given_or_has_one_of_its_own() -> None:
    assert trace_of("x1", GIVEN) == (TRACE, "00f067aa0ba902b7", True)
    assert trace_of("x1", GIVEN[:-2] + "00") == (TRACE, "00f067aa0ba902b7", False)
    own, parent, sampled = trace_of("x1", None)
    assert (own, parent, sampled) == (trace_of("x1", None)[0], None, True)
    assert own != trace_of("x2", None)[0]
    assert len(own) == 32


def test_spans_of_what_is_different_are_different() -> None:
    identities = ["x1", run_identity("x1", 1), run_identity("x1", 2), "x1.1.1", "x1.1.2"]
    assert run_identity("x1", 0) == "x1"
    assert len({span_of(identity) for identity in identities}) == len(identities)
    assert traceparent("x1", GIVEN, "x1.1.1") == f"00-{TRACE}-{span_of('x1.1.1')}-01"
    assert traceparent("x1", GIVEN[:-2] + "00", "x1.1.1").endswith("-00")


def test_the_state_keeps_the_trace_and_older_states_have_none() -> None:
    execution = Execution(
        "x1",
        namespace="default",
        name="orders",
        workflow_version="1.0.0",
        definition_digest="sha256:0",
        input=None,
        created_at=1.0,
        trace=GIVEN,
    )
    codec = Codec()
    data, large = codec.dump(execution)
    assert codec.load(data, large).trace == GIVEN
    execution.trace = None
    data, large = codec.dump(execution)
    older = data.replace(b'"full",null]', b'"full"]')
    assert older != data
    loaded = codec.load(older, large)
    assert (loaded.trace, loaded.history) == (None, "full")
