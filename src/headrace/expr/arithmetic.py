"""The arithmetic operators over every pair of types, with jq's results and messages.

Numbers behave as doubles. Python ints take the fast way while both the operands and the result are
exact in a double; beyond that the double is computed, as jq does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import isnan
from typing import Any, NamedTuple

from headrace.expr.json_text import described
from headrace.expr.limits import RaisedError, RaisedLimitError, too_large
from headrace.expr.values import EXACT, equal, from_float, is_number, to_float

# Half of the exact range: if the left operand and the result are inside, so is the right operand.
_SAFE = EXACT // 2
_INT_MAX = 2**63 - 1
_JQ_STRING_MAX = 2**31 - 1

BinaryOperator = Callable[[Any, Any], Any]


class Operators(NamedTuple):
    """The five operators, bound to a limit of size."""

    add: BinaryOperator
    subtract: BinaryOperator
    multiply: BinaryOperator
    divide: BinaryOperator
    remainder: BinaryOperator


def failed(a: Any, b: Any, what: str) -> RaisedError:
    """Return the error of an operator, e.g. `number (1) and null (null) cannot be added`."""
    return RaisedError(f"{described(a)} and {described(b)} {what}")


def negate(value: Any) -> Any:
    """`-value`; exact for integers of any size. Raises RaisedError for anything but a number."""
    if type(value) is int:
        return -value
    if type(value) is float:
        return from_float(-value)
    raise RaisedError(f"{described(value)} cannot be negated")


def subtract(a: Any, b: Any) -> Any:
    """`a - b`: numbers, or arrays without the elements of the other."""
    if type(a) is int and type(b) is int:
        whole = a - b
        if -_SAFE <= whole <= _SAFE and -_SAFE <= a <= _SAFE:
            return whole
    if is_number(a) and is_number(b):
        return from_float(to_float(a) - to_float(b))
    if type(a) is list and type(b) is list:
        if len(b) > 8 and all(type(x) is str for x in b):
            gone = set(b)
            return [x for x in a if type(x) is not str or x not in gone]
        return [x for x in a if not any(equal(x, y) for y in b)]
    raise failed(a, b, "cannot be subtracted")


def divide(a: Any, b: Any) -> Any:
    """`a / b`: numbers, or a string split by another."""
    if is_number(a) and is_number(b):
        if b == 0:
            raise failed(a, b, "cannot be divided because the divisor is zero")
        return from_float(to_float(a) / to_float(b))
    if type(a) is str and type(b) is str:
        return split_text(a, b)
    raise failed(a, b, "cannot be divided")


def split_text(text: str, separator: str) -> list[str]:
    """Split like jq: an empty separator gives the characters, an empty text gives nothing."""
    if not text:
        return []
    return text.split(separator) if separator else list(text)


def _to_int(number: int | float) -> int:
    number = to_float(number)
    if number < -_INT_MAX - 1:
        return -_INT_MAX - 1
    if number > _INT_MAX:
        return _INT_MAX
    return int(number)


def remainder(a: Any, b: Any) -> Any:
    """`a % b` of the integer parts; the sign is the dividend's."""
    if is_number(a) and is_number(b):
        if (type(a) is float and isnan(a)) or (type(b) is float and isnan(b)):
            return float("nan")
        x, y = _to_int(a), abs(_to_int(b))
        if y == 0:
            raise failed(a, b, "cannot be divided (remainder) because the divisor is zero")
        rest = abs(x) % min(y, _INT_MAX)
        return -rest if x < 0 else rest
    raise failed(a, b, "cannot be divided (remainder)")


@lru_cache(maxsize=64)
def operators(limit_bytes: int) -> Operators:
    """Return the operators, with results larger than `limit_bytes` refused."""
    longest_list = limit_bytes // 8

    def add(a: Any, b: Any) -> Any:
        kind = type(a)
        if kind is type(b):
            if kind is int:
                whole = a + b
                if -_SAFE <= whole <= _SAFE and -_SAFE <= a <= _SAFE:
                    return whole
                return from_float(to_float(a) + to_float(b))
            if kind is str:
                text = a + b
                if len(text) > limit_bytes:
                    raise too_large("a string", limit_bytes)
                return text
            if kind is float:
                return from_float(a + b)
            if kind is list:
                if len(a) + len(b) > longest_list:
                    raise too_large("an array", limit_bytes)
                return a + b
            if kind is dict:
                return {**a, **b}
        if a is None:
            return b
        if b is None:
            return a
        if is_number(a) and is_number(b):
            return from_float(to_float(a) + to_float(b))
        raise failed(a, b, "cannot be added")

    def merge(
        a: dict[str, Any], b: dict[str, Any], known: dict[tuple[int, int], dict[str, Any]]
    ) -> dict[str, Any]:
        # Shared parts are merged once: there may be exponentially many of them.
        merged = known.get((id(a), id(b)))
        if merged is not None:
            return merged
        merged = dict(a)
        for key, value in b.items():
            old = merged.get(key)
            merged[key] = merge(old, value, known) if type(old) is dict and type(value) is dict else value
        known[id(a), id(b)] = merged
        return merged

    def repeat(text: str, times: int | float) -> Any:
        number = to_float(times)
        if isnan(number) or number < 0:
            return None
        if len(text) * number > limit_bytes:
            # jq has this limit too, only a higher one, and its error can be caught.
            if len(text) * number > _JQ_STRING_MAX:
                raise RaisedLimitError("Repeat string result too long")
            raise too_large("a string", limit_bytes)
        return text * int(number) if text else text

    def multiply(a: Any, b: Any) -> Any:
        if type(a) is int and type(b) is int:
            whole = a * b
            if -EXACT < whole < EXACT and (whole or (a >= 0 and b >= 0)):
                return whole
        if is_number(a) and is_number(b):
            return from_float(to_float(a) * to_float(b))
        if type(a) is dict and type(b) is dict:
            return merge(a, b, {})
        if type(a) is str and is_number(b):
            return repeat(a, b)
        if type(b) is str and is_number(a):
            return repeat(b, a)
        raise failed(a, b, "cannot be multiplied")

    return Operators(add, subtract, multiply, divide, remainder)
