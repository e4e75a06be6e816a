"""Builtins that steer generators: select, map, first, limit, range, until, any, path, ..."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from math import ceil, floor
from typing import Any

from headrace.expr import syntax as s
from headrace.expr.arithmetic import operators
from headrace.expr.builtin_table import Args, special, special_path
from headrace.expr.builtins_values import total
from headrace.expr.codes import MANY, NOTHING, ONE, OPTIONAL, Code, Env, Fn, Scope, many
from headrace.expr.compile_basic import map_outputs
from headrace.expr.compile_control import last_output, raise_value
from headrace.expr.compile_core import Compiler, product
from headrace.expr.compile_updates import modify
from headrace.expr.json_text import described
from headrace.expr.limits import Budget, RaisedError
from headrace.expr.values import compare, equal, from_float, is_number, to_float

_EACH = s.Iterate(s.Identity())


@special("empty", 0)
def _empty(c: Compiler, args: Args, scope: Scope) -> Code:
    return Code(OPTIONAL, lambda v, env: NOTHING)


@special_path("empty", 0)
def _empty_path(c: Compiler, args: Args, scope: Scope) -> Fn:
    return lambda pv, env: iter(())


@special("error", 0)
def _error(c: Compiler, args: Args, scope: Scope) -> Code:
    return Code(OPTIONAL, lambda v, env: raise_value(v))


@special("error", 1)
def _error_with(c: Compiler, args: Args, scope: Scope) -> Code:
    return map_outputs(c.compile(args[0], scope), raise_value)


@special("not", 0)
def _not(c: Compiler, args: Args, scope: Scope) -> Code:
    return Code(ONE, lambda v, env: v is None or v is False)


@special("debug", 0)
@special("stderr", 0)
def _pass(c: Compiler, args: Args, scope: Scope) -> Code:
    return Code(ONE, lambda v, env: v)


@special("debug", 1)
def _debug(c: Compiler, args: Args, scope: Scope) -> Code:
    messages = c.compile_many(args[0], scope)

    def run(v: Any, env: Env) -> Any:
        for _ in messages(v, env):
            pass
        return v

    return Code(ONE, run)


@special_path("debug", 0)
@special_path("stderr", 0)
def _pass_path(c: Compiler, args: Args, scope: Scope) -> Fn:
    return lambda pv, env: iter((pv,))


@special("select", 1)
def _select(c: Compiler, args: Args, scope: Scope) -> Code:
    test = c.compile(args[0], scope)
    if test.kind == ONE:
        f = test.fn

        def single(v: Any, env: Env) -> Any:
            x = f(v, env)
            return NOTHING if x is None or x is False else v

        return Code(OPTIONAL, single)
    return Code(MANY, _selected(many(test), lambda v: v))


def _selected(tests: Fn, look: Callable[[Any], Any]) -> Fn:
    def run(item: Any, env: Env) -> Iterator[Any]:
        for x in tests(look(item), env):
            if x is not None and x is not False:
                yield item

    return run


@special_path("select", 1)
def _select_path(c: Compiler, args: Args, scope: Scope) -> Fn:
    return _selected(c.compile_many(args[0], scope), lambda pv: pv[1])


@special("map", 1)
def _map(c: Compiler, args: Args, scope: Scope) -> Code:
    return c.compile(s.Array(s.Pipe(_EACH, args[0])), scope)


@special("map_values", 1)
def _map_values(c: Compiler, args: Args, scope: Scope) -> Code:
    return modify(c, _EACH, args[0], scope)


@special("recurse", 0)
def _recurse(c: Compiler, args: Args, scope: Scope) -> Code:
    return c.compile(s.Recurse(), scope)


@special_path("recurse", 0)
def _recurse_path(c: Compiler, args: Args, scope: Scope) -> Fn:
    return c.compile_path(s.Recurse(), scope)


@special("recurse", 1)
def _recurse_by(c: Compiler, args: Args, scope: Scope) -> Code:
    return Code(MANY, _recursion(c.compile_many(args[0], scope)))


@special_path("recurse", 1)
def _recurse_by_path(c: Compiler, args: Args, scope: Scope) -> Fn:
    return _recursion(c.compile_path(args[0], scope))


@special("recurse", 2)
def _recurse_while(c: Compiler, args: Args, scope: Scope) -> Code:
    return Code(MANY, _recursion(c.compile_many(_filtered(args), scope)))


@special_path("recurse", 2)
def _recurse_while_path(c: Compiler, args: Args, scope: Scope) -> Fn:
    return _recursion(c.compile_path(_filtered(args), scope))


def _filtered(args: Args) -> s.Node:
    return s.Pipe(args[0], s.Call("select", (args[1],), 0))


def _recursion(step: Fn) -> Fn:
    """The value, then the same for every output of `step`; on a stack of its own, not Python's."""

    def run(item: Any, env: Env) -> Iterator[Any]:
        budget: Budget = env[0]
        yield item
        stack = [step(item, env)]
        while stack:
            below = next(stack[-1], NOTHING)
            if below is NOTHING:
                stack.pop()
                continue
            budget.charge(1)
            yield below
            stack.append(step(below, env))

    return run


@special("repeat", 1)
def _repeat(c: Compiler, args: Args, scope: Scope) -> Code:
    body = c.compile_many(args[0], scope)

    def run(v: Any, env: Env) -> Iterator[Any]:
        while True:
            env[0].charge(1)
            yield from body(v, env)

    return Code(MANY, run)


@special("while", 2)
def _while(c: Compiler, args: Args, scope: Scope) -> Code:
    test, update = c.compile(args[0], scope), c.compile(args[1], scope)
    if test.kind != ONE or update.kind != ONE:
        return c.compile(_general_while(args), scope)
    f, g = test.fn, update.fn

    def run(v: Any, env: Env) -> Iterator[Any]:
        while (x := f(v, env)) is not None and x is not False:
            env[0].charge(1)
            yield v
            v = g(v, env)

    return Code(MANY, run)


def _general_while(args: Args) -> s.Node:
    """`def loop: if test then ., (update | loop) else empty end; loop`, keeping the names apart."""
    again = s.Call("*loop", (), 0)
    body = s.If(args[0], s.Comma(s.Identity(), s.Pipe(args[1], again)), s.Call("empty", (), 0))
    return s.Define(s.Function("*loop", (), body), again)


@special("until", 2)
def _until(c: Compiler, args: Args, scope: Scope) -> Code:
    test, update = c.compile(args[0], scope), c.compile(args[1], scope)
    if test.kind != ONE or update.kind != ONE:
        again = s.Call("*loop", (), 0)
        body = s.If(args[0], s.Identity(), s.Pipe(args[1], again))
        return c.compile(s.Define(s.Function("*loop", (), body), again), scope)
    c.uses_budget = True
    f, g = test.fn, update.fn

    def run(v: Any, env: Env) -> Any:
        while (x := f(v, env)) is None or x is False:
            env[0].charge(1)
            v = g(v, env)
        return v

    return Code(ONE, run)


# Taking some of the outputs: the same for values and for paths.


@special("first", 1)
def _first(c: Compiler, args: Args, scope: Scope) -> Code:
    code = c.compile(args[0], scope)
    if code.kind != MANY:
        return code
    f = code.fn
    return Code(OPTIONAL, lambda v, env: next(f(v, env), NOTHING))


@special_path("first", 1)
def _first_path(c: Compiler, args: Args, scope: Scope) -> Fn:
    body = c.compile_path(args[0], scope)
    return lambda pv, env: islice(body(pv, env), 1)


@special("last", 1)
def _last(c: Compiler, args: Args, scope: Scope) -> Code:
    return Code(MANY, _last_of(c.compile_many(args[0], scope)))


@special_path("last", 1)
def _last_path(c: Compiler, args: Args, scope: Scope) -> Fn:
    return _last_of(c.compile_path(args[0], scope))


def _last_of(body: Fn) -> Fn:
    def run(item: Any, env: Env) -> Iterator[Any]:
        last = last_output(body(item, env))
        if last is not NOTHING:
            yield last

    return run


def _counted(
    counts: Fn, body: Fn, take: Callable[[Any, Any, Env, Fn], Iterator[Any]], look: Callable[[Any], Any]
) -> Fn:
    def run(item: Any, env: Env) -> Iterator[Any]:
        for count in counts(look(item), env):
            env[0].charge(1)
            yield from take(count, item, env, body)

    return run


def _size(count: Any) -> int:
    return ceil(min(to_float(count), 2.0**53))


def _limit(count: Any, item: Any, env: Env, body: Fn) -> Iterator[Any]:
    if compare(count, 0) > 0:
        if not is_number(count):
            raise RaisedError(f"{described(count)} and number (1) cannot be subtracted")
        return islice(body(item, env), _size(count))
    if equal(count, 0):
        return iter(())
    raise RaisedError("limit doesn't support negative count")


def _skip(count: Any, item: Any, env: Env, body: Fn) -> Iterator[Any]:
    if compare(count, 0) > 0:
        if not is_number(count):
            raise RaisedError(f"{described(count)} and number (1) cannot be subtracted")
        return islice(body(item, env), floor(min(to_float(count), 2.0**53)), None)
    if equal(count, 0):
        return body(item, env)  # type: ignore[no-any-return]
    raise RaisedError("skip doesn't support negative count")


def _nth(count: Any, item: Any, env: Env, body: Fn) -> Iterator[Any]:
    if compare(count, 0) < 0:
        raise RaisedError("nth doesn't support negative indices")
    return islice(_skip(count, item, env, body), 1)


def _register_counted(name: str, take: Callable[[Any, Any, Env, Fn], Iterator[Any]]) -> None:
    @special(name, 2)
    def outputs(c: Compiler, args: Args, scope: Scope) -> Code:
        counts, body = c.compile_many(args[0], scope), c.compile_many(args[1], scope)
        return Code(MANY, _counted(counts, body, take, lambda v: v))

    @special_path(name, 2)
    def paths(c: Compiler, args: Args, scope: Scope) -> Fn:
        counts, body = c.compile_many(args[0], scope), c.compile_path(args[1], scope)
        return _counted(counts, body, take, lambda pv: pv[1])


for _name, _take in (("limit", _limit), ("skip", _skip), ("nth", _nth)):
    _register_counted(_name, _take)


# Counting


@special("range", 1)
def _range_to(c: Compiler, args: Args, scope: Scope) -> Code:
    return _ranges(c, (s.Literal(0), args[0], s.Literal(1)), scope, plain=True)


@special("range", 2)
def _range_from(c: Compiler, args: Args, scope: Scope) -> Code:
    return _ranges(c, (*args, s.Literal(1)), scope, plain=True)


@special("range", 3)
def _range_by(c: Compiler, args: Args, scope: Scope) -> Code:
    return _ranges(c, args, scope, plain=False)


def _ranges(c: Compiler, args: Args, scope: Scope, *, plain: bool) -> Code:
    codes = [c.compile(arg, scope) for arg in args]
    numbers = _numbers if plain else _stepped
    if all(code.kind == ONE for code in codes):
        low, high, by = (code.fn for code in codes)

        def single(v: Any, env: Env) -> Iterator[Any]:
            return numbers(low(v, env), high(v, env), by(v, env), env[0])

        return Code(MANY, single)
    lows, highs, steps = (many(code) for code in codes)

    def run(v: Any, env: Env) -> Iterator[Any]:
        for a in lows(v, env):
            for b in highs(v, env):
                for by in steps(v, env):
                    env[0].charge(1)
                    yield from numbers(a, b, by, env[0])

    return Code(MANY, run)


def _numbers(low: Any, high: Any, by: Any, budget: Budget) -> Iterator[Any]:
    if not (is_number(low) and is_number(high)):
        raise RaisedError("Range bounds must be numeric")
    return _count(low, high, by, budget)


def _stepped(low: Any, high: Any, by: Any, budget: Budget) -> Iterator[Any]:
    # jq writes this one as a loop over any values; only numbers make sense with numbers.
    if is_number(low) and is_number(high) and is_number(by):
        return _count(low, high, by, budget)
    return _grow(low, high, by, budget)


def _grow(v: Any, high: Any, by: Any, budget: Budget) -> Iterator[Any]:
    add = operators(budget.limits.output_bytes).add
    direction = compare(by, 0)
    while direction and (compare(v, high) < 0 if direction > 0 else compare(v, high) > 0):
        budget.charge(1)
        yield v
        v = add(v, by)


def _count(low: int | float, high: int | float, by: int | float, budget: Budget) -> Iterator[Any]:
    if type(low) is int and type(by) is int and abs(low) < 2**52:
        end = max(min(to_float(high), 2.0**53), -(2.0**53))
        if end != end or by == 0:
            return
        stop = ceil(end) if by > 0 else floor(end)
        for whole in range(low, stop, by):
            budget.left -= 1
            if budget.left < 0:
                budget.refill()
            yield whole
        return
    number, end, step = to_float(low), to_float(high), to_float(by)
    while number < end if step > 0 else (number > end and step < 0):
        budget.charge(1)
        yield from_float(number)
        number += step


# Questions about streams


@special("isempty", 1)
def _is_empty(c: Compiler, args: Args, scope: Scope) -> Code:
    c.uses_budget = True
    body = c.compile_many(args[0], scope)
    return Code(ONE, lambda v, env: next(body(v, env), NOTHING) is NOTHING)


def _quantified(c: Compiler, source: s.Node, test: s.Node, scope: Scope, *, stop_at: bool) -> Code:
    c.uses_budget = True
    items, tests = c.compile_many(source, scope), c.compile(test, scope)
    if tests.kind == ONE:
        f = tests.fn

        def single(v: Any, env: Env) -> bool:
            for item in items(v, env):
                x = f(item, env)
                if (x is not None and x is not False) is stop_at:
                    return stop_at
            return not stop_at

        return Code(ONE, single)
    several = many(tests)

    def run(v: Any, env: Env) -> bool:
        for item in items(v, env):
            for x in several(item, env):
                env[0].charge(1)
                if (x is not None and x is not False) is stop_at:
                    return stop_at
        return not stop_at

    return Code(ONE, run)


def _register_quantifier(name: str, stop_at: bool) -> None:
    for arity in (0, 1, 2):

        @special(name, arity)
        def handler(c: Compiler, args: Args, scope: Scope) -> Code:
            source = args[0] if len(args) == 2 else _EACH
            test = args[-1] if args else s.Identity()
            return _quantified(c, source, test, scope, stop_at=stop_at)


_register_quantifier("any", True)
_register_quantifier("all", False)


@special("IN", 1)
def _in(c: Compiler, args: Args, scope: Scope) -> Code:
    c.uses_budget = True
    items = c.compile_many(args[0], scope)
    return Code(ONE, lambda v, env: any(equal(item, v) for item in items(v, env)))


@special("IN", 2)
def _in_stream(c: Compiler, args: Args, scope: Scope) -> Code:
    test = product([c.compile(args[0], scope), c.compile(args[1], scope)], equal)
    tests = many(test)
    c.uses_budget = True
    return Code(ONE, lambda v, env: any(tests(v, env)))


@special("add", 1)
def _add(c: Compiler, args: Args, scope: Scope) -> Code:
    c.uses_budget = True
    items = c.compile_many(args[0], scope)
    limit = c.limits.output_bytes
    return Code(ONE, lambda v, env: total(limit, items(v, env)))
