"""Values of documents with expressions in them."""

from __future__ import annotations

from typing import Any

import pytest

from headrace.errors import ExpressionError, ExpressionLimitError
from headrace.expr import (
    ExpressionSyntaxError,
    compile_condition,
    compile_runtime_expression,
    compile_value,
    is_expression,
)

DATA = {"name": "Ada", "n": 3, "list": [{"name": "x"}, {"name": "y"}], "none": None, "yes": True}


def render(value: Any, **options: Any) -> Any:
    return compile_value(value, **options).evaluate(DATA, {"context": {"c": 7}})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("${ .name }", "Ada"),
        ("${.n}", 3),
        ("  ${ .list }  ", DATA["list"]),
        ("${ $context.c + .n }", 10),
        ("Hello ${ .name }!", "Hello Ada!"),
        ("${ .n }${ .n }", "33"),
        ("a ${ .none } b", "a  b"),
        ("${ .yes } ${ .list[0] } ${ [1.5] }", 'true {"name":"x"} [1.5]'),
        ("no ${ empty }thing", "no thing"),
        ('${ .list | map("-\\(.name)") | join("\\n") }', "-x\n-y"),
        ('${ "}" } and ${ {a: "}{"} | .a }', "} and }{"),
        ("${ {a: {b: 1}} }", {"a": {"b": 1}}),
        ('${ "a\\"}" }', 'a"}'),
        ("${ 1 # } a comment\n}", 1),
        ('${ "\\("x" + "}")" }!', "x}!"),
        ({"a": ["${ .n }", 1, {"b": "<${ .n }>"}], "c": None}, {"a": [3, 1, {"b": "<3>"}], "c": None}),
        ("price: $5 {not} one", "price: $5 {not} one"),
    ],
)
def test_strict_mode(value: Any, expected: Any) -> None:
    assert render(value) == expected


def test_a_value_without_expressions_is_constant_and_the_same_object() -> None:
    value = {"a": [1, "text", {"b": None}]}
    template = compile_value(value)
    assert template.constant
    assert template.evaluate(DATA, {}) is value
    assert not compile_value({"a": "${ .n }"}).constant


def test_free_variables_of_all_parts_together() -> None:
    template = compile_value({"a": "${ $input.x }", "b": ["x ${ $context.y }"]})
    assert template.free_variables == {"input", "context"}


@pytest.mark.parametrize(
    "value", ["${ .a | }", "x ${ .a ", "x ${ 1 + } y", {"a": ["${ foo }"]}, "${ $nope }"]
)
def test_strict_mode_reports_what_does_not_compile(value: Any) -> None:
    with pytest.raises(ExpressionSyntaxError):
        compile_value(value)


def test_the_offset_counts_from_the_start_of_the_text() -> None:
    with pytest.raises(ExpressionSyntaxError) as caught:
        compile_value("ab ${ foo }")
    assert caught.value.offset == len("ab ${ ")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (".name", "Ada"),
        ("${ .n }", 3),
        ("hello there", "hello there"),
        ("https://example.com/a", "https://example.com/a"),
        (".name | keys", ".name | keys"),
        ("", ""),
        ("x ${ .n }", "x 3"),
        ("x ${ .n ", "x ${ .n "),
        ("${ .n | }", "${ .n | }"),
        ("x ${ .n.a }", "x ${ .n.a }"),
    ],
)
def test_loose_mode_tries_every_text(value: str, expected: Any) -> None:
    assert render(value, mode="loose") == expected


def test_loose_mode_does_not_hide_limits() -> None:
    with pytest.raises(ExpressionLimitError):
        render("[range(1e9)]", mode="loose")


def test_errors_of_expressions_come_through() -> None:
    with pytest.raises(ExpressionError, match="Cannot index"):
        render("x ${ .n.a }")


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("${ .a }", True),
        (" ${.a} ", True),
        ("${ .a } x", False),
        ("x", False),
        ("${ .a } ${ .b }", False),
        ('${ "}" }', True),
        ("${ {a: 1} }", True),
        ("${ .a", False),
        (".a", False),
        ("${}", True),
    ],
)
def test_is_expression(text: str, whole: bool) -> None:
    assert is_expression(text) is whole


@pytest.mark.parametrize("source", [".n > 2", "${ .n > 2 }", " ${.n > 2} "])
def test_conditions_take_both_forms(source: str) -> None:
    assert compile_condition(source).test(DATA, {}) is True


@pytest.mark.parametrize(
    ("source", "truth"),
    [
        ("0", True),
        ('""', True),
        ("null", False),
        ("false", False),
        ("empty", False),
        ("[]", True),
        (".none", False),
    ],
)
def test_conditions_have_the_truth_of_jq(source: str, truth: bool) -> None:
    assert compile_condition(source).test(DATA, {}) is truth


@pytest.mark.parametrize("source", [".list | length", "${ .list | length }"])
def test_runtime_expressions_take_both_forms(source: str) -> None:
    assert compile_runtime_expression(source).evaluate(DATA, {}) == 2
