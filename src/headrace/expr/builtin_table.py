"""The registry of builtin functions, by (name, number of arguments).

SPECIAL builtins compile their arguments themselves; NATIVE ones are Python functions of values;
PATH ones give paths; the PRELUDE is written in jq.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from headrace.expr import syntax as s
from headrace.expr.codes import Code, Fn, Scope
from headrace.expr.compile_core import Compiler

Key = tuple[str, int]
Args = tuple[s.Node, ...]
SpecialHandler = Callable[[Compiler, Args, Scope], Code]
PathHandler = Callable[[Compiler, Args, Scope], Fn]

# What a native function takes before its own arguments.
PLAIN: Final = 0  # the input
LIMIT: Final = 1  # the output limit in bytes, then the input
BUDGET: Final = 2  # the input, then the budget


class Native(NamedTuple):
    """A Python function of values, and what it takes before its own arguments."""

    fn: Callable[..., Any]
    context: int


SPECIAL: dict[Key, SpecialHandler] = {}
NATIVE: dict[Key, Native] = {}
PATH: dict[Key, PathHandler] = {}
PRELUDE: dict[Key, s.Function] = {}

_NO_INPUT = "an expression has one input, its data"
_NO_HALT = "an expression cannot stop the process; use `error`"
_NO_ENV = "expressions do not see the environment; pass what is needed as data"
_NO_MODULES = "there are no modules here"

# Builtins of jq that an expression must not have, and why.
REFUSED: dict[str, str] = {
    "input": _NO_INPUT,
    "inputs": _NO_INPUT,
    "input_filename": _NO_INPUT,
    "input_line_number": _NO_INPUT,
    "halt": _NO_HALT,
    "halt_error": _NO_HALT,
    "env": _NO_ENV,
    "modulemeta": _NO_MODULES,
    "get_search_list": _NO_MODULES,
    "get_jq_origin": _NO_MODULES,
    "get_prog_origin": _NO_MODULES,
}


def special(name: str, arity: int) -> Callable[[SpecialHandler], SpecialHandler]:
    """Register a builtin that compiles its arguments itself."""

    def register(handler: SpecialHandler) -> SpecialHandler:
        SPECIAL[name, arity] = handler
        return handler

    return register


def special_path(name: str, arity: int) -> Callable[[PathHandler], PathHandler]:
    """Register the path form of a builtin."""

    def register(handler: PathHandler) -> PathHandler:
        PATH[name, arity] = handler
        return handler

    return register


def native(
    name: str, arity: int = 0, context: int = PLAIN
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a Python function of the input and `arity` argument values."""

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        NATIVE[name, arity] = Native(function, context)
        return function

    return register


def known_functions() -> set[Key]:
    """Return every builtin that an expression may call."""
    return {*SPECIAL, *NATIVE, *PRELUDE}
