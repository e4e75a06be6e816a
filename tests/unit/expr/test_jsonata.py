"""JSONata behind the same port, with the same limits and errors."""

from __future__ import annotations

import time
from typing import Any

import pytest

from headrace.errors import ExpressionError, ExpressionLimitError
from headrace.expr import ExpressionSyntaxError, Limits, compile_condition, compile_expression, compile_value


def evaluate(source: str, data: Any = None, **variables: Any) -> Any:
    return compile_expression(source, language="jsonata").evaluate(data, variables)


def test_expressions_see_data_and_variables() -> None:
    data = {"items": [{"price": 2, "qty": 3}, {"price": 5, "qty": 1}]}
    assert evaluate("$sum(items.(price * qty))", data) == 11
    assert evaluate("$input.a + $context.b", None, input={"a": 1}, context={"b": 2}) == 3
    assert evaluate("missing", data) is None
    assert compile_expression("$input.a", language="jsonata").free_variables == {"input"}


def test_conditions_and_templates() -> None:
    condition = compile_condition("${ total > 100 and tier = 'gold' }", language="jsonata")
    assert condition.test({"total": 101, "tier": "gold"}, {}) is True
    template = compile_value({"a": "x ${ 'b}' & name } y", "b": "${ {'n': n} }"}, language="jsonata")
    assert template.evaluate({"name": "N", "n": 1}, {}) == {"a": "x b}N y", "b": {"n": 1}}


@pytest.mark.parametrize(
    "source",
    [
        '$eval("1")',
        '($f := $eval; $f("1"))',
        '"1" ~> $eval',
        '$map(["1"], $eval)',
        '/"/ ; $eval("1")',
        "$random()",
        "$shuffle([1])",
    ],
)
def test_what_would_run_text_or_depend_on_chance_is_refused(source: str) -> None:
    with pytest.raises(ExpressionSyntaxError):
        compile_expression(source, language="jsonata")


def test_unknown_variables_do_not_compile() -> None:
    with pytest.raises(ExpressionSyntaxError, match=r"\$nope is not defined"):
        compile_expression("$nope + 1", language="jsonata")
    assert evaluate("($x := 2; $x)") == 2


def test_time_comes_from_the_caller() -> None:
    assert evaluate("$now()", None, __now=0) == "1970-01-01T00:00:00.000Z"
    with pytest.raises(ExpressionError, match="not given"):
        evaluate("$millis()")


@pytest.mark.parametrize(
    "source",
    [
        "($f := function($x) { $f($x + 1) }; $f(1))",
        "($f := function($x) { 1 + $f($x) }; $f(1))",
        "[1..10000000]",
        "$sum([1..3000000])",
        '$match("' + "a" * 40 + '", /(a+)+b/)',
        "$pad('x', 100000000)",
    ],
)
def test_runaway_expressions_hit_a_limit_soon(source: str) -> None:
    started = time.perf_counter()
    with pytest.raises(ExpressionLimitError):
        evaluate(source)
    assert time.perf_counter() - started < 8


def test_limits_are_those_of_the_caller() -> None:
    with pytest.raises(ExpressionLimitError):
        compile_expression(
            "$map([1..1000], function($x) { $x + 1 })", language="jsonata", limits=Limits(steps=100)
        ).evaluate(None, {})


def test_errors_are_expression_errors() -> None:
    with pytest.raises(ExpressionSyntaxError):
        compile_expression("a +", language="jsonata")
    with pytest.raises(ExpressionError, match="boom"):
        evaluate('$error("boom")')
    with pytest.raises(ExpressionError):
        evaluate('1 + "a"')


def test_deep_data_does_not_crash() -> None:
    data: Any = []
    for _ in range(10_000):
        data = [data]
    with pytest.raises(ExpressionError):
        evaluate("$string($)", data)


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(ExpressionSyntaxError, match="'xpath'"):
        compile_expression("a", language="xpath")
