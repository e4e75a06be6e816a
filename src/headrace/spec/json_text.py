"""JSON text (RFC 8259) to a tree of `Node`, with the place of each value.

YAML's reader takes most JSON, but not surrogate pairs in escapes, and its messages speak of YAML.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from headrace.spec.source import DEPTH_MAX, Entry, Node, SyntaxProblem

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]|\\.)*"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_WORDS = {"true": True, "false": False, "null": None}
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def compose(text: str) -> Node | None:
    """Read the one value of `text`; `None` when it is empty. Raises `SyntaxProblem` with the place."""
    return _Composer(text).document()


class _Composer:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._line = 1
        self._line_start = 0
        self._counted = 0

    def document(self) -> Node | None:
        if not self._peek():
            return None
        root = self._value()
        if self._peek():
            self._fail("text follows the end of the document", "one file holds one definition")
        return root

    def _peek(self) -> str:
        self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
        return self._text[self._at : self._at + 1]

    def _place(self, at: int) -> tuple[int, int]:
        newlines = self._text.count("\n", self._counted, at)
        if newlines:
            self._line += newlines
            self._line_start = self._text.rfind("\n", self._counted, at) + 1
        self._counted = at
        return self._line, at - self._line_start + 1

    def _fail(self, message: str, remedy: str | None = None) -> NoReturn:
        line, column = self._place(self._at)
        raise SyntaxProblem("json-syntax", line, column, message, remedy)

    def _value(self) -> Node:
        first = self._peek()
        line, column = self._place(self._at)
        if first == '"':
            return Node("scalar", line, column, self._string())
        if first == "{" or first == "[":
            self._depth += 1
            if self._depth > DEPTH_MAX:
                raise SyntaxProblem(
                    "too-deep", line, column, f"objects and arrays nest more than {DEPTH_MAX} levels deep"
                )
            self._at += 1
            node = (
                Node("map", line, column, self._entries())
                if first == "{"
                else Node("list", line, column, self._items())
            )
            self._depth -= 1
            return node
        return Node("scalar", line, column, self._word_or_number())

    def _entries(self) -> list[Entry]:
        entries: list[Entry] = []
        if self._peek() == "}":
            self._at += 1
            return entries
        while True:
            if self._peek() != '"':
                self._fail(
                    "a key in double quotes is expected", "a comma behind the last entry is not allowed"
                )
            line, column = self._place(self._at)
            name = self._string()
            if self._peek() != ":":
                self._fail("`:` is expected behind the key")
            self._at += 1
            entries.append(Entry(name, line, column, self._value()))
            if not self._continues("}"):
                return entries

    def _items(self) -> list[Node]:
        items: list[Node] = []
        if self._peek() == "]":
            self._at += 1
            return items
        while True:
            items.append(self._value())
            if not self._continues("]"):
                return items

    def _continues(self, end: str) -> bool:
        character = self._peek()
        if character not in (",", end):
            self._fail(f"`,` or `{end}` is expected")
        self._at += 1
        return character == ","

    def _string(self) -> str:
        match = _STRING.match(self._text, self._at)
        if match is None:
            self._fail("the string is not closed, or has a line break in it", "write a line break as \\n")
        value = match.group()[1:-1]
        try:
            if "\\" in value:
                value = json.loads(match.group())
                # Half of a surrogate pair is no text.
                value.encode()
        except ValueError:
            self._fail("the string has an escape that JSON does not know")
        self._at = match.end()
        return value

    def _word_or_number(self) -> Any:
        word = _WORD.match(self._text, self._at)
        if word is not None:
            if word.group() not in _WORDS:
                self._fail(f"`{word.group()[:40]}` is not a JSON value", "put texts in double quotes")
            self._at = word.end()
            return _WORDS[word.group()]
        number = _NUMBER.match(self._text, self._at)
        if number is None:
            self._fail("a value is expected")
        value: int | float
        if number[1] or number[2]:
            value = float(number.group())
            fits = not math.isinf(value)
        else:
            value = int(number.group()) if len(number.group()) <= 24 else 2**64
            fits = -(2**63) <= value < 2**64
        if not fits:
            self._fail("the number does not fit into 64 bits", "put it in quotes, as a text")
        self._at = number.end()
        return value
