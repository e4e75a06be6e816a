"""What is written reads back as the same data."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headrace.spec.parse import parse
from headrace.spec.write import as_text

TEXTS = st.text(max_size=8) | st.sampled_from(
    [
        "1e3",
        "0o14",
        "0x1F",
        "1_000",
        "no",
        "on",
        "Null",
        "~",
        "2026-01-31",
        "- a",
        "a: b",
        "#",
        "&x",
        "*y",
        "!",
        "<<",
    ]
)
INTEGERS = st.integers(-(2**63), 2**63 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=5), VALUES, min_size=1, max_size=3))
def test_any_data_reads_back(data: dict[str, Any]) -> None:
    source, problems = parse(as_text(data, ["a comment", "of two\nlines"]), "saved.test.yaml")
    assert source is not None, problems
    assert source.data == data


@pytest.mark.parametrize(
    "text", ["1e3", "0o14", "12e03", ".5", "+1", ".inf", "~", "null", "True", "2026-01-31"]
)
def test_text_that_yaml_would_read_otherwise_stays_text(text: str) -> None:
    source, _ = parse(as_text({"a": text, text: 1}), "saved.test.yaml")
    assert source is not None
    assert source.data == {"a": text, text: 1}


def test_comments_stand_above() -> None:
    assert as_text({"a": 1}, ["one", "two\nthree"]).startswith("# one\n# two\n# three\n")
