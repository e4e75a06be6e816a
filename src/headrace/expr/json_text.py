"""JSON text as jq writes and reads it, and the short dumps inside jq's error messages."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring
from typing import Any

from headrace.expr.limits import RaisedError, too_large
from headrace.expr.values import EXACT, type_name

_encode = json.JSONEncoder(
    ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":")
).encode

# Doubles that Python and jq write differently have an exponent in Python's text.
_LARGE_DOUBLE = re.compile(r"e\+")

# Python refuses to write longer integers; such a number is beyond every double.
_MAX_DIGITS = 10**4000
LARGEST = "1.7976931348623157e+308"


def number_text(number: int | float) -> str:
    """Return a number as jq writes it: `3`, `0.1`, `1e+17`, `null` for NaN."""
    if type(number) is int:
        if -_MAX_DIGITS < number < _MAX_DIGITS:
            return str(number)
        return LARGEST if number > 0 else "-" + LARGEST
    if number != number:
        return "null"
    if number in (float("inf"), float("-inf")):
        return LARGEST if number > 0 else "-" + LARGEST
    text = repr(number)
    if "e" not in text:
        if text == "-0.0":
            return "-0"
        # A computed whole number this large stays a float; one from a document keeps its ".0".
        return text[:-2] if text.endswith(".0") and not -EXACT < number < EXACT else text
    mantissa, _, exponent = text.partition("e")
    sign = "-" if mantissa.startswith("-") else ""
    digits = mantissa.lstrip("-").replace(".", "")
    point = int(exponent) + 1
    if 0 < point <= len(digits) + 15:
        return sign + digits + "0" * (point - len(digits))
    return text


def string_text(text: str) -> str:
    """Return a string as a JSON string literal."""
    quoted = encode_basestring(text)
    return quoted.replace("\x7f", "\\u007f") if "\x7f" in quoted else quoted


def measure(value: Any, limit: int) -> int:
    """Return roughly how many bytes the value takes as JSON; stops counting beyond `limit`.

    Shared parts count once per occurrence: a small graph in memory can be an enormous text.
    """
    total = 0
    stack = [value]
    while stack:
        part = stack.pop()
        kind = type(part)
        if kind is list:
            total += 2 + len(part)
            stack += part
        elif kind is dict:
            total += 2
            for key in part:
                total += len(key) + 4
            stack += part.values()
        elif kind is str:
            total += len(part) + 2
        else:
            total += 4
        if total > limit:
            return total
    return total


def to_json(value: Any, limit: int) -> str:
    """Return the value as compact JSON; raises ExpressionLimitError beyond `limit` bytes."""
    kind = type(value)
    if kind is str:
        return string_text(value)
    if value is None:
        return "null"
    if kind is bool:
        return "true" if value else "false"
    if kind is int or kind is float:
        return number_text(value)
    if measure(value, limit) > limit:
        raise too_large("JSON text", limit)
    try:
        text = _encode(value)
    except ValueError:  # NaN, infinity, or a huge integer
        return _slow_json(value)
    if _LARGE_DOUBLE.search(text) or "-0.0" in text:
        return _slow_json(value)
    return text.replace("\x7f", "\\u007f") if "\x7f" in text else text


def _slow_json(value: Any) -> str:
    kind = type(value)
    if kind is list:
        return "[" + ",".join(_slow_json(v) for v in value) + "]"
    if kind is dict:
        return "{" + ",".join(f"{string_text(k)}:{_slow_json(v)}" for k, v in value.items()) + "}"
    return to_json(value, 0)


def _dump_start(value: Any, enough: int) -> str:
    """Return the JSON of a value, or its beginning of at least `enough` characters."""
    if measure(value, 2048) <= 2048:
        return to_json(value, 4096)
    kind = type(value)
    if kind is str:
        return string_text(value[: enough + 1])[:-1]
    text = "[" if kind is list else "{"
    for item in value if kind is list else value.items():
        if len(text) >= enough:
            return text
        if kind is dict:
            text += string_text(item[0][: enough + 1]) + ":"
            item = item[1]
        text += _dump_start(item, enough - len(text)) + ","
    return text[:-1] + ("]" if kind is list else "}")


def shorten(value: Any, size: int = 15) -> str:
    """Return the value's JSON cut the way jq cuts it in messages: at most `size - 1` bytes."""
    text = _dump_start(value, size + 8)
    data = text.encode("utf-8", "surrogatepass")
    if len(data) < size:
        return text
    return data[: size - 4].decode("utf-8", "ignore") + "..."


def described(value: Any) -> str:
    """Return e.g. `string ("abc")`, as jq's messages name a value."""
    return f"{type_name(value)} ({shorten(value)})"


def message_of(value: Any) -> str:
    """Return the text of an error with this value, for people."""
    return value if type(value) is str else to_json(value, 1 << 20)


class _Unreadable(ValueError):
    pass


def _constant(name: str) -> float:
    if name == "NaN":
        return float("nan")
    return float("inf") if name == "Infinity" else float("-inf")


def _whole(text: str) -> int | float:
    # int() of a huge text takes quadratic time, and such a number is not exact in jq either.
    return int(text) if len(text) < 310 else float(text)


_decoder = json.JSONDecoder(parse_constant=_constant, parse_int=_whole, strict=True)
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

# jq reads NaN in several spellings; texts are matched to be left alone.
_NAN = re.compile(r'"(?:[^"\\]|\\.)*"|(-?nan|-NaN)(?![\w.])')
_SPACE = " \t\r\n"
_LITERALS = ("null", "true", "false", "nan")
_WORD = re.compile(r"[A-Za-z0-9.+-]+")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\Z")


def from_json(text: str) -> Any:
    """Parse one JSON text (NaN is allowed); raises RaisedError with jq's message."""
    stripped = text.strip(_SPACE).removeprefix("\ufeff")
    if not stripped:
        raise _invalid("Expected JSON value", text)
    try:
        value = _decoder.decode(stripped)
        if _SURROGATE.search(stripped):
            _encode(value).encode()
        return value
    except UnicodeEncodeError:
        raise _invalid("Invalid \\uXXXX\\uXXXX surrogate pair escape", text) from None
    except json.JSONDecodeError as error:
        if "nan" in stripped or "-NaN" in stripped:
            spelled = _NAN.sub(lambda match: "NaN" if match.group(1) else match.group(), stripped)
            if spelled != stripped:
                return from_json(spelled)
        if len(stripped) < 400 and _NUMBER.match(stripped):
            return float(stripped) if set(stripped) & set(".eE") else int(stripped)
        raise _invalid(_problem(text, error), text) from None


def _invalid(problem: str, text: str) -> RaisedError:
    return RaisedError(f"{problem} (while parsing '{text}')")


def _problem(text: str, error: json.JSONDecodeError) -> str:
    """Put Python's complaint into jq's words where the two parsers see the same thing."""
    if error.msg == "Extra data":
        words = text.split()
        if _WORD.fullmatch(words[-1]) and not (_NUMBER.match(words[-1]) or words[-1] in _LITERALS):
            return f"Invalid numeric literal at EOF at line 1, column {len(text)}"
        return "Unexpected extra JSON values"
    if error.msg.startswith("Invalid \\"):
        end = text.find('"', error.pos)
        return f"Invalid escape at line 1, column {(end if end >= 0 else error.pos) + 1}"
    if error.msg.startswith("Unterminated string"):
        return f"Unfinished string at EOF at line 1, column {len(text)}"
    at = error.pos
    if at >= len(text):
        return f"Unfinished JSON term at EOF at line 1, column {len(text)}"
    before = text[:at].rstrip(_SPACE)[-1:]
    if text[at] == "]" and before == ",":
        return f"Expected another array element at line 1, column {at + 1}"
    if text[at] == "}" and before == ",":
        return f"Expected another key-value pair at line 1, column {at + 1}"
    if text[at] in "]}":
        return f"Unmatched '{text[at]}' at line 1, column {at + 1}"
    if text[at] == "'":
        end = text.find("'", at + 1)
        column = (end if end >= 0 else at) + 2
        return f"Invalid string literal; expected \", but got ' at line 1, column {column}"
    word = _WORD.match(text, at)
    if word and (_NUMBER.match(word.group()) or word.group() in _LITERALS) and word.end() < len(text):
        return f"Expected separator between values at line 1, column {word.end() + 1}"
    if word:
        kind = "Invalid literal" if word.group()[:3] in ("nul", "tru", "fal") else "Invalid numeric literal"
        if word.end() >= len(text):
            return f"{kind} at EOF at line 1, column {len(text)}"
        return f"{kind} at line 1, column {word.end() + 1}"
    return f"Invalid JSON at line 1, column {at + 1}"
