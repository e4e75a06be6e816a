"""The compiler: from a tree to closures, one handler per kind of node.

Handlers register themselves: `@value(Node)` for outputs, `@path(Node)` for outputs with their paths.
A path handler gives a function from `((path, value), env)` to an iterator of such pairs; a path of
None marks a value that is not a part of the input.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import get_close_matches
from typing import Any, NoReturn

from headrace.errors import ExpressionError
from headrace.expr import syntax as s
from headrace.expr.codes import MANY, NOTHING, ONE, Code, Env, Fn, Scope, UserFunction, constant, many
from headrace.expr.lexer import fail
from headrace.expr.limits import Limits

ValueHandler = Callable[["Compiler", Any, Scope], Code]
PathHandler = Callable[["Compiler", Any, Scope], Fn]

_DOLLAR_NAME = re.compile(r"\$\s*([a-zA-Z_][a-zA-Z_0-9]*)")

_VALUE: dict[type[s.Node], ValueHandler] = {}
_PATH: dict[type[s.Node], PathHandler] = {}


def value(kind: type[s.Node]) -> Callable[[ValueHandler], ValueHandler]:
    """Register the handler that compiles nodes of a kind to their outputs."""

    def register(handler: ValueHandler) -> ValueHandler:
        _VALUE[kind] = handler
        return handler

    return register


def path(kind: type[s.Node]) -> Callable[[PathHandler], PathHandler]:
    """Register the handler that compiles nodes of a kind to outputs with paths."""

    def register(handler: PathHandler) -> PathHandler:
        _PATH[kind] = handler
        return handler

    return register


class Compiler:
    """Compiles one program. `uses_budget` tells whether evaluations need a Budget."""

    def __init__(self, source: str, limits: Limits, known_variables: frozenset[str]) -> None:
        self.source = source
        self.limits = limits
        self.known_variables = known_variables
        self.uses_budget = False
        self.uses_clock = False
        # Global variables that occur in the text get a place in every env; used ones are noted.
        mentioned = set(_DOLLAR_NAME.findall(source))
        self.globals = [name for name in sorted(known_variables) if name in mentioned]
        self.used_variables: set[str] = set()
        self.prelude: dict[tuple[str, int], UserFunction] = {}
        self.root = Scope(size=1 + len(self.globals))
        # The function whose body is compiled and whose tail position the next node is in.
        self.tail: UserFunction | None = None
        self.attempts = 0

    def fail(self, offset: int, problem: str) -> NoReturn:
        """Raise ExpressionSyntaxError at a place of the source."""
        fail(self.source, offset, problem)

    def compile(self, node: s.Node, scope: Scope, tail: UserFunction | None = None) -> Code:
        """Compile a node to its outputs."""
        self.tail = tail
        code = _VALUE[type(node)](self, node, scope)
        if code.kind == MANY:
            self.uses_budget = True
        return code

    def compile_many(self, node: s.Node, scope: Scope) -> Fn:
        """Compile a node to a function to an iterator of outputs."""
        return many(self.compile(node, scope))

    def compile_path(self, node: s.Node, scope: Scope) -> Fn:
        """Compile a node to outputs with paths; nodes that give no paths mark them as None."""
        self.uses_budget = True
        handler = _PATH.get(type(node))
        if handler is not None:
            return handler(self, node, scope)
        return self.without_path(self.compile(node, scope))

    def without_path(self, code: Code) -> Fn:
        """Make a path function of code that does not point into the input."""
        outputs = many(code)

        def run(pv: tuple[Any, Any], env: Env) -> Iterator[tuple[Any, Any]]:
            where, v = pv
            for out in outputs(v, env):
                # jq lets a value through that is the very input, e.g. `. as $x | $x`.
                yield (where if out is v else None), out

        return run

    def global_slot(self, node: s.Variable) -> int:
        """Return where env holds a global variable; raises ExpressionSyntaxError if there is none."""
        name = node.name
        if name in self.known_variables:
            self.used_variables.add(name)
            return 1 + self.globals.index(name)
        if name == "ENV":
            self.fail(node.offset, "`$ENV` is refused: expressions do not see the environment;")
        known = ", ".join(f"${known}" for known in sorted(self.known_variables)) or "none"
        return self.fail(node.offset, f"${name} is not defined; the known variables are {known};")

    def suggest(self, name: str, known: set[str]) -> str:
        """Return `; did you mean x?` when something close is known."""
        close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
        return f"; did you mean `{close[0]}`?" if close else ""


def product(codes: list[Code], call: Callable[..., Any]) -> Code:
    """Apply `call` to every combination of outputs; the first argument changes fastest.

    `call` takes one value per code. Combinations of constants are computed at once.
    """
    if all(code.kind == ONE for code in codes):
        if all(code.constant is not NOTHING for code in codes):
            try:
                return constant(call(*(code.constant for code in codes)))
            except ExpressionError:
                pass  # it fails when it is evaluated, where `try` can catch it
        return Code(ONE, _direct([code.fn for code in codes], call))
    functions = [many(code) for code in codes]
    return Code(MANY, _combinations(functions, call))


def _direct(fns: list[Fn], call: Callable[..., Any]) -> Fn:
    # The last argument is evaluated first: its error is the one that jq reports.
    if len(fns) == 1:
        (first,) = fns
        return lambda v, env: call(first(v, env))
    if len(fns) == 2:
        first, second = fns

        def two(v: Any, env: Env) -> Any:
            b = second(v, env)
            return call(first(v, env), b)

        return two

    def several(v: Any, env: Env) -> Any:
        values = [fn(v, env) for fn in reversed(fns)]
        values.reverse()
        return call(*values)

    return several


def _combinations(functions: list[Fn], call: Callable[..., Any]) -> Fn:
    first = functions[0]
    if len(functions) == 1:

        def one(v: Any, env: Env) -> Iterator[Any]:
            for a in first(v, env):
                yield call(a)

        return one
    if len(functions) == 2:
        second = functions[1]

        def two(v: Any, env: Env) -> Iterator[Any]:
            budget = env[0]
            for b in second(v, env):
                for a in first(v, env):
                    budget.left -= 1
                    if budget.left < 0:
                        budget.refill()
                    yield call(a, b)

        return two

    def several(v: Any, env: Env) -> Iterator[Any]:
        budget = env[0]

        def choose(position: int, chosen: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
            if position < 0:
                yield chosen
                return
            for item in functions[position](v, env):
                budget.charge(1)
                yield from choose(position - 1, (item, *chosen))

        for values in choose(len(functions) - 1, ()):
            yield call(*values)

    return several
