"""Compiles data access, construction and operators to their outputs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from headrace.errors import ExpressionError
from headrace.expr import syntax as s
from headrace.expr.access import field, index, slice_value
from headrace.expr.arithmetic import divide, negate, operators, remainder, subtract
from headrace.expr.codes import MANY, NOTHING, ONE, OPTIONAL, Code, Env, Fn, Scope, constant, many
from headrace.expr.compile_core import Compiler, product, value
from headrace.expr.formats import format_function
from headrace.expr.json_text import described
from headrace.expr.limits import RaisedError, too_large
from headrace.expr.values import (
    EXACT,
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    not_equal,
)


@value(s.Identity)
def _identity(c: Compiler, node: s.Identity, scope: Scope) -> Code:
    return Code(ONE, lambda v, env: v)


@value(s.Literal)
def _literal(c: Compiler, node: s.Literal, scope: Scope) -> Code:
    return fresh_constant(node.value)


def fresh_constant(known: Any) -> Code:
    """Return the code of a constant; a container is made anew, so that no two results share it."""
    if type(known) is list:
        return Code(ONE, (lambda v, env: _copy(known)) if known else (lambda v, env: []), known)
    if type(known) is dict:
        return Code(ONE, (lambda v, env: _copy(known)) if known else (lambda v, env: {}), known)
    return constant(known)


def _copy(known: Any) -> Any:
    if type(known) is list:
        return [_copy(part) for part in known]
    if type(known) is dict:
        return {key: _copy(part) for key, part in known.items()}
    return known


def static_keys(node: s.Node) -> tuple[str, ...] | None:
    """Return the names of `.a.b.c`; None for any other expression."""
    names: list[str] = []
    while isinstance(node, s.Index):
        if not (isinstance(node.key, s.Literal) and type(node.key.value) is str):
            return None
        names.append(node.key.value)
        node = node.term
    return tuple(reversed(names)) if isinstance(node, s.Identity) else None


@value(s.Index)
def _index(c: Compiler, node: s.Index, scope: Scope) -> Code:
    names = static_keys(node)
    if names is not None:
        return Code(ONE, _field_chain(names))
    term, key = c.compile(node.term, scope), c.compile(node.key, scope)
    if type(key.constant) is str:
        return map_outputs(term, _field_of(key.constant))
    if type(key.constant) is int and term.kind == ONE:
        return Code(ONE, _element(term.fn, key.constant))
    return product([term, key], index)


def _field_of(name: str) -> Callable[[Any], Any]:
    return lambda v: v.get(name) if type(v) is dict else field(v, name)


def _element(term: Fn, position: int) -> Fn:
    def run(v: Any, env: Env) -> Any:
        found = term(v, env)
        if type(found) is list and 0 <= position < len(found):
            return found[position]
        return index(found, position)

    return run


def _field_chain(names: tuple[str, ...]) -> Fn:
    first = names[0]
    if len(names) == 1:
        return lambda v, env: v.get(first) if type(v) is dict else field(v, first)
    second = names[1]
    if len(names) == 2:

        def two(v: Any, env: Env) -> Any:
            v = v.get(first) if type(v) is dict else field(v, first)
            return v.get(second) if type(v) is dict else field(v, second)

        return two

    def chain(v: Any, env: Env) -> Any:
        for name in names:
            v = v.get(name) if type(v) is dict else field(v, name)
        return v

    return chain


def map_outputs(code: Code, call: Callable[[Any], Any]) -> Code:
    """Apply a function to every output of a piece."""
    fn = code.fn
    if code.kind == ONE:
        return Code(ONE, lambda v, env: call(fn(v, env)))
    if code.kind == OPTIONAL:

        def optional(v: Any, env: Env) -> Any:
            out = fn(v, env)
            return NOTHING if out is NOTHING else call(out)

        return Code(OPTIONAL, optional)

    def several(v: Any, env: Env) -> Iterator[Any]:
        for out in fn(v, env):
            yield call(out)

    return Code(MANY, several)


@value(s.Slice)
def _slice(c: Compiler, node: s.Slice, scope: Scope) -> Code:
    term = c.compile(node.term, scope)
    start = c.compile(node.start or s.Literal(None), scope)
    end = c.compile(node.end or s.Literal(None), scope)
    # jq takes the start slowest and the term fastest.
    return product([term, end, start], lambda v, high, low: slice_value(v, low, high))


def elements(container: Any) -> list[Any]:
    """Return what `.[]` gives, as a list that must not be changed. Raises RaisedError."""
    kind = type(container)
    if kind is list:
        return container  # type: ignore[no-any-return]
    if kind is dict:
        return list(container.values())
    raise RaisedError(f"Cannot iterate over {described(container)}")


@value(s.Iterate)
def _iterate(c: Compiler, node: s.Iterate, scope: Scope) -> Code:
    term = c.compile(node.term, scope)
    if term.kind == ONE:
        fn = term.fn

        def each(v: Any, env: Env) -> Iterator[Any]:
            items = elements(fn(v, env))
            env[0].charge(len(items))
            return iter(items)

        return Code(MANY, each)
    outer = many(term)

    def each_of_each(v: Any, env: Env) -> Iterator[Any]:
        for container in outer(v, env):
            items = elements(container)
            env[0].charge(len(items) + 1)
            yield from items

    return Code(MANY, each_of_each)


@value(s.Recurse)
def _recurse(c: Compiler, node: s.Recurse, scope: Scope) -> Code:
    return Code(MANY, all_parts)


def all_parts(v: Any, env: Env) -> Iterator[Any]:
    """`..`: the value and all its parts, parents first. Without recursion: inputs may be deep."""
    budget = env[0]
    stack = [v]
    while stack:
        part = stack.pop()
        budget.left -= 1
        if budget.left < 0:
            budget.refill()
        yield part
        if type(part) is list:
            stack.extend(reversed(part))
        elif type(part) is dict:
            stack.extend(reversed(list(part.values())))


@value(s.Array)
def _array(c: Compiler, node: s.Array, scope: Scope) -> Code:
    assert node.body is not None
    return Code(ONE, collector(c, node.body, scope))


def collector(c: Compiler, body: s.Node, scope: Scope) -> Fn:
    """Compile `[body]`: a function to a new list of all outputs."""
    if isinstance(body, s.Pipe):
        left, right = c.compile(body.left, scope), c.compile(body.right, scope)
        if left.kind == MANY and right.kind != MANY:
            source, fn = left.fn, right.fn
            if right.kind == ONE:
                return lambda v, env: [fn(x, env) for x in source(v, env)]
            return lambda v, env: [y for x in source(v, env) if (y := fn(x, env)) is not NOTHING]
    code = c.compile(body, scope)
    fn = code.fn
    if code.kind == ONE:
        return lambda v, env: [fn(v, env)]
    if code.kind == OPTIONAL:
        return lambda v, env: [] if (out := fn(v, env)) is NOTHING else [out]
    return lambda v, env: list(fn(v, env))


def object_key(key: Any) -> str:
    """Return the key if it is a string; raises RaisedError."""
    if type(key) is str:
        return key
    raise RaisedError(f"Cannot use {described(key)} as object key")


@value(s.Object)
def _object(c: Compiler, node: s.Object, scope: Scope) -> Code:
    entries = [(c.compile(key, scope), c.compile(part, scope)) for key, part in node.entries]
    for (key, _), (written, _) in zip(entries, node.entries, strict=True):
        if key.constant is not NOTHING and type(key.constant) is not str:
            offset = getattr(written, "offset", 0)
            c.fail(offset, f"an object key must be a string, not {described(key.constant)},")
    if all(key.kind == ONE and part.kind == ONE for key, part in entries):
        if all(type(key.constant) is str for key, _ in entries):
            return Code(ONE, _fixed_object([(key.constant, part.fn) for key, part in entries]))
        pairs = [(key.fn, part.fn) for key, part in entries]

        def single(v: Any, env: Env) -> dict[str, Any]:
            return {object_key(key(v, env)): part(v, env) for key, part in pairs}

        return Code(ONE, single)
    choices = [(many(key), many(part)) for key, part in entries]

    def several(v: Any, env: Env) -> Iterator[dict[str, Any]]:
        budget = env[0]

        def choose(position: int, made: dict[str, Any]) -> Iterator[dict[str, Any]]:
            if position == len(choices):
                yield made
                return
            keys, parts = choices[position]
            for key in keys(v, env):
                name = object_key(key)
                for part in parts(v, env):
                    budget.charge(1)
                    yield from choose(position + 1, {**made, name: part})

        return choose(0, {})

    return Code(MANY, several)


def _fixed_object(pairs: list[tuple[str, Fn]]) -> Fn:
    if len(pairs) == 1:
        ((name, fn),) = pairs
        return lambda v, env: {name: fn(v, env)}
    if len(pairs) == 2:
        (first, f), (second, g) = pairs
        return lambda v, env: {first: f(v, env), second: g(v, env)}

    def build(v: Any, env: Env) -> dict[str, Any]:
        made = {}
        for name, fn in pairs:
            made[name] = fn(v, env)
        return made

    return build


@value(s.Negate)
def _negate(c: Compiler, node: s.Negate, scope: Scope) -> Code:
    return map_outputs(c.compile(node.body, scope), negate)


@value(s.Format)
def _format(c: Compiler, node: s.Format, scope: Scope) -> Code:
    convert = format_function(node.name, c.limits.output_bytes)
    return Code(ONE, lambda v, env: convert(v))


@value(s.Text)
def _text(c: Compiler, node: s.Text, scope: Scope) -> Code:
    convert = format_function(node.format, c.limits.output_bytes)
    limit = c.limits.output_bytes
    plain = node.format == "text"
    codes = [c.compile(part, scope) for part in node.parts if not isinstance(part, str)]
    if len(codes) == 1 and codes[0].kind == ONE and len(node.parts) <= 3:
        return Code(ONE, _around(node.parts, codes[0].fn, convert, limit, plain))
    frame = [part if isinstance(part, str) else None for part in node.parts]

    def join(*values: Any) -> str:
        converted = iter(values)
        chunks = []
        for chunk in frame:
            if chunk is None:
                item = next(converted)
                chunk = item if plain and type(item) is str else convert(item)
            chunks.append(chunk)
        text = "".join(chunks)
        if len(text) > limit:
            raise too_large("a string", limit)
        return text

    return product(codes, join)


def _around(parts: tuple[Any, ...], fn: Fn, convert: Callable[[Any], str], limit: int, plain: bool) -> Fn:
    at = next(position for position, part in enumerate(parts) if not isinstance(part, str))
    before, after = "".join(parts[:at]), "".join(parts[at + 1 :])

    def run(v: Any, env: Env) -> str:
        item = fn(v, env)
        text = item if plain and type(item) is str else convert(item)
        text = f"{before}{text}{after}"
        if len(text) > limit:
            raise too_large("a string", limit)
        return text

    return run


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": equal,
    "!=": not_equal,
    "<": less,
    "<=": less_equal,
    ">": greater,
    ">=": greater_equal,
}


def binary_operator(op: str, limit_bytes: int) -> Callable[[Any, Any], Any]:
    """Return the function of an arithmetic or comparison operator."""
    match op:
        case "+":
            return operators(limit_bytes).add
        case "-":
            return subtract
        case "*":
            return operators(limit_bytes).multiply
        case "/":
            return divide
        case "%":
            return remainder
    return _COMPARE[op]


@value(s.Binary)
def _binary(c: Compiler, node: s.Binary, scope: Scope) -> Code:
    left, right = c.compile(node.left, scope), c.compile(node.right, scope)
    call = binary_operator(node.op, c.limits.output_bytes)
    if left.constant is not NOTHING and right.constant is not NOTHING:
        try:
            folded = call(left.constant, right.constant)
        except ExpressionError:
            pass  # it must fail when it is evaluated, where `try` can catch it
        else:
            return fresh_constant(folded)
    elif left.kind == ONE and right.constant is not NOTHING and node.op in _COMPARE:
        fast = _compare_constant(node.op, left.fn, right.constant)
        if fast is not None:
            return Code(ONE, fast)
    if left.kind == ONE and right.kind == ONE and node.op == "*":
        return Code(ONE, _fast_multiply(left.fn, right.fn, call))
    return product([left, right], call)


def _fast_multiply(f: Fn, g: Fn, call: Callable[[Any, Any], Any]) -> Fn:
    def run(v: Any, env: Env) -> Any:
        b = g(v, env)
        return call(f(v, env), b)

    return run


def _compare_constant(op: str, f: Fn, known: Any) -> Fn | None:
    """Compare with a constant without the general order; None when that needs it."""
    if type(known) is str or known is None:
        if op == "==":
            return lambda v, env: f(v, env) == known
        if op == "!=":
            return lambda v, env: f(v, env) != known
        return None
    if type(known) is bool:
        if op == "==":
            return lambda v, env: f(v, env) is known
        if op == "!=":
            return lambda v, env: f(v, env) is not known
        return None
    if type(known) not in (int, float) or not -EXACT < known < EXACT:
        return None
    compare = _COMPARE[op]
    match op:
        case "==":

            def same(v: Any, env: Env) -> bool:
                x = f(v, env)
                return bool(x == known) and type(x) is not bool

            return same
        case "!=":

            def different(v: Any, env: Env) -> bool:
                x = f(v, env)
                return bool(x != known) or type(x) is bool

            return different
        case ">":

            def above(v: Any, env: Env) -> bool:
                x = f(v, env)
                if type(x) is int or type(x) is float:
                    return bool(x > known)
                return compare(x, known)

            return above
        case ">=":

            def at_least(v: Any, env: Env) -> bool:
                x = f(v, env)
                if type(x) is int or type(x) is float:
                    return bool(x >= known)
                return compare(x, known)

            return at_least
        case "<":

            def below(v: Any, env: Env) -> bool:
                x = f(v, env)
                if type(x) is int:
                    return bool(x < known)
                return compare(x, known)

            return below

    def at_most(v: Any, env: Env) -> bool:
        x = f(v, env)
        if type(x) is int:
            return bool(x <= known)
        return compare(x, known)

    return at_most
