"""Test files: everything that is wrong with one is found at once, with its place."""

from __future__ import annotations

import pytest

from headrace.flowtest import CaseFile, read_tests


def problems_of(text: str) -> list[tuple[int, int, str]]:
    """Return line, column and code of every problem."""
    tests, problems = read_tests(text, "a.test.yaml")
    assert tests is None or not any(problem.severity == "error" for problem in problems)
    return [(problem.line, problem.column, problem.code) for problem in problems]


def read(text: str) -> CaseFile:
    tests, problems = read_tests(text, "a.test.yaml")
    assert tests is not None, problems
    return tests


def test_all_problems_are_found_at_once_with_their_places() -> None:
    text = """\
flow: ../flow.yaml
mock: {a: {output: 1}}
cases:
  first:
    input: 1
    event: {source: /x}
    mocks:
      a: {}
      b: {output: 1, error: 404}
      c: [{compute: ".a |"}]
      d: []
      e: {output: 1, delay: 5s, retryable: true}
      f: {iterations: {}}
    real: everything
    now: yesterday
    publish: [{event: {type: t}, at: PT1H, when: x}]
    expect:
      status: done
      error: 42
      matches: {a: "/(/"}
      path: open
      calls: {a: -1}
      duration: {max: soon}
"""
    assert problems_of(text) == [
        (2, 1, "unknown-property"),
        (6, 5, "exclusive-properties"),
        (6, 5, "missing-property"),
        (8, 7, "missing-property"),
        (9, 22, "exclusive-properties"),
        (10, 21, "expression"),
        (11, 10, "empty"),
        (12, 29, "duration"),
        (12, 33, "exclusive-properties"),
        (13, 23, "wrong-type"),
        (14, 11, "value"),
        (15, 10, "time"),
        (16, 44, "exclusive-properties"),
        (18, 15, "value"),
        (19, 14, "range"),
        (20, 20, "regex"),
        (21, 13, "wrong-type"),
        (22, 18, "range"),
        (23, 23, "duration"),
    ]


def test_a_misspelt_property_is_told_its_right_name() -> None:
    _, problems = read_tests("cases: {a: {expcet: {output: 1}}}", "a.test.yaml")
    assert [problem.remedy for problem in problems] == ["did you mean `expect`?"]


@pytest.mark.parametrize("text", ["", "[]", "cases: {}", "cases: [a]", "a: b: c", "cases:\n  x:\n  x:\n"])
def test_what_is_no_test_file_is_refused(text: str) -> None:
    assert problems_of(text)


def test_two_cases_of_one_name_are_a_problem() -> None:
    assert problems_of("cases:\n  a: {}\n  a: {}\n") == [(3, 3, "duplicate-key")]


def test_a_text_that_looks_like_an_expression_is_data_and_told_so() -> None:
    _, problems = read_tests("cases: {a: {mocks: {x: {output: {total: '${ .a }'}}}}}", "a.test.yaml")
    assert [(problem.severity, problem.code) for problem in problems] == [("warning", "literal")]
    assert "compute" in str(problems[0].remedy)


def test_what_the_file_says_goes_for_every_case_and_a_cases_own_comes_first() -> None:
    tests = read(
        """\
mocks: {a: {output: 1}, b: {output: 2}}
secrets: {x: {y: one}, z: two}
real: functions
now: 2026-01-01T00:00:00Z
cases:
  plain: {}
  own:
    mocks: {a: {output: 3}}
    secrets: {z: three}
    real: [b]
    now: 2026-01-02T00:00:00+01:00
"""
    )
    plain, own = tests.cases
    assert [(mock.task, mock.answers[0].value) for mock in plain.mocks] == [("a", 1), ("b", 2)]
    assert [(mock.task, mock.answers[0].value) for mock in own.mocks] == [("a", 3), ("a", 1), ("b", 2)]
    assert plain.secrets == {"x": {"y": "one"}, "z": "two"}
    assert own.secrets == {"x": {"y": "one"}, "z": "three"}
    assert (plain.real_functions, plain.real, own.real_functions, own.real) == (True, (), False, ("b",))
    assert own.now - plain.now == 23 * 3600


def test_ids_are_the_same_every_time_and_other_ones_for_other_cases() -> None:
    text = "cases: {a: {}, b: {}, c: {id: mine}}"
    first, second = read(text), read(text)
    ids = [case.execution_id for case in first.cases]
    assert ids == [case.execution_id for case in second.cases]
    assert len(set(ids)) == 3 and ids[2] == "mine"


def test_an_error_is_expected_by_a_short_name_or_a_status_and_faults() -> None:
    short, number, other = read(
        "cases: {a: {expect: {error: {type: timeout}}}, b: {expect: {error: 402}}, c: {}}"
    ).cases
    assert short.expect.error == {"type": "https://open-workflow-specification.org/spec/1.0.0/errors/timeout"}
    assert (short.expect.status, number.expect.status, other.expect.status) == (
        "faulted",
        "faulted",
        "completed",
    )
    assert number.expect.error == {"status": 402}
