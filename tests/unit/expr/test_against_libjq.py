"""Random programs over random data give what libjq gives: outputs, errors and their messages."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headrace.errors import ExpressionError, ExpressionLimitError
from headrace.expr import Limits
from headrace.expr.program import compile_jq

jq = pytest.importorskip("jq")

# The same programs on every run: a failure belongs to the change that brought it.
SETTINGS = settings(
    max_examples=400, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck)
)

NAMES = ("a", "b", "c")
numbers = st.one_of(st.integers(-5, 12), st.sampled_from([0.5, -1.5, 2.25, 1e3, 12345]))
texts = st.sampled_from(["", "a", "b", "ab", "a,b", "x y", "10", "é☆", 'q"\\', "aXbX", "null"])
scalars = st.one_of(st.none(), st.booleans(), numbers, texts)
data = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from([*NAMES, "key", "value", "x y"]), inner, max_size=3),
    ),
    max_leaves=12,
)

literals = st.sampled_from(
    ["null", "true", "false", "0", "1", "2", "-1", "3.5", '"a"', '"b"', '"ab"', '""', '","', "[]", "{}"]
)
paths = st.sampled_from(
    [
        ".",
        ".a",
        ".b",
        ".a.b",
        ".[0]",
        ".[-1]",
        ".[1:]",
        ".[:2]",
        ".[]",
        ".[]?",
        ".a?",
        '.["a"]',
        ".a[0]",
        "..",
        ".a[]",
        ".[1]?",
        ".[.a]?",
        "first(.[])",
        "limit(2; .[])",
        "(.a, .b)",
        "(.a // .b)",
        "(.[] | select(. != null))",
        'getpath(["a", "b"])',
        "(if .a? then .a else .b end)",
        "recurse",
    ]
)
builtins = st.sampled_from(
    [
        "length",
        "keys",
        "not",
        "add",
        "any",
        "all",
        "sort",
        "unique",
        "reverse",
        "min",
        "max",
        "type",
        "tostring",
        "tojson",
        "tonumber",
        "floor",
        "sqrt",
        "flatten",
        "to_entries",
        "from_entries",
        "first",
        "last",
        "values",
        "nulls",
        "numbers",
        "strings",
        "arrays",
        "objects",
        "scalars",
        "iterables",
        "abs",
        "ascii_downcase",
        "ascii_upcase",
        "explode",
        "implode",
        "trim",
        "ltrim",
        "rtrim",
        "transpose",
        "fromjson",
        "@text",
        "@json",
        "@csv",
        "@tsv",
        "@html",
        "@uri",
        "@sh",
        "@base64",
        "error",
        "tostream",
        "paths",
        "utf8bytelength",
        "toboolean",
        "isempty(.[])",
        "keys_unsorted",
        "empty",
        "combinations",
        "ceil",
        "round",
        "isnan",
        "isfinite",
        "isnormal",
        "[limit(3; .[])]",
        "booleans",
        "map_values(empty)",
        "with_entries(.)",
        "walk(.)",
        "@urid",
        "getpath([])",
    ]
)
functions = st.sampled_from(
    [
        "map({})",
        "select({})",
        "has({})",
        "join({})",
        "split({})",
        "startswith({})",
        "endswith({})",
        "ltrimstr({})",
        "rtrimstr({})",
        "trimstr({})",
        "contains({})",
        "inside({})",
        "index({})",
        "rindex({})",
        "indices({})",
        "sort_by({})",
        "group_by({})",
        "unique_by({})",
        "min_by({})",
        "max_by({})",
        "path({})",
        "del({})",
        "map_values({})",
        "any({})",
        "all({})",
        "[limit(5; range({}))]",
        "[limit(3; {})]",
        "first({})",
        "[last({})]",
        "isempty({})",
        "add({})",
        "flatten({})",
        "IN({})",
        "[paths({})]",
        "error({})",
        "pick({})",
        "with_entries({})",
        "walk({})",
        "to_entries | map({})",
        "[limit(9; recurse({}; . != null))] | length",
        "in({})",
        "skip(1; {})",
        "nth(1; {})",
        "until(true; {})",
        "[splits({})]",
        "test({})",
        'sub({}; "z")',
        "bsearch({})",
        'gsub({}; "z")',
        "[scan({})]",
        "[match({})]",
        "ascii_downcase | {}",
        "getpath({})",
        "delpaths({})",
        "pow({}; 2)",
        'setpath(["a"]; {})',
        "INDEX({})",
        "tojson | {}",
        "[.[]? | {}]",
        "{}?",
        "-({})",
    ]
)
operators = st.sampled_from(
    ["+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "and", "or", "//", "|", ",", "|"]
)
assignments = st.sampled_from(["=", "|=", "+=", "-=", "*=", "//="])


def combine(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda f, x: f.format(x), functions, inner),
        st.builds(lambda a, op, b: f"({a} {op} {b})", inner, operators, inner),
        st.builds(lambda p, op, b: f"({p} {op} {b})", paths, assignments, inner),
        st.builds(lambda a: f"[{a}]", inner),
        st.builds(lambda a, b: f'{{a: {a}, ("b", "c"): {b}}}', inner, inner),
        st.builds(lambda a, b: f'{{a: ({a}), "x\\({b})": 1}}', inner, inner),
        st.builds(lambda a, b: f'"-\\({a})-\\({b})"', inner, inner),
        st.builds(lambda a: f'(try {a} catch "caught")', inner),
        st.builds(lambda a, b, c: f"(if {a} then {b} else {c} end)", inner, inner, inner),
        st.builds(lambda a, b: f"({a} as $x | {b} | [., $x])", inner, inner),
        st.builds(lambda a, b: f"({a} as [$x, {{a: $y}}] | {b} | [$x, $y])", inner, inner),
        st.builds(lambda a, b: f"[{a} as [$x] ?// {{$y}} | {b} | [$x, $y]]", inner, inner),
        st.builds(lambda a, b: f"(reduce ({a}) as $x (0; . + $x | {b}))", inner, inner),
        st.builds(lambda a, b: f"([foreach ({a}) as $x (0; [., $x]; {b})])", inner, inner),
        st.builds(lambda a, b: f"(label $f | {a} | ., break $f, {b})", inner, inner),
        st.builds(lambda a, b: f"(def f(g): g | {a}; f({b}))", inner, inner),
        st.builds(lambda a, b: f"(def f($v): [$v, .]; f({a}) | {b})", inner, inner),
        st.builds(lambda a, b: f".[({a}):({b})]", inner, inner),
    )


programs = st.recursive(st.one_of(literals, paths, builtins), combine, max_leaves=6)


def of_libjq(program: str, value: Any) -> tuple[list[Any], str | None] | None:
    """Return outputs and error; None if the program does not compile."""
    try:
        compiled = jq.compile(program)
    except ValueError:
        return None
    outputs: list[Any] = []
    try:
        outputs.extend(compiled.input_value(value))
    except ValueError as error:
        return outputs, str(error)
    return outputs, None


def ours(program: str, value: Any) -> tuple[list[Any], str | None]:
    """Return outputs and error."""
    outputs: list[Any] = []
    try:
        outputs.extend(compile_jq(program, (), Limits(time_ms=20_000)).stream(value, {}))
    except ExpressionError as error:
        if isinstance(error, ExpressionLimitError):
            raise
        return outputs, str(error)
    return outputs, None


def plain(value: Any) -> Any:
    """Return a value as it comes through JSON: NaN as null, numbers as doubles."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, float)):
        number = float(value)
        if math.isnan(number):
            return None
        return max(min(number, 1.7976931348623157e308), -1.7976931348623157e308) + 0.0
    if isinstance(value, list):
        return [plain(part) for part in value]
    return {key: plain(part) for key, part in value.items()}


def comparable(message: str | None) -> str | None:
    """Return the part of a message that all releases of jq word alike."""
    if message is None:
        return None
    if message[:1] in ("{", "["):
        return "a value as error"
    # How much of a value is quoted has changed, and whether a key is.
    message = re.sub(r"^(Cannot index \w+ with \w+).*", r"\1", message, flags=re.DOTALL)
    message = re.sub(r"\(while parsing .*", "", message, flags=re.DOTALL)
    message = re.sub(r"(element|result|through) .*", r"\1", message, flags=re.DOTALL)
    return re.sub(r"\(.*?\)(?= [a-z]|$)", "()", message, flags=re.DOTALL).replace(" ", "")


def check(program: str, value: Any) -> None:
    """Compare the two on one program."""
    expected = of_libjq(program, value)
    if expected is None:
        return
    outputs, error = ours(program, value)
    shown = f"{program}\non {value!r}"
    assert plain(outputs) == plain(expected[0]), shown
    assert comparable(error) == comparable(expected[1]), shown


@SETTINGS
@given(programs, data)
def test_random_programs_behave_as_in_libjq(program: str, value: Any) -> None:
    check(program, value)


@SETTINGS
@given(paths, assignments, st.one_of(literals, paths), data)
def test_assignments_behave_as_in_libjq(target: str, op: str, right: str, value: Any) -> None:
    check(f"{target} {op} {right}", value)


@SETTINGS
@given(builtins, data)
def test_builtins_behave_as_in_libjq(builtin: str, value: Any) -> None:
    check(builtin, value)


@SETTINGS
@given(operators, data, data)
def test_operators_behave_as_in_libjq(op: str, left: Any, right: Any) -> None:
    check(f".[0] {op} .[1]", [left, right])
