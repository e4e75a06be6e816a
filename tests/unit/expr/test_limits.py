"""Every expression ends: by its result, or by ExpressionLimitError, soon and without a crash."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest

from headrace.errors import ExpressionError, ExpressionLimitError
from headrace.expr import Limits, compile_expression, compile_value

# Generous, for slow machines; without limits these take minutes, years, or all memory.
SOON_SECONDS = 8.0
DOUBLED = " | ".join(["[., .]"] * 60)


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


def nested_object(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {"a": value}
    return value


@pytest.mark.parametrize(
    ("source", "data"),
    [
        ("[range(1e9)]", None),
        ('"x" * 1e9', None),
        ("[limit(1e9; repeat(1))]", None),
        ("def f: f; f", None),
        ("def f: 1 + f; f", None),
        ("def f: f, f; f", None),
        ("def f: [f]; f", None),
        ("def f: def g: f; g; f", None),
        ("last(range(1e12))", None),
        ("[.[] | .[] | .[]]", [[[1] * 1000] * 1000] * 1000),
        (DOUBLED, 1),
        (DOUBLED + " | tojson", 1),
        (DOUBLED + " | @json", 1),
        (DOUBLED + ' | "\\(.)"', 1),
        (DOUBLED + " | flatten", 1),
        (DOUBLED + " | [..]", 1),
        (DOUBLED + " | [paths]", 1),
        (DOUBLED + " | walk(.)", 1),
        (DOUBLED + " | [tostream]", 1),
        (DOUBLED + " | del(..)", 1),
        (" | ".join([". + ."] * 60), "ab"),
        (" | ".join([". + ."] * 60), [1]),
        ("setpath([1e9]; 1)", None),
        (".[1e9] = 1", None),
        ("reduce range(1e7) as $i ([]; . + [$i])", None),
        ('reduce range(100) as $i ("a"; . + .)', None),
        ("until(false; . + 1)", 0),
        ("[while(true; . + 1)]", 0),
        ("first(repeat(empty))", None),
        ("[recurse(.)]", 0),
        ("[range(1e5) | [range(1e5)]]", None),
        ("[combinations]", [list(range(10))] * 9),
        ("transpose", [[0] * 100_000] + [[0]] * 1000),
        ("IN(range(1e12))", -1),
        ("any(range(1e12); . < 0)", None),
        ('"["*100000 | fromjson', None),
        ('join(",")', ["x" * 1_000_000] * 100),
        ('test("(a+)+b")', "a" * 5000),
        ('test("(a|aa)+b")', "a" * 100),
        ('test("(?:a?){50}a{50}")', "a" * 50),
        ('test("a*a*a*a*b")', "a" * 5000),
        ('test("(x+x+)+y")', "x" * 50),
        ('[splits("a")]', "a" * 2_000_000),
        ('"ab" * 100000000', None),
    ],
)
def test_runaway_expressions_hit_a_limit_soon(source: str, data: Any) -> None:
    expression = compile_expression(source)
    started = time.perf_counter()
    with pytest.raises(ExpressionLimitError):
        expression.evaluate(data, {})
    assert time.perf_counter() - started < SOON_SECONDS


@pytest.mark.parametrize(
    "source",
    [
        ".",
        "tojson",
        '"\\(.)"',
        ". == .",
        ". < [.]",
        "sort",
        "unique",
        "[..] | length",
        "[paths] | length",
        "flatten",
        "walk(.)",
        "[tostream] | length",
        "[recurse(.[])] | length",
        "del(..)",
        "contains([])",
        "map(.)",
        ".a",
        ".[0][0][0]",
        "error",
        "add",
        "getpath([range(9000) | 0])",
        ". + 1",
        "@json",
        "@base64",
        "tostring",
        "{a: .}",
        ".. |= .",
        "[.[]?] | length",
        "to_entries",
    ],
)
@pytest.mark.parametrize("data", [nested(10_000), nested_object(10_000)], ids=["arrays", "objects"])
def test_deep_data_gives_a_result_or_an_expression_error(source: str, data: Any) -> None:
    with contextlib.suppress(ExpressionError):
        compile_expression(source).evaluate(data, {})


def test_shared_data_compares_in_no_time() -> None:
    assert compile_expression(f"({DOUBLED}) as $a | ({DOUBLED}) as $b | [$a == $b, $a < $b]").evaluate(
        1, {}
    ) == [
        True,
        False,
    ]
    doubled = " | ".join(["{a: ., b: .}"] * 60)
    assert compile_expression(f"({doubled}) as $a | ($a * $a) == $a").evaluate({}, {}) is True
    assert (
        compile_expression(f"({DOUBLED}) as $a | ({DOUBLED}) as $b | $a | contains($b)").evaluate(1, {})
        is True
    )


@pytest.mark.parametrize("depth", [50, 100])
def test_recursion_within_reason_works(depth: int) -> None:
    source = "def sum: if . <= 0 then 0 else . + (. - 1 | sum) end; sum"
    assert compile_expression(source).evaluate(depth, {}) == depth * (depth + 1) // 2


def test_recursion_in_tail_position_takes_no_depth() -> None:
    source = "def count: if . >= 50000 then . else . + 1 | count end; count"
    assert compile_expression(source).evaluate(0, {}) == 50_000


def test_depth_is_a_limit_of_its_own() -> None:
    expression = compile_expression(
        "def f: if . > 30 then 0 else 1 + (. + 1 | f) end; f", limits=Limits(depth=10)
    )
    with pytest.raises(ExpressionLimitError, match="10 deep"):
        expression.evaluate(0, {})


def test_each_evaluation_has_its_own_budget() -> None:
    expression = compile_expression("[range(900)] | length", limits=Limits(steps=1000))
    for _ in range(5):
        assert expression.evaluate(None, {}) == 900
    with pytest.raises(ExpressionLimitError, match="1000 steps"):
        compile_expression("[range(1100)]", limits=Limits(steps=1000)).evaluate(None, {})


def test_time_is_checked() -> None:
    expression = compile_expression("[range(1e6)] | length", limits=Limits(steps=10**9, time_ms=5))
    with pytest.raises(ExpressionLimitError, match="5 ms"):
        expression.evaluate(None, {})


def test_limit_errors_cannot_be_caught_by_the_expression() -> None:
    with pytest.raises(ExpressionLimitError):
        compile_expression("try [range(1e9)] catch 1").evaluate(None, {})


def test_results_and_texts_are_bounded() -> None:
    small = Limits(output_bytes=100)
    for source in ("[range(60)]", '"abc" * 50', "[limit(60; repeat(1))]", "{a: [range(60)]}"):
        with pytest.raises(ExpressionLimitError, match="limit of 100 bytes"):
            compile_expression(source, limits=small).evaluate(None, {})
    with pytest.raises(ExpressionLimitError):
        compile_value("x ${ .a } ${ .a }", limits=small).evaluate({"a": "y" * 60}, {})


@pytest.mark.parametrize(
    "source", ["(" * 5000 + "1" + ")" * 5000, "-" * 20000 + "1", "[" * 5000, '"\\(' * 3000]
)
def test_deeply_nested_programs_do_not_compile(source: str) -> None:
    with pytest.raises(ExpressionError):
        compile_expression(source)


def test_long_flat_programs_compile() -> None:
    assert compile_expression(", ".join(["1"] * 3000)).evaluate(None, {}) == [1] * 3000
