"""Regular expressions: Oniguruma's syntax and flags on Python's `re`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from headrace.expr.builtin_table import BUDGET, native
from headrace.expr.json_text import described
from headrace.expr.limits import Budget, RaisedError
from headrace.expr.regex_safety import Danger, check_subject, examine
from headrace.expr.values import type_name

# jq's flags. `g` is handled here; `n` drops empty matches; with `p` the dot takes newlines; `s` and
# `l` change nothing that is not so already.
_FLAGS = frozenset("gimnpslx")
_NAMED_GROUP = re.compile(r"\\.|\(\?<(?![=!])", re.DOTALL)
_ESCAPES = {"\\h": "[0-9a-fA-F]", "\\H": "[^0-9a-fA-F]", "\\A": "\\A", "\\z": "\\Z", "\\Z": "(?=\\n?\\Z)"}
_POSIX = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "\\x21-\\x7e",
    "lower": "a-z",
    "print": "\\x20-\\x7e",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
    "word": "\\w",
}
_POSIX_CLASS = re.compile(r"\\.|\[:([a-z]+):\]", re.DOTALL)
_PROPERTY = re.compile(r"\\p\{(\^?)(\w+)\}|\\P\{(\w+)\}")
# The classes that Python can say, outside of brackets.
_PROPERTIES = {
    "L": ("[^\\W\\d_]", "[\\W\\d_]"),
    "Alpha": ("[^\\W\\d_]", "[\\W\\d_]"),
    "Alnum": ("[^\\W_]", "[\\W_]"),
    "N": ("\\d", "\\D"),
    "Nd": ("\\d", "\\D"),
    "Digit": ("\\d", "\\D"),
    "Space": ("\\s", "\\S"),
    "Word": ("\\w", "\\W"),
}


@lru_cache(maxsize=512)
def _compiled(pattern: str, flags: str) -> tuple[re.Pattern[str], Danger]:
    """Return the compiled pattern and how its time can grow."""
    options = 0
    if "i" in flags:
        options |= re.IGNORECASE
    if "x" in flags:
        options |= re.VERBOSE
    if "p" in flags:
        options |= re.DOTALL
    translated = _translate(pattern)
    try:
        return re.compile(translated, options), examine(translated, options)
    except (re.error, OverflowError) as error:
        raise RaisedError(f"{pattern} (at offset 0) is not a valid regex: {error}") from None
    except RecursionError:
        raise RaisedError("Regex failure: the pattern is nested too deeply") from None


def _translate(pattern: str) -> str:
    """Put Oniguruma's spelling into Python's, where they differ."""

    def category(match: re.Match[str]) -> str:
        known = _PROPERTIES.get(match.group(2) or match.group(3))
        if known is None:
            raise RaisedError(f"{pattern} is not a valid regex here: {match.group()} is not supported")
        return known[bool(match.group(1) or match.group(3))]

    def posix(match: re.Match[str]) -> str:
        name = match.group(1)
        if name is None:
            return match.group()
        if name not in _POSIX:
            raise RaisedError("Regex failure: invalid POSIX bracket type")
        return _POSIX[name]

    translated = _PROPERTY.sub(category, _POSIX_CLASS.sub(posix, pattern))

    def replace(match: re.Match[str]) -> str:
        text = match.group()
        return "(?P<" if text == "(?<" else _ESCAPES.get(text, text)

    return _NAMED_GROUP.sub(replace, translated)


def _arguments(v: Any, pattern: Any, flags: Any) -> tuple[str, str]:
    """Return pattern and flags; `match($x)` passes both in one array. Raises RaisedError."""
    if type(v) is not str:
        raise RaisedError(f"{described(v)} cannot be matched, as it is not a string")
    if type(pattern) is not str:
        raise RaisedError(f"{described(pattern)} is not a string")
    if flags is None:
        return pattern, ""
    if type(flags) is not str:
        raise RaisedError(f"{described(flags)} is not a string")
    if not set(flags) <= _FLAGS:
        raise RaisedError(f"{flags} is not a valid modifier string")
    return pattern, flags


def _matches(v: str, pattern: str, flags: str, budget: Budget) -> Iterator[re.Match[str]]:
    compiled, danger = _compiled(pattern, "".join(sorted(set(flags) & set("isxp"))))
    check_subject(pattern, danger, v, budget)
    at = 0
    while at <= len(v):
        match = compiled.search(v, at)
        if match is None:
            return
        budget.charge(1)
        if match.end() > match.start() or "n" not in flags:
            yield match
        if "g" not in flags:
            return
        at = match.end() if match.end() > match.start() else match.end() + 1


@native("_match", 3, BUDGET)
def _match(v: Any, budget: Budget, pattern: Any, flags: Any, test: Any) -> Any:
    """`match` and `test`: the list of matches, or whether there is one."""
    regex, modifiers = _arguments(v, pattern, flags)
    found = _matches(v, regex, modifiers, budget)
    if test:
        return next(found, None) is not None
    return [_described_match(match) for match in found]


@native("_match_value", 2, BUDGET)
def _match_value(v: Any, budget: Budget, pattern: Any, test: Any) -> Any:
    """`match($x)`: a pattern, or an array of pattern and flags."""
    if type(pattern) is list and pattern:
        return _match(v, budget, pattern[0], pattern[1] if len(pattern) > 1 else None, test)
    if type(pattern) is str:
        return _match(v, budget, pattern, None, test)
    raise RaisedError(f"{type_name(pattern)} not a string or array")


def _described_match(match: re.Match[str]) -> dict[str, Any]:
    names = {number: name for name, number in match.re.groupindex.items()}
    captures = []
    for number in range(1, match.re.groups + 1):
        text = match.group(number)
        captures.append(
            {
                "offset": match.start(number),
                "length": 0 if text is None else len(text),
                "string": text,
                "name": names.get(number),
            }
        )
    text = match.group()
    return {"offset": match.start(), "length": len(text), "string": text, "captures": captures}


@native("_capture_object")
def _capture_object(v: Any) -> dict[str, Any]:
    return {part["name"]: part["string"] for part in v["captures"] if part["name"] is not None}


@native("split", 2, BUDGET)
def _split(v: Any, budget: Budget, pattern: Any, flags: Any) -> list[str]:
    regex, modifiers = _arguments(v, pattern, flags)
    parts = []
    at = 0
    for match in _matches(v, regex, modifiers + "g", budget):
        parts.append(v[at : match.start()])
        at = match.end()
    parts.append(v[at:])
    return parts
