"""Runtime expressions: jq (and JSONata) compiled to Python closures, with budgets. Pure.

An expression is compiled once per definition and evaluated many times. It sees its data and its
variables and nothing else: no environment, no further input, no clock but the one it is given
(`variables["__now"]`, epoch seconds, is what `now` returns; without it `now` is an error). It never
changes its data, but results may share parts with it: treat both as immutable.

Results follow the workflow DSL: no output is None, one output is itself, several are their list.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any, Literal

from headrace.expr.jsonata import compile_jsonata
from headrace.expr.limits import ExpressionSyntaxError, Limits, RaisedError
from headrace.expr.port import Expression
from headrace.expr.program import CLOCK_VARIABLE, compile_jq
from headrace.expr.template import Template, build, is_expression, unwrap
from headrace.expr.uri_template import expand_uri_template

__all__ = [
    "ARGUMENT_NAMES",
    "CLOCK_VARIABLE",
    "Expression",
    "ExpressionSyntaxError",
    "Limits",
    "RaisedError",
    "Template",
    "compile_condition",
    "compile_expression",
    "compile_runtime_expression",
    "compile_value",
    "expand_uri_template",
    "is_expression",
]

# dsl.md, "Runtime expression arguments".
ARGUMENT_NAMES = frozenset(
    {"context", "input", "output", "secrets", "authorization", "task", "workflow", "runtime"}
)
_DEFAULT_LIMITS = Limits()


def compile_expression(
    source: str,
    *,
    language: str = "jq",
    variables: Collection[str] = ARGUMENT_NAMES,
    limits: Limits = _DEFAULT_LIMITS,
) -> Expression:
    """Compile a bare expression (no `${ }`). `variables` are the names it may use, without `$`.

    Raises ExpressionSyntaxError, whose message names the place and the remedy.
    """
    return _compile(source, language, frozenset(variables), limits)


# Documents repeat expressions, and a definition is compiled again after each restart.
@lru_cache(maxsize=1024)
def _compile(source: str, language: str, variables: frozenset[str], limits: Limits) -> Expression:
    if language == "jq":
        return compile_jq(source, variables, limits)
    if language == "jsonata":
        return compile_jsonata(source, variables, limits)
    raise ExpressionSyntaxError(f"the expression language {language!r} is not known; use jq or jsonata")


def compile_runtime_expression(
    source: str,
    *,
    language: str = "jq",
    variables: Collection[str] = ARGUMENT_NAMES,
    limits: Limits = _DEFAULT_LIMITS,
) -> Expression:
    """Compile a property that is always an expression: bare, or in `${ }`.

    Raises ExpressionSyntaxError.
    """
    return _compile(unwrap(source, language), language, frozenset(variables), limits)


def compile_condition(
    source: str,
    *,
    language: str = "jq",
    variables: Collection[str] = ARGUMENT_NAMES,
    limits: Limits = _DEFAULT_LIMITS,
) -> Expression:
    """Compile `if`, `when`, `while` and the like, bare or in `${ }`; ask with `.test(...)`.

    Raises ExpressionSyntaxError.
    """
    return compile_runtime_expression(source, language=language, variables=variables, limits=limits)


def compile_value(
    value: Any,
    *,
    language: str = "jq",
    mode: Literal["strict", "loose"] = "strict",
    variables: Collection[str] = ARGUMENT_NAMES,
    limits: Limits = _DEFAULT_LIMITS,
) -> Template:
    """Compile a JSON value in which strings may hold expressions.

    A string that is one `${ expr }` becomes the value of the expression, whatever its type. In
    `text ${ expr } text` the result is inserted: strings verbatim, null and no output as nothing,
    anything else as compact JSON. In loose mode every string is tried as an expression and stays a
    literal if it does not compile or evaluate. Raises ExpressionSyntaxError.
    """
    known = frozenset(variables)
    return build(value, lambda source: _compile(source, language, known, limits), language, mode, limits)
