"""Builtins over strings, except regular expressions."""

from __future__ import annotations

from typing import Any

from headrace.expr.arithmetic import operators, split_text
from headrace.expr.builtin_table import LIMIT, Args, native, special
from headrace.expr.codes import ONE, Code, Scope
from headrace.expr.compile_basic import elements
from headrace.expr.compile_core import Compiler, product
from headrace.expr.formats import format_function
from headrace.expr.json_text import described, number_text, to_json
from headrace.expr.limits import RaisedError, too_large
from headrace.expr.values import from_float, is_number

# What jq trims: C's isspace.
_SPACE = "\t\n\v\f\r "
_UNICODE_SPACE = _SPACE + "\u0085\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
_UNICODE_SPACE += "\u2028\u2029\u202f\u205f\u3000"


@native("tostring", 0, LIMIT)
def _tostring(limit: int, v: Any) -> str:
    return v if type(v) is str else to_json(v, limit)


@native("tonumber")
def _tonumber(v: Any) -> Any:
    if is_number(v):
        return v
    if type(v) is str:
        number = parse_number(v)
        if number is not None:
            return number
    raise RaisedError(f"{described(v)} cannot be parsed as a number")


def parse_number(text: str) -> int | float | None:
    """Return the number written in the text, or None: digits, point, exponent, sign; no spaces."""
    if not text or not set(text) <= set("0123456789+-.eE"):
        return float(text) if text in ("nan", "-nan", "infinity", "-infinity") else None
    try:
        if set(text) <= set("0123456789+-") and len(text) < 300:
            return int(text)
        return from_float(float(text)) if "." not in text else float(text)
    except ValueError:
        return None


@native("toboolean")
def _toboolean(v: Any) -> bool:
    if type(v) is bool:
        return v
    if v == "true" or v == "false":
        return bool(v == "true")
    raise RaisedError(f"{described(v)} cannot be parsed as a boolean")


def _starts(v: Any, prefix: Any) -> bool:
    if type(v) is not str or type(prefix) is not str:
        raise RaisedError("startswith() requires string inputs")
    return v.startswith(prefix)


def _ends(v: Any, suffix: Any) -> bool:
    if type(v) is not str or type(suffix) is not str:
        raise RaisedError("endswith() requires string inputs")
    return v.endswith(suffix)


native("startswith", 1)(_starts)
native("endswith", 1)(_ends)


@native("ltrimstr", 1)
def _ltrimstr(v: Any, prefix: Any) -> Any:
    return v[len(prefix) :] if _starts(v, prefix) else v


@native("rtrimstr", 1)
def _rtrimstr(v: Any, suffix: Any) -> Any:
    return v[: len(v) - len(suffix)] if _ends(v, suffix) else v


@native("trimstr", 1)
def _trimstr(v: Any, affix: Any) -> Any:
    return _rtrimstr(_ltrimstr(v, affix), affix)


def _trimmable(v: Any) -> str:
    if type(v) is not str:
        raise RaisedError("trim input must be a string")
    return v


@native("trim")
def _trim(v: Any) -> str:
    return _trimmable(v).strip(_UNICODE_SPACE)


@native("ltrim")
def _ltrim(v: Any) -> str:
    return _trimmable(v).lstrip(_UNICODE_SPACE)


@native("rtrim")
def _rtrim(v: Any) -> str:
    return _trimmable(v).rstrip(_UNICODE_SPACE)


_LOWER = {code: code + 32 for code in range(65, 91)}
_UPPER = {code: code - 32 for code in range(97, 123)}


def _explodable(v: Any) -> str:
    if type(v) is not str:
        raise RaisedError("explode input must be a string")
    return v


@native("ascii_downcase")
def _ascii_downcase(v: Any) -> str:
    return _explodable(v).translate(_LOWER)


@native("ascii_upcase")
def _ascii_upcase(v: Any) -> str:
    return _explodable(v).translate(_UPPER)


@native("explode")
def _explode(v: Any) -> list[int]:
    return list(map(ord, _explodable(v)))


@native("implode")
def _implode(v: Any) -> str:
    if type(v) is not list:
        raise RaisedError("implode input must be an array")
    made = []
    for point in v:
        if not is_number(point) or point != point:
            raise RaisedError(f"{described(point)} can't be imploded, unicode codepoint needs to be numeric")
        valid = 0 <= point < 0x110000 and not 0xD800 <= int(point) < 0xE000
        made.append(chr(int(point)) if valid else "\ufffd")
    return "".join(made)


@native("ascii")
def _ascii(v: Any) -> Any:
    return _implode([v])


@native("split", 1)
def _split(v: Any, separator: Any) -> list[str]:
    if type(v) is not str or type(separator) is not str:
        raise RaisedError("split input and separator must be strings")
    return split_text(v, separator)


@native("join", 1, LIMIT)
def _join(limit: int, v: Any, separator: Any) -> Any:
    items = elements(v)
    if not items:
        return ""
    if type(separator) is not str:
        return _join_anything(limit, items, separator)
    chunks: list[str] = []
    size = 0
    for item in items:
        kind = type(item)
        if kind is str:
            text = item
        elif kind is bool:
            text = "true" if item else "false"
        elif item is None:
            text = ""
        elif is_number(item):
            text = number_text(item)
        else:
            so_far = separator.join([*chunks, ""])
            raise RaisedError(f"{described(so_far)} and {described(item)} cannot be added")
        chunks.append(text)
        size += len(text) + len(separator)
        if size > limit:
            raise too_large("a string", limit)
    return separator.join(chunks)


def _join_anything(limit: int, items: list[Any], separator: Any) -> Any:
    add = operators(limit).add
    result: Any = None
    for item in items:
        if type(item) is bool or is_number(item):
            item = to_json(item, limit)
        elif item is None:
            item = ""
        result = add("" if result is None else add(result, separator), item)
    return result


@special("format", 1)
def _format(c: Compiler, args: Args, scope: Scope) -> Code:
    limit = c.limits.output_bytes

    def apply(v: Any, name: Any) -> str:
        if type(name) is not str:
            raise RaisedError(f"{described(name)} is not a valid format")
        return format_function(name, limit)(v)

    return product([Code(ONE, lambda v, env: v), c.compile(args[0], scope)], apply)
