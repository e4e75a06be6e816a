"""How two values differ, in lines that a person can act on. Pure."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from typing import Any

# Differences beyond these are counted instead of listed.
LINES_MAX = 40
VALUE_LENGTH_MAX = 160

_PLAIN_NAME = re.compile(r"[A-Za-z_]\w*\Z")


def differences(expected: Any, actual: Any, *, partly: bool = False) -> list[str]:
    """Return one line per place where `actual` is not what is expected; empty when it is.

    `partly`: objects may have more members than expected, and a text between `/` is a regular expression that
    the actual text must have in it. Numbers are equal by value; `true` is not 1.
    """
    found: list[str] = []
    _compare(expected, actual, "", found, partly)
    if len(found) > LINES_MAX:
        return [*found[:LINES_MAX], f"… and {len(found) - LINES_MAX} more differences"]
    return found


def _compare(expected: Any, actual: Any, place: str, found: list[str], partly: bool) -> None:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for name, part in expected.items():
            if name in actual:
                _compare(part, actual[name], place + member(name), found, partly)
            else:
                found.append(f"{place + member(name)}: expected {shown(part)}, is missing")
        if not partly:
            found += [
                f"{place + member(name)}: not expected, is {shown(part)}"
                for name, part in actual.items()
                if name not in expected
            ]
    elif isinstance(expected, list) and isinstance(actual, list):
        for index, (part, other) in enumerate(zip(expected, actual, strict=False)):
            _compare(part, other, f"{place}[{index}]", found, partly)
        found += [
            f"{place}[{index}]: expected {shown(expected[index])}, is missing"
            for index in range(len(actual), len(expected))
        ]
        found += [
            f"{place}[{index}]: not expected, is {shown(actual[index])}"
            for index in range(len(expected), len(actual))
        ]
    elif not _same(expected, actual, partly):
        found.append(f"{place or '.'}: expected {shown(expected)}, got {shown(actual)}")


def _same(expected: Any, actual: Any, partly: bool) -> bool:
    if isinstance(expected, bool) or isinstance(actual, bool):
        return expected is actual
    if partly and isinstance(expected, str) and isinstance(actual, str):
        regex = as_regex(expected)
        if regex is not None:
            return regex.search(actual) is not None
    return (type(expected) is type(actual) and bool(expected == actual)) or (
        isinstance(expected, int | float) and isinstance(actual, int | float) and expected == actual
    )


def as_regex(text: str) -> re.Pattern[str] | None:
    """Return the regular expression of a text between `/`, else None. Raises `re.error`."""
    if len(text) > 2 and text.startswith("/") and text.endswith("/"):
        return re.compile(text[1:-1])
    return None


def member(name: str) -> str:
    """Return a member's name as jq writes the way to it."""
    return f".{name}" if _PLAIN_NAME.match(name) else f".{json.dumps(name, ensure_ascii=False)}"


def shown(value: Any) -> str:
    """Return a value in one line, shortened."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= VALUE_LENGTH_MAX else text[: VALUE_LENGTH_MAX - 1] + "…"


def path_difference(expected: Sequence[str], actual: Sequence[str]) -> list[str]:
    """Return both paths as one list: `-` was expected and not taken, `+` was taken and not expected."""
    lines: list[str] = []
    matcher = difflib.SequenceMatcher(a=list(expected), b=list(actual), autojunk=False)
    for kind, a_from, a_to, b_from, b_to in matcher.get_opcodes():
        if kind == "equal":
            lines += [f"  {name}" for name in expected[a_from:a_to]]
        else:
            lines += [f"- {name}" for name in expected[a_from:a_to]]
            lines += [f"+ {name}" for name in actual[b_from:b_to]]
    if len(lines) > LINES_MAX:
        first = next(index for index, line in enumerate(lines) if line[0] != " ")
        start = max(0, first - 3)
        lines = [*(["  …"] if start else []), *lines[start : start + LINES_MAX], "  …"]
    return lines
