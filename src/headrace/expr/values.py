"""How jq sees Python's JSON data: type names, truth, equality, order.

Values are None, bool, int, float, str, list, dict. Python says `True == 1`; jq does not, and every
comparison here takes care of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key
from math import inf
from typing import Any

_NAMES: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "number",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}

# Integers up to here are exact in a double, so that int arithmetic equals jq's.
EXACT = 2**53


def type_name(value: Any) -> str:
    """Return jq's name of the value's type."""
    return _NAMES.get(type(value)) or _unknown(value)


def _unknown(value: Any) -> str:
    raise TypeError(
        f"{type(value).__name__} is not JSON data; pass None, bool, int, float, str, list or dict"
    )


def is_number(value: Any) -> bool:
    """Tell whether the value is a jq number (a Python bool is not)."""
    kind = type(value)
    return kind is int or kind is float


def to_float(number: int | float) -> float:
    """Return the double nearest to a number; integers too large for a double become infinite."""
    try:
        return float(number)
    except OverflowError:
        return inf if number > 0 else -inf


def from_float(number: float) -> int | float:
    """Return a computed double the way results are kept: whole numbers that are exact as int."""
    if -EXACT < number < EXACT:
        whole = int(number)
        # Minus zero stays a float: jq prints it as -0.
        if whole == number and (whole or str(number) != "-0.0"):
            return whole
    return number


# Pairs of containers already found equal, by identity. A value may hold one part many times over,
# and be exponentially larger than it is in memory; each pair is looked at once.
Seen = set[tuple[int, int]]


def equal(a: Any, b: Any, seen: Seen | None = None) -> bool:
    """Tell whether jq holds two values equal."""
    kind = type(a)
    if kind is type(b):
        if kind is not list and kind is not dict:
            return bool(a == b)
        if a is b:
            return True
        if len(a) != len(b):
            return False
        if seen is None:
            seen = set()
        elif (id(a), id(b)) in seen:
            return True
        if kind is list:
            for x, y in zip(a, b, strict=True):
                if not equal(x, y, seen):
                    return False
        else:
            for key, x in a.items():
                if key not in b or not equal(x, b[key], seen):
                    return False
        seen.add((id(a), id(b)))
        return True
    if (kind is int and type(b) is float) or (kind is float and type(b) is int):
        return to_float(a) == to_float(b)
    return False


def _rank(value: Any) -> int:
    if value is None:
        return 0
    if value is False:
        return 1
    if value is True:
        return 2
    kind = type(value)
    if kind is int or kind is float:
        return 3
    if kind is str:
        return 4
    if kind is list:
        return 5
    if kind is dict:
        return 6
    _unknown(value)
    return 7


def compare(a: Any, b: Any, seen: Seen | None = None) -> int:
    """Return a negative number, 0 or a positive one: jq's total order of all values.

    NaN is less than every number, itself included.
    """
    rank = _rank(a)
    difference = rank - _rank(b)
    if difference:
        return difference
    if rank < 3:
        return 0
    if rank == 3:
        if type(a) is not type(b):
            a, b = to_float(a), to_float(b)
        if a < b or a != a:
            return -1
        return 0 if a == b else 1
    if rank == 4:
        return -1 if a < b else int(a != b)
    if a is b:
        return 0
    if seen is None:
        seen = set()
    elif (id(a), id(b)) in seen:
        return 0
    if rank == 5:
        for x, y in zip(a, b, strict=False):
            found = compare(x, y, seen)
            if found:
                return found
        if len(a) != len(b):
            return len(a) - len(b)
    else:
        keys, others = sorted(a), sorted(b)
        if keys != others:
            return -1 if keys < others else 1
        for key in keys:
            found = compare(a[key], b[key], seen)
            if found:
                return found
    seen.add((id(a), id(b)))
    return 0


_order_key = cmp_to_key(compare)


def sort_key(values: list[Any]) -> Callable[[Any], Any] | None:
    """Return the key to sort these values by; None when Python's own order is jq's."""
    kinds = set(map(type, values))
    if kinds <= {str} or kinds <= {int}:
        return None
    if kinds <= {int, float} and all(v == v for v in values):
        return None
    if kinds == {list} and len(set(map(len, values))) == 1:
        # Rows of several keys, as `sort_by(.a, .b)` makes: columns of one plain type each.
        columns = [list(column) for column in zip(*values, strict=True)]
        if all(_plain(column) for column in columns):
            return tuple
    return _order_key


def _plain(values: list[Any]) -> bool:
    kinds = set(map(type, values))
    return kinds <= {str} or kinds <= {int}


def sort_values(values: list[Any]) -> list[Any]:
    """Return the values in jq's order, as a new list; equal values keep their order."""
    return sorted(values, key=sort_key(values))


def sort_pairs(keys: list[Any], values: list[Any]) -> list[tuple[Any, Any]]:
    """Return (key, value) pairs ordered by the keys; equal keys keep their order."""
    key = sort_key(keys)
    pairs = list(zip(keys, values, strict=True))
    if key is None:
        return sorted(pairs, key=lambda pair: pair[0])
    return sorted(pairs, key=lambda pair: key(pair[0]))


def less(a: Any, b: Any) -> bool:
    """`a < b` as jq orders values."""
    return compare(a, b) < 0


def greater(a: Any, b: Any) -> bool:
    """`a > b` as jq orders values."""
    return compare(a, b) > 0


def less_equal(a: Any, b: Any) -> bool:
    """`a <= b` as jq orders values."""
    return compare(a, b) <= 0


def greater_equal(a: Any, b: Any) -> bool:
    """`a >= b` as jq orders values."""
    return compare(a, b) >= 0


def not_equal(a: Any, b: Any) -> bool:
    """`a != b` as jq compares values."""
    return not equal(a, b)
