"""Compiles what stands after `as`: variables, destructuring, and `?//` alternatives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from headrace.expr import syntax as s
from headrace.expr.access import index
from headrace.expr.codes import Env, Fn, Scope
from headrace.expr.compile_core import Compiler
from headrace.expr.json_text import described
from headrace.expr.limits import RaisedError

# From (source value, dot, env) to every env that the pattern gives.
Binder = Callable[[Any, Any, Env], Iterator[Env]]


@dataclass(frozen=True)
class CompiledPatterns:
    """The patterns of one `as`; `simple` when it is a single variable. `scope` is the body's."""

    scope: Scope
    simple: bool
    binders: tuple[Binder, ...]
    width: int

    def environments(self, x: Any, dot: Any, env: Env) -> Iterator[Env]:
        """Give the environments for one value; with `?//`, of the first pattern that fits."""
        if self.simple:
            yield (*env, x)
            return
        blank = env + (None,) * self.width
        for binder in self.binders[:-1]:
            try:
                found = list(binder(x, dot, blank))
            except RaisedError:
                continue
            yield from found
            return
        yield from self.binders[-1](x, dot, blank)

    def loop(self, source: Fn, body: Fn, look: Callable[[Any], Any]) -> Fn:
        """`source as patterns | body` over functions to iterators.

        With `?//`, an error of the body goes on to the next pattern too.
        """
        if self.simple:

            def run_simple(item: Any, env: Env) -> Iterator[Any]:
                budget = env[0]
                for x in source(look(item), env):
                    budget.left -= 1
                    if budget.left < 0:
                        budget.refill()
                    yield from body(item, (*env, x))

            return run_simple
        last = len(self.binders) - 1

        def run(item: Any, env: Env) -> Iterator[Any]:
            blank = env + (None,) * self.width
            dot = look(item)
            for x in source(dot, env):
                env[0].charge(1)
                for position, binder in enumerate(self.binders):
                    try:
                        for inner in binder(x, dot, blank):
                            yield from body(item, inner)
                        break
                    except RaisedError:
                        if position == last:
                            raise

        return run


def compile_patterns(c: Compiler, patterns: tuple[s.Pattern, ...], scope: Scope) -> CompiledPatterns:
    """Compile the patterns; every variable of any alternative is in scope, null where unset."""
    first = patterns[0]
    if len(patterns) == 1 and isinstance(first, s.PatternVariable):
        return CompiledPatterns(scope.with_variables(first.name), True, (), 1)
    names = list(dict.fromkeys(name for pattern in patterns for name in _names(pattern)))
    inner = scope.with_variables(*names)
    binders = tuple(_binder(c, pattern, inner) for pattern in patterns)
    return CompiledPatterns(inner, False, binders, len(names))


def _names(pattern: s.Pattern) -> Iterator[str]:
    match pattern:
        case s.PatternVariable(name):
            yield name
        case s.PatternArray(items):
            for item in items:
                yield from _names(item)
        case s.PatternObject(entries):
            for _, bound, inner in entries:
                if bound is not None:
                    yield bound
                if inner is not None:
                    yield from _names(inner)


def _binder(c: Compiler, pattern: s.Pattern, scope: Scope) -> Binder:
    match pattern:
        case s.PatternVariable(name):
            return _variable(scope.variables[name])
        case s.PatternArray(items):
            steps = [_step(_constant(at), None, _binder(c, item, scope)) for at, item in enumerate(items)]
            return _chain(steps)
        case s.PatternObject(entries):
            steps = []
            for key, bound, inner in entries:
                slot = None if bound is None else scope.variables[bound]
                binder = None if inner is None else _binder(c, inner, scope)
                steps.append(_step(_string_key(c.compile_many(key, scope)), slot, binder))
            return _chain(steps)
    raise AssertionError(pattern)


def _constant(key: int) -> Fn:
    return lambda v, env: iter((key,))


def _string_key(keys: Fn) -> Fn:
    def run(v: Any, env: Env) -> Iterator[Any]:
        for key in keys(v, env):
            if type(key) is not str:
                raise RaisedError(f"Cannot use {described(key)} as object key")
            yield key

    return run


def _set(env: Env, slot: int, x: Any) -> Env:
    return (*env[:slot], x, *env[slot + 1 :])


def _variable(slot: int) -> Binder:
    def bind(x: Any, dot: Any, env: Env) -> Iterator[Env]:
        yield _set(env, slot, x)

    return bind


def _step(keys: Fn, slot: int | None, inner: Binder | None) -> Binder:
    """Bind one entry: look the key up, then set the variable, then match the inner pattern."""

    def bind(x: Any, dot: Any, env: Env) -> Iterator[Env]:
        for key in keys(dot, env):
            env[0].charge(1)
            part = index(x, key)
            found = env if slot is None else _set(env, slot, part)
            if inner is None:
                yield found
            else:
                yield from inner(part, dot, found)

    return bind


def _chain(steps: list[Binder]) -> Binder:
    def bind(x: Any, dot: Any, env: Env) -> Iterator[Env]:
        def run(position: int, env: Env) -> Iterator[Env]:
            if position == len(steps):
                yield env
                return
            for found in steps[position](x, dot, env):
                yield from run(position + 1, found)

        return run(0, env)

    return bind
