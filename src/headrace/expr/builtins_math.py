"""Builtins over numbers: C's math functions over doubles, without exceptions."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from headrace.expr.builtin_table import native
from headrace.expr.json_text import described
from headrace.expr.limits import RaisedError
from headrace.expr.values import from_float, is_number, to_float

_INF, _NAN = math.inf, math.nan


def number(v: Any) -> float:
    """Return a number as double; raises RaisedError for anything else."""
    if is_number(v):
        return to_float(v)
    raise RaisedError(f"{described(v)} number required")


def _guarded(function: Callable[..., float], overflow: float = _INF) -> Callable[..., float]:
    """C returns infinity or NaN where Python raises."""

    def call(*args: float) -> float:
        try:
            return float(function(*args))
        except OverflowError:
            return overflow
        except ValueError:
            return _NAN

    return call


def _whole(function: Callable[[float], float]) -> Callable[[float], float]:
    """Let rounding functions pass what has no integer."""
    return lambda x: float(function(x)) if math.isfinite(x) else x


def _round(x: float) -> float:
    # Half away from zero; 0.49999999999999994 + 0.5 would round up to 1.
    floor = math.floor(abs(x))
    return math.copysign(floor + (1 if abs(x) - floor >= 0.5 else 0), x)


def _log(base: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: -_INF if x == 0 else _guarded(base)(x)


def _signed(function: Callable[[float], float]) -> Callable[[float], float]:
    """An odd function overflows to the infinity of its argument's sign."""

    def call(x: float) -> float:
        try:
            return function(x)
        except OverflowError:
            return math.copysign(_INF, x)
        except ValueError:
            return _NAN

    return call


def _pow(x: float, y: float) -> float:
    try:
        return math.pow(x, y)
    except OverflowError:
        return -_INF if x < 0 and y % 2 == 1 else _INF
    except ValueError:
        if x == 0:  # a negative power of zero
            return math.copysign(_INF, x) if y % 2 == 1 else _INF
        return _NAN


def _gamma(x: float) -> float:
    try:
        return math.gamma(x)
    except OverflowError:
        return _INF
    except ValueError:
        return math.copysign(_INF, x) if x == 0 else _NAN


def _log_gamma(x: float) -> float:
    try:
        return math.lgamma(x)
    except (OverflowError, ValueError):
        return _INF


def _exponent(x: float) -> float:
    if x == 0:
        return -_INF
    return float(math.frexp(x)[1] - 1) if math.isfinite(x) else abs(x)


def _significand(x: float) -> float:
    return math.frexp(x)[0] * 2 if x and math.isfinite(x) else x


def _cube_root(x: float) -> float:
    return math.cbrt(x)


def _atanh(x: float) -> float:
    if abs(x) == 1:
        return math.copysign(_INF, x)
    return _guarded(math.atanh)(x)


_ONE: dict[str, Callable[[float], float]] = {
    "floor": _whole(math.floor),
    "ceil": lambda x: math.copysign(math.ceil(x), x) if math.isfinite(x) else x,
    "trunc": lambda x: math.copysign(math.trunc(x), x) if math.isfinite(x) else x,
    "round": lambda x: _round(x) if math.isfinite(x) else x,
    "rint": lambda x: math.copysign(round(x), x) if math.isfinite(x) else x,
    "nearbyint": lambda x: math.copysign(round(x), x) if math.isfinite(x) else x,
    "sqrt": _guarded(math.sqrt),
    "cbrt": _cube_root,
    "fabs": abs,
    "exp": _guarded(math.exp),
    "exp2": lambda x: _pow(2.0, x),
    "exp10": lambda x: _pow(10.0, x),
    "pow10": lambda x: _pow(10.0, x),
    "expm1": _guarded(math.expm1),
    "log": _log(math.log),
    "log2": _log(math.log2),
    "log10": _log(math.log10),
    "log1p": lambda x: -_INF if x == -1 else _guarded(math.log1p)(x),
    "logb": _exponent,
    "significand": _significand,
    "gamma": _log_gamma,
    "lgamma": _log_gamma,
    "tgamma": _gamma,
    "erf": math.erf,
    "erfc": math.erfc,
    "sin": _guarded(math.sin),
    "cos": _guarded(math.cos),
    "tan": _guarded(math.tan),
    "asin": _guarded(math.asin),
    "acos": _guarded(math.acos),
    "atan": math.atan,
    "sinh": _signed(math.sinh),
    "cosh": _guarded(math.cosh),
    "tanh": math.tanh,
    "asinh": math.asinh,
    "acosh": _guarded(math.acosh),
    "atanh": _atanh,
}


def _remainder(x: float, y: float) -> float:
    return _guarded(math.remainder)(x, y)


def _scale(x: float, exponent: float) -> float:
    if math.isnan(exponent) or not math.isfinite(x) or x == 0:
        return x if not math.isnan(exponent) else _NAN
    shift = int(max(min(exponent, 5000), -5000))
    return _guarded(math.ldexp, math.copysign(_INF, x))(x, shift)


def _smaller(x: float, y: float) -> float:
    if math.isnan(x) or math.isnan(y):
        return y if math.isnan(x) else x
    return min(x, y)


def _larger(x: float, y: float) -> float:
    if math.isnan(x) or math.isnan(y):
        return y if math.isnan(x) else x
    return max(x, y)


def _multiply_add(x: float, y: float, z: float) -> float:
    return x * y + z


_TWO: dict[str, Callable[[float, float], float]] = {
    "pow": _pow,
    "atan2": math.atan2,
    "fmod": _guarded(math.fmod),
    "drem": _remainder,
    "remainder": _remainder,
    "ldexp": _scale,
    "scalb": _scale,
    "scalbln": _scale,
    "hypot": _guarded(math.hypot),
    "copysign": math.copysign,
    "nextafter": math.nextafter,
    "nexttoward": math.nextafter,
    "fmin": _smaller,
    "fmax": _larger,
    "fdim": lambda x, y: x - y if x > y else (_NAN if x != x or y != y else 0.0),
}


def _register_one(name: str, function: Callable[[float], float]) -> None:
    def apply(v: Any) -> Any:
        return from_float(function(number(v)))

    native(name)(apply)


def _register_two(name: str, function: Callable[[float, float], float]) -> None:
    def apply(v: Any, x: Any, y: Any) -> Any:
        return from_float(function(number(x), number(y)))

    native(name, 2)(apply)


for _name, _function in _ONE.items():
    _register_one(_name, _function)
for _name, _pair in _TWO.items():
    _register_two(_name, _pair)


@native("fma", 3)
def _fma(v: Any, x: Any, y: Any, z: Any) -> Any:
    return from_float(_multiply_add(number(x), number(y), number(z)))


@native("frexp")
def _frexp(v: Any) -> list[Any]:
    x = number(v)
    if not math.isfinite(x):
        return [x, 0]
    mantissa, exponent = math.frexp(x)
    return [from_float(mantissa), exponent]


@native("modf")
def _modf(v: Any) -> list[Any]:
    fraction, whole = math.modf(number(v))
    return [from_float(fraction), from_float(whole)]


@native("lgamma_r")
def _lgamma_r(v: Any) -> list[Any]:
    x = number(v)
    negative = x < 0 and math.isfinite(x) and math.floor(x) % 2 != 0
    return [from_float(_log_gamma(x)), -1 if negative else 1]


@native("infinite")
def _infinite(v: Any) -> float:
    return _INF


@native("nan")
def _nan(v: Any) -> float:
    return _NAN


@native("isnan")
def _isnan(v: Any) -> bool:
    return is_number(v) and math.isnan(to_float(v))


@native("isinfinite")
def _isinfinite(v: Any) -> bool:
    return is_number(v) and math.isinf(to_float(v))


@native("isfinite")
def _isfinite(v: Any) -> bool:
    return is_number(v) and not math.isinf(to_float(v))


@native("isnormal")
def _isnormal(v: Any) -> bool:
    x = abs(to_float(v)) if is_number(v) else 0.0
    return math.isfinite(x) and x >= 2.2250738585072014e-308
