"""Compiled pieces of a program and the scope they are compiled in.

A piece is a Python closure over `(value, env)`. `env` is a tuple: the budget of the evaluation first,
then the values of the variables in scope. It is never changed, only extended, so a suspended
generator keeps the variables it saw.

How many outputs a piece has is known when it is compiled:

* ONE: the closure returns the output.
* OPTIONAL: it returns the output or NOTHING.
* MANY: it returns an iterator of outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from headrace.expr import syntax as s

Env = tuple[Any, ...]
Fn = Callable[[Any, Env], Any]

ONE: Final = 1
OPTIONAL: Final = 2
MANY: Final = 3


class _Nothing:
    __slots__ = ()

    def __repr__(self) -> str:
        return "NOTHING"


NOTHING: Final = _Nothing()


class Code:
    """A compiled piece. `constant` is its value when that is known, else NOTHING."""

    __slots__ = ("constant", "fn", "kind")

    def __init__(self, kind: int, fn: Fn, constant: Any = NOTHING) -> None:
        self.kind = kind
        self.fn = fn
        self.constant = constant


def constant(value: Any) -> Code:
    """Return the code of a constant."""
    return Code(ONE, lambda v, env: value, value)


def many(code: Code) -> Callable[[Any, Env], Iterator[Any]]:
    """Return the code as a function to an iterator of outputs."""
    fn = code.fn
    if code.kind == MANY:
        return fn
    if code.kind == ONE:

        def single(v: Any, env: Env) -> Iterator[Any]:
            yield fn(v, env)

        return single

    def optional(v: Any, env: Env) -> Iterator[Any]:
        out = fn(v, env)
        if out is not NOTHING:
            yield out

    return optional


@dataclass(eq=False)
class UserFunction:
    """A function defined in jq. `size` is the length of env where it is defined."""

    definition: s.Function
    scope: Scope
    size: int
    kind: int = MANY
    value_fn: Fn | None = None
    path_fn: Fn | None = None
    compiling: bool = False
    path_compiling: bool = False
    recursive: bool = False
    tail_called: bool = False


@dataclass(frozen=True)
class ClosureParameter:
    """A parameter that stands for an expression; env holds a Closure at `slot`."""

    slot: int


@dataclass(frozen=True)
class ValueParameter:
    """A `$parameter` called by its name without the dollar."""

    slot: int


@dataclass(frozen=True)
class Scope:
    """Names in scope, and the length of env there."""

    size: int
    variables: dict[str, int] = field(default_factory=dict)
    functions: dict[tuple[str, int], UserFunction | ClosureParameter | ValueParameter] = field(
        default_factory=dict
    )
    labels: dict[str, int] = field(default_factory=dict)

    def with_variables(self, *names: str) -> Scope:
        """Return the scope with variables added at the end of env."""
        added = {name: self.size + position for position, name in enumerate(names)}
        return Scope(self.size + len(names), {**self.variables, **added}, self.functions, self.labels)

    def with_label(self, name: str) -> Scope:
        """Return the scope with one label added at the end of env."""
        return Scope(self.size + 1, self.variables, self.functions, {**self.labels, name: self.size})

    def with_function(
        self, name: str, arity: int, function: UserFunction | ClosureParameter | ValueParameter
    ) -> Scope:
        """Return the scope with a function added; env stays as it is."""
        functions = {**self.functions, (name, arity): function}
        return Scope(self.size, self.variables, functions, self.labels)
