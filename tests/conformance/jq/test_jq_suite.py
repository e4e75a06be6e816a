"""jq's own test files, case by case.

The files come from jq's repository (tests/*.test); HEADRACE_JQ_TESTS_DIR names their directory.
A case is a program, its input and the expected outputs; after `%%FAIL` a program that must not
compile. KNOWN_DIFFERENCES lists what differs on purpose; an entry that passes must be removed.
"""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from headrace.errors import ExpressionError
from headrace.expr import ARGUMENT_NAMES, ExpressionSyntaxError, Limits, compile_expression
from headrace.expr.json_text import from_json
from headrace.expr.program import compile_jq
from headrace.expr.values import to_float

FILES = ("jq.test", "man.test", "base64.test", "uri.test", "onig.test")
DIRECTORY = Path(
    os.environ.get("HEADRACE_JQ_TESTS_DIR") or Path(__file__).parents[3].parent / "shared" / "jq"
)

_MODULES = "expressions have no modules"
_DECIMALS = "integers keep their literal precision, other numbers are doubles"
_WORLD = "expressions see their data only: no environment, no further input"

KNOWN_DIFFERENCES: dict[str, str] = {
    'import "a" as foo; import "b" as bar; def fooa: foo::a; [fooa, bar::a, bar::b, foo::a]': _MODULES,
    'import "c" as foo; [foo::a, foo::c]': _MODULES,
    'include "c"; [a, c]': _MODULES,
    'import "data" as $e; import "data" as $d; [$d[].this,$e[].that,$d::d[].this,$e::e[].that]|join(";")': (
        _MODULES
    ),
    'import "data" as $a; import "data" as $b; def f: {$a, $b}; f': _MODULES,
    'include "shadow1"; e': _MODULES,
    'include "shadow1"; include "shadow2"; e': _MODULES,
    'import "shadow1" as f; import "shadow2" as f; import "shadow1" as e; [e::e, f::e]': _MODULES,
    'import "test_bind_order" as check; check::check': _MODULES,
    "modulemeta": _MODULES,
    "modulemeta | .deps | length": _MODULES,
    "modulemeta | .defs | length": _MODULES,
    "-. | tojson == if have_decnum"
    ' then "0.12345678901234567890123456789" else "0.12345678901234568" end': _DECIMALS,
    '[1E+1000,-1E+1000 | tojson] == if have_decnum then ["1E+1000","-1E+1000"]'
    ' else ["1.7976931348623157e+308","-1.7976931348623157e+308"] end': _DECIMALS,
    '[1E+1000,-1E+1000 | abs | tojson] | unique == if have_decnum then ["1E+1000"]'
    ' else ["1.7976931348623157e+308"] end': _DECIMALS,
    '[1E+1000,-1E+1000 | length | tojson] | unique == if have_decnum then ["1E+1000"]'
    ' else ["1.7976931348623157e+308"] end': _DECIMALS,
    'map([., . == 1]) | tojson == if have_decnum then "[[1,true],[1.000,true],[1.0,true],[1.00,true]]"'
    ' else "[[1,true],[1,true],[1,true],[1,true]]" end': _DECIMALS,
    "try input catch .": _WORLD,
    "$ENV.PAGER": _WORLD,
    "env.PAGER": _WORLD,
    '[match(".+?\\\\b")]': "Python's word boundary does not count combining characters as letters",
}


@dataclass(frozen=True)
class Case:
    """One case; `outputs` is None when the program must not compile."""

    name: str
    program: str
    data: str
    outputs: tuple[str, ...] | None


def read_cases(path: Path) -> list[Case]:
    """Return the cases of one file."""
    cases = []
    lines = iter(enumerate(path.read_text(encoding="utf-8").split("\n"), 1))

    def is_text(line: str) -> bool:
        return bool(line.strip()) and not line.lstrip().startswith("#")

    for number, line in lines:
        if not is_text(line):
            continue
        name = f"{path.name}:{number}"
        if line.startswith("%%FAIL"):
            _, program = next(lines)
            for _, rest in lines:
                if not rest.strip():
                    break
            cases.append(Case(name, program, "", None))
            continue
        _, data = next(lines)
        outputs = []
        for _, rest in lines:
            if not rest.strip():
                break
            if is_text(rest):
                outputs.append(rest)
        cases.append(Case(name, line, data, tuple(outputs)))
    return cases


def same(a: Any, b: Any) -> bool:
    """Tell whether two outputs are equal as jq's test runner compares them: numbers as doubles."""
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        x, y = _clamped(a), _clamped(b)
        return x == y or (math.isnan(x) and math.isnan(y))
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    # Written as JSON, NaN is null.
    if a is None or b is None:
        other = b if a is None else a
        return other is None or (isinstance(other, float) and math.isnan(other))
    return bool(a == b)


def _clamped(number: int | float) -> float:
    return max(min(to_float(number), 1.7976931348623157e308), -1.7976931348623157e308)


def problem_with(case: Case) -> str | None:
    """Return what is wrong with a case; None if it passes."""
    if case.outputs is None:
        try:
            compile_expression(case.program)
        except ExpressionSyntaxError:
            return None
        return "it compiles"
    outputs: list[Any] = []
    problem = None
    try:
        expression = compile_jq(case.program, ARGUMENT_NAMES, Limits(time_ms=20_000))
        outputs.extend(expression.stream(from_json(case.data), {}))
    except ExpressionSyntaxError as error:
        return f"does not compile: {error}"
    except ExpressionError as error:
        # jq's files list the outputs before a runtime error, not the error.
        problem = f"{type(error).__name__}: {error}, after "
    expected = [from_json(text) for text in case.outputs]
    if not same(outputs, expected):
        shown = json.dumps(outputs)[:500]
        return problem + shown if problem else f"gives {shown}, not {json.dumps(expected)[:500]}"
    return None


def all_cases() -> list[Case]:
    """Return the cases of all files that are there."""
    return [case for name in FILES if (DIRECTORY / name).exists() for case in read_cases(DIRECTORY / name)]


CASES = all_cases()


def test_the_files_are_there() -> None:
    missing = [name for name in FILES if not (DIRECTORY / name).exists()]
    if missing and "CI" not in os.environ:
        pytest.skip(f"jq's test files {missing} are not in {DIRECTORY}; set HEADRACE_JQ_TESTS_DIR")
    assert not missing
    assert len(CASES) > 700


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    problem = problem_with(case)
    reason = KNOWN_DIFFERENCES.get(case.program)
    if reason is None:
        assert problem is None, f"{case.program}\non {case.data}\n{problem}"
    else:
        assert problem is not None, f"this passes now; remove it from KNOWN_DIFFERENCES: {case.program}"


def test_every_known_difference_names_a_case() -> None:
    if CASES:
        programs = {case.program for case in CASES}
        assert not set(KNOWN_DIFFERENCES) - programs
