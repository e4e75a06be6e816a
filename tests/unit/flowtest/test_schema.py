"""The JSON Schema for editors says what the reader says."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from headrace.flowtest import read_tests
from headrace.flowtest.schema import schema_text
from headrace.spec.parse import parse

ROOT = Path(__file__).parents[3]
VALIDATOR = jsonschema_rs.validator_for(json.loads(schema_text()))

GOOD = """\
flow: ../config/flowapp.yaml
mocks: {a: {output: 1}, b: [{error: 503, delay: PT1S, retryable: false}, {result: 2, times: any}]}
real: functions
cases:
  one:
    event: {type: t, extension: 1}
    mocks: {c: {iterations: [{compute: .}, [{never: true}, {output: null, when: .a}]]}}
    publish: [{event: {type: t}, at: {hours: 2}}, {event: {type: u}, when: wait}]
    expect:
      error: {type: timeout, extra: 1}
      path: {contains: [a], never: [b]}
      calls: {a: 0, b: {times: 2, with: 1}, c: [{matches: {}, assert: [.a]}]}
      events: {contains: [{type: t}]}
      duration: {min: PT1S, max: {seconds: 2}}
  two: {trigger: {name: t, request: {method: GET, query: {a: 1}}}, expect: {output: null, duration: PT0S}}
"""
BAD = [
    "{}",
    "cases: {}",
    "cases: {a: {inptu: 1}}",
    "cases: {a: {mocks: {x: {}}}}",
    "cases: {a: {mocks: {x: {output: 1, error: 404}}}}",
    "cases: {a: {mocks: {x: {iterations: 1}}}}",
    "cases: {a: {publish: [{at: PT1S}]}}",
    "cases: {a: {expect: {status: done}}}",
    "cases: {a: {expect: {calls: {x: -1}}}}",
    "cases: {a: {id: 'a b'}}",
]


@pytest.mark.parametrize("text", [GOOD, *BAD])
def test_schema_and_reader_agree(text: str) -> None:
    source, _ = parse(text, "a.test.yaml")
    assert source is not None
    tests, problems = read_tests(text, "a.test.yaml")
    assert VALIDATOR.is_valid(source.data) == (tests is not None), (
        problems,
        list(VALIDATOR.iter_errors(source.data)),
    )
    assert (text in BAD) == (tests is None)


def test_tests_of_the_example_are_valid() -> None:
    files = list((ROOT / "examples").glob("*/tests/*.test.yaml"))
    assert files
    for file in files:
        source, _ = parse(file.read_text(), str(file))
        assert source is not None
        assert VALIDATOR.is_valid(source.data), list(VALIDATOR.iter_errors(source.data))
