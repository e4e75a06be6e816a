"""Compiles what steers: pipes, conditions, errors, variables, loops."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from headrace.expr import syntax as s
from headrace.expr.accumulate import Step, accumulator
from headrace.expr.codes import MANY, NOTHING, ONE, OPTIONAL, Code, Env, Fn, Scope, many
from headrace.expr.compile_core import Compiler, value
from headrace.expr.json_text import message_of
from headrace.expr.limits import Break, RaisedError
from headrace.expr.patterns import compile_patterns


def piped(left: Fn, right: Fn) -> Fn:
    """Connect two functions to iterators: each output of the first is input to the second."""

    def run(v: Any, env: Env) -> Iterator[Any]:
        budget = env[0]
        for x in left(v, env):
            budget.left -= 1
            if budget.left < 0:
                budget.refill()
            yield from right(x, env)

    return run


@value(s.Pipe)
def _pipe(c: Compiler, node: s.Pipe, scope: Scope) -> Code:
    tail = c.tail
    left, right = c.compile(node.left, scope), c.compile(node.right, scope, tail)
    f, g = left.fn, right.fn
    if left.kind == ONE:
        return Code(right.kind, lambda v, env: g(f(v, env), env))
    if left.kind == OPTIONAL:
        if right.kind == MANY:
            return Code(MANY, lambda v, env: iter(()) if (x := f(v, env)) is NOTHING else g(x, env))
        return Code(OPTIONAL, lambda v, env: NOTHING if (x := f(v, env)) is NOTHING else g(x, env))
    if right.kind == MANY:
        return Code(MANY, piped(f, g))
    if right.kind == ONE:

        def each(v: Any, env: Env) -> Iterator[Any]:
            for x in f(v, env):
                yield g(x, env)

        return Code(MANY, each)

    def some(v: Any, env: Env) -> Iterator[Any]:
        for x in f(v, env):
            y = g(x, env)
            if y is not NOTHING:
                yield y

    return Code(MANY, some)


@value(s.Comma)
def _comma(c: Compiler, node: s.Comma, scope: Scope) -> Code:
    # A long list of commas leans to the left; flattened, it costs one generator.
    parts: list[s.Node] = []
    rest: s.Node = node
    while isinstance(rest, s.Comma):
        parts.append(rest.right)
        rest = rest.left
    parts.append(rest)
    codes = [c.compile(part, scope) for part in reversed(parts)]
    return Code(MANY, sequence([(code.kind, code.fn) for code in codes]))


def sequence(pieces: list[tuple[int, Fn]]) -> Fn:
    """Give the outputs of one piece after the other."""

    def run(v: Any, env: Env) -> Iterator[Any]:
        for kind, fn in pieces:
            if kind == ONE:
                yield fn(v, env)
            elif kind == MANY:
                yield from fn(v, env)
            else:
                x = fn(v, env)
                if x is not NOTHING:
                    yield x

    return run


@value(s.And)
def _and(c: Compiler, node: s.And, scope: Scope) -> Code:
    return _logic(c, node, scope, stop_at=False)


@value(s.Or)
def _or(c: Compiler, node: s.Or, scope: Scope) -> Code:
    return _logic(c, node, scope, stop_at=True)


def _logic(c: Compiler, node: s.And | s.Or, scope: Scope, *, stop_at: bool) -> Code:
    left, right = c.compile(node.left, scope), c.compile(node.right, scope)
    f, g = left.fn, right.fn
    if left.kind == ONE and right.kind == ONE:
        # `is not None and is not False` is jq's truth, written out: this is the hot path.
        if stop_at:

            def either(v: Any, env: Env) -> bool:
                x = f(v, env)
                if x is not None and x is not False:
                    return True
                x = g(v, env)
                return x is not None and x is not False

            return Code(ONE, either)

        def both(v: Any, env: Env) -> bool:
            x = f(v, env)
            if x is None or x is False:
                return False
            x = g(v, env)
            return x is not None and x is not False

        return Code(ONE, both)
    lefts, rights = many(left), many(right)

    def several(v: Any, env: Env) -> Iterator[bool]:
        for x in lefts(v, env):
            if (x is not None and x is not False) is stop_at:
                yield stop_at
            else:
                env[0].charge(1)
                for y in rights(v, env):
                    yield y is not None and y is not False

    return Code(MANY, several)


@value(s.Alternative)
def _alternative(c: Compiler, node: s.Alternative, scope: Scope) -> Code:
    left, right = c.compile(node.left, scope), c.compile(node.right, scope)
    f, g = left.fn, right.fn
    if left.kind != MANY:

        def single(v: Any, env: Env) -> Any:
            x = f(v, env)
            return g(v, env) if x is None or x is False or x is NOTHING else x

        if right.kind != MANY:
            return Code(right.kind, single)

        def right_many(v: Any, env: Env) -> Iterator[Any]:
            x = f(v, env)
            return g(v, env) if x is None or x is False or x is NOTHING else iter((x,))

        return Code(MANY, right_many)
    return Code(MANY, alternative(f, many(right), lambda x: x))


def alternative(lefts: Fn, rights: Fn, look: Callable[[Any], Any]) -> Fn:
    """`//` over functions to iterators; `look` gives the value of an item."""

    def run(v: Any, env: Env) -> Iterator[Any]:
        found = False
        for item in lefts(v, env):
            x = look(item)
            if x is not None and x is not False:
                found = True
                yield item
        if not found:
            yield from rights(v, env)

    return run


@value(s.If)
def _if(c: Compiler, node: s.If, scope: Scope) -> Code:
    tail = c.tail
    condition = c.compile(node.condition, scope)
    yes, no = c.compile(node.yes, scope, tail), c.compile(node.no, scope, tail)
    if condition.constant is not NOTHING:
        return no if condition.constant is None or condition.constant is False else yes
    test, f, g = condition.fn, yes.fn, no.fn
    if condition.kind == ONE:
        kind = max(yes.kind, no.kind)
        if kind == MANY:
            f, g = many(yes), many(no)

        def single(v: Any, env: Env) -> Any:
            x = test(v, env)
            return g(v, env) if x is None or x is False else f(v, env)

        return Code(kind, single)
    return Code(MANY, choose(many(condition), many(yes), many(no), lambda x: x))


def choose(tests: Fn, yes: Fn, no: Fn, look: Callable[[Any], Any]) -> Fn:
    """`if` over functions to iterators; the condition sees `look(item)`."""

    def run(item: Any, env: Env) -> Iterator[Any]:
        for x in tests(look(item), env):
            env[0].charge(1)
            yield from no(item, env) if x is None or x is False else yes(item, env)

    return run


@value(s.Try)
def _try(c: Compiler, node: s.Try, scope: Scope) -> Code:
    body = c.compile(node.body, scope)
    handler = c.compile(node.handler, scope) if node.handler is not None else None
    f = body.fn
    if body.kind != MANY and handler is None:

        def silent(v: Any, env: Env) -> Any:
            try:
                return f(v, env)
            except RaisedError:
                return NOTHING

        return Code(OPTIONAL, silent)
    if body.kind != MANY and handler is not None and handler.kind != MANY:
        h = handler.fn

        def handled(v: Any, env: Env) -> Any:
            try:
                return f(v, env)
            except RaisedError as error:
                problem = error.value
            return h(problem, env)

        return Code(max(body.kind, handler.kind), handled)
    return Code(MANY, attempt(many(body), many(handler) if handler else None))


def attempt(body: Fn, handler: Fn | None) -> Fn:
    """`try` over functions to iterators; an error ends the body, the handler sees its value."""

    def run(item: Any, env: Env) -> Iterator[Any]:
        try:
            yield from body(item, env)
            return
        except RaisedError as error:
            problem = error.value
        if handler is not None:
            yield from handler(problem, env)

    return run


@value(s.Variable)
def _variable(c: Compiler, node: s.Variable, scope: Scope) -> Code:
    slot = scope.variables.get(node.name)
    if slot is None:
        slot = c.global_slot(node)
    return Code(ONE, lambda v, env: env[slot])


@value(s.Bind)
def _bind(c: Compiler, node: s.Bind, scope: Scope) -> Code:
    tail = c.tail
    source = c.compile(node.source, scope)
    patterns = compile_patterns(c, node.patterns, scope)
    body = c.compile(node.body, patterns.scope, tail)
    f, g = source.fn, body.fn
    if patterns.simple and source.kind == ONE:
        return Code(body.kind, lambda v, env: g(v, (*env, f(v, env))))
    return Code(MANY, patterns.loop(many(source), many(body), lambda v: v))


@value(s.Reduce)
def _reduce(c: Compiler, node: s.Reduce, scope: Scope) -> Code:
    c.uses_budget = True
    source = c.compile_many(node.source, scope)
    patterns = compile_patterns(c, node.patterns, scope)
    start, update = c.compile(node.start, scope), c.compile(node.update, patterns.scope)
    if patterns.simple and start.kind == ONE and update.kind == ONE:
        f, g = start.fn, update.fn
        step = accumulator(c, node.update, patterns.scope)
        if step is not None:
            return Code(ONE, _accumulated(source, f, step))

        def simple(v: Any, env: Env) -> Any:
            state = f(v, env)
            budget = env[0]
            for x in source(v, env):
                budget.left -= 1
                if budget.left < 0:
                    budget.refill()
                state = g(state, (*env, x))
            return state

        return Code(ONE, simple)
    run = fold(source, patterns.environments, many(start), many(update), lambda v: v, lambda v: None)
    return Code(ONE if start.kind == ONE else MANY, first_of(run) if start.kind == ONE else run)


def _accumulated(source: Fn, start: Fn, step: Step) -> Fn:
    def run(v: Any, env: Env) -> Any:
        state, own = start(v, env), False
        budget = env[0]
        for x in source(v, env):
            budget.left -= 1
            if budget.left < 0:
                budget.refill()
            state, own = step(state, (*env, x), own)
        return state

    return run


def first_of(run: Fn) -> Fn:
    """Return the one output of an iterator that has exactly one."""
    return lambda v, env: next(run(v, env))


def last_output(outputs: Iterator[Any]) -> Any:
    """Return the last of the outputs, or NOTHING."""
    last = NOTHING
    for out in outputs:
        last = out
    return last


def fold(
    source: Fn,
    environments: Callable[[Any, Any, Env], Iterator[Env]],
    start: Fn,
    update: Fn,
    look: Callable[[Any], Any],
    empty: Callable[[Any], Any],
) -> Fn:
    """`reduce` over functions to iterators: the last output of each update is the next state."""

    def run(item: Any, env: Env) -> Iterator[Any]:
        v = look(item)
        for state in start(item, env):
            for x in source(v, env):
                env[0].charge(1)
                for inner in environments(x, v, env):
                    last = last_output(update(state, inner))
                    state = empty(item) if last is NOTHING else last
            yield state

    return run


@value(s.Foreach)
def _foreach(c: Compiler, node: s.Foreach, scope: Scope) -> Code:
    source = c.compile_many(node.source, scope)
    patterns = compile_patterns(c, node.patterns, scope)
    start = c.compile_many(node.start, scope)
    update = c.compile_many(node.update, patterns.scope)
    extract = c.compile_many(node.extract, patterns.scope) if node.extract is not None else None
    return Code(MANY, scan(source, patterns.environments, start, update, extract, lambda v: v))


def scan(
    source: Fn,
    environments: Callable[[Any, Any, Env], Iterator[Env]],
    start: Fn,
    update: Fn,
    extract: Fn | None,
    look: Callable[[Any], Any],
) -> Fn:
    """`foreach` over functions to iterators: every output of an update is extracted from."""

    def run(item: Any, env: Env) -> Iterator[Any]:
        v = look(item)
        for state in start(item, env):
            for x in source(v, env):
                env[0].charge(1)
                for inner in environments(x, v, env):
                    for made in update(state, inner):
                        state = made
                        if extract is None:
                            yield made
                        else:
                            yield from extract(made, inner)

    return run


@value(s.Label)
def _label(c: Compiler, node: s.Label, scope: Scope) -> Code:
    body = c.compile_many(node.body, scope.with_label(node.name))
    return Code(MANY, labelled(body))


def labelled(body: Fn) -> Fn:
    """Run a body that may break to this label."""

    def run(item: Any, env: Env) -> Iterator[Any]:
        label = object()
        try:
            yield from body(item, (*env, label))
        except Break as jump:
            if jump.label is not label:
                raise

    return run


@value(s.BreakTo)
def _break(c: Compiler, node: s.BreakTo, scope: Scope) -> Code:
    slot = scope.labels.get(node.name)
    if slot is None:
        c.fail(node.offset, f"there is no `label ${node.name}` around this break")

    def leave(v: Any, env: Env) -> Any:
        raise Break(env[slot])

    return Code(OPTIONAL, leave)


def raise_value(value: Any) -> Any:
    """`error`: raise the value as error."""
    raise RaisedError(value, message_of(value))
