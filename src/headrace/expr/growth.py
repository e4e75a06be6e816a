"""Tells which expressions can make results much larger than their input.

A result may share parts: small in memory, enormous as JSON. Results of expressions that cannot do
that need no check of their size.
"""

from __future__ import annotations

from math import inf

from headrace.expr import syntax as s

# Results that hold the input at most so many times are not measured.
_HARMLESS = 64


def may_grow(node: s.Node) -> bool:
    """Tell whether the result must be measured."""
    try:
        return _copies(node) > _HARMLESS
    except RecursionError:
        return True


def _copies(node: s.Node) -> float:
    """Return how often the outputs can hold the input, or data of the caller; inf if unknown."""
    match node:
        case s.Literal() | s.Format() | s.Text() | s.Negate() | s.And() | s.Or() | s.BreakTo():
            return 0
        case s.Identity() | s.Variable():
            return 1
        case s.Binary(op, left, right):
            if op in ("==", "!=", "<", "<=", ">", ">=", "-", "/", "%"):
                return 0 if op != "-" else _copies(left)
            # Text times a number is bounded where it is made.
            return _copies(left) + _copies(right)
        case s.Index(term, key):
            # Several keys give several outputs.
            return _copies(term) if isinstance(key, s.Literal) else inf
        case s.Iterate(term):
            return _copies(term)
        case s.Array(body):
            return _copies(body) if body is not None else 0
        case s.Object(entries):
            if any(not isinstance(key, s.Literal) for key, _ in entries):
                return inf
            if any(_is_many(part) for _, part in entries):
                return inf
            return sum(_copies(part) for _, part in entries)
        case s.Pipe(left, right):
            if _names_variables(right) and _is_many(left):
                return inf
            return _copies(left) * _copies(right) if _copies(left) else _copies_of_constant(right)
        case s.Comma(left, right) | s.Alternative(left, right):
            return _copies(left) + _copies(right)
        case s.If(_, yes, no):
            return _copies(yes) + _copies(no)
        case s.Try(body, None):
            return _copies(body)
        case s.Call("map", (body,), _):
            return inf if _names_variables(body) else _copies(body)
        case s.Call("select", (_,), _) | s.Call("add" | "length" | "keys" | "not" | "type", (), _):
            return 1
        case s.Call("tostring" | "tojson" | "tonumber" | "first" | "last" | "sort" | "reverse", (), _):
            return 1
        case s.Call("join" | "split" | "has" | "contains" | "sort_by" | "startswith", (_,), _):
            return 1
    return inf


def _copies_of_constant(right: s.Node) -> float:
    return inf if _names_variables(right) else 0


def _is_many(node: s.Node) -> bool:
    """Tell whether a node may give several outputs."""
    match node:
        case s.Identity() | s.Literal() | s.Format() | s.Variable() | s.Array():
            return False
        case s.Index(term, s.Literal()):
            return _is_many(term)
        case s.Negate(body):
            return _is_many(body)
        case s.Text(_, parts):
            return any(not isinstance(part, str) and _is_many(part) for part in parts)
        case s.Pipe(left, right) | s.Binary(_, left, right) | s.And(left, right) | s.Or(left, right):
            return _is_many(left) or _is_many(right)
        case s.Alternative(left, right):
            return _is_many(left) or _is_many(right)
        case s.Object(entries):
            return any(_is_many(key) or _is_many(part) for key, part in entries)
        case s.If(condition, yes, no):
            return _is_many(condition) or _is_many(yes) or _is_many(no)
        case s.Call(name, args, _):
            simple = name in ("map", "add", "length", "keys", "not", "type", "sort", "tostring", "join")
            return not simple or (name == "join" and any(_is_many(arg) for arg in args))
    return True


def _names_variables(node: s.Node) -> bool:
    match node:
        case s.Variable():
            return True
        case s.Identity() | s.Literal() | s.Format():
            return False
        case s.Index(term, key):
            return _names_variables(term) or _names_variables(key)
        case s.Binary(_, left, right) | s.Pipe(left, right) | s.Comma(left, right):
            return _names_variables(left) or _names_variables(right)
        case s.Object(entries):
            return any(_names_variables(key) or _names_variables(part) for key, part in entries)
    return True
