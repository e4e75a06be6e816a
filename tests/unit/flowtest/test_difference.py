"""How values differ."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.flowtest.difference import LINES_MAX, differences, path_difference

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("expected", "actual", "lines"),
    [
        ({"a": 1}, {"a": 2}, [".a: expected 1, got 2"]),
        ({"a": {"b c": [1]}}, {"a": {"b c": [2]}}, ['.a."b c"[0]: expected 1, got 2']),
        ({"a": 1}, {}, [".a: expected 1, is missing"]),
        ({}, {"a": 1}, [".a: not expected, is 1"]),
        ([1, 2], [1], ["[1]: expected 2, is missing"]),
        ([1], [1, 2], ["[1]: not expected, is 2"]),
        (1, True, [".: expected 1, got true"]),
        (1, 1.0, []),
        ("1", 1, ['.: expected "1", got 1']),
        (None, {}, [".: expected null, got {}"]),
    ],
)
def test_each_difference_has_its_place(expected: Any, actual: Any, lines: list[str]) -> None:
    assert differences(expected, actual) == lines


def test_in_part_objects_may_have_more_and_texts_may_be_patterns() -> None:
    actual = {"a": "R-0042", "b": 1, "c": [{"d": 1, "e": 2}]}
    assert differences({"a": r"/^R-\d+$/", "c": [{"d": 1}]}, actual, partly=True) == []
    assert differences({"a": "/^S/"}, actual, partly=True) == ['.a: expected "/^S/", got "R-0042"']
    assert differences({"c": []}, actual, partly=True) == ['.c[0]: not expected, is {"d": 1, "e": 2}']
    # Exactly, a text is only that text.
    assert differences("/a/", "a") == ['.: expected "/a/", got "a"']


def test_many_differences_are_counted() -> None:
    lines = differences(list(range(100)), list(range(1, 101)))
    assert len(lines) == LINES_MAX + 1
    assert lines[-1] == "… and 60 more differences"


@given(JSON)
def test_a_value_does_not_differ_from_itself(value: Any) -> None:
    assert differences(value, value) == []


@given(JSON, JSON)
def test_values_differ_just_when_they_are_not_equal(one: Any, other: Any) -> None:
    assert bool(differences(one, other)) == (not equal(one, other))


def equal(one: Any, other: Any) -> bool:
    """Compare as JSON does: true is not 1, and 1 is 1.0."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return (type(one) is type(other) and one == other) or (
        {type(one), type(other)} == {int, float} and one == other
    )


def test_paths_are_shown_as_one_list() -> None:
    assert path_difference(
        ["open", "price", "manual", "announce"], ["open", "price", "send", "announce"]
    ) == [
        "  open",
        "  price",
        "- manual",
        "+ send",
        "  announce",
    ]
