"""What jq expressions give, by example; jq's own suite covers the language in full."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from headrace.errors import ExpressionError
from headrace.expr import ExpressionSyntaxError, compile_expression

DATA = {"a": {"b": [1, 2, 3]}, "name": "Ada", "n": 5, "none": None}


def evaluate(source: str, data: Any = None, **variables: Any) -> Any:
    return compile_expression(source).evaluate(data, variables)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (".", DATA),
        (".a.b[1]", 2),
        ('.["name"]', "Ada"),
        (".missing.deeper", None),
        (".a.b | map(. * 2) | add", 12),
        ('"\\(.name)-\\(.n)"', "Ada-5"),
        ('.n > 3 and .name == "Ada"', True),
        ("if .none then 1 else 2 end", 2),
        ('.none // "default"', "default"),
        ("{n, double: (.n * 2)}", {"n": 5, "double": 10}),
        ("[.a.b[] | select(. > 1)]", [2, 3]),
        ("reduce .a.b[] as $x (0; . + $x)", 6),
        ("[foreach .a.b[] as $x (0; . + $x)]", [1, 3, 6]),
        ('try error("x") catch .', "x"),
        (". as {a: {b: [$first]}, $n} | [$first, $n]", [1, 5]),
        ("def twice(f): f | f; .n | twice(. + 1)", 7),
        (".a.b |= map(. + 1) | .a", {"b": [2, 3, 4]}),
        ("to_entries | map(.key)", ["a", "name", "n", "none"]),
        ("keys", ["a", "n", "name", "none"]),
        ("del(.a, .none)", {"name": "Ada", "n": 5}),
        ("10 / 2", 5),
        ("1 / 4", 0.25),
        ("[.a.b | first, last]", [1, 3]),
    ],
)
def test_examples(source: str, expected: Any) -> None:
    assert evaluate(source, DATA) == expected


def test_no_output_is_none_one_is_itself_several_are_a_list() -> None:
    assert evaluate("empty") is None
    assert evaluate("[1]") == [1]
    assert evaluate(".[]", [7]) == 7
    assert evaluate(".[]", [7, 8]) == [7, 8]


def test_booleans_are_not_numbers() -> None:
    assert evaluate("[. == 1, . == true, [.] == [1], . < 2, . == 1.0]", True) == [
        False,
        True,
        False,
        True,
        False,
    ]
    assert evaluate(". == 1", True) is False
    assert evaluate(". != 0", False) is True
    assert evaluate("index(1)", [True, 1]) == 1
    assert evaluate("unique", [1, True, 0, False]) == [False, True, 0, 1]
    with pytest.raises(ExpressionError, match="cannot be added"):
        evaluate(". + 1", True)


def test_whole_results_are_integers() -> None:
    for source in ("10 / 2", "2.5 * 2", "9 | sqrt", "1.5 + 1.5", "3.7 | floor"):
        assert type(evaluate(source)) is int, source


def test_large_integers_pass_unchanged_but_are_computed_as_doubles() -> None:
    big = 13911860366432393
    assert evaluate(".", big) == big
    assert evaluate("tojson", [big]) == f"[{big}]"
    assert evaluate(". - 10", big) == 13911860366432382


def test_variables_are_what_the_caller_gives() -> None:
    expression = compile_expression("$input.a + $context.b")
    assert expression.free_variables == {"input", "context"}
    assert expression.evaluate(None, {"input": {"a": 1}, "context": {"b": 2}}) == 3
    assert evaluate("$output") is None


def test_several_outputs_of_a_variable_see_their_own_value() -> None:
    assert evaluate("[(1, 2) as $x | (10, 20) | . + $x]") == [11, 21, 12, 22]
    assert evaluate("def f(g): [g | g]; f((1, 2) as $x | . + $x)", 0) == [2, 3, 3, 4]


@pytest.mark.parametrize(
    "source",
    [
        ".a.b[0] = 9",
        ".a.b[] |= . + 1",
        "del(.a.b)",
        ".a.b += [4]",
        ".. |= .",
        'setpath(["a", "x"]; 1)',
        ".a.b |= sort",
        ".a * {c: 1}",
        "map_values(1)",
        "with_entries(.)",
        'delpaths([["a", "b", 0]])',
        'reduce range(3) as $i (.; .a["k\\($i)"] = $i)',
        "(.a.b[0], .a.b[1]) |= . + 1",
        "[.a.b, .a.b] | add",
        "[{x: 1}, .a] | add",
        "[.a, {x: 1}] | add",
        ".a.b | sort, reverse, unique",
    ],
)
def test_the_input_is_never_changed(source: str) -> None:
    data = copy.deepcopy(DATA)
    evaluate(source, data)
    assert data == DATA


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (". |= empty", None),
        (".a |= empty", {"b": 2}),
        ("select(.a) |= empty", None),
        ("(.a, .b) |= empty", {}),
    ],
)
def test_updates_without_output_delete(source: str, expected: Any) -> None:
    assert evaluate(source, {"a": 1, "b": 2}) == expected


def test_constants_are_not_shared_between_results() -> None:
    expression = compile_expression("{list: [1, {a: []}]}")
    expression.evaluate(None, {})["list"][1]["a"].append(1)
    assert expression.evaluate(None, {}) == {"list": [1, {"a": []}]}


def test_aliases_made_by_an_update_are_not_changed_later() -> None:
    assert evaluate('(.a, .b, .a.x) |= (if type == "object" then {x: .} else 1 end)', {"a": {"x": {}}}) == {
        "a": {"x": {"x": {"x": {}}}},
        "b": 1,
    }


@pytest.mark.parametrize(
    ("source", "offset", "words"),
    [
        (".a |", 4, "unexpected end"),
        (". +* 1", 3, "unexpected `*`"),
        ("$inptu.a", 0, "the known variables are $authorization"),
        ("mapp(.a)", 0, "did you mean `map`"),
        ("map(.a; .b)", 0, "takes 1 argument"),
        (".a | selct(.b)", 5, "did you mean `select`"),
        ("env.HOME", 0, "refused"),
        ("$ENV.HOME", 0, "refused"),
        ("input", 0, "refused"),
        ("[inputs]", 1, "refused"),
        ("halt", 0, "refused"),
        ("halt_error(1)", 0, "halt_error"),
        ("input_filename", 0, "refused"),
        ("get_search_list", 0, "refused"),
        ('import "a" as a; 1', 0, "modules"),
        ('include "a"; 1', 0, "modules"),
        ("break $x", 0, "label"),
        ('"abc', 0, "closing quote"),
        ("(1", 2, "`)`"),
        ("1 < 2 < 3", 6, "parentheses"),
        ("{(1): 2}", 1, "string"),
        ("", 0, "unexpected"),
        ("if 1 then 2", 11, "`end`"),
    ],
)
def test_what_does_not_compile_says_where_and_why(source: str, offset: int, words: str) -> None:
    with pytest.raises(ExpressionSyntaxError) as caught:
        compile_expression(source)
    assert caught.value.offset == offset
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 | .a", 'Cannot index number with string "a"'),
        ("{} + 1", "object ({}) and number (1) cannot be added"),
        ('"x" - 1', 'string ("x") and number (1) cannot be subtracted'),
        ("null | keys", "null (null) has no keys"),
        ("1 | .[]", "Cannot iterate over number (1)"),
        ('error("boom")', "boom"),
        ("error({a: 1})", '{"a":1}'),
        ("path(1 + 1)", "Invalid path expression with result 2"),
    ],
)
def test_errors_have_the_words_of_jq(source: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(source)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("source", "data", "expected"),
    [
        ("reduce .[] as $x ([]; . + [$x])", [1, 2], [1, 2]),
        ("reduce .[] as $x (null; . + [$x])", [1, 2], [1, 2]),
        ("reduce .[] as $x (.; . + [$x])", [1, 2], [1, 2, 1, 2]),
        ("reduce .[] as $x (.[0]; . + $x)", [[1], [2]], [1, 1, 2]),
        ("reduce .[] as $x (null; . + $x)", [[1], [2], [3]], [1, 2, 3]),
        ("reduce .[] as $x (null; . + $x)", [{"a": 1}, {"b": 2}, {"a": 3}], {"a": 3, "b": 2}),
        ('reduce .[] as $x ({}; .["\\($x)"] += 1)', [1, 2, 1], {"1": 2, "2": 1}),
        ("reduce .[] as $x ({}; .[$x.k] = $x | .n += 1)", [{"k": "a"}], {"a": {"k": "a"}, "n": 1}),
        ("reduce .[] as $x (null; .[$x] = [$x])", [2, 0], [[0], None, [2]]),
        ("reduce .[] as $x (.; .[$x] = 9)", [1, 0], [9, 9]),
        ("reduce .[] as $x (0; . + $x)", [1, 2.5], 3.5),
        ("[reduce .[] as $x ([]; . + [$x]), .]", [1], [[1], [1]]),
        ("[.[] as $y | reduce .[] as $x ([]; . + [$x, $y])]", [1, 2], [[1, 1, 2, 1], [1, 2, 2, 2]]),
    ],
)
def test_folds_that_grow_a_container(source: str, data: Any, expected: Any) -> None:
    before = copy.deepcopy(data)
    assert evaluate(source, data) == expected
    assert data == before


def test_growing_a_container_takes_linear_time() -> None:
    source = 'reduce range(60000) as $i ({}; .["k\\($i)"] = $i) | length'
    assert evaluate(source) == 60_000
    assert evaluate("reduce range(60000) as $i ([]; . + [$i]) | length") == 60_000


def test_now_comes_from_the_caller() -> None:
    assert evaluate("now | todate", None, __now=0) == "1970-01-01T00:00:00Z"
    with pytest.raises(ExpressionError, match="not given"):
        evaluate("now")


def test_debug_passes_its_input_on() -> None:
    assert evaluate('debug | stderr | debug("x")', 1) == 1
