"""Compiles expressions to outputs with their paths, for `path(f)`, assignments and `del`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from headrace.expr import syntax as s
from headrace.expr.access import index, slice_value
from headrace.expr.codes import Env, Fn, Scope
from headrace.expr.compile_basic import elements
from headrace.expr.compile_control import alternative, attempt, choose, fold, labelled, piped, scan
from headrace.expr.compile_core import Compiler, path
from headrace.expr.json_text import shorten
from headrace.expr.limits import Break, RaisedError
from headrace.expr.patterns import compile_patterns

PathValue = tuple[tuple[Any, ...] | None, Any]


def value_of(pv: PathValue) -> Any:
    """Return the value of a pair."""
    return pv[1]


def _access_error(key: Any, v: Any) -> RaisedError:
    return RaisedError(
        f"Invalid path expression near attempt to access element {shorten(key)} of {shorten(v, 30)}"
    )


def result_error(v: Any) -> RaisedError:
    """Return the error for an output that is not a part of the input."""
    return RaisedError(f"Invalid path expression with result {shorten(v, 30)}")


@path(s.Identity)
def _identity(c: Compiler, node: s.Identity, scope: Scope) -> Fn:
    return lambda pv, env: iter((pv,))


@path(s.Literal)
def _literal(c: Compiler, node: s.Literal, scope: Scope) -> Fn:
    known = node.value
    # Only null, true and false are the same thing wherever they come from.
    plain = known is None or known is True or known is False
    return lambda pv, env: iter(((pv[0] if plain and pv[1] is known else None, known),))


@path(s.Index)
def _index(c: Compiler, node: s.Index, scope: Scope) -> Fn:
    term = c.compile_path(node.term, scope)
    keys = c.compile_many(node.key, scope)

    def run(pv: PathValue, env: Env) -> Iterator[PathValue]:
        for key in keys(pv[1], env):
            for where, v in term(pv, env):
                env[0].charge(1)
                if where is None:
                    raise _access_error(key, v)
                yield (*where, key), index(v, key)

    return run


@path(s.Slice)
def _slice(c: Compiler, node: s.Slice, scope: Scope) -> Fn:
    term = c.compile_path(node.term, scope)
    starts = c.compile_many(node.start or s.Literal(None), scope)
    ends = c.compile_many(node.end or s.Literal(None), scope)

    def run(pv: PathValue, env: Env) -> Iterator[PathValue]:
        for start in starts(pv[1], env):
            for end in ends(pv[1], env):
                for where, v in term(pv, env):
                    env[0].charge(1)
                    key = {"start": start, "end": end}
                    if where is None:
                        raise _access_error(key, v)
                    yield (*where, key), slice_value(v, start, end)

    return run


def children(pv: PathValue, env: Env) -> Iterator[PathValue]:
    """`.[]` with paths."""
    where, v = pv
    if where is None:
        raise RaisedError(f"Invalid path expression near attempt to iterate through {shorten(v, 30)}")
    parts = elements(v)
    env[0].charge(len(parts))
    keys = v if type(v) is dict else range(len(parts))
    for key, part in zip(keys, parts, strict=True):
        yield (*where, key), part


@path(s.Iterate)
def _iterate(c: Compiler, node: s.Iterate, scope: Scope) -> Fn:
    if isinstance(node.term, s.Identity):
        return children
    return piped(c.compile_path(node.term, scope), children)


@path(s.Recurse)
def _recurse(c: Compiler, node: s.Recurse, scope: Scope) -> Fn:
    return all_parts


def all_parts(pv: PathValue, env: Env) -> Iterator[PathValue]:
    """`..` with paths, parents first."""
    stack = [pv]
    while stack:
        where, v = pair = stack.pop()
        # A path as long as the input is deep is copied for each part; count it.
        env[0].charge(1 + len(where or ()) // 8)
        yield pair
        if not isinstance(v, (list, dict)):
            continue
        if where is None:
            raise RaisedError(f"Invalid path expression near attempt to iterate through {shorten(v, 30)}")
        pairs = enumerate(v) if isinstance(v, list) else v.items()
        stack.extend(reversed([((*where, key), part) for key, part in pairs]))


@path(s.Pipe)
def _pipe(c: Compiler, node: s.Pipe, scope: Scope) -> Fn:
    return piped(c.compile_path(node.left, scope), c.compile_path(node.right, scope))


@path(s.Comma)
def _comma(c: Compiler, node: s.Comma, scope: Scope) -> Fn:
    left, right = c.compile_path(node.left, scope), c.compile_path(node.right, scope)

    def run(pv: PathValue, env: Env) -> Iterator[PathValue]:
        yield from left(pv, env)
        yield from right(pv, env)

    return run


@path(s.If)
def _if(c: Compiler, node: s.If, scope: Scope) -> Fn:
    tests = c.compile_many(node.condition, scope)
    return choose(tests, c.compile_path(node.yes, scope), c.compile_path(node.no, scope), value_of)


@path(s.Alternative)
def _alternative(c: Compiler, node: s.Alternative, scope: Scope) -> Fn:
    return alternative(c.compile_path(node.left, scope), c.compile_path(node.right, scope), value_of)


@path(s.Try)
def _try(c: Compiler, node: s.Try, scope: Scope) -> Fn:
    body = c.compile_path(node.body, scope)
    if node.handler is None:
        return attempt(body, None)
    handler = c.compile_path(node.handler, scope)
    # What the handler sees is the error, no part of the input.
    return attempt(body, lambda problem, env: handler((None, problem), env))


@path(s.Bind)
def _bind(c: Compiler, node: s.Bind, scope: Scope) -> Fn:
    source = c.compile_many(node.source, scope)
    patterns = compile_patterns(c, node.patterns, scope)
    return patterns.loop(source, c.compile_path(node.body, patterns.scope), value_of)


@path(s.Reduce)
def _reduce(c: Compiler, node: s.Reduce, scope: Scope) -> Fn:
    source = c.compile_many(node.source, scope)
    patterns = compile_patterns(c, node.patterns, scope)
    start = c.compile_path(node.start, scope)
    update = c.compile_path(node.update, patterns.scope)
    return fold(source, patterns.environments, start, update, value_of, lambda pv: (None, None))


@path(s.Foreach)
def _foreach(c: Compiler, node: s.Foreach, scope: Scope) -> Fn:
    source = c.compile_many(node.source, scope)
    patterns = compile_patterns(c, node.patterns, scope)
    start = c.compile_path(node.start, scope)
    update = c.compile_path(node.update, patterns.scope)
    extract = c.compile_path(node.extract, patterns.scope) if node.extract is not None else None
    return scan(source, patterns.environments, start, update, extract, value_of)


@path(s.Label)
def _label(c: Compiler, node: s.Label, scope: Scope) -> Fn:
    return labelled(c.compile_path(node.body, scope.with_label(node.name)))


@path(s.BreakTo)
def _break(c: Compiler, node: s.BreakTo, scope: Scope) -> Fn:
    slot = scope.labels.get(node.name)
    if slot is None:
        c.fail(node.offset, f"there is no `label ${node.name}` around this break")

    def leave(pv: PathValue, env: Env) -> Iterator[PathValue]:
        raise Break(env[slot])

    return leave


def paths_of(c: Compiler, node: s.Node, scope: Scope) -> Fn:
    """Compile a node to its paths alone, as tuples. Running it raises RaisedError for non-paths."""
    pairs = c.compile_path(node, scope)

    def run(v: Any, env: Env) -> Iterator[tuple[Any, ...]]:
        for where, out in pairs(((), v), env):
            if where is None:
                raise result_error(out)
            yield where

    return run
