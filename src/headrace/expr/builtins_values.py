"""Builtins over arrays, objects and values of any type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from headrace.expr import syntax as s
from headrace.expr.access import has, index, sublist_positions
from headrace.expr.arithmetic import negate, operators, subtract
from headrace.expr.builtin_table import BUDGET, LIMIT, Args, known_functions, native, special, special_path
from headrace.expr.codes import MANY, ONE, Code, Env, Fn, Scope, many
from headrace.expr.compile_basic import elements
from headrace.expr.compile_core import Compiler
from headrace.expr.json_text import described, from_json, to_json
from headrace.expr.limits import Budget, RaisedError, too_large
from headrace.expr.values import (
    compare,
    equal,
    is_number,
    sort_key,
    sort_pairs,
    sort_values,
    to_float,
    type_name,
)


@native("type")
def _type(v: Any) -> str:
    return type_name(v)


@native("length")
def _length(v: Any) -> Any:
    kind = type(v)
    if kind is str or kind is list or kind is dict:
        return len(v)
    if v is None:
        return 0
    if is_number(v):
        return negate(v) if v < 0 or str(v) == "-0.0" else v
    raise RaisedError(f"{described(v)} has no length")


@native("abs")
def _abs(v: Any) -> Any:
    if is_number(v):
        return negate(v) if v < 0 else v
    return negate(v) if compare(v, 0) < 0 else v


@native("utf8bytelength")
def _utf8_length(v: Any) -> int:
    if type(v) is not str:
        raise RaisedError(f"{described(v)} only strings have UTF-8 byte length")
    return len(v.encode())


@native("keys")
def _keys(v: Any) -> list[Any]:
    if type(v) is dict:
        return sorted(v)
    if type(v) is list:
        return list(range(len(v)))
    raise RaisedError(f"{described(v)} has no keys")


@native("keys_unsorted")
def _keys_unsorted(v: Any) -> list[Any]:
    return list(v) if type(v) is dict else _keys(v)


native("has", 1)(has)


@special("in", 1)
def _in(c: Compiler, args: Args, scope: Scope) -> Code:
    return _each_argument(c, args[0], scope, lambda v, container: has(container, v))


@special("inside", 1)
def _inside(c: Compiler, args: Args, scope: Scope) -> Code:
    return _each_argument(c, args[0], scope, lambda v, container: contains(container, v))


def _each_argument(c: Compiler, arg: s.Node, scope: Scope, call: Callable[[Any, Any], Any]) -> Code:
    code = c.compile(arg, scope)
    fn = code.fn
    if code.kind == ONE:
        return Code(ONE, lambda v, env: call(v, fn(v, env)))
    outputs = many(code)

    def run(v: Any, env: Env) -> Iterator[Any]:
        for item in outputs(v, env):
            yield call(v, item)

    return Code(MANY, run)


@native("contains", 1)
def contains(a: Any, b: Any, known: dict[tuple[int, int], bool] | None = None) -> bool:
    """Tell whether `b` is in `a`: substrings, and parts of arrays and objects, recursively."""
    if (type(a) is dict and type(b) is dict) or (type(a) is list and type(b) is list):
        # Shared parts are compared once: there may be exponentially many of them.
        known = {} if known is None else known
        pair = (id(a), id(b))
        if pair not in known:
            if isinstance(a, dict) and isinstance(b, dict):
                known[pair] = all(key in a and contains(a[key], part, known) for key, part in b.items())
            else:
                known[pair] = all(any(_may_contain(x, y, known) for x in a) for y in b)
        return known[pair]
    if type(a) is str and type(b) is str:
        return b in a
    if a is b or (is_number(a) and is_number(b)):
        return equal(a, b)
    raise RaisedError(f"{described(a)} and {described(b)} cannot have their containment checked")


def _may_contain(a: Any, b: Any, known: dict[tuple[int, int], bool]) -> bool:
    return contains(a, b, known) if type(a) is type(b) and type(a) is not bool else equal(a, b)


def total(limit: int, items: Iterable[Any]) -> Any:
    """Add all items up from null; texts and arrays are joined once, at the end."""
    add = operators(limit).add
    result: Any = None
    started: list[Any] | None = None  # a list that this call made and may extend
    texts: list[str] | None = None
    size = 0
    for item in items:
        kind = type(item)
        if texts is not None:
            if kind is str:
                texts.append(item)
                size += len(item)
                if size > limit:
                    raise too_large("a string", limit)
                continue
            result, texts = "".join(texts), None
        if started is not None and kind is list:
            started += item
            if len(started) > limit // 8:
                raise too_large("an array", limit)
            continue
        if kind is list and type(result) is list:
            result = started = add(result, item)
            continue
        if kind is dict and type(result) is dict and started is None:
            result = add(result, item)
            continue
        if kind is str and type(result) is str:
            texts, size = [result, item], len(result) + len(item)
            continue
        result, started = add(result, item), None
    return "".join(texts) if texts is not None else result


@native("add", 0, LIMIT)
def _add(limit: int, v: Any) -> Any:
    items = elements(v)
    if items and type(items[0]) is dict:
        return _merge(limit, items)
    return total(limit, items)


def _merge(limit: int, items: list[Any]) -> Any:
    merged: dict[str, Any] = {}
    for item in items:
        if type(item) is not dict:
            return total(limit, items)
        merged.update(item)
    return merged


@native("reverse")
def _reverse(v: Any) -> Any:
    if type(v) is list:
        return v[::-1]
    size = _length(v)
    return [index(v, size - 1 - at) for at in range(int(size))]


@native("sort")
def _sort(v: Any) -> list[Any]:
    return sort_values(_sortable(v))


def _sortable(v: Any) -> list[Any]:
    if type(v) is not list:
        raise RaisedError(f"{described(v)} cannot be sorted, as it is not an array")
    return v


@native("unique")
def _unique(v: Any) -> list[Any]:
    return _without_repeats(sort_values(_sortable(v)))


def _without_repeats(ordered: list[Any]) -> list[Any]:
    kept: list[Any] = []
    for item in ordered:
        if not kept or not equal(kept[-1], item):
            kept.append(item)
    return kept


def _register_by(name: str, call: Callable[[list[Any], list[Any]], Any], complaint: str) -> None:
    @special(name, 1)
    def handler(c: Compiler, args: Args, scope: Scope) -> Code:
        code = c.compile(args[0], scope)
        c.uses_budget = True
        fn, keys_of = code.fn, many(code)
        single = code.kind == ONE

        def run(v: Any, env: Env) -> Any:
            items = elements(v)
            env[0].charge(len(items))
            # A single key needs no list around it: lists of one order as their only element.
            keys = [fn(x, env) for x in items] if single else [list(keys_of(x, env)) for x in items]
            if type(v) is not list:
                pairs = [[key] for key in keys] if single else keys
                raise RaisedError(f"{described(v)} and {described(pairs)} {complaint}")
            return call(keys, items)

        return Code(ONE, run)


def _sort_by(keys: list[Any], items: list[Any]) -> list[Any]:
    return [item for _, item in sort_pairs(keys, items)]


def _group_by(keys: list[Any], items: list[Any]) -> list[list[Any]]:
    groups: list[list[Any]] = []
    last: Any = None
    for key, item in sort_pairs(keys, items):
        if groups and equal(key, last):
            groups[-1].append(item)
        else:
            groups.append([item])
            last = key
    return groups


def _unique_by(keys: list[Any], items: list[Any]) -> list[Any]:
    return [group[0] for group in _group_by(keys, items)]


def _min_by(keys: list[Any], items: list[Any]) -> Any:
    if not items:
        return None
    key = sort_key(keys) or (lambda x: x)
    return min(zip(keys, items, strict=True), key=lambda pair: key(pair[0]))[1]


def _max_by(keys: list[Any], items: list[Any]) -> Any:
    if not items:
        return None
    key = sort_key(keys) or (lambda x: x)
    # The last of equal ones, as in jq.
    return max(reversed(list(zip(keys, items, strict=True))), key=lambda pair: key(pair[0]))[1]


_UNSORTABLE = "cannot be sorted, as they are not both arrays"
for _name, _call in (("sort_by", _sort_by), ("group_by", _group_by), ("unique_by", _unique_by)):
    _register_by(_name, _call, _UNSORTABLE)
for _name, _call in (("min_by", _min_by), ("max_by", _max_by)):
    _register_by(_name, _call, "cannot be iterated over")


@native("min")
def _min(v: Any) -> Any:
    return _min_by(_iterable(v), v)


@native("max")
def _max(v: Any) -> Any:
    return _max_by(_iterable(v), v)


def _iterable(v: Any) -> list[Any]:
    if type(v) is not list:
        raise RaisedError(f"{described(v)} and {described(v)} cannot be iterated over")
    return v


@native("bsearch", 1)
def _bsearch(v: Any, wanted: Any) -> int:
    if type(v) is not list:
        raise RaisedError(f"{described(v)} cannot be searched from")
    low, high = 0, len(v)
    while low < high:
        middle = (low + high) // 2
        order = compare(v[middle], wanted)
        if order == 0:
            return middle
        if order < 0:
            low = middle + 1
        else:
            high = middle
    return -1 - low


@native("flatten", 0, BUDGET)
def _flatten(v: Any, budget: Budget) -> list[Any]:
    return _flattened(v, -1, budget)


@native("flatten", 1, BUDGET)
def _flatten_by(v: Any, budget: Budget, depth: Any) -> list[Any]:
    if compare(depth, 0) < 0:
        raise RaisedError("flatten depth must not be negative")
    return _flattened(v, depth, budget)


def _flattened(v: Any, depth: Any, budget: Budget) -> list[Any]:
    made: list[Any] = []
    stack = [(iter(elements(v)), depth)]
    while stack:
        items, left = stack[-1]
        for item in items:
            budget.charge(1)
            if type(item) is list and not equal(left, 0):
                stack.append((iter(item), subtract(left, 1)))
                break
            made.append(item)
        else:
            stack.pop()
    return made


@native("to_entries")
def _to_entries(v: Any) -> list[dict[str, Any]]:
    if type(v) is dict:
        return [{"key": key, "value": part} for key, part in v.items()]
    return [{"key": key, "value": index(v, key)} for key in _keys(v)]


@native("from_entries")
def _from_entries(v: Any) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for entry in elements(v):
        key = None
        for name in ("key", "Key", "name", "Name"):
            key = index(entry, name)
            if key is not None and key is not False:
                break
        part = index(entry, "value" if has(entry, "value") else "Value")
        if type(key) is not str:
            raise RaisedError(f"Cannot use {described(key)} as object key")
        made[key] = part
    return made


@native("tojson", 0, LIMIT)
def _tojson(limit: int, v: Any) -> str:
    return to_json(v, limit)


@native("fromjson")
def _fromjson(v: Any) -> Any:
    if type(v) is not str:
        raise RaisedError(f"{described(v)} only strings can be parsed")
    return from_json(v)


@native("toarray")
def _toarray(v: Any) -> list[Any]:
    return v if type(v) is list else [v]


@native("transpose", 0, BUDGET)
def _transpose(v: Any, budget: Budget) -> list[Any]:
    rows = elements(v)
    width = max((_length(row) for row in rows), default=0, key=to_float)
    budget.charge(int(width) * len(rows))
    return [[index(row, at) for row in rows] for at in range(int(width))]


@native("indices", 1)
def _indices(v: Any, wanted: Any) -> Any:
    if type(v) is list and type(wanted) is list:
        return sublist_positions(v, wanted)
    if type(v) is list and type(wanted) is not dict:
        return sublist_positions(v, [wanted])
    if type(v) is str and type(wanted) is str:
        return text_positions(v, wanted)
    return index(v, wanted)


def text_positions(text: str, wanted: str) -> list[int]:
    """Return where `wanted` starts in the text, overlaps included."""
    found: list[int] = []
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        found.append(at)
        at = text.find(wanted, at + 1)
    return found


@native("index", 1)
def _first_index(v: Any, wanted: Any) -> Any:
    return index(_indices(v, wanted), 0)


@native("rindex", 1)
def _last_index(v: Any, wanted: Any) -> Any:
    found = _indices(v, wanted)
    return index(found, -1)


@native("builtins", 0, BUDGET)
def _builtins(v: Any, budget: Budget) -> list[str]:
    return [f"{name}/{arity}" for name, arity in sorted(known_functions()) if name[0] != "_"]


@native("have_decnum")
@native("have_literal_numbers")
def _true(v: Any) -> bool:
    return True


@native("first")
def _first(v: Any) -> Any:
    return index(v, 0)


@native("last")
def _last(v: Any) -> Any:
    return index(v, -1)


def _register_position(name: str, position: int) -> None:
    @special_path(name, 0)
    def handler(c: Compiler, args: Args, scope: Scope) -> Fn:
        return c.compile_path(s.Index(s.Identity(), s.Literal(position)), scope)


_register_position("first", 0)
_register_position("last", -1)


@special("nth", 1)
def _nth(c: Compiler, args: Args, scope: Scope) -> Code:
    return c.compile(s.Index(s.Identity(), args[0]), scope)


@special_path("nth", 1)
def _nth_path(c: Compiler, args: Args, scope: Scope) -> Fn:
    return c.compile_path(s.Index(s.Identity(), args[0]), scope)
