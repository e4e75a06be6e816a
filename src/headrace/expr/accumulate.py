"""Folds that grow a container: `reduce ... (start; . + [$x])`, `(start; .[$key] = $value)`.

Copying the container in each turn would take quadratic time. The first turn makes a copy that nobody
else holds; the following ones change it in place.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from headrace.expr import syntax as s
from headrace.expr.access import index, set_part
from headrace.expr.codes import ONE, Env, Fn, Scope
from headrace.expr.compile_basic import binary_operator
from headrace.expr.compile_core import Compiler
from headrace.expr.limits import too_large

# From (state, env, whether the state is the fold's own) to the new state and whether that is.
Step = Callable[[Any, Env, bool], tuple[Any, bool]]


def accumulator(c: Compiler, update: s.Node, scope: Scope) -> Step | None:
    """Compile an update that only adds to its state; None if it is of another form."""
    match update:
        case s.Pipe(left, right):
            first = accumulator(c, left, scope)
            second = accumulator(c, right, scope) if first else None
            return _both(first, second) if first and second else None
        case s.Binary("+", s.Identity(), addend) if _ignores_input(addend):
            more = _single(c, addend, scope)
            return _add(c, more) if more else None
        case s.Assign(op, s.Index(s.Identity(), key), part) if op not in ("|=", "//="):
            if _ignores_input(key) and _ignores_input(part):
                key_fn, part_fn = _single(c, key, scope), _single(c, part, scope)
                if key_fn and part_fn:
                    change = None if op == "=" else binary_operator(op[:-1], c.limits.output_bytes)
                    return _set(key_fn, part_fn, change)
    return None


def _single(c: Compiler, node: s.Node, scope: Scope) -> Fn | None:
    code = c.compile(node, scope)
    return code.fn if code.kind == ONE else None


def _ignores_input(node: s.Node) -> bool:
    """Tell whether a node cannot hold on to its input, the state."""
    match node:
        case s.Variable() | s.Literal():
            return True
        case s.Index(term, key):
            return _ignores_input(term) and _ignores_input(key)
        case s.Text(_, parts):
            return all(isinstance(part, str) or _ignores_input(part) for part in parts)
        case s.Array(body):
            return body is not None and _ignores_input(body)
        case s.Object(entries):
            return all(_ignores_input(key) and _ignores_input(part) for key, part in entries)
        case s.Binary(_, left, right):
            return _ignores_input(left) and _ignores_input(right)
        case s.Pipe(left, _):
            return _ignores_input(left)
    return False


def _both(first: Step, second: Step) -> Step:
    def step(state: Any, env: Env, own: bool) -> tuple[Any, bool]:
        state, own = first(state, env, own)
        return second(state, env, own)

    return step


def _set(key_fn: Fn, part_fn: Fn, change: Callable[[Any, Any], Any] | None) -> Step:
    def step(state: Any, env: Env, own: bool) -> tuple[Any, bool]:
        new = part_fn(state, env)
        key = key_fn(state, env)
        if change is not None:
            new = change(index(state, key), new)
        if own:
            if type(state) is dict and type(key) is str:
                state[key] = new
                return state, True
            if type(state) is list and type(key) is int and 0 <= key < len(state):
                state[key] = new
                return state, True
        return set_part(state, key, new), True

    return step


def _add(c: Compiler, more: Fn) -> Step:
    limit = c.limits.output_bytes
    add = binary_operator("+", limit)

    def step(state: Any, env: Env, own: bool) -> tuple[Any, bool]:
        addend = more(state, env)
        kind = type(state)
        if kind is not type(addend) or (kind is not list and kind is not dict):
            return add(state, addend), False
        if not own:
            return add(state, addend), True
        if kind is list:
            state += addend
            if len(state) > limit // 8:
                raise too_large("an array", limit)
        else:
            state.update(addend)
        return state, True

    return step
