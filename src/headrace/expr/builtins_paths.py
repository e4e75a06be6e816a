"""Builtins over paths: path, paths, getpath, setpath, delpaths, del, pick, tostream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from headrace.expr.access import PathWriter, check_path, delete_paths, get_path, set_path
from headrace.expr.builtin_table import BUDGET, Args, native, special, special_path
from headrace.expr.codes import MANY, ONE, Code, Env, Fn, Scope
from headrace.expr.compile_core import Compiler
from headrace.expr.compile_paths import all_parts, paths_of
from headrace.expr.json_text import shorten
from headrace.expr.limits import Budget, RaisedError, RaisedLimitError

# jq refuses longer paths too; each part costs a copy.
_LONGEST_PATH = 10_000


@special("path", 1)
def _path(c: Compiler, args: Args, scope: Scope) -> Code:
    paths = paths_of(c, args[0], scope)

    def run(v: Any, env: Env) -> Iterator[list[Any]]:
        for where in paths(v, env):
            yield list(where)

    return Code(MANY, run)


def _every_path(v: Any, env: Env) -> Iterator[list[Any]]:
    for where, _ in all_parts(((), v), env):
        if where:
            yield list(where)


@special("paths", 0)
def _paths(c: Compiler, args: Args, scope: Scope) -> Code:
    return Code(MANY, _every_path)


@special("paths", 1)
def _paths_where(c: Compiler, args: Args, scope: Scope) -> Code:
    tests = c.compile_many(args[0], scope)

    def run(v: Any, env: Env) -> Iterator[list[Any]]:
        for where, part in all_parts(((), v), env):
            if not where:
                for _ in tests(part, env):
                    pass
                continue
            for x in tests(part, env):
                if x is not None and x is not False:
                    yield list(where)

    return Code(MANY, run)


@native("getpath", 1)
def _getpath(v: Any, path: Any) -> Any:
    return get_path(v, check_path(path))


@special_path("getpath", 1)
def _getpath_path(c: Compiler, args: Args, scope: Scope) -> Fn:
    wanted = c.compile_many(args[0], scope)

    def run(pv: Any, env: Env) -> Iterator[Any]:
        where, v = pv
        for path in wanted(v, env):
            env[0].charge(1)
            keys = check_path(path)
            if where is None:
                raise RaisedError(
                    f"Invalid path expression near attempt to access element {shorten(path)} "
                    f"of {shorten(v, 30)}"
                )
            yield (*where, *keys), get_path(v, keys)

    return run


@native("setpath", 2, BUDGET)
def _setpath(v: Any, budget: Budget, path: Any, new: Any) -> Any:
    keys = check_path(path)
    if len(keys) > _LONGEST_PATH:
        raise RaisedLimitError("Path too deep")
    budget.charge(len(keys) + 1)
    return set_path(v, keys, new)


@native("delpaths", 1, BUDGET)
def _delpaths(v: Any, budget: Budget, paths: Any) -> Any:
    if type(paths) is list:
        budget.charge(sum(len(where) for where in paths if type(where) is list))
    return delete_paths(v, paths)


@special("del", 1)
def _del(c: Compiler, args: Args, scope: Scope) -> Code:
    paths = paths_of(c, args[0], scope)

    def run(v: Any, env: Env) -> Any:
        found = []
        for where in paths(v, env):
            env[0].charge(len(where))
            found.append(list(where))
        return delete_paths(v, found)

    return Code(ONE, run)


@special("pick", 1)
def _pick(c: Compiler, args: Args, scope: Scope) -> Code:
    paths = paths_of(c, args[0], scope)

    def run(v: Any, env: Env) -> Any:
        writer = PathWriter(None)
        for where in paths(v, env):
            env[0].charge(1)
            writer.set(where, get_path(v, where))
        return writer.root

    return Code(ONE, run)


@special("tostream", 0)
def _tostream(c: Compiler, args: Args, scope: Scope) -> Code:
    return Code(MANY, _events)


def _events(v: Any, env: Env) -> Iterator[list[Any]]:
    """Leaves as [path, value], and [path] after the last part of each container."""
    budget: Budget = env[0]
    if not (isinstance(v, (list, dict)) and v):
        yield [[], v]
        return
    stack: list[tuple[tuple[Any, ...], Iterator[tuple[Any, Any]], Any]] = [((), _pairs(v), None)]
    while stack:
        where, pairs, last = stack.pop()
        pair = next(pairs, None)
        if pair is None:
            yield [[*where, last]]
            continue
        key, part = pair
        budget.charge(1 + len(where) // 64)
        stack.append((where, pairs, key))
        if isinstance(part, (list, dict)) and part:
            stack.append(((*where, key), _pairs(part), None))
        else:
            yield [[*where, key], part]


def _pairs(container: list[Any] | dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    return iter(container.items()) if isinstance(container, dict) else enumerate(container)
