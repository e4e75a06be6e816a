"""Compiles assignments: `=`, `|=`, `+=` and the like. The input is never changed, only copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from headrace.expr import syntax as s
from headrace.expr.access import PathWriter, delete_paths, index, set_part, set_path
from headrace.expr.codes import MANY, NOTHING, ONE, Code, Env, Fn, Scope, many
from headrace.expr.compile_basic import binary_operator, elements, static_keys
from headrace.expr.compile_core import Compiler, value
from headrace.expr.compile_paths import paths_of

# From the old value of a part to the new one, or NOTHING to delete it.
Change = Callable[[Any], Any]
# Changes the parts of a value that a target names: (value, env of the target, change).
Updater = Callable[[Any, Env, Change], Any]


@value(s.Assign)
def _assign(c: Compiler, node: s.Assign, scope: Scope) -> Code:
    if node.op == "=":
        return _set(c, node, scope)
    if node.op == "|=":
        return modify(c, node.target, node.value, scope)
    return _operate(c, node, scope)


def _set(c: Compiler, node: s.Assign, scope: Scope) -> Code:
    source = c.compile(node.value, scope)
    keys = static_keys(node.target)
    if keys is not None and source.kind == ONE:
        new = source.fn
        if len(keys) == 1:
            (key,) = keys
            return Code(ONE, lambda v, env: set_part(v, key, new(v, env)))
        return Code(ONE, lambda v, env: set_path(v, keys, new(v, env)))
    paths = paths_of(c, node.target, scope)

    def put(v: Any, env: Env, new: Any) -> Any:
        writer = PathWriter(v)
        for where in paths(v, env):
            env[0].charge(1)
            writer.set(where, new)
        return writer.root

    f = source.fn
    if source.kind == ONE:
        return Code(ONE, lambda v, env: put(v, env, f(v, env)))
    news = many(source)

    def several(v: Any, env: Env) -> Iterator[Any]:
        for new in news(v, env):
            yield put(v, env, new)

    return Code(MANY, several)


def modify(c: Compiler, target: s.Node, update: s.Node, scope: Scope) -> Code:
    """Compile `target |= update`: the first output of the update replaces, none deletes."""
    code = c.compile(update, scope)
    updater = compile_updater(c, target, scope)
    f = code.fn
    if code.kind == MANY:

        def run_many(v: Any, env: Env) -> Any:
            return updater(v, env, lambda old: next(f(old, env), NOTHING))

        return Code(ONE, run_many)
    return Code(ONE, lambda v, env: updater(v, env, lambda old: f(old, env)))


def _operate(c: Compiler, node: s.Assign, scope: Scope) -> Code:
    source = c.compile(node.value, scope)
    updater = compile_updater(c, node.target, scope)
    change = _default if node.op == "//=" else binary_operator(node.op[:-1], c.limits.output_bytes)
    f = source.fn
    if source.kind == ONE:

        def single(v: Any, env: Env) -> Any:
            right = f(v, env)
            return updater(v, env, lambda old: change(old, right))

        return Code(ONE, single)
    rights = many(source)

    def run(v: Any, env: Env) -> Iterator[Any]:
        for right in rights(v, env):
            yield updater(v, env, _bound(change, right))

    return Code(MANY, run)


def _default(old: Any, right: Any) -> Any:
    return right if old is None or old is False else old


def _bound(change: Callable[[Any, Any], Any], right: Any) -> Change:
    return lambda old: change(old, right)


def compile_updater(c: Compiler, target: s.Node, scope: Scope) -> Updater:
    """Compile a target to a function that changes the parts it names.

    Simple targets (`.a`, `.[0]`, `.[]`, pipes and selects of them) are changed in one pass. Others
    go path by path, in order, each change seeing the ones before.
    """
    direct = _direct(c, target, scope)
    if direct is not None:
        return _rooted(direct)
    paths = paths_of(c, target, scope)

    def run(v: Any, env: Env, change: Change) -> Any:
        writer = PathWriter(v)
        deleted: list[list[Any]] = []
        for where in paths(v, env):
            env[0].charge(1)
            new = change(writer.get(where))
            if new is NOTHING:
                env[0].charge(len(where))
                deleted.append(list(where))
            else:
                writer.set(where, new)
        return delete_paths(writer.root, deleted) if deleted else writer.root

    return run


def _rooted(updater: Updater) -> Updater:
    """Deleting the whole value leaves null."""

    def run(v: Any, env: Env, change: Change) -> Any:
        new = updater(v, env, change)
        return None if new is NOTHING else new

    return run


def _direct(c: Compiler, target: s.Node, scope: Scope) -> Updater | None:
    match target:
        case s.Identity():
            return lambda v, env, change: change(v)
        case s.Index(term, s.Literal(key)) if type(key) is str or (type(key) is int and key >= 0):
            outer = _direct(c, term, scope)
            return outer and _nested(outer, _one_part(key))
        case s.Iterate(term):
            c.uses_budget = True
            outer = _direct(c, term, scope)
            return outer and _nested(outer, _every_part)
        case s.Pipe(left, right):
            outer, inner = _direct(c, left, scope), _direct(c, right, scope)
            return outer and inner and _nested(outer, inner)
        case s.Call("select", (condition,)) if ("select", 1) not in scope.functions:
            test = c.compile(condition, scope)
            return _selected(test.fn) if test.kind == ONE else None
    return None


def _nested(outer: Updater, inner: Updater) -> Updater:
    def run(v: Any, env: Env, change: Change) -> Any:
        return outer(v, env, lambda old: inner(old, env, change))

    return run


def _one_part(key: Any) -> Updater:
    def run(v: Any, env: Env, change: Change) -> Any:
        new = change(index(v, key))
        return delete_paths(v, [[key]]) if new is NOTHING else set_part(v, key, new)

    return run


def _every_part(v: Any, env: Env, change: Change) -> Any:
    parts = elements(v)
    env[0].charge(len(parts))
    if type(v) is list:
        return [new for part in parts if (new := change(part)) is not NOTHING]
    return {key: new for key, part in v.items() if (new := change(part)) is not NOTHING}


def _selected(test: Fn) -> Updater:
    def run(v: Any, env: Env, change: Change) -> Any:
        x = test(v, env)
        return v if x is None or x is False else change(v)

    return run
